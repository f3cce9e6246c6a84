//! One request over `wasi:http`: the only file that names it. On this machine a function answers it.

#[cfg(not(target_arch = "wasm32"))]
use crate::http::{Failed, Request, Response};

/// Send a request and wait for all of its reply.
///
/// # Errors
/// There is none, or no whole one.
#[cfg(not(target_arch = "wasm32"))]
pub fn send(request: &Request) -> Result<Response, Failed> {
    crate::double::answer(request)
}

#[cfg(target_arch = "wasm32")]
pub use wasi::send;

#[cfg(target_arch = "wasm32")]
mod wasi {
    use alloc::vec::Vec;

    use crate::bindings::wasi::http::outgoing_handler;
    use crate::bindings::wasi::http::types::{
        ErrorCode, Fields, IncomingResponse, Method, OutgoingBody, OutgoingRequest, RequestOptions, Scheme,
        http_error_code,
    };
    use crate::bindings::wasi::io::streams::StreamError;
    use crate::http::{Failed, LARGEST_BODY, Request, Response};

    /// What one read asks for at most: memory grows by what came, not by this.
    const PIECE: u64 = 128 << 10;

    /// What one write gives at most, as the stream takes it.
    const WRITTEN: usize = 4_096;

    const SECOND: u64 = 1_000_000_000;

    /// Send a request and wait for all of its reply.
    pub fn send(request: &Request) -> Result<Response, Failed> {
        let response = begin(request).map_err(Failed::NoReply)?;
        let headers = response.headers().entries();
        let status = response.status();
        let cut = |()| Failed::Cut(status, None);
        let incoming = response.consume().map_err(cut)?;
        let stream = incoming.stream().map_err(cut)?;
        let mut body = Vec::new();
        let whole = |body| Ok(Response { status, headers, body });
        loop {
            match stream.blocking_read(PIECE) {
                Ok(piece) if body.len() + piece.len() > LARGEST_BODY => return whole(None),
                Ok(piece) => body.extend_from_slice(&piece),
                Err(StreamError::Closed) => return whole(Some(body)),
                Err(StreamError::LastOperationFailed(error)) => {
                    return match http_error_code(&error) {
                        Some(ErrorCode::HttpResponseBodySize(_)) => whole(None),
                        code => Err(Failed::Cut(status, code)),
                    };
                }
            }
        }
    }

    fn begin(asked: &Request) -> Result<IncomingResponse, ErrorCode> {
        let fault = |()| ErrorCode::InternalError(None);
        let headers: Vec<_> =
            asked.headers.iter().map(|(name, value)| (name.clone(), value.as_bytes().to_vec())).collect();
        let headers = Fields::from_list(&headers).map_err(|_| fault(()))?;
        let request = OutgoingRequest::new(headers);
        let method = match asked.method.as_str() {
            "GET" => Method::Get,
            "POST" => Method::Post,
            other => Method::Other(other.into()),
        };
        request.set_method(&method).map_err(fault)?;
        let scheme = if asked.https { Scheme::Https } else { Scheme::Http };
        request.set_scheme(Some(&scheme)).map_err(fault)?;
        request.set_authority(Some(&asked.server)).map_err(fault)?;
        request.set_path_with_query(Some(&asked.path)).map_err(fault)?;
        let options = RequestOptions::new();
        // A host that does not take these has its own.
        let _ = options.set_connect_timeout(Some(30 * SECOND));
        let _ = options.set_first_byte_timeout(Some(60 * SECOND));
        let _ = options.set_between_bytes_timeout(Some(30 * SECOND));
        let reply = match &asked.body {
            None => outgoing_handler::handle(request, Some(options))?,
            Some(body) => {
                let outgoing = request.body().map_err(fault)?;
                let reply = outgoing_handler::handle(request, Some(options))?;
                // Whoever refuses a request need not read all of it: what counts is the reply.
                if let Ok(stream) = outgoing.write() {
                    let written =
                        body.chunks(WRITTEN).try_for_each(|piece| stream.blocking_write_and_flush(piece));
                    drop(stream);
                    if written.is_ok() {
                        let _ = OutgoingBody::finish(outgoing, None);
                    }
                }
                reply
            }
        };
        reply.subscribe().block();
        reply.get().and_then(Result::ok).unwrap_or_else(|| Err(fault(())))
    }
}
