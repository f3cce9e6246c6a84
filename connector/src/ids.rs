//! The ids of the types, and of what belongs to what.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::bindings::syncer::{Error, Resource, ResourceId};
use crate::error::internal;
use crate::profile;

/// The type of organizations.
pub const ORGANIZATION: &str = "organization";
/// The type of users.
pub const USER: &str = "user";
/// The type of teams.
pub const TEAM: &str = "team";
/// The type of databases.
pub const DATABASE: &str = "database";

/// A user's identity: the account's id, not the membership's.
pub fn user(id: &str) -> ResourceId {
    ResourceId { resource_type: USER.into(), id: id.into() }
}

/// What an organization is to the lists below it.
pub struct Parent {
    /// Its id.
    pub id: ResourceId,
    /// Its name, for paths.
    pub name: String,
}

/// Take an organization that was passed back.
pub fn parent(resource: &Resource) -> Result<Parent, Error> {
    let name = profile::text(resource, "name");
    match name.filter(|_| resource.id.resource_type == ORGANIZATION) {
        Some(name) => Ok(Parent { id: resource.id.clone(), name: name.to_owned() }),
        None => Err(internal("an organization was passed back that is not as it was listed")),
    }
}
