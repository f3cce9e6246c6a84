//! What tests of a connector put between it and its vendor.
//!
//! A request that the guard lets leave is shown to it, and meets the vendor, or what is given in the vendor's place.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use wasmtime_wasi_http::{Error as HttpError, WasiBody};

/// What stands between a connector and its vendor.
pub trait Between: Send + Sync {
    /// What a request meets; none: the vendor.
    fn instead(&self, request: &Parts) -> Option<Instead>;
}

/// What a request meets in place of the vendor.
#[derive(Clone, Debug)]
pub enum Instead {
    /// A reply.
    Reply(http::Response<Bytes>),
    /// A reply that breaks off after its body.
    Cut(http::Response<Bytes>),
    /// Nothing, for longer than is waited for. It is told at once.
    Silence,
}

/// What the component gets of it.
pub(crate) fn met(instead: Instead) -> Result<http::Response<WasiBody>, HttpError> {
    match instead {
        Instead::Reply(reply) => {
            Ok(reply.map(|body| Full::new(body).map_err(HttpError::from).boxed_unsync()))
        }
        Instead::Cut(reply) => Ok(reply.map(|body| Half(Some(body)).boxed_unsync())),
        Instead::Silence => Err(HttpError::HttpResponseTimeout),
    }
}

/// A body that breaks off after this.
struct Half(Option<Bytes>);

impl Body for Half {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(body) => Ok(Frame::data(body)),
            None => Err(HttpError::HttpResponseIncomplete),
        }))
    }
}
