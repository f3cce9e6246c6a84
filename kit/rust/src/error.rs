//! Making the contract's errors: one function for each thing a caller can do next.
//!
//! The type is the contract's own; there is no second one to convert from.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::bindings::syncer::{ConfigFailure, Error, Failure, PassingFailure, ReplyFailure};

/// What is known of the exchange that failed.
#[derive(Clone, Default)]
pub struct Exchange {
    /// The status of the reply, if there was one.
    pub status: Option<u16>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
}

impl Exchange {
    fn failure(&self, message: impl Into<String>) -> Failure {
        Failure { message: message.into(), http_status: self.status, request_id: self.request_id.clone() }
    }

    /// The vendor does not know the token.
    pub fn credentials(&self, message: impl Into<String>) -> Error {
        Error::Credentials(self.failure(message))
    }

    /// The token does not reach this.
    pub fn access(&self, message: impl Into<String>) -> Error {
        Error::Access(self.failure(message))
    }

    /// It is not there any more.
    pub fn gone(&self, message: impl Into<String>) -> Error {
        Error::Gone(self.failure(message))
    }

    /// Too many requests, or another refusal that says how long it lasts.
    pub fn wait(&self, message: impl Into<String>, after: Option<u32>) -> Error {
        Error::Wait(PassingFailure { failure: self.failure(message), after })
    }

    /// It failed in passing.
    pub fn again(&self, message: impl Into<String>) -> Error {
        Error::Again(PassingFailure { failure: self.failure(message), after: None })
    }

    /// The list changed while it was read.
    pub fn changed(&self, message: impl Into<String>) -> Error {
        Error::Changed(self.failure(message))
    }

    /// The reply was not understood, at `path` in it.
    pub fn reply(&self, message: impl Into<String>, path: impl Into<String>) -> Error {
        Error::Reply(ReplyFailure { failure: self.failure(message), path: path.into() })
    }
}

/// A field of the config has an unusable value.
pub fn config(field: &str, message: impl Into<String>) -> Error {
    Error::Config(ConfigFailure { field: field.to_owned(), message: message.into() })
}

/// A fault in this component or in its host.
pub fn internal(message: impl Into<String>) -> Error {
    Error::Internal(Exchange::default().failure(message))
}
