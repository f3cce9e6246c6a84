//! Replies that may be given again within one sync.
//!
//! A connector keeps nothing between calls, so it asks twice for what serves two lists: the members of an
//! organization are both users and grants. Kept replies answer the second question without a request, and from
//! the same moment as the first. HTTP's own words say what may be kept, so the contract needs none of its own: a
//! request with `cache-control: no-store` is not kept, one with `no-cache` goes to the vendor.
//!
//! What is kept is compressed and bounded. Past the bound nothing more is kept: those replies are asked for twice,
//! which costs requests and nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::CACHE_CONTROL;

/// Compressed bytes that are kept. Fifty pages of a hundred members take about a quarter of a megabyte.
const BOUND: usize = 32 << 20;

/// The fastest level: replies are JSON with the same keys over and over, which any level makes ten times smaller.
const LEVEL: i32 = 1;

/// Kept replies of one sync.
#[derive(Default)]
pub(crate) struct Replies {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: HashMap<String, Arc<Reply>>,
    bytes: usize,
    /// Raised when everything was forgotten: what was asked for before is then not kept either.
    reading: u64,
}

/// One reply.
struct Reply {
    head: http::response::Parts,
    body: Vec<u8>,
    size: usize,
}

/// Permission to keep the reply to one request.
pub(crate) struct Slot {
    replies: Arc<Replies>,
    key: String,
    reading: u64,
}

impl Replies {
    /// The reply kept for a request, if there is one and the request takes it.
    pub fn find<B>(&self, request: &http::Request<B>) -> Option<http::Response<Bytes>> {
        if says(request, "no-cache") || says(request, "no-store") {
            return None;
        }
        let reply = self.lock().kept.get(&request.uri().to_string()).cloned()?;
        let body = zstd::bulk::decompress(&reply.body, reply.size).ok()?;
        Some(http::Response::from_parts(reply.head.clone(), body.into()))
    }

    /// Whether the reply to a request may be kept.
    pub fn slot<B>(self: &Arc<Self>, request: &http::Request<B>) -> Option<Slot> {
        if request.method() != http::Method::GET || says(request, "no-store") {
            return None;
        }
        let reading = self.lock().reading;
        Some(Slot { replies: self.clone(), key: request.uri().to_string(), reading })
    }

    /// Forget everything: a list changed while it was read, so what was read is no longer one moment's.
    pub fn forget(&self) {
        let mut state = self.lock();
        state.kept.clear();
        state.bytes = 0;
        state.reading += 1;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Keep a reply that came whole.
    pub fn keep(self, head: http::response::Parts, body: &[u8]) {
        let Ok(packed) = zstd::bulk::compress(body, LEVEL) else { return };
        let mut state = self.replies.lock();
        if state.reading != self.reading || state.bytes + packed.len() > BOUND {
            return;
        }
        state.bytes += packed.len();
        state.kept.insert(self.key, Arc::new(Reply { head, body: packed, size: body.len() }));
    }
}

fn says<B>(request: &http::Request<B>, word: &str) -> bool {
    request
        .headers()
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
}
