//! Where records go.
//!
//! The walk hands over one page at a time, in an order a file can be written in: resource types,
//! then resources, then entitlements, then grants. A sink is used by one thread at a time, and never
//! sees a record that broke the contract: `walk.rs` has checked ids and references before.
//!
//! What a sink writes is not a result until `finish` returned: a file sink works on a temporary
//! file and renames it there, so that a sync which fails leaves the earlier file as it was.

use crate::model::contract::ResourceType;
use crate::model::error::SinkError;
use crate::model::facts::Facts;
use crate::model::records::{List, Records};

/// Receives the records of one sync.
pub trait Sink: Send {
    /// Take a page of `list`. A grant comes once, unless its list begins again.
    fn write(&mut self, list: &List, records: Records) -> Result<(), SinkError>;

    /// These types there are. Not all of them need be written, but entitlements may name any.
    fn know(&mut self, types: &[ResourceType]) {
        let _ = types;
    }

    /// Every page of `list` has been written.
    fn complete(&mut self, list: &List) -> Result<(), SinkError> {
        let _ = list;
        Ok(())
    }

    /// The list begins again, or its resource is gone: take back the entitlements or grants that were written for it.
    /// Resources stay: another list may have them too, and what is there still is written again.
    fn restart(&mut self, list: &List) -> Result<(), SinkError>;

    /// What the sync knows of itself, once, after the last record and before `finish`.
    fn note(&mut self, facts: &Facts) -> Result<(), SinkError> {
        let _ = facts;
        Ok(())
    }

    /// The sync is complete: make the result visible, whole.
    fn finish(&mut self) -> Result<(), SinkError>;
}
