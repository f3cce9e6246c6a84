//! A reply, as a value.

use bytes::Bytes;

/// A reply before anything has gone wrong with it.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Names in lower case. Content-Length and Date are added on the way out.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// How many pages the list has; 1 for what is no list.
    pub(crate) pages: u64,
}

impl Reply {
    /// A reply in JSON.
    pub(crate) fn json(status: u16, body: impl Into<Bytes>) -> Self {
        let kind = ("content-type".to_owned(), "application/json; charset=utf-8".to_owned());
        Self { status, headers: vec![kind], body: body.into(), pages: 1 }
    }

    /// The vendor's error body for a status.
    pub(crate) fn error(status: u16) -> Self {
        let (code, message) = match status {
            400 => ("bad_request", "Bad Request"),
            401 => ("unauthorized", "Unauthorized"),
            403 => ("forbidden", "Forbidden"),
            404 => ("not_found", "Not Found"),
            405 => ("method_not_allowed", "Method Not Allowed"),
            422 => ("unprocessable", "Unprocessable Entity"),
            429 => ("too_many_requests", "Too Many Requests"),
            _ => ("internal_server_error", "Internal Server Error"),
        };
        let body = serde_json::json!({ "code": code, "message": message });
        Self::json(status, body.to_string())
    }

    /// Sets a header, in place of one with the same name.
    pub(crate) fn set_header(&mut self, name: &str, value: Option<String>) {
        self.headers.retain(|(n, _)| n != name);
        self.headers.extend(value.map(|value| (name.to_owned(), value)));
    }
}
