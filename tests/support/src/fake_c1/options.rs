//! Who a fake C1 knows, and how it is started.

use std::time::Duration;

use super::fault::Fault;

/// The client id it knows. Its host is nowhere: the address is told apart from it.
pub const CLIENT_ID: &str = "tall-fox-1@acme.conductor.one/ccc";

/// How it is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// How long a token holds, in seconds.
    pub token_life: u64,
    /// When to poll again after a poll.
    pub next_poll: Duration,
    /// When to send the next heartbeat.
    pub next_heartbeat: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            faults: Vec::new(),
            token_life: 3_600,
            next_poll: Duration::from_millis(20),
            next_heartbeat: Duration::from_secs(1),
        }
    }
}
