//! What was asked, and over how many connections.
//!
//! The log is part of what tests search for secrets, so the value of the Authorization header never
//! gets into it: it is compared on arrival and kept as good or bad. Should the token turn up anywhere
//! else in a request, that is kept as a flag too.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;

/// One request, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// When it arrived, in milliseconds since the server's start.
    pub at_ms: u64,
    /// The method.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query as sent, without `?`; empty when there is none.
    pub query: String,
    /// What it was taken for; `None` when the address means nothing.
    pub endpoint: Option<Endpoint>,
    /// The names of its headers, in order of arrival.
    pub header_names: Vec<String>,
    /// The user agent.
    pub user_agent: String,
    /// What `accept` says.
    pub accept: String,
    /// What `cache-control` says.
    pub cache_control: String,
    /// What `host` says, or the authority of HTTP/2.
    pub host: String,
    /// Whether it came over HTTP/2.
    pub http2: bool,
    /// Whether the Authorization header was exactly the token.
    pub authorized: bool,
    /// Whether the token, or its secret half, is in the address or another header.
    pub token_elsewhere: bool,
    /// Which connection it came over, counted from 1.
    pub connection: u64,
    /// The status that it was given; `None` until then, and when a fault cut it off.
    pub status: Option<u16>,
    /// Which of the scenario's faults struck it, counted from 0.
    pub fault: Option<usize>,
}

/// Numbers about a server's work so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Requests that arrived.
    pub requests: u64,
    /// Those that were answered with 429.
    pub too_many: u64,
    /// Requests for an address, query included, that had been asked for before.
    pub repeated: u64,
    /// Connections that were accepted.
    pub connections: u64,
    /// Connections that are open.
    pub open: u64,
    /// The most that were open at one time.
    pub most_open: u64,
    /// The most requests that were being answered at one time.
    pub most_at_once: u64,
    /// Bytes of the bodies that were sent in full.
    pub body_bytes: u64,
}

/// Request log and counters.
#[derive(Default)]
pub(super) struct Log {
    requests: Mutex<Vec<Seen>>,
    too_many: AtomicU64,
    connections: Gauge,
    answering: Gauge,
    body_bytes: AtomicU64,
}

/// Something that comes and goes.
#[derive(Default)]
struct Gauge {
    ever: AtomicU64,
    now: AtomicU64,
    most: AtomicU64,
}

/// Counts as present until it is dropped.
pub(super) struct Present<'a>(&'a Gauge, pub(super) u64);

impl Gauge {
    fn enter(&self) -> Present<'_> {
        let now = self.now.fetch_add(1, Relaxed) + 1;
        self.most.fetch_max(now, Relaxed);
        Present(self, self.ever.fetch_add(1, Relaxed) + 1)
    }

    /// What is present now stays, and is the most so far.
    fn forget(&self) {
        self.ever.store(0, Relaxed);
        self.most.store(self.now.load(Relaxed), Relaxed);
    }
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Relaxed);
    }
}

impl Log {
    pub(super) fn requests(&self) -> Vec<Seen> {
        lock(&self.requests).clone()
    }

    pub(super) fn counters(&self) -> Counters {
        let requests = lock(&self.requests);
        let different: std::collections::HashSet<_> = requests.iter().map(|r| (&r.path, &r.query)).collect();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Counters {
            requests: count(requests.len()),
            too_many: self.too_many.load(Relaxed),
            repeated: count(requests.len() - different.len()),
            connections: self.connections.ever.load(Relaxed),
            open: self.connections.now.load(Relaxed),
            most_open: self.connections.most.load(Relaxed),
            most_at_once: self.answering.most.load(Relaxed),
            body_bytes: self.body_bytes.load(Relaxed),
        }
    }

    pub(super) fn forget(&self) {
        lock(&self.requests).clear();
        self.too_many.store(0, Relaxed);
        self.body_bytes.store(0, Relaxed);
        self.connections.forget();
        self.answering.forget();
    }

    /// A connection was accepted; its number is the second half of the reply.
    pub(super) fn connection(&self) -> Present<'_> {
        self.connections.enter()
    }

    /// A request is being answered.
    pub(super) fn answering(&self) -> Present<'_> {
        self.answering.enter()
    }

    /// Keeps a request; its number, from 0, finds it again.
    pub(super) fn arrived(&self, seen: Seen) -> usize {
        let mut requests = lock(&self.requests);
        requests.push(seen);
        requests.len() - 1
    }

    /// Keeps what became of a request.
    pub(super) fn answered(&self, number: usize, status: Option<u16>, fault: Option<usize>, bytes: usize) {
        if status == Some(429) {
            self.too_many.fetch_add(1, Relaxed);
        }
        self.body_bytes.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Relaxed);
        if let Some(seen) = lock(&self.requests).get_mut(number) {
            seen.status = status;
            seen.fault = fault;
        }
    }
}

/// A lock that a panic elsewhere does not take away: the data are counters and lists.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Seen {
    pub(super) fn new(
        at: Duration,
        parts: &Parts,
        endpoint: Option<Endpoint>,
        token: &str,
        connection: u64,
    ) -> Self {
        let header = |name: &str| {
            let value = parts.headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()));
            value.unwrap_or_default().into_owned()
        };
        let secret = token.split_once(':').map_or(token, |(_, secret)| secret);
        let holds = |bytes: &[u8]| bytes.windows(secret.len().max(1)).any(|w| w == secret.as_bytes());
        let elsewhere = parts.headers.iter().any(|(n, v)| n != "authorization" && holds(v.as_bytes()));
        Self {
            at_ms: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            endpoint,
            header_names: parts.headers.keys().map(ToString::to_string).collect(),
            user_agent: header("user-agent"),
            accept: header("accept"),
            cache_control: header("cache-control"),
            host: parts.uri.authority().map_or_else(|| header("host"), ToString::to_string),
            http2: parts.version == http::Version::HTTP_2,
            authorized: is_the_token(parts, token),
            token_elsewhere: elsewhere || holds(parts.uri.to_string().as_bytes()),
            connection,
            status: None,
            fault: None,
        }
    }
}

/// Whether there is one Authorization header, and it is the token and nothing more.
fn is_the_token(parts: &Parts, token: &str) -> bool {
    let mut values = parts.headers.get_all("authorization").iter();
    values.next().is_some_and(|v| v.as_bytes() == token.as_bytes()) && values.next().is_none()
}
