//! The heartbeat of a task: C1 hears that it is being worked on, and says when to stop.

use std::time::Duration;

use tokio::time::Instant;
use tonic::{Code, Status};

use crate::channel::Channel;
use crate::messages::HeartbeatResponse;
use crate::outcome::Failure;
use crate::setup::Timings;

/// Failures in a row after which C1 has surely given the task to somebody else.
const MOST_FAILURES: u32 = 10;

/// The heartbeat of one task, begun.
pub(super) struct Heartbeat<'a> {
    channel: &'a Channel,
    task_id: &'a str,
    timings: &'a Timings,
    pause: Duration,
}

impl<'a> Heartbeat<'a> {
    /// The first beat, before any work: C1 may not want it any more. One that does not get through is repeated.
    pub async fn begin(
        channel: &'a Channel,
        task_id: &'a str,
        timings: &'a Timings,
    ) -> Result<Heartbeat<'a>, Failure> {
        let mut heartbeat = Heartbeat { channel, task_id, timings, pause: timings.heartbeat_shortest };
        let (mut failures, since) = (0, Instant::now());
        loop {
            match channel.heartbeat(task_id).await {
                Ok(answer) => {
                    heartbeat.pause = next(&answer, timings)?;
                    return Ok(heartbeat);
                }
                Err(status) if matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded) => {
                    // Nothing was done yet, so there is time: C1 may be gone for a minute.
                    let lost = heartbeat.missed(&mut failures, &status);
                    if since.elapsed() >= timings.finish {
                        lost?;
                    }
                    tokio::time::sleep(heartbeat.pause).await;
                }
                Err(status) => {
                    let message = format!("task failed heartbeat: {}", status.message());
                    return Err(Failure::new(status.code(), message));
                }
            }
        }
    }

    /// Beat until the task is to be stopped; returns why.
    pub async fn beat(mut self) -> Failure {
        let mut failures = 0;
        loop {
            tokio::time::sleep(self.pause).await;
            match self.channel.heartbeat(self.task_id).await {
                Ok(answer) => match next(&answer, self.timings) {
                    Ok(pause) => (failures, self.pause) = (0, pause),
                    Err(cancelled) => return cancelled,
                },
                Err(status) => {
                    if let Err(lost) = self.missed(&mut failures, &status) {
                        return lost;
                    }
                }
            }
        }
    }

    /// A beat did not get through. After too many in a row the task is lost.
    fn missed(&self, failures: &mut u32, status: &Status) -> Result<(), Failure> {
        *failures += 1;
        let (task_id, failures) = (self.task_id, *failures);
        tracing::warn!(task_id, failures, error = status.message(), "a heartbeat did not reach C1");
        match failures {
            MOST_FAILURES.. => Err(Failure::new(Code::Unavailable, "task failed heartbeat")),
            _ => Ok(()),
        }
    }
}

/// How long to pause, unless C1 does not want the task any more.
fn next(answer: &HeartbeatResponse, timings: &Timings) -> Result<Duration, Failure> {
    if answer.cancelled {
        return Err(Failure::new(Code::Cancelled, "task was cancelled"));
    }
    let asked = answer.next_heartbeat.map(|pause| pause.to_std()).filter(|pause| !pause.is_zero());
    Ok(asked.map_or(timings.heartbeat, |pause| {
        pause.clamp(timings.heartbeat_shortest, timings.heartbeat_longest)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Duration as Span;

    #[test]
    fn the_pause_is_what_c1_asks_for_within_bounds() {
        let pause = |millis: u64| {
            let answer = HeartbeatResponse {
                next_heartbeat: Some(Span::of(Duration::from_millis(millis))),
                cancelled: false,
            };
            next(&answer, &Timings::default()).map(|pause| pause.as_secs()).ok()
        };
        assert_eq!([pause(0), pause(200), pause(7_000), pause(999_000)], [30, 1, 7, 300].map(Some));
    }

    #[test]
    fn a_cancelled_task_is_told_as_cancelled() {
        let answer = HeartbeatResponse { next_heartbeat: None, cancelled: true };
        let failure = next(&answer, &Timings::default()).err();
        assert_eq!(failure.map(|failure| failure.code), Some(Code::Cancelled));
    }
}
