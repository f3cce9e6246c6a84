//! Takes a reply a byte at a time, for as long as it goes on.

use crate::bindings::syncer::Error;
use crate::http;
use crate::order::{report, value};

pub fn act() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    let future = http::begin("GET", &scheme, &authority, &value("path"), &[]).map_err(report)?;
    let reply = http::end(&future).map_err(|code| report(format!("no reply: {code:?}")))?;
    let body = reply.consume().map_err(|()| report("no body"))?;
    let stream = body.stream().map_err(|()| report("no stream"))?;
    loop {
        if stream.blocking_read(1).is_err() {
            return Err(report("the reply ended"));
        }
    }
}
