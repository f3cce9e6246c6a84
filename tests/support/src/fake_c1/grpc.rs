//! gRPC by hand, so that it can go wrong anywhere: messages in and out of HTTP/2 bodies.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use prost::Message;
use std::convert::Infallible;

/// An answer's body.
pub(super) type Body = BoxBody<Bytes, Infallible>;

/// The messages of a request's body, one after the other.
pub(super) struct Messages {
    body: Incoming,
    buffer: BytesMut,
}

impl Messages {
    pub fn new(body: Incoming) -> Messages {
        Messages { body, buffer: BytesMut::new() }
    }

    /// The next one; none at the end, or when the other side went away.
    pub async fn next<M: Message + Default>(&mut self) -> Option<Result<M, String>> {
        loop {
            if let Some(whole) = self.take() {
                return Some(M::decode(whole).map_err(|error| error.to_string()));
            }
            let frame = self.body.frame().await?.ok()?;
            if let Ok(data) = frame.into_data() {
                self.buffer.extend_from_slice(&data);
            }
        }
    }

    fn take(&mut self) -> Option<Bytes> {
        let length = u32::from_be_bytes(self.buffer.get(1..5)?.try_into().ok()?) as usize;
        if self.buffer.len() < 5 + length {
            return None;
        }
        self.buffer.advance(5);
        Some(self.buffer.split_to(length).freeze())
    }
}

/// A message and a good end.
pub(super) fn well(message: &impl Message) -> Response<Body> {
    let bytes = message.encode_to_vec();
    let mut data = BytesMut::with_capacity(5 + bytes.len());
    data.put_u8(0);
    data.put_u32(u32::try_from(bytes.len()).unwrap_or_default());
    data.extend_from_slice(&bytes);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [Ok(Frame::data(data.freeze())), Ok(Frame::trailers(trailers))];
    of(StreamBody::new(futures_util::stream::iter(frames)).boxed())
}

/// No message, and a status.
pub(super) fn status(code: i32, message: &str) -> Response<Body> {
    let mut response = of(Empty::new().boxed());
    response.headers_mut().insert("grpc-status", HeaderValue::from(code));
    if let Ok(message) = HeaderValue::from_str(message) {
        response.headers_mut().insert("grpc-message", message);
    }
    response
}

/// The head of an answer whose body never comes.
pub(super) fn half() -> Response<Body> {
    of(StreamBody::new(futures_util::stream::pending::<Result<Frame<Bytes>, Infallible>>()).boxed())
}

/// No gRPC at all.
pub(super) fn plain(code: u16, text: &str) -> Response<Body> {
    let mut response = Response::new(Full::from(text.to_owned()).boxed());
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

fn of(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}
