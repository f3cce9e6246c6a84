//! Where records go.
//!
//! The walk hands over one page at a time, in an order a file can be written in: resource types,
//! then resources, then entitlements, then grants. A sink is used by one thread at a time, and never
//! sees a record that broke the contract: `walk.rs` has checked ids and references before.
//!
//! What a sink writes is not a result until `finish` returned: a file sink works on a temporary
//! file and renames it there, so that a sync which fails leaves the earlier file as it was.

use super::scratch::Scratch;
use crate::model::contract::{Resource, ResourceType};
use crate::model::error::SinkError;
use crate::model::facts::Facts;
use crate::model::records::{List, Records};

/// Receives the records of one sync.
pub trait Sink: Send {
    /// Take a page of `list`. A resource comes once, in whichever of its lists is read first, and a grant once, unless
    /// its list begins again.
    fn write(&mut self, list: &List, records: Records) -> Result<(), SinkError>;

    /// Lists told a resource differently, and this is what they tell together: it stands in the place of the one that was
    /// written. That comes before all entitlements, and once for a resource.
    fn replace(&mut self, resource: Resource) -> Result<(), SinkError> {
        let list = List::Resources { resource_type: resource.id.resource_type.clone(), parent: None };
        self.write(&list, Records::Resources(vec![resource]))
    }

    /// Room for what lists told of resources, until all of them were read. By itself it is in memory.
    fn scratch(&mut self) -> Result<Scratch, SinkError> {
        Ok(Scratch::default())
    }

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
