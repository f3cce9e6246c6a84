//! Where entries go, and what they are.

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A page of records.
    Page,
    /// A reply of the vendor that serves a second list, without anything secret.
    Reply,
}

/// Where a sync writes down what it has read.
///
/// An entry is found in a later run only: a running sync never reads what it wrote itself.
pub trait Journal: Send + Sync {
    /// The entry that an earlier run left under a key.
    fn find(&self, kind: Kind, key: u128) -> Option<Vec<u8>>;
    /// Write an entry down. One that cannot be written is asked for again, and nothing else comes of it.
    fn keep(&self, kind: Kind, key: u128, entry: &[u8]);
    /// These pages count no more: their list changed while it was read.
    fn forget_pages(&self, keys: &[u128]);
    /// No reply counts any more.
    fn forget_replies(&self);
}
