//! Tries to send headers that are the host's, or that hide a second request in the first.

use crate::bindings::syncer::Error;
use crate::http;
use crate::order::report;

const TRIED: [(&str, &str); 11] = [
    ("host", "evil.test"),
    ("Host", "evil.test"),
    ("connection", "keep-alive, x"),
    ("transfer-encoding", "chunked"),
    ("upgrade", "h2c"),
    ("proxy-authorization", "Basic eDp5"),
    ("content-length", "30"),
    ("x-one", "a\r\nx-two: b"),
    ("x-one", "a\nGET / HTTP/1.1"),
    ("x-one\r\nx-two", "a"),
    ("x-one ", "a"),
];

pub fn act() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    let taken: Vec<String> = TRIED
        .iter()
        .filter(|header| http::begin("GET", &scheme, &authority, "/v1/x", &[**header]).is_ok())
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    Err(report(format!("taken: {taken:?}")))
}
