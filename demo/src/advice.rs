//! How an API says that it wants to be left alone for a while: a 429, and what vendors write beside it.

use serde::{Deserialize, Serialize};

/// How a 429 says how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// In which form.
    pub form: Form,
    /// How long.
    #[serde(default)]
    pub seconds: u64,
}

/// The forms in which vendors say how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Not at all.
    #[default]
    None,
    /// `retry-after: 3`
    RetryAfterSeconds,
    /// `retry-after: Tue, 24 Nov 2026 01:00:00 GMT`
    RetryAfterDate,
    /// `x-ratelimit-limit`, `-remaining`, and `x-ratelimit-reset` in seconds from now.
    XRatelimitSeconds,
    /// The same with `x-ratelimit-reset` in seconds since 1970.
    XRatelimitEpoch,
    /// `ratelimit-limit`, `-remaining` and `-reset` in seconds from now.
    Ratelimit,
}

impl Form {
    /// Those that say how long.
    pub const TELLING: [Self; 5] = [
        Self::RetryAfterSeconds,
        Self::RetryAfterDate,
        Self::XRatelimitSeconds,
        Self::XRatelimitEpoch,
        Self::Ratelimit,
    ];
}
