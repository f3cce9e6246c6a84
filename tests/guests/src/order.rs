//! What is ordered of the component, and how it answers the test that runs it.

use crate::bindings::syncer::{Error, Failure};
use crate::bindings::wasi;

/// A value of the config; empty when there is none.
pub fn value(name: &str) -> String {
    wasi::config::store::get(name).ok().flatten().unwrap_or_default()
}

/// An error that says what the connector found out: how it speaks to the test that runs it.
pub fn report(message: impl Into<String>) -> Error {
    Error::Internal(Failure { message: message.into(), http_status: None, request_id: None })
}

/// Whether the behaviour is wanted in this export.
pub fn here(export: &str) -> bool {
    let at = value("at");
    at == export || at == "everywhere"
}
