//! Takes a reply a byte at a time, for as long as it goes on, and says how long that was and what ended it.

use crate::bindings::syncer::Error;
use crate::bindings::wasi::http::types::http_error_code;
use crate::bindings::wasi::io::streams::StreamError;
use crate::http;
use crate::order::{report, value};

pub fn act() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    let future = http::begin("GET", &scheme, &authority, &value("path"), &[]).map_err(report)?;
    let reply = http::end(&future).map_err(|code| report(format!("no reply: {code:?}")))?;
    let body = reply.consume().map_err(|()| report("no body"))?;
    let stream = body.stream().map_err(|()| report("no stream"))?;
    let mut count = 0_u64;
    loop {
        match stream.blocking_read(1) {
            Ok(_) => count += 1,
            Err(StreamError::Closed) => return Err(report(format!("the reply ended after {count} bytes"))),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = http_error_code(&error);
                return Err(report(format!("the reply broke off after {count} bytes: {code:?}")));
            }
        }
    }
}
