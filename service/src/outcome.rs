//! How a task ends, and telling C1.

use std::time::Duration;

use tonic::Code;

use crate::channel::Channel;
use crate::messages::{self, FinalState, FinishError, FinishSuccess, FinishTaskRequest};
use baton_c1z::baton::Any;
use baton_host::Error;

/// How a task ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Well, with an answer if one was asked for.
    Done(Option<Any>),
    /// Not.
    Failed(Failure),
}

/// Why a task did not end well.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    /// The number that C1 and exit codes share.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// Whether the task is not to be handed out again.
    pub for_good: bool,
}

impl Failure {
    /// A failure after which another attempt may do.
    pub fn new(code: Code, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), for_good: false }
    }

    /// A failure that another attempt would end with, too.
    pub fn for_good(code: Code, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), for_good: true }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::new(Code::from_i32(error.code()), error.to_string())
    }
}

/// Tell C1 how a task ended. While C1 cannot be reached this is tried again, for as long as `patience`: without
/// it the work would be done once more.
pub(super) async fn finish(channel: &Channel, task_id: &str, outcome: Outcome, patience: Duration) {
    let request = request(task_id, outcome);
    let mut pause = Duration::from_millis(500);
    let attempts = async {
        loop {
            match channel.finish(request.clone()).await {
                Err(status) if matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded) => {
                    tracing::warn!(
                        task_id,
                        error = status.message(),
                        "C1 could not be told how the task ended"
                    );
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(10));
                }
                result => return result,
            }
        }
    };
    match tokio::time::timeout(patience, attempts).await {
        Ok(Ok(())) => tracing::debug!(task_id, "C1 knows how the task ended"),
        Ok(Err(status)) => tracing::error!(
            task_id,
            code = i32::from(status.code()),
            error = status.message(),
            "C1 did not take the end of the task"
        ),
        Err(_) => {
            tracing::error!(task_id, "C1 could not be told how the task ended; it will hand it out again")
        }
    }
}

fn request(task_id: &str, outcome: Outcome) -> FinishTaskRequest {
    let (status, state) = match outcome {
        Outcome::Done(response) => (None, FinalState::Success(FinishSuccess { response })),
        Outcome::Failed(failure) => (
            Some(messages::Status {
                code: failure.code.into(),
                message: failure.message,
                details: Vec::new(),
            }),
            FinalState::Error(FinishError { non_retryable: failure.for_good }),
        ),
    };
    FinishTaskRequest {
        host_id: String::new(),
        task_id: task_id.to_owned(),
        status,
        final_state: Some(state),
    }
}
