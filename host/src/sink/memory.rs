//! Records kept in memory: for tests, and for callers that want to look at a small result.

use super::{List, Records, Sink, SinkError};
use crate::contract::{Entitlement, Grant, Resource, ResourceType};

/// Everything a sync gave, in the order it came. Its size is that of the tenant.
#[derive(Default)]
pub struct Memory {
    /// The kinds of resources.
    pub resource_types: Vec<ResourceType>,
    /// The resources, each once.
    pub resources: Vec<Resource>,
    /// The entitlements.
    pub entitlements: Vec<Entitlement>,
    /// The grants, each once.
    pub grants: Vec<Grant>,
    /// Whether the sync came to its end. What an unfinished one left is not a result.
    pub finished: bool,
}

impl Sink for Memory {
    fn write(&mut self, _list: &List, records: Records) -> Result<(), SinkError> {
        match records {
            Records::ResourceTypes(items) => self.resource_types.extend(items),
            Records::Resources(items) => {
                for item in items {
                    match self.resources.iter_mut().find(|known| known.id == item.id) {
                        Some(known) => *known = item,
                        None => self.resources.push(item),
                    }
                }
            }
            Records::Entitlements(items) => self.entitlements.extend(items),
            Records::Grants(items) => {
                for item in items {
                    let same = |known: &Grant| {
                        known.entitlement == item.entitlement && known.principal == item.principal
                    };
                    if !self.grants.iter().any(same) {
                        self.grants.push(item);
                    }
                }
            }
        }
        Ok(())
    }

    fn restart(&mut self, list: &List) -> Result<(), SinkError> {
        if let List::Grants(resource) = list {
            self.grants.retain(|grant| grant.entitlement.resource != resource.id);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        self.finished = true;
        Ok(())
    }
}
