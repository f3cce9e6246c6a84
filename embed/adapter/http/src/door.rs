//! Who may ask, by two values of the config that are the service's own and not the connector's.
//!
//! | value | what it does |
//! |---|---|
//! | `http-bearer-token` | each request but `GET /health` has to bring it: `authorization: Bearer …` |
//! | `http-hosts` | names by which the service may be called, with commas between them, without ports |
//!
//! Without `http-hosts` it may be called by names of this machine (`localhost`, `127.0.0.1`, `[::1]`), and with a token
//! by any name. So a page in somebody's browser that has another name point at this machine gets nothing, and a service
//! that is put on a network without a token says so, rather than telling everybody who has access to what.

use wasip2::http::types::IncomingRequest;

#[allow(unsafe_code, missing_docs, clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({
        inline: "package baton:door; world door { import wasi:config/store@0.2.0-rc.1; }",
        path: "../../../wit/deps/config",
        world: "baton:door/door",
        generate_all,
    });
}

use bindings::wasi::config::store;

/// Names of this machine.
const HERE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Why somebody may not come in.
pub struct Closed {
    pub status: u16,
    pub message: &'static str,
    pub header: (&'static str, &'static str),
}

/// Whether a request may be answered.
pub fn open(request: &IncomingRequest) -> Result<(), Closed> {
    let token = value("http-bearer-token")?;
    let hosts = value("http-hosts")?;
    let name = host(&authority(request));
    let called = match &hosts {
        Some(hosts) => hosts.split(',').any(|host| host.trim().eq_ignore_ascii_case(&name)),
        None => token.is_some() || HERE.contains(&name.as_str()),
    };
    if !called {
        return Err(Closed {
            status: 421,
            message: "this service is not called by that name: name it in http-hosts, or set http-bearer-token",
            header: ("cache-control", "no-store"),
        });
    }
    if token.is_none_or(|token| brought(request).is_some_and(|brought| same(&brought, token.as_bytes()))) {
        return Ok(());
    }
    Err(Closed {
        status: 401,
        message: "this service asks for the token of http-bearer-token: authorization: Bearer …",
        header: ("www-authenticate", "Bearer"),
    })
}

/// A value that is not empty. One that cannot be looked up is not one that was not set.
fn value(key: &str) -> Result<Option<String>, Closed> {
    match store::get(key) {
        Ok(value) => Ok(value.filter(|value| !value.is_empty())),
        Err(_) => Err(Closed {
            status: 500,
            message: "the config cannot be read, so nobody is let in",
            header: ("cache-control", "no-store"),
        }),
    }
}

/// By which name and port the service was called.
fn authority(request: &IncomingRequest) -> String {
    let host = || request.headers().get("host").pop().and_then(|value| String::from_utf8(value).ok());
    request.authority().or_else(host).unwrap_or_default()
}

/// The name, without the port.
fn host(authority: &str) -> String {
    let end = match authority.rfind(']') {
        Some(at) => at + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority.get(..end).unwrap_or_default().to_ascii_lowercase()
}

/// The token that a request brings.
fn brought(request: &IncomingRequest) -> Option<Vec<u8>> {
    let header = request.headers().get("authorization").pop()?;
    let (scheme, token) = header.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then(|| token.to_vec())
}

/// In a time that does not tell how much of it is right.
fn same(one: &[u8], other: &[u8]) -> bool {
    let different = one.iter().zip(other).fold(0, |bits, (one, other)| bits | (one ^ other));
    one.len() == other.len() && different == 0
}
