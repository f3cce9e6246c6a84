//! Requests as the connector likes them, good or bad.

use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, Method, OutgoingBody, OutgoingRequest,
    Scheme,
};

/// Begin a request without a body. The error says which part of it the host's types did not take.
pub fn begin(
    method: &str,
    scheme: &str,
    authority: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<FutureIncomingResponse, String> {
    let request = request(method, scheme, authority, path, headers)?;
    outgoing_handler::handle(request, None).map_err(|code| format!("not sent: {code:?}"))
}

/// POST a body of so many bytes, and say in words what came.
pub fn outcome_of_body(scheme: &str, authority: &str, path: &str, length: usize) -> String {
    let sent = || -> Result<FutureIncomingResponse, String> {
        let request = request("POST", scheme, authority, path, &[])?;
        let body = request.body().map_err(|()| "no body")?;
        let future = outgoing_handler::handle(request, None).map_err(|code| format!("not sent: {code:?}"))?;
        let stream = body.write().map_err(|()| "no stream")?;
        for _ in 0..length.div_ceil(4_096) {
            if stream.blocking_write_and_flush(&[b'x'; 4_096]).is_err() {
                break;
            }
        }
        drop(stream);
        let _ = OutgoingBody::finish(body, None);
        Ok(future)
    };
    match sent().map(|future| end(&future).map(|reply| reply.status())) {
        Ok(Ok(status)) => format!("status {status}"),
        Ok(Err(code)) => format!("no reply: {code:?}"),
        Err(why) => why,
    }
}

fn request(
    method: &str,
    scheme: &str,
    authority: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<OutgoingRequest, String> {
    let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), v.as_bytes().to_vec())).collect();
    let headers = Fields::from_list(&headers).map_err(|error| format!("headers refused: {error:?}"))?;
    let request = OutgoingRequest::new(headers);
    let method = match method {
        "" | "GET" => Method::Get,
        "CONNECT" => Method::Connect,
        other => Method::Other(other.into()),
    };
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.into()),
    };
    request.set_method(&method).map_err(|()| "method refused")?;
    request.set_scheme(Some(&scheme)).map_err(|()| "scheme refused")?;
    request.set_authority(Some(authority)).map_err(|()| "authority refused")?;
    request.set_path_with_query(Some(path)).map_err(|()| "path refused")?;
    Ok(request)
}

/// Wait for the reply.
pub fn end(future: &FutureIncomingResponse) -> Result<IncomingResponse, ErrorCode> {
    future.subscribe().block();
    future.get().and_then(Result::ok).unwrap_or(Err(ErrorCode::InternalError(None)))
}

/// Ask, and say in words what came.
pub fn outcome(method: &str, scheme: &str, authority: &str, path: &str, headers: &[(&str, &str)]) -> String {
    match begin(method, scheme, authority, path, headers) {
        Ok(future) => match end(&future) {
            Ok(reply) => format!("status {}", reply.status()),
            Err(code) => format!("no reply: {code:?}"),
        },
        Err(why) => why,
    }
}

/// The scheme and authority that the config allows.
pub fn allowed() -> (String, String) {
    let url = crate::order::value("api-url");
    match url.split_once("://") {
        Some((scheme, authority)) => (scheme.to_owned(), authority.trim_end_matches('/').to_owned()),
        None => (String::new(), String::new()),
    }
}
