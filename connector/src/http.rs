//! One GET over `wasi:http`: the only file that names it.
//!
//! A body is taken up to 16 MiB. Redirects are not followed, because the token goes to the configured origin
//! only, and compressed bodies are not read, because none was asked for; both are the API model's to report.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::bindings::syncer::Error;
use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{
    ErrorCode, Fields, IncomingResponse, OutgoingRequest, RequestOptions, Scheme,
};
use crate::bindings::wasi::io::streams::StreamError;
use crate::config::Config;
use crate::error::Exchange;

/// A page of a hundred records has 70 kB; this leaves room for teams with very many members.
pub const LARGEST_BODY: usize = 16 << 20;

/// What one read asks for at most: memory grows by what came, not by this.
const PIECE: u64 = 128 << 10;

const SECOND: u64 = 1_000_000_000;

/// Whether an earlier reply of the same sync may be given again.
#[derive(Clone, Copy, PartialEq)]
pub enum Cache {
    /// It may.
    May,
    /// This reply will not be asked for again, so it need not be kept.
    NoStore,
    /// The vendor has to be asked.
    Fresh,
}

/// A reply, whatever its status.
pub struct Response {
    /// The status.
    pub status: u16,
    /// Headers that are read, in lower case with their text.
    headers: Fields,
    /// The body, whole; none when it is larger than [`LARGEST_BODY`].
    pub body: Option<Vec<u8>>,
}

impl Response {
    /// A header's first value, if it is text.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name).into_iter().next()?;
        String::from_utf8(value).ok()
    }

    /// What an error tells of this exchange.
    pub fn exchange(&self) -> Exchange {
        Exchange { status: Some(self.status), request_id: self.header("x-request-id") }
    }
}

/// Ask for a path, which begins with `/v1`.
pub fn get(config: &Config, path: &str, cache: Cache) -> Result<Response, Error> {
    let response = send(config, path, cache).map_err(|code| unreachable(config, &code))?;
    let headers = response.headers();
    let status = response.status();
    let exchange = Exchange { status: Some(status), request_id: None };
    let incomplete = |what: &str| {
        exchange.again(format!("the connection to the PlanetScale API ended in the middle of a reply{what}"))
    };
    let incoming = response.consume().map_err(|()| incomplete(""))?;
    let stream = incoming.stream().map_err(|()| incomplete(""))?;
    let mut body = Vec::new();
    loop {
        match stream.blocking_read(PIECE) {
            Ok(piece) if body.len() + piece.len() > LARGEST_BODY => {
                return Ok(Response { status, headers, body: None });
            }
            Ok(piece) => body.extend_from_slice(&piece),
            Err(StreamError::Closed) => return Ok(Response { status, headers, body: Some(body) }),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = crate::bindings::wasi::http::types::http_error_code(&error);
                return Err(match code {
                    Some(ErrorCode::HttpResponseBodySize(_)) => {
                        return Ok(Response { status, headers, body: None });
                    }
                    Some(code) => incomplete(&format!(": {}", describe(&code))),
                    None => incomplete(""),
                });
            }
        }
    }
}

fn send(config: &Config, path: &str, cache: Cache) -> Result<IncomingResponse, ErrorCode> {
    let fault = || ErrorCode::InternalError(None);
    let text = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    let mut headers = vec![
        text("authorization", config.token.authorization()),
        text("accept", "application/json"),
        text("user-agent", concat!("baton-planetscale/", env!("CARGO_PKG_VERSION"))),
    ];
    match cache {
        Cache::May => {}
        Cache::NoStore => headers.push(text("cache-control", "no-store")),
        Cache::Fresh => headers.push(text("cache-control", "no-cache")),
    }
    let headers = Fields::from_list(&headers).map_err(|_| fault())?;
    let request = OutgoingRequest::new(headers);
    let scheme = if config.base.https { Scheme::Https } else { Scheme::Http };
    request.set_scheme(Some(&scheme)).map_err(|()| fault())?;
    request.set_authority(Some(&config.base.authority)).map_err(|()| fault())?;
    let path = format!("{}{path}", config.base.path);
    request.set_path_with_query(Some(&path)).map_err(|()| fault())?;
    let options = RequestOptions::new();
    // A host that does not take these has its own.
    let _ = options.set_connect_timeout(Some(30 * SECOND));
    let _ = options.set_first_byte_timeout(Some(60 * SECOND));
    let _ = options.set_between_bytes_timeout(Some(30 * SECOND));
    let reply = outgoing_handler::handle(request, Some(options))?;
    reply.subscribe().block();
    reply.get().and_then(Result::ok).unwrap_or_else(|| Err(fault()))
}

/// The error for a request that brought no reply.
fn unreachable(config: &Config, code: &ErrorCode) -> Error {
    let server = &config.base.authority;
    let what = describe(code);
    let exchange = Exchange::default();
    match code {
        ErrorCode::HttpRequestDenied => {
            crate::error::internal(format!("the host did not let the connector talk to {server}"))
        }
        ErrorCode::TlsCertificateError => exchange.again(format!(
            "{server} showed a certificate that is not trusted here; check planetscale-api-url, and the trusted \
             certificates of this machine (SSL_CERT_FILE for a private one)"
        )),
        ErrorCode::DnsError(_) | ErrorCode::DnsTimeout => {
            exchange.again(format!("the name of {server} could not be resolved; check planetscale-api-url and the network"))
        }
        _ => exchange.again(format!("the PlanetScale API at {server} could not be reached: {what}")),
    }
}

fn describe(code: &ErrorCode) -> &'static str {
    match code {
        ErrorCode::ConnectionRefused => "the connection was refused",
        ErrorCode::ConnectionTerminated => "the connection was closed",
        ErrorCode::ConnectionTimeout => "connecting took too long",
        ErrorCode::ConnectionReadTimeout | ErrorCode::HttpResponseTimeout => "the reply took too long",
        ErrorCode::HttpResponseIncomplete => "the reply was cut off",
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => "the TLS connection failed",
        ErrorCode::DestinationUnavailable | ErrorCode::DestinationNotFound => "there is no way to it",
        ErrorCode::HttpProtocolError => "it does not speak HTTP as expected",
        _ => "the request failed",
    }
}
