//! Requests and replies.
//!
//! A body is taken up to 16 MiB. Redirects are not followed, because a credential goes to the configured origin only, and
//! compressed bodies are not read, because none was asked for; both are the client's to report.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::bindings::wasi::http::types::ErrorCode;
use crate::error::Exchange;

/// A page of a hundred records has 70 kB; this leaves room for records with very long lists in them.
pub const LARGEST_BODY: usize = 16 << 20;

/// Whether an earlier reply of the same sync may be given again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cache {
    /// It may.
    May,
    /// This reply will not be asked for again, so it need not be kept.
    NoStore,
    /// The vendor has to be asked.
    Fresh,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// In upper case.
    pub method: String,
    /// Whether the connection is encrypted.
    pub https: bool,
    /// Host and port.
    pub server: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// What is sent with it.
    pub body: Option<Vec<u8>>,
}

/// A reply, whatever its status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, whole; none when it is larger than [`LARGEST_BODY`].
    pub body: Option<Vec<u8>>,
}

impl Response {
    /// A header's first value, if it is text.
    pub fn header(&self, name: &str) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        core::str::from_utf8(value).ok().map(ToOwned::to_owned)
    }

    /// What an error tells of this exchange.
    pub fn exchange(&self) -> Exchange {
        let id = ["x-request-id", "x-amzn-requestid", "request-id"].iter().find_map(|name| self.header(name));
        Exchange { status: Some(self.status), request_id: id }
    }
}

/// Why there is no whole reply.
#[derive(Debug)]
pub enum Failed {
    /// There is none.
    NoReply(ErrorCode),
    /// It ended in the middle.
    Cut(u16, Option<ErrorCode>),
}
