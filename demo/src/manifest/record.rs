//! The records of a manifest: plain data under the names that Baton's JSON uses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What identifies a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reference {
    /// The resource type's id.
    pub resource_type: String,
    /// The vendor's id.
    pub resource: String,
}

impl Reference {
    /// From its two halves.
    #[must_use]
    pub fn new(resource_type: &str, resource: &str) -> Self {
        Self { resource_type: resource_type.to_owned(), resource: resource.to_owned() }
    }

    /// Joined as in files: `type:id`.
    #[must_use]
    pub fn joined(&self) -> String {
        format!("{}:{}", self.resource_type, self.resource)
    }
}

/// A kind of resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceType {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub display_name: String,
    /// `user`, `group`, or none.
    pub traits: Vec<String>,
    /// Whether its resources have entitlements and grants.
    pub has_entitlements_and_grants: bool,
    /// The access that reading it takes.
    pub permissions: Vec<String>,
}

/// A moment: RFC 3339 in UTC, with as many fraction digits (0, 3, 6 or 9) as it needs.
pub type Created = String;

/// An organization, a person, a team or a database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resource {
    /// What identifies it.
    pub id: Reference,
    /// What contains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Reference>,
    /// Its name for people.
    pub display_name: String,
    /// What it says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The types of what it contains.
    pub child_resource_types: Vec<String>,
    /// When it was made; absent when the API gives no time that can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Created>,
    /// What else is known; texts, booleans and lists of texts.
    pub profile: BTreeMap<String, Value>,
    /// For users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// For teams: `native` or `directory_synced`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_source: Option<String>,
}

/// What is known of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// The addresses; the first one is the primary one.
    pub emails: Vec<String>,
    /// What the user signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Always `enabled`: the API knows nothing else.
    pub status: String,
    /// Always `human`.
    pub account_type: String,
    /// Whether there is a second factor, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_enabled: Option<bool>,
    /// Whether the user comes through single sign-on, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sso_enabled: Option<bool>,
}

/// Something a resource offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entitlement {
    /// `type:id:slug`.
    pub id: String,
    /// What offers it.
    pub resource: Reference,
    /// Its name on the resource.
    pub slug: String,
    /// Its name for people.
    pub display_name: String,
    /// A sentence on it.
    pub description: String,
    /// `assignment` or `permission`.
    pub purpose: String,
    /// The types that can hold it.
    pub grantable_to: Vec<String>,
}

/// That somebody holds an entitlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    /// `type:id:slug:principal type:principal id`.
    pub id: String,
    /// The entitlement's id.
    pub entitlement: String,
    /// Who.
    pub principal: Reference,
    /// Why it cannot be revoked in the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub immutable: Option<String>,
    /// Who holds it with the principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expansion: Option<Expansion>,
}

/// That whoever holds something of a principal holds its grant, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expansion {
    /// The ids of the entitlements.
    pub entitlements: Vec<String>,
    /// Only who holds one of them directly.
    pub shallow: bool,
}
