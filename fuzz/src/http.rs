//! The connector's `http` without a network: every request gets the reply that is tried.

use std::cell::RefCell;

use crate::bindings::syncer::Error;
use crate::config::Config;
use crate::error::Exchange;

/// As in the connector. What is tried is the reading of a reply, so it changes nothing.
#[derive(Clone, Copy, PartialEq)]
pub enum Cache {
    May,
    NoStore,
    Fresh,
}

/// A reply, whatever its status.
#[derive(Clone, Default)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// None: it was too large.
    pub body: Option<Vec<u8>>,
}

impl Response {
    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// What an error tells of this exchange.
    pub fn exchange(&self) -> Exchange {
        Exchange { status: Some(self.status), request_id: self.header("x-request-id") }
    }
}

thread_local! {
    static REPLY: RefCell<Response> = RefCell::default();
    static ASKED: RefCell<Vec<String>> = RefCell::default();
}

/// Give every request this reply from now on.
pub fn answer(reply: &Response) {
    REPLY.set(reply.clone());
}

/// What was asked for since the last time.
pub fn asked() -> Vec<String> {
    ASKED.take()
}

/// As in the connector.
pub fn get(_config: &Config, path: &str, _cache: Cache) -> Result<Response, Error> {
    ASKED.with_borrow_mut(|asked| asked.push(path.to_owned()));
    Ok(REPLY.with_borrow(Clone::clone))
}
