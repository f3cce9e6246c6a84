//! What a sync knows of itself at its end, for whoever reads its records later: from where and as whom it read, how
//! much it asked, what the vendor told of counts, and what is not in the records.
//!
//! A reviewer who signs that a list is right has to know whether it is whole. So these facts go to the sink beside the
//! records, and a sink that has a place for them keeps them there. Nothing in them is secret. A field that an older
//! program did not write is read as empty.

use serde::{Deserialize, Serialize};

/// The facts of one sync.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The program that ran the sync, with its version.
    pub program: String,
    /// The product that was read, as its vendor writes it.
    pub product: String,
    /// The connector's own version.
    pub connector_version: String,
    /// The SHA-256 of the connector's bytes, in hexadecimal digits.
    pub component: String,
    /// The version of the contract between the two.
    pub contract: String,
    /// The origins that were read from.
    pub origins: Vec<String>,
    /// As whom it was read, as the vendor names it.
    pub identity: Option<String>,
    /// HTTP requests sent.
    pub requests: u64,
    /// Pages taken in.
    pub pages: u64,
    /// Of these, pages that a stopped run had read before.
    pub pages_taken_up: u64,
    /// Lists asked for.
    pub lists: u64,
    /// Lists left out, because what they are about was deleted meanwhile; a warning names each.
    pub lists_left_out: u64,
    /// What came, by kind and resource type, beside what the vendor told.
    pub counts: Vec<Count>,
    /// What the operator should know.
    pub warnings: Vec<Note>,
    /// Warnings past the limit, which were not kept.
    pub more_warnings: u64,
    /// What no request can find out, where it concerns what was read.
    pub cannot_see: Vec<String>,
    /// Only these resource types were asked for; empty: all.
    pub only_types: Vec<String>,
    /// Only these resources were asked for; empty: all.
    pub only_resources: Vec<String>,
    /// Entitlements and grants were not asked for.
    pub without_entitlements: bool,
    /// Grants were not asked for.
    pub without_grants: bool,
}

/// How many records came of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Count {
    /// `resources`, `entitlements` or `grants`.
    pub kind: String,
    /// Of this type, or of resources of this type.
    pub resource_type: String,
    /// Lists of them.
    pub lists: u64,
    /// Records that came in all of these lists.
    pub came: u64,
    /// Lists of which the vendor told how many records they have.
    pub lists_told: u64,
    /// What the vendor told, all such lists together.
    pub told: u64,
    /// What came in such lists.
    pub came_of_told: u64,
}

/// A warning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// One sentence.
    pub message: String,
    /// What it is about, as `type:id`.
    pub resource: Option<String>,
}
