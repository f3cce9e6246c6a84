//! Records kept in memory: for tests, and for callers that want to look at a small result.

use std::collections::{HashMap, HashSet};

use super::receiver::Sink;
use crate::model::contract::{Entitlement, Grant, Resource, ResourceId, ResourceType};
use crate::model::error::SinkError;
use crate::model::records::{List, Records};

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
    /// Where each resource is among the resources.
    places: HashMap<ResourceId, usize>,
    /// Of each grant: the resource, the entitlement's slug, and the principal.
    granted: HashSet<(ResourceId, String, ResourceId)>,
}

fn key(grant: &Grant) -> (ResourceId, String, ResourceId) {
    (grant.entitlement.resource.clone(), grant.entitlement.slug.clone(), grant.principal.clone())
}

impl Sink for Memory {
    fn write(&mut self, _list: &List, records: Records) -> Result<(), SinkError> {
        match records {
            Records::ResourceTypes(items) => self.resource_types.extend(items),
            Records::Resources(items) => {
                for item in items {
                    let last = self.resources.len();
                    let place = *self.places.entry(item.id.clone()).or_insert(last);
                    match self.resources.get_mut(place) {
                        Some(known) => *known = item,
                        None => self.resources.push(item),
                    }
                }
            }
            Records::Entitlements(items) => self.entitlements.extend(items),
            Records::Grants(items) => {
                self.grants.extend(items.into_iter().filter(|item| self.granted.insert(key(item))));
            }
        }
        Ok(())
    }

    fn restart(&mut self, list: &List) -> Result<(), SinkError> {
        if let List::Entitlements(resource) = list {
            self.entitlements.retain(|entitlement| entitlement.id.resource != resource.id);
        }
        if let List::Grants(resource) = list {
            self.grants.retain(|grant| grant.entitlement.resource != resource.id);
            self.granted.retain(|(holder, ..)| *holder != resource.id);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        self.finished = true;
        Ok(())
    }
}
