//! The addresses of the API: what requests, faults and changes are told apart by.

use serde::{Deserialize, Serialize};

/// The addresses that the API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `/v1/organizations`
    Organizations,
    /// `/v1/organizations/{name}`
    Organization,
    /// `/v1/organizations/{name}/members`
    Members,
    /// `/v1/organizations/{name}/members/{user id}`
    Member,
    /// `/v1/organizations/{name}/teams`
    Teams,
    /// `/v1/organizations/{name}/teams/{slug}`
    Team,
    /// `/v1/organizations/{name}/teams/{slug}/members`
    TeamMembers,
    /// `/v1/organizations/{name}/teams/{slug}/members/{user or membership id}`
    TeamMember,
}

impl Endpoint {
    /// The lists: what a sync reads page by page.
    pub const LISTS: [Self; 4] = [Self::Organizations, Self::Members, Self::Teams, Self::TeamMembers];
}
