//! A reply that is written piece by piece, each when the client has room for it.
//!
//! The output stream says how many bytes it takes now; a piece waits until that is more than none. So a slow
//! client slows the sync down, and no more than [`PIECE`] is held here.

use std::time::Duration;

use serde_json::Value;
use wasip2::clocks::monotonic_clock;
use wasip2::http::types::{Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};
use wasip2::io::streams::OutputStream;

/// So much is collected before it is written: a call to the host for every line would cost more than the line.
const PIECE: usize = 16 << 10;

/// The client does not take the reply any more.
pub struct Gone;

/// A reply that has begun.
pub struct Reply {
    waiting: Vec<u8>,
    /// Goes before `body`, whose child it is.
    stream: OutputStream,
    body: OutgoingBody,
}

impl Reply {
    /// Send status and headers.
    pub fn begin(reply: ResponseOutparam, status: u16, headers: &[(&str, &str)]) -> Result<Reply, Gone> {
        let headers: Vec<_> =
            headers.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        let headers = Fields::from_list(&headers).map_err(|_| Gone)?;
        let response = OutgoingResponse::new(headers);
        response.set_status_code(status).map_err(|()| Gone)?;
        let body = response.body().map_err(|()| Gone)?;
        ResponseOutparam::set(reply, Ok(response));
        let stream = body.write().map_err(|()| Gone)?;
        Ok(Reply { waiting: Vec::with_capacity(2 * PIECE), stream, body })
    }

    /// Write the rest and finish: without it the client sees a broken reply.
    pub fn end(mut self) -> Result<(), Gone> {
        self.write()?;
        self.stream.flush().map_err(|_| Gone)?;
        self.stream.subscribe().block();
        self.stream.check_write().map_err(|_| Gone)?;
        drop(self.stream);
        OutgoingBody::finish(self.body, None).map_err(|_| Gone)
    }

    /// [`Reply::end`] with one more line.
    pub fn end_with(mut self, line: &Value) -> Result<(), Gone> {
        self.line(line)?;
        self.end()
    }

    /// A line more.
    pub fn line(&mut self, line: &Value) -> Result<(), Gone> {
        serde_json::to_writer(&mut self.waiting, line).map_err(|_| Gone)?;
        self.waiting.push(b'\n');
        if self.waiting.len() < PIECE { Ok(()) } else { self.write() }
    }

    /// Send what there is.
    pub fn write(&mut self) -> Result<(), Gone> {
        let mut rest = self.waiting.as_slice();
        while !rest.is_empty() {
            let room = self.stream.check_write().map_err(|_| Gone)?;
            if room == 0 {
                self.stream.subscribe().block();
                continue;
            }
            let (now, later) = rest.split_at(rest.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
            self.stream.write(now).map_err(|_| Gone)?;
            rest = later;
        }
        self.waiting.clear();
        Ok(())
    }
}

/// A reply of one JSON value.
pub fn whole(reply: ResponseOutparam, status: u16, value: &Value) -> Result<(), Gone> {
    Reply::begin(reply, status, &[("content-type", "application/json")])?.end_with(value)
}

/// Why there is no answer, with one header more.
pub fn refusal(
    reply: ResponseOutparam,
    status: u16,
    message: &str,
    header: (&str, &str),
) -> Result<(), Gone> {
    let value = serde_json::json!({ "error": { "message": message } });
    Reply::begin(reply, status, &[("content-type", "application/json"), header])?.end_with(&value)
}

/// Let time pass.
pub fn pause(time: Duration) {
    let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    monotonic_clock::subscribe_duration(nanoseconds).block();
}
