//! The whole of what must come out of a sync.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::record::{Entitlement, Grant, Resource, ResourceType};

/// The records, warnings and the number of requests of a sync.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// The scenario's name.
    pub scenario: String,
    /// In the connector's order.
    pub resource_types: Vec<ResourceType>,
    /// Sorted by type and id.
    pub resources: Vec<Resource>,
    /// Sorted by id.
    pub entitlements: Vec<Entitlement>,
    /// Sorted by id.
    pub grants: Vec<Grant>,
    /// What the operator must be told, sorted.
    pub warnings: Vec<ExpectedWarning>,
    /// Why the sync must fail and give no records, if it must.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ExpectedError>,
    /// How many requests suffice when every page is asked for once.
    pub requests: u64,
}

/// A warning: what its text must name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectedWarning {
    /// The organization's name.
    pub organization: String,
    /// The person's display name.
    pub person: String,
    /// The person's id.
    pub person_id: String,
    /// The role that is neither member nor admin.
    pub role: String,
}

/// Why a sync must fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExpectedError {
    /// The token reaches no organization.
    NoOrganization,
    /// The token lacks `read_organization` in this organization, the first of them.
    Access {
        /// Its name.
        organization: String,
    },
}

impl Manifest {
    /// How many different people hold a grant.
    #[must_use]
    pub fn principals(&self) -> usize {
        self.grants.iter().map(|g| &g.principal).collect::<BTreeSet<_>>().len()
    }
}
