//! What a sync is made of: lists, pages of them, and the records on a page.

use super::config::Config;
use super::contract::{Entitlement, EntitlementId, Grant, Resource, ResourceId, ResourceType, Warning};

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
    /// Of [`List::Resources`].
    Resources(Vec<Resource>),
    /// Of [`List::Entitlements`].
    Entitlements(Vec<Entitlement>),
    /// Of [`List::Grants`].
    Grants(Vec<Grant>),
}

impl Records {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Records::ResourceTypes(items) => items.len(),
            Records::Resources(items) => items.len(),
            Records::Entitlements(items) => items.len(),
            Records::Grants(items) => items.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

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

/// A page of any list.
pub(crate) struct Page {
    pub records: Records,
    pub next: Vec<String>,
    /// Records of the whole list, as the vendor tells them.
    pub total: Option<u32>,
    pub warnings: Vec<Warning>,
}

/// `type:id`, the form in which Baton's outputs write a resource's identity.
pub fn joined(id: &ResourceId) -> String {
    [&id.resource_type, ":", &id.id].concat()
}

/// `type:id:slug`, as Baton's outputs write an entitlement's identity.
pub fn joined_entitlement(id: &EntitlementId) -> String {
    [&id.resource.resource_type, ":", &id.resource.id, ":", &id.slug].concat()
}

/// `type:id:slug:type:id`, as Baton's outputs write a grant's identity.
pub fn joined_grant(grant: &Grant) -> String {
    let (resource, principal) = (&grant.entitlement.resource, &grant.principal);
    let slug = &grant.entitlement.slug;
    [&resource.resource_type, ":", &resource.id, ":", slug, ":", &principal.resource_type, ":", &principal.id]
        .concat()
}
