//! What several messages are made of.
#![allow(missing_docs, reason = "names and meanings are those of the protocol's packages")]

use baton_c1z::baton::Any;

/// A span of time.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Duration {
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

impl Duration {
    /// The span as the standard library has it; a negative one is none.
    pub fn to_std(self) -> std::time::Duration {
        let Ok(seconds) = u64::try_from(self.seconds) else { return std::time::Duration::ZERO };
        std::time::Duration::new(seconds, u32::try_from(self.nanos).unwrap_or(0).min(999_999_999))
    }

    /// The span as the protocol has it.
    pub fn of(span: std::time::Duration) -> Duration {
        let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Duration { seconds, nanos: i32::try_from(span.subsec_nanos()).unwrap_or(0) }
    }
}

/// How something ended, as `google.rpc.Status`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Status {
    #[prost(int32, tag = "1")]
    pub code: i32,
    #[prost(string, tag = "2")]
    pub message: String,
    #[prost(message, repeated, tag = "3")]
    pub details: Vec<Any>,
}

/// A message without any field that matters here.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Empty {}
