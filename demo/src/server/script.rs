//! Replies that hyper would not send: bytes, pauses and ends, one after another.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::StatusCode;

use crate::api::Reply;
use crate::fault::{Cut, Phase};

/// One step of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Send these bytes.
    Send(Bytes),
    /// Wait for so long.
    Wait(Duration),
    /// Wait until the client goes away.
    WaitForClient,
    /// End the connection with a reset.
    Reset,
    /// Close the listener, end all connections, and listen again after a time, or never.
    Refuse(Option<Duration>),
}

/// What a connection does instead of a reply, and then ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script(pub(super) Vec<Step>);

impl Script {
    /// The connection ends before the reply is complete.
    pub(super) fn cut(reply: &Reply, phase: Phase, cut: Cut) -> Self {
        let (before, _) = split(reply, phase);
        let mut steps = vec![Step::Send(before)];
        if cut == Cut::Reset {
            // What was sent has to arrive before the reset takes effect.
            steps.push(Step::Wait(Duration::from_millis(10)));
            steps.push(Step::Reset);
        }
        Self(steps)
    }

    /// A pause in the middle of a reply.
    pub(super) fn stall(reply: &Reply, phase: Phase, pause: Option<Duration>) -> Self {
        let (before, after) = split(reply, phase);
        let pause = pause.map_or(Step::WaitForClient, Step::Wait);
        Self(vec![Step::Send(before), pause, Step::Send(after)])
    }

    /// A reply in small pieces.
    pub(super) fn drip(reply: &Reply, piece: usize, pause: Duration) -> Self {
        let all = [header(reply, reply.body.len()), reply.body.clone()].concat();
        let steps = all
            .chunks(piece.max(1))
            .flat_map(|piece| [Step::Send(Bytes::copy_from_slice(piece)), Step::Wait(pause)]);
        Self(steps.collect())
    }

    /// A reply whose Content-Length is not its length.
    pub(super) fn length(reply: &Reply, more: i64) -> Self {
        let told = i64::try_from(reply.body.len()).unwrap_or(i64::MAX).saturating_add(more);
        let told = usize::try_from(told.max(0)).unwrap_or(0);
        Self(vec![Step::Send(header(reply, told)), Step::Send(reply.body.clone())])
    }
}

/// The reply's bytes before and after a moment.
fn split(reply: &Reply, phase: Phase) -> (Bytes, Bytes) {
    let header = header(reply, reply.body.len());
    let at = match phase {
        Phase::BeforeHeader => 0,
        Phase::InHeader => header.len() / 2,
        Phase::AfterHeader => header.len(),
        Phase::InBody => header.len() + reply.body.len() / 2,
    };
    let mut before = BytesMut::from(header);
    before.extend_from_slice(&reply.body);
    let mut before = before.freeze();
    let after = before.split_off(at);
    (before, after)
}

fn header(reply: &Reply, length: usize) -> Bytes {
    let reason = StatusCode::from_u16(reply.status).ok().and_then(|s| s.canonical_reason());
    let mut text = format!("HTTP/1.1 {} {}\r\n", reply.status, reason.unwrap_or("Other"));
    for (name, value) in &reply.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let date = httpdate::fmt_http_date(SystemTime::now());
    text.push_str(&format!("content-length: {length}\r\ndate: {date}\r\nconnection: close\r\n\r\n"));
    Bytes::from(text)
}
