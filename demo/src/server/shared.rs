//! What all connections of a server share: the world, the faults still to strike, the limits, the log.
//! And the order in which they have their say on a request.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use http::request::Parts;

use super::log::{Log, Seen, lock};
use super::rate::Windows;
use super::sabotage::{Answer, sabotage};
use crate::api::{Reply, Route, Unroutable, World, route};
use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::scenario::{Change, Scenario, mix};

/// The state of a server.
pub(super) struct Shared {
    pub(super) log: Log,
    began: Instant,
    service_token: String,
    base_path: String,
    latency: (u64, u64),
    live: Mutex<Live>,
}

/// What changes from request to request.
struct Live {
    world: World,
    windows: Option<Windows>,
    /// What is still to happen.
    changes: Vec<Change>,
    /// Faults, and how often each struck.
    faults: Vec<(Fault, u32)>,
    /// Requests so far: in all, and by endpoint.
    total: u64,
    by_endpoint: std::collections::HashMap<Endpoint, u64>,
}

impl Shared {
    pub(super) fn new(
        mut scenario: Scenario,
        url: String,
        service_token: String,
    ) -> serde_json::Result<Self> {
        let faults = std::mem::take(&mut scenario.faults);
        let changes = std::mem::take(&mut scenario.changes);
        Ok(Self {
            log: Log::default(),
            began: Instant::now(),
            service_token,
            base_path: scenario.base_path.clone(),
            latency: (scenario.latency_ms, scenario.latency_spread_ms),
            live: Mutex::new(Live {
                windows: scenario.rate_limit.map(Windows::new),
                changes,
                faults: faults.into_iter().map(|fault| (fault, 0)).collect(),
                total: 0,
                by_endpoint: std::collections::HashMap::new(),
                world: World::new(scenario, url)?,
            }),
        })
    }

    pub(super) fn service_token(&self) -> &str {
        &self.service_token
    }

    pub(super) fn struck(&self) -> Vec<u32> {
        lock(&self.live).faults.iter().map(|(_, times)| *times).collect()
    }

    /// What goes out for a request.
    pub(super) async fn answer(&self, parts: &Parts, connection: u64) -> Answer {
        if parts.uri.path() == "/_double/log" {
            // Asked by whoever runs the double, so it leaves no trace in what it tells.
            let body = serde_json::to_vec(&self.log.counters()).unwrap_or_default();
            return Answer::Reply(Reply::json(200, body));
        }
        let _answering = self.log.answering();
        let routed = route(&self.base_path, parts.uri.path(), parts.uri.query());
        let endpoint = routed.as_ref().ok().map(|r| r.endpoint);
        let seen = Seen::new(self.began.elapsed(), parts, endpoint, &self.service_token, connection);
        let authorized = seen.authorized;
        let number = self.log.arrived(seen);
        let (answer, fault) = lock(&self.live).answer(parts, routed, authorized);
        self.hold_back(number).await;
        let (status, bytes) = match &answer {
            Answer::Reply(reply) => (Some(reply.status), reply.body.len()),
            Answer::Script(..) => (None, 0),
        };
        self.log.answered(number, status, fault, bytes);
        answer
    }

    async fn hold_back(&self, number: usize) {
        let (least, spread) = self.latency;
        let extra = match spread {
            0 => 0,
            spread => mix(u64::try_from(number).unwrap_or(0)) % (spread + 1),
        };
        if least + extra > 0 {
            tokio::time::sleep(Duration::from_millis(least + extra)).await;
        }
    }
}

impl Live {
    /// Limits come first, then the token, then the address, then the world, and a fault last of all.
    fn answer(
        &mut self,
        parts: &Parts,
        routed: Result<Route, Unroutable>,
        authorized: bool,
    ) -> (Answer, Option<usize>) {
        self.happen(routed.as_ref().ok().map(|r| r.endpoint));
        let verdict = self.windows.as_mut().map(|w| w.count(Instant::now()));
        if let (Some(windows), Some(verdict)) = (&self.windows, &verdict)
            && verdict.refused
        {
            return (Answer::Reply(windows.refusal(verdict)), None);
        }
        let mut reply = match &routed {
            _ if !authorized => Reply::error(401),
            _ if parts.method != http::Method::GET => Reply::error(405),
            Ok(route) => self.world.answer(route),
            Err(Unroutable::NotFound) => Reply::error(404),
            Err(Unroutable::BadQuery) => Reply::error(400),
        };
        if let (Some(windows), Some(verdict)) = (&self.windows, &verdict) {
            windows.tell(verdict, &mut reply);
        }
        match routed {
            Ok(route) => self.strike(&route, reply, parts),
            Err(_) => (Answer::Reply(reply), None),
        }
    }

    /// Lets happen what is due before this request.
    fn happen(&mut self, endpoint: Option<Endpoint>) {
        let by_endpoint = &self.by_endpoint;
        let total = self.total;
        let due = |change: &mut Change| {
            let so_far = match change.after.endpoint {
                Some(endpoint) => by_endpoint.get(&endpoint).copied().unwrap_or(0),
                None => total,
            };
            so_far >= change.after.requests
        };
        let now: Vec<Change> = self.changes.extract_if(.., due).collect();
        for change in now {
            // Writing people as JSON succeeded at the start and knows no other way.
            let _ = self.world.apply(&change.change);
        }
        self.total += 1;
        if let Some(endpoint) = endpoint {
            *self.by_endpoint.entry(endpoint).or_default() += 1;
        }
    }

    fn strike(&mut self, route: &Route, reply: Reply, parts: &Parts) -> (Answer, Option<usize>) {
        let sent = parts.headers.get("authorization").map(|v| String::from_utf8_lossy(v.as_bytes()));
        let sent = sent.unwrap_or_default();
        let world = &self.world;
        let page = |number| world.answer(&Route { page: number, ..route.clone() });
        for (index, (fault, times)) in self.faults.iter_mut().enumerate() {
            let left = fault.times.is_none_or(|most| *times < most);
            if !left || !fits(fault, route, &reply) {
                continue;
            }
            if let Some(answer) = sabotage(&fault.kind, reply.clone(), page, &sent) {
                *times += 1;
                return (answer, Some(index));
            }
        }
        (Answer::Reply(reply), None)
    }
}

fn fits(fault: &Fault, route: &Route, reply: &Reply) -> bool {
    let place = &fault.at;
    place.endpoint.is_none_or(|e| e == route.endpoint)
        && place.organization.as_ref().is_none_or(|o| Some(o) == route.organization.as_ref())
        && place.team.as_ref().is_none_or(|t| Some(t) == route.team.as_ref())
        && place.page.fits(route.page, reply.pages)
}
