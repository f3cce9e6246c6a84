//! Replies that may be given again within one sync.
//!
//! A connector keeps nothing between calls, so it asks twice for what serves two lists: the members of an
//! organization are both users and grants. Kept replies answer the second question without a request, and from
//! the same moment as the first. HTTP's own words say what may be kept, so the contract needs none of its own: a
//! request with `cache-control: no-store` is not kept, one with `no-cache` goes to the vendor.
//!
//! Two lists may be read at the same time, so the second asks while the reply to the first is on its way. It then waits
//! for it: of the requests for one address one is on its way, and the others are answered by what came of it.
//!
//! What is kept is compressed and bounded. Past the bound nothing more is kept: those replies are asked for twice,
//! which costs requests and nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, DATE, HeaderName, RETRY_AFTER, SET_COOKIE};
use tokio::sync::OwnedMutexGuard;

use crate::journal::entries::{Journal, Kind};
use crate::model::config::Config;
use crate::model::identity::identity;
use crate::model::lock::lock;

/// Compressed bytes that are kept. Fifty pages of a hundred members take about a quarter of a megabyte.
const BOUND: usize = 32 << 20;

/// The fastest level: replies are JSON with the same keys over and over, which any level makes ten times smaller.
const LEVEL: i32 = 1;

/// Kept replies of one sync.
pub(crate) struct Replies {
    state: Mutex<State>,
    /// Where they are found again by a run after this one.
    journal: Option<Arc<dyn Journal>>,
    config: Config,
}

#[derive(Default)]
struct State {
    kept: HashMap<String, Arc<Reply>>,
    /// Addresses that are asked for: whoever holds the turn asks, others wait for it.
    lines: HashMap<String, Arc<tokio::sync::Mutex<()>>>,
    /// Made once: setting one up costs as much as packing a page.
    packer: Option<zstd::bulk::Compressor<'static>>,
    bytes: usize,
    /// Raised when everything was forgotten: what was asked for before is then not kept either.
    reading: u64,
}

/// One reply, in memory and as it is written down.
#[derive(serde::Serialize, serde::Deserialize)]
struct Reply {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    size: usize,
}

impl Reply {
    /// The headers are copied: they are slices of all that the connection had read by then, which would be kept with
    /// them.
    fn of(head: &http::response::Parts, body: Vec<u8>, size: usize) -> Reply {
        let headers = head.headers.iter().filter(|(name, _)| !is_of_the_moment(name));
        Reply {
            status: head.status.as_u16(),
            headers: headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect(),
            body,
            size,
        }
    }

    fn read(&self) -> Option<http::Response<Bytes>> {
        let body = zstd::bulk::decompress(&self.body, self.size).ok()?;
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value.as_slice());
        }
        response.body(body.into()).ok()
    }
}

/// Whether a header tells of that one exchange and would mislead in a second one.
fn is_of_the_moment(name: &HeaderName) -> bool {
    [DATE, RETRY_AFTER, SET_COOKIE].contains(name)
        || ["ratelimit", "rate-limit"].iter().any(|part| name.as_str().contains(part))
}

/// Permission to keep the reply to one request.
pub(crate) struct Slot {
    replies: Arc<Replies>,
    key: String,
    reading: u64,
    /// Held until the reply is kept, or cannot be.
    _turn: Option<Turn>,
}

/// Those who ask for an address.
pub(crate) struct Line(Arc<tokio::sync::Mutex<()>>);

impl Line {
    /// Wait for the turn.
    pub async fn turn(self) -> Turn {
        Turn(self.0.lock_owned().await)
    }
}

/// The turn to ask for an address.
pub(crate) struct Turn(#[expect(dead_code, reason = "it is held, and given back")] OwnedMutexGuard<()>);

impl Replies {
    pub fn new(journal: Option<Arc<dyn Journal>>, config: Config) -> Replies {
        Replies { state: Mutex::default(), journal, config }
    }

    /// The reply kept for a request, if there is one and the request takes it.
    pub fn find<B>(&self, request: &http::Request<B>) -> Option<http::Response<Bytes>> {
        if !takes_kept(request) {
            return None;
        }
        let key = request.uri().to_string();
        let here = self.lock().kept.get(&key).cloned();
        let reply = match here {
            Some(reply) => reply,
            None => Arc::new(self.earlier(&key)?),
        };
        reply.read()
    }

    /// The reply that an earlier run wrote down.
    fn earlier(&self, key: &str) -> Option<Reply> {
        let entry = self.journal.as_ref()?.find(Kind::Reply, identity(&key))?;
        postcard::from_bytes(&entry).ok()
    }

    /// Where to wait until nobody else asks for the same. What came of it is then found, if it could be kept. None for a
    /// request that has to reach the vendor in any case.
    pub fn line<B>(&self, request: &http::Request<B>) -> Option<Line> {
        if !takes_kept(request) {
            return None;
        }
        Some(Line(self.lock().lines.entry(request.uri().to_string()).or_default().clone()))
    }

    /// Whether the reply to a request may be kept.
    pub fn slot<B>(self: &Arc<Self>, request: &http::Request<B>, turn: Option<Turn>) -> Option<Slot> {
        if request.method() != http::Method::GET || says(request, "no-store") {
            return None;
        }
        let reading = self.lock().reading;
        Some(Slot { replies: self.clone(), key: request.uri().to_string(), reading, _turn: turn })
    }

    /// Forget everything: a list changed while it was read, so what was read is no longer one moment's.
    pub fn forget(&self) {
        let mut state = self.lock();
        state.kept.clear();
        // Who asked before waits for nothing that comes now, nor the other way about.
        state.lines.clear();
        state.bytes = 0;
        state.reading += 1;
        if let Some(journal) = &self.journal {
            journal.forget_replies();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    fn pack(&mut self, body: &[u8]) -> std::io::Result<Vec<u8>> {
        let packer = match &mut self.packer {
            Some(packer) => packer,
            none => none.insert(zstd::bulk::Compressor::new(LEVEL)?),
        };
        let mut packed = packer.compress(body)?;
        // It has room for a body that does not get smaller at all.
        packed.shrink_to_fit();
        Ok(packed)
    }
}

impl Slot {
    /// Keep a reply that came whole.
    pub fn keep(self, head: &http::response::Parts, body: &[u8]) {
        let mut state = self.replies.lock();
        let Ok(packed) = state.pack(body) else { return };
        if state.reading != self.reading || state.bytes + packed.len() > BOUND {
            return;
        }
        state.bytes += packed.len();
        let reply = Reply::of(head, packed, body.len());
        // A vendor may send back what it was sent. That stays in memory.
        let parts = || reply.headers.iter().map(|(_, value)| value.as_slice()).chain([body]);
        if let Some(journal) = &self.replies.journal
            && !parts().any(|part| self.replies.config.reveals(part))
            && let Ok(entry) = postcard::to_stdvec(&reply)
        {
            journal.keep(Kind::Reply, identity(&self.key), &entry);
        }
        state.lines.remove(&self.key);
        state.kept.insert(self.key, Arc::new(reply));
    }
}

/// Whether a kept reply may answer a request.
fn takes_kept<B>(request: &http::Request<B>) -> bool {
    request.method() == http::Method::GET && !says(request, "no-cache") && !says(request, "no-store")
}

fn says<B>(request: &http::Request<B>, word: &str) -> bool {
    request
        .headers()
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_reply_is_given_again_with_all_its_headers_but_those_of_its_moment() {
        let (head, ()) = http::Response::builder()
            .header("content-type", "application/json")
            .header("link", "</v1/things?page=2>; rel=next")
            .header("link", "</v1/things?page=9>; rel=last")
            .header("date", "Tue, 24 Nov 2026 13:00:00 GMT")
            .header("x-ratelimit-remaining", "1")
            .header("retry-after", "60")
            .header("set-cookie", "a=b")
            .body(())
            .expect("a response")
            .into_parts();
        let packed = State::default().pack(b"[]").expect("bytes");
        let again = Reply::of(&head, packed, 2).read().expect("a response");
        let names: Vec<&str> = again.headers().iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-type", "link", "link"]);
        assert_eq!(again.headers()["link"], "</v1/things?page=2>; rel=next");
        assert_eq!(again.body().as_ref(), b"[]");
    }
}
