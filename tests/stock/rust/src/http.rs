//! Requests to Acme: the access token, and one page of a list.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::bindings::syncer::{ConfigFailure, Error, Failure, PassingFailure, ReplyFailure};
use crate::bindings::wasi::config::store;
use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{Fields, Method, OutgoingBody, OutgoingRequest, Scheme};
use crate::bindings::wasi::io::streams::StreamError;

/// One page of any list.
#[derive(Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
    pub total: u32,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_in: u64,
}

thread_local! {
    /// The access token, until it ends. Another instance asks for its own.
    static TOKEN: RefCell<Option<(String, Instant)>> = const { RefCell::new(None) };
}

pub fn config(name: &str) -> Result<String, Error> {
    store::get(name)
        .ok()
        .flatten()
        .ok_or_else(|| Error::Config(ConfigFailure { field: name.into(), message: "has no value".into() }))
}

/// A page of the list at `path`, from `cursor` on.
pub fn page<T: DeserializeOwned>(path: &str, cursor: Option<&str>) -> Result<Page<T>, Error> {
    let query = cursor.map(|cursor| format!("?cursor={cursor}")).unwrap_or_default();
    let bearer = format!("Bearer {}", token()?);
    parse(&send(Method::Get, &format!("{path}{query}"), &[("authorization", &bearer)], None)?, path)
}

fn token() -> Result<String, Error> {
    if let Some((token, end)) = TOKEN.take()
        && Instant::now() < end
    {
        TOKEN.set(Some((token.clone(), end)));
        return Ok(token);
    }
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        config("acme-client-id")?,
        config("acme-client-secret")?
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let body = send(Method::Post, "/oauth/token", &headers, Some(&form))?;
    let token: Token = parse(&body, "/oauth/token")?;
    let end = Instant::now() + Duration::from_secs(token.expires_in.saturating_sub(30));
    TOKEN.set(Some((token.access_token.clone(), end)));
    Ok(token.access_token)
}

fn send(method: Method, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Result<Vec<u8>, Error> {
    let passing = |message: String| again(failure(message, None));
    let url = config("acme-url")?;
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
    let (authority, base) = rest.split_at(rest.find('/').unwrap_or(rest.len()));

    let fields = Fields::new();
    for (name, value) in headers {
        let _ = fields.append(name, value.as_bytes());
    }
    let request = OutgoingRequest::new(fields);
    let _ = request.set_method(&method);
    let _ = request.set_scheme(Some(if scheme == "http" { &Scheme::Http } else { &Scheme::Https }));
    let _ = request.set_authority(Some(authority));
    let _ = request.set_path_with_query(Some(&format!("{}{path}", base.trim_end_matches('/'))));
    let outgoing = request.body().ok();
    let future = outgoing_handler::handle(request, None)
        .map_err(|code| passing(format!("Acme at {authority} was not asked: {code}")))?;
    if let Some(outgoing) = outgoing {
        if let (Some(body), Ok(stream)) = (body, outgoing.write()) {
            let _ = stream.blocking_write_and_flush(body.as_bytes());
        }
        let _ = OutgoingBody::finish(outgoing, None);
    }
    future.subscribe().block();
    let reply = match future.get() {
        Some(Ok(Ok(reply))) => reply,
        Some(Ok(Err(code))) => return Err(passing(format!("Acme at {authority} did not answer: {code}"))),
        _ => return Err(passing(format!("Acme at {authority} did not answer"))),
    };
    let status = reply.status();
    let after = reply
        .headers()
        .get("retry-after")
        .pop()
        .and_then(|value| String::from_utf8(value).ok()?.parse().ok());
    let mut bytes = Vec::new();
    let broken = || passing(format!("the reply to {path} broke off"));
    let incoming = reply.consume().map_err(|()| broken())?;
    let stream = incoming.stream().map_err(|()| broken())?;
    loop {
        match stream.blocking_read(1 << 16) {
            Ok(part) => bytes.extend(part),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(_)) => return Err(broken()),
        }
    }
    let what = failure(format!("Acme answered {path} with status {status}"), Some(status));
    match status {
        200 => Ok(bytes),
        401 => Err(Error::Credentials(what)),
        403 => Err(Error::Access(what)),
        // Acme answers so for what was deleted, and for nothing else.
        404 => Err(Error::Gone(what)),
        429 => Err(Error::Wait(PassingFailure { failure: what, after })),
        500.. => Err(Error::Again(PassingFailure { failure: what, after })),
        _ => Err(Error::Reply(ReplyFailure { failure: what, path: String::new() })),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8], path: &str) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        // Not its text, which repeats values of the reply.
        let place = format!("line {}, column {}", error.line(), error.column());
        let message = format!("Acme's reply to {path} was not understood");
        Error::Reply(ReplyFailure { failure: failure(message, None), path: place })
    })
}

fn again(failure: Failure) -> Error {
    Error::Again(PassingFailure { failure, after: None })
}

pub fn failure(message: impl Into<String>, http_status: Option<u16>) -> Failure {
    Failure { message: message.into(), http_status, request_id: None }
}
