//! The four records of Baton's model, as messages: resource types, resources, entitlements and grants.
//!
//! Numbers and names are those of the package `c1.connector.v2`. What is specific to a kind of resource (a user's
//! e-mail addresses, a group's source) travels in the annotations (`annotations.rs`).
#![allow(missing_docs, reason = "names and meanings are those of the c1.connector.v2 package")]

use std::collections::BTreeMap;

use super::well_known::{Any, Struct, Timestamp};

/// A kind of resource.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ResourceType {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(string, tag = "2")]
    pub display_name: String,
    #[prost(enumeration = "TraitKind", repeated, tag = "3")]
    pub traits: Vec<i32>,
    #[prost(message, repeated, tag = "4")]
    pub annotations: Vec<Any>,
    #[prost(string, tag = "5")]
    pub description: String,
}

/// A kind of resource's part in the governance model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum TraitKind {
    Unspecified = 0,
    User = 1,
    Group = 2,
    Role = 3,
    App = 4,
    Secret = 5,
}

/// What identifies a resource.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ResourceId {
    #[prost(string, tag = "1")]
    pub resource_type: String,
    #[prost(string, tag = "2")]
    pub resource: String,
}

/// A thing of the vendor's.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Resource {
    #[prost(message, optional, tag = "1")]
    pub id: Option<ResourceId>,
    #[prost(message, optional, tag = "2")]
    pub parent_resource_id: Option<ResourceId>,
    #[prost(string, tag = "3")]
    pub display_name: String,
    #[prost(message, repeated, tag = "4")]
    pub annotations: Vec<Any>,
    #[prost(string, tag = "5")]
    pub description: String,
    #[prost(message, optional, tag = "9")]
    pub profile: Option<Struct>,
    #[prost(message, optional, tag = "11")]
    pub status: Option<ResourceStatus>,
    #[prost(message, optional, tag = "12")]
    pub created_at: Option<Timestamp>,
}

/// Whether a resource can be used.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ResourceStatus {
    #[prost(enumeration = "State", tag = "1")]
    pub status: i32,
    #[prost(string, tag = "2")]
    pub details: String,
}

/// The states of a status; the user trait's deprecated status has the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum State {
    Unspecified = 0,
    Enabled = 1,
    Disabled = 2,
    Deleted = 3,
    Pending = 4,
}

/// Something a resource offers.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Entitlement {
    #[prost(message, optional, tag = "1")]
    pub resource: Option<Resource>,
    #[prost(string, tag = "2")]
    pub id: String,
    #[prost(string, tag = "3")]
    pub display_name: String,
    #[prost(string, tag = "4")]
    pub description: String,
    #[prost(message, repeated, tag = "5")]
    pub grantable_to: Vec<ResourceType>,
    #[prost(message, repeated, tag = "6")]
    pub annotations: Vec<Any>,
    #[prost(enumeration = "Purpose", tag = "7")]
    pub purpose: i32,
    #[prost(string, tag = "8")]
    pub slug: String,
}

/// What an entitlement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum Purpose {
    Unspecified = 0,
    Assignment = 1,
    Permission = 2,
    Ownership = 3,
}

/// That a principal holds an entitlement.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Grant {
    #[prost(message, optional, tag = "1")]
    pub entitlement: Option<Entitlement>,
    #[prost(message, optional, tag = "2")]
    pub principal: Option<Resource>,
    #[prost(string, tag = "3")]
    pub id: String,
    #[prost(message, repeated, tag = "4")]
    pub annotations: Vec<Any>,
    #[prost(message, optional, tag = "5")]
    pub sources: Option<GrantSources>,
}

/// From which entitlements a grant follows, by their ids. Its own is among them if it is held directly as well.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GrantSources {
    #[prost(btree_map = "string, message", tag = "1")]
    pub sources: BTreeMap<String, GrantSource>,
}

/// How the principal holds the entitlement that a grant follows from.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct GrantSource {
    #[prost(bool, tag = "1")]
    pub is_direct: bool,
}
