//! Whether a list gives a record or a page twice. The contract says what that means: pages overlap, because the list
//! changed while it was read, and then something may also be missing between them.
//!
//! A list's records are told apart by eight bytes each, which go when the list ends: what is kept follows the longest
//! list and not the sync.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::bindings::syncer::{Entitlement, EntitlementId, Error, Grant, Resource, ResourceId};
use crate::parts::failure;

/// What makes a record the same as another of its list.
pub trait Listed {
    /// Put it into a hash.
    fn identify(&self, state: &mut DefaultHasher);
}

impl Listed for Resource {
    fn identify(&self, state: &mut DefaultHasher) {
        resource(&self.id, state);
    }
}

impl Listed for Entitlement {
    fn identify(&self, state: &mut DefaultHasher) {
        entitlement(&self.id, state);
    }
}

impl Listed for Grant {
    fn identify(&self, state: &mut DefaultHasher) {
        entitlement(&self.entitlement, state);
        resource(&self.principal, state);
    }
}

/// A page that follows, by its token: named twice, a list would never end.
impl Listed for String {
    fn identify(&self, state: &mut DefaultHasher) {
        self.hash(state);
    }
}

fn resource(id: &ResourceId, state: &mut DefaultHasher) {
    (&id.resource_type, &id.id).hash(state);
}

fn entitlement(id: &EntitlementId, state: &mut DefaultHasher) {
    resource(&id.resource, state);
    id.slug.hash(state);
}

/// The records of one list so far.
#[derive(Default)]
pub struct Seen(HashSet<u64>);

impl Seen {
    /// Note a record; the second time it is an error.
    pub fn note(&mut self, record: &impl Listed) -> Result<(), Error> {
        let mut state = DefaultHasher::new();
        record.identify(&mut state);
        if self.0.insert(state.finish()) {
            return Ok(());
        }
        let message = "a record or a page came twice in one list, so the list changed while it was read and may \
                       have left something out: run the sync again";
        Err(Error::Changed(failure(message.to_owned())))
    }
}
