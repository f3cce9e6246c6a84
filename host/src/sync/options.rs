//! How a sync is done, what it tells while it goes on, and what it did.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::component::limits::Limits;
use crate::journal::entries::Journal;
use crate::model::allow::Allow;
use crate::model::bid::Target;
use crate::model::clock;
use crate::model::contract::{BlindSpot, ConnectorMetadata, Warning};
use crate::model::records::List;
use crate::network::between::Between;

/// Four use up a limit of 600 requests a minute as long as a reply takes no more than 0.4 s, and each costs little.
const WORKERS: usize = 4;

/// Hears how a sync goes.
pub type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// How a sync goes.
pub enum Event<'a> {
    /// A new step begins: `resource types`, `resources`, `entitlements`, `grants`.
    Phase(&'static str),
    /// A page was written.
    Page {
        /// Of which list.
        list: &'a List,
        /// How many records it had.
        records: usize,
        /// Pages known to be left in this step.
        left: usize,
    },
    /// Nothing goes on for a while.
    Waiting {
        /// How long.
        seconds: u64,
        /// The end of that, as far as it is known.
        until: SystemTime,
        /// Why.
        reason: &'a str,
    },
    /// A wait for all workers is over, perhaps before its end.
    GoingOn,
    /// Something the operator should know.
    Warning(&'a Warning),
    /// A request leaves.
    Sent {
        /// For how long requests waited for their turn since the one before left, over all workers.
        waited: Duration,
    },
    /// A request was not let out: the guard refused it.
    Refused,
}

impl Event<'_> {
    /// A wait that begins now.
    pub(crate) fn waiting(time: Duration, reason: &str) -> Event<'_> {
        Event::Waiting { seconds: time.as_secs(), until: clock::now() + time, reason }
    }
}

/// How a sync is done.
#[derive(Clone)]
pub struct SyncOptions {
    /// Pages asked for at the same time, each on its own instance; 0 counts as 1.
    pub workers: usize,
    /// What the component may use up.
    pub limits: Limits,
    /// Only these resource types; empty: all.
    pub resource_types: Vec<String>,
    /// Only these resources, with what lies within them; empty: everything. The principals of their grants are not
    /// read. One that is not there is a warning; if none is there, that is an error.
    pub targets: Vec<Target>,
    /// Resources only.
    pub skip_entitlements_and_grants: bool,
    /// Resources and entitlements only.
    pub skip_grants: bool,
    /// The request rate; none: what the connector says its vendor allows, for that vendor's own origin.
    pub requests_per_minute: Option<u32>,
    /// What the connector may send beyond reading from the origins of its URL fields.
    pub allow: Allow,
    /// Whether replies are asked for compressed, where the component does not say what it takes. A page of a hundred
    /// members has 5 kB in place of 44, and a page of teams 65 in place of 658; unpacking takes 3 ms of CPU for a
    /// megabyte that comes out.
    pub compressed: bool,
    /// What is tried again, and when.
    pub retry: Retry,
    /// The program that syncs, with its version, for the facts that go to the sink.
    pub program: String,
    /// Hears how it goes.
    pub observer: Option<Observer>,
    /// Where what was read is written down, and found when an earlier run was stopped.
    pub journal: Option<Arc<dyn Journal>>,
    /// What a test of a connector puts between it and its vendor.
    pub between: Option<Arc<dyn Between>>,
}

impl SyncOptions {
    /// Whether a resource type was asked for.
    pub(crate) fn selects(&self, kind: &str) -> bool {
        self.resource_types.is_empty() || self.resource_types.iter().any(|wanted| wanted == kind)
    }
}

impl Default for SyncOptions {
    fn default() -> Self {
        SyncOptions {
            workers: WORKERS,
            limits: Limits::default(),
            resource_types: Vec::new(),
            targets: Vec::new(),
            skip_entitlements_and_grants: false,
            skip_grants: false,
            requests_per_minute: None,
            allow: Allow::default(),
            compressed: true,
            retry: Retry::default(),
            program: String::new(),
            observer: None,
            journal: None,
            between: None,
        }
    }
}

/// What a finished sync did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Kinds of resources.
    pub resource_types: u64,
    /// Resources by type.
    pub resources: BTreeMap<String, u64>,
    /// Entitlements by the type of their resource.
    pub entitlements: BTreeMap<String, u64>,
    /// Grants by the type of their entitlement's resource.
    pub grants: BTreeMap<String, u64>,
    /// Pages that an earlier run had read, which was stopped.
    pub taken_up: u64,
    /// HTTP requests sent.
    pub requests: u64,
    /// Time in which workers waited for the request rate or before trying again, added up.
    pub waited: Duration,
    /// What the operator should know.
    pub warnings: Vec<Warning>,
    /// Warnings past the limit, which were not kept.
    pub more_warnings: u64,
}

impl Summary {
    /// What the vendor's API does not tell of what was read, so that nobody takes the records for more than they are.
    pub fn unseen<'a>(&self, metadata: &'a ConnectorMetadata) -> Vec<&'a str> {
        let concerns = |spot: &&BlindSpot| {
            let kinds = &spot.resource_types;
            kinds.is_empty() || kinds.iter().any(|kind| self.resources.contains_key(kind))
        };
        metadata.cannot_see.iter().filter(concerns).map(|spot| spot.message.as_str()).collect()
    }
}

/// How often, and after what time, a failed call is made again.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Calls that failed in passing are made at most this many times in all.
    pub attempts: u32,
    /// The pause before the second one; doubled each time.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
    /// How often in a row a wait that the vendor asks for is waited out.
    pub waits: u32,
    /// The pause for "too many requests" without a time, doubled each time up to a minute. Limits are counted by the
    /// minute: who waits for less may be refused again for the same minute.
    pub wait_unknown: Duration,
    /// A vendor that wants more than this at once is not waited for.
    pub wait_longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Retry {
            attempts: 5,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            waits: 10,
            wait_unknown: Duration::from_secs(60),
            wait_longest: Duration::from_secs(3_900),
        }
    }
}
