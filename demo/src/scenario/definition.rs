//! The scenario itself: who there is, how the API behaves, what changes and what goes wrong.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::manner::{InlineMembers, RateLimit};
use super::people::{Organization, Person};
use crate::fault::Fault;

/// The whole world behind one API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// For people and for test output.
    pub name: String,
    /// A path before `/v1`, as behind a proxy: empty, or `/planetscale`.
    pub base_path: String,
    /// Page size when the request names none.
    pub default_per_page: u64,
    /// Larger page sizes are cut down to this one.
    pub max_per_page: u64,
    /// How long each reply is held back.
    pub latency_ms: u64,
    /// Up to this much is added to the latency, different for each request, so that replies overtake
    /// one another.
    pub latency_spread_ms: u64,
    /// The vendor's limit on requests, if it is to be kept.
    pub rate_limit: Option<RateLimit>,
    /// How much of a team's members its list entry holds.
    pub inline_members: InlineMembers,
    /// Everybody.
    pub people: Vec<Person>,
    /// What the token reaches, in the order of the list.
    pub organizations: Vec<Organization>,
    /// What happens while the API is being read.
    pub changes: Vec<Change>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            name: "scenario".into(),
            base_path: String::new(),
            // The vendor's documented default and maximum.
            default_per_page: 25,
            max_per_page: 100,
            latency_ms: 0,
            latency_spread_ms: 0,
            rate_limit: None,
            inline_members: InlineMembers::All,
            people: Vec::new(),
            organizations: Vec::new(),
            changes: Vec::new(),
            faults: Vec::new(),
        }
    }
}
