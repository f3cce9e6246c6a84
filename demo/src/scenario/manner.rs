//! The API's manner: what the vendor leaves open or may change.

use serde::{Deserialize, Serialize};

use crate::advice::Form;

/// The members inside an entry of the team list. The vendor says nothing about their completeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InlineMembers {
    /// All of them.
    #[default]
    All,
    /// None, whoever is in the team.
    Empty,
    /// The first so many.
    AtMost(usize),
    /// As many as there are, but the first twice and the last not at all.
    Doubled,
    /// As many as there are, but in place of the last somebody who is not in the team.
    Wrong,
}

/// A limit on requests, counted in windows that begin with the first request.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimit {
    /// Requests answered in one window; more get 429.
    pub requests: u32,
    /// Length of a window. PlanetScale's is a minute.
    pub window_ms: u64,
    /// How a 429 says how long to wait.
    pub form: Form,
    /// Whether good replies tell limit, remaining requests and reset time, too.
    pub told: bool,
}

impl Default for RateLimit {
    fn default() -> Self {
        // The vendor documents the number, and neither headers nor Retry-After.
        Self { requests: 600, window_ms: 60_000, form: Form::None, told: false }
    }
}
