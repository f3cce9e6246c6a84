//! What C1 and its token endpoint answered, read as a running service reads it. For who tries made-up bytes.

use std::time::Duration;

use prost::Message;

use crate::messages::{GetTaskResponse, HeartbeatResponse};
use crate::setup::Timings;
use crate::task::{Task, Work};
use crate::{heartbeat, run, token};

/// A reply to the question for a task.
pub struct Poll {
    /// How long the service waits before it asks again.
    pub pause: Duration,
    /// The task's id and kind, if there is one.
    pub task: Option<(String, &'static str)>,
}

/// A reply to the question for a task. None: it is no such message.
pub fn poll(bytes: &[u8]) -> Option<Poll> {
    let reply = GetTaskResponse::decode(bytes).ok()?;
    let task = Task::of(reply.task);
    if let Some(Task { work: Work::Answer(ask), .. }) = &task {
        for provisioning in [false, true] {
            drop(ask.answer(provisioning));
        }
    }
    let pause = run::after_answer(reply.next_poll, task.is_none());
    Some(Poll { pause, task: task.map(|task| (task.id.clone(), task.kind())) })
}

/// A reply to a heartbeat: how long the service waits before the next; nothing, if the task is to be stopped. None: it is
/// no such message.
pub fn heartbeat(bytes: &[u8]) -> Option<Option<Duration>> {
    let reply = HeartbeatResponse::decode(bytes).ok()?;
    Some(heartbeat::next(&reply, &Timings::default()).ok())
}

/// An answer of the token endpoint: what is sent to C1 as authorization, or why it is none.
pub fn authorization(body: &[u8]) -> Result<http::HeaderValue, String> {
    token::read(body, std::time::Instant::now())
        .map(|token| token.authorization)
        .map_err(|status| status.message().to_owned())
}
