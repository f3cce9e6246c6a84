//! Where records go.
//!
//! The walk hands over one page at a time, in an order a file can be written in: resource types,
//! then resources, then entitlements, then grants. A sink is used by one thread at a time, and never
//! sees a record that broke the contract: `walk.rs` has checked ids and references before.
//!
//! What a sink writes is not a result until `finish` returned: a file sink works on a temporary
//! file and renames it there, so that a sync which fails leaves the earlier file as it was.

use crate::config::Config;
use crate::contract::{Entitlement, Grant, Resource, ResourceId, ResourceType};

#[cfg(feature = "c1z")]
pub mod c1z;
#[cfg(feature = "jsonl")]
pub mod jsonl;
mod memory;
#[cfg(feature = "baton")]
mod target;

pub use memory::Memory;

/// One list that the connector is asked for, page by page.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum List {
    /// The kinds of resources.
    ResourceTypes,
    /// The resources of a type, without parent or of one.
    Resources {
        /// The id of the resource type.
        resource_type: String,
        /// The resource that contains them.
        parent: Option<Resource>,
    },
    /// What a resource offers.
    Entitlements(Resource),
    /// Who holds what the resource offers.
    Grants(Resource),
}

/// The records of one page.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Records {
    /// Of [`List::ResourceTypes`].
    ResourceTypes(Vec<ResourceType>),
    /// Of [`List::Resources`]. The same resource may come again: the record that comes last stands.
    Resources(Vec<Resource>),
    /// Of [`List::Entitlements`].
    Entitlements(Vec<Entitlement>),
    /// Of [`List::Grants`].
    Grants(Vec<Grant>),
}

impl Records {
    /// Whether any of them holds a secret of the config.
    pub(crate) fn hold_secret_of(&self, config: &Config) -> bool {
        match self {
            Records::ResourceTypes(items) => config.is_in(items),
            Records::Resources(items) => config.is_in(items),
            Records::Entitlements(items) => config.is_in(items),
            Records::Grants(items) => config.is_in(items),
        }
    }
}

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

    /// The sync is complete: make the result visible, whole.
    fn finish(&mut self) -> Result<(), SinkError>;
}

/// Why a sink could not take or keep records. The text is one sentence that names the file.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);

/// `type:id`, the form in which Baton's outputs write a resource's identity.
pub fn joined(id: &ResourceId) -> String {
    [&id.resource_type, ":", &id.id].concat()
}

/// `type:id:slug`, as Baton's outputs write an entitlement's identity.
pub fn joined_entitlement(id: &crate::contract::EntitlementId) -> String {
    [&id.resource.resource_type, ":", &id.resource.id, ":", &id.slug].concat()
}

/// `type:id:slug:type:id`, as Baton's outputs write a grant's identity.
pub fn joined_grant(grant: &Grant) -> String {
    let (resource, principal) = (&grant.entitlement.resource, &grant.principal);
    let slug = &grant.entitlement.slug;
    [&resource.resource_type, ":", &resource.id, ":", slug, ":", &principal.resource_type, ":", &principal.id]
        .concat()
}
