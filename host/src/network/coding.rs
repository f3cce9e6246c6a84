//! Replies that come compressed: asked for, unpacked, and from then on as if they had never been.
//!
//! A component that says itself what it takes gets what it asked for. For every other the host asks for `gzip`, and what
//! comes so is unpacked before it is counted, kept or handed on. The size that a reply may have is that of what comes out,
//! so a small one that would fill the memory is refused when it has come out that far.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue};
use http_body::{Body, Frame};
use hyper::body::Incoming;

/// Ask for a compressed reply, unless the request says what it takes. Whether the host asked.
pub(super) fn ask(headers: &mut HeaderMap) -> bool {
    let asks = !headers.contains_key(ACCEPT_ENCODING);
    if asks {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    asks
}

/// A reply whose body is no longer compressed, of at most so many bytes; as it is, if the host did not ask.
pub(super) fn unpack(reply: http::Response<Incoming>, asked: bool, limit: u64) -> http::Response<Unpacked> {
    let (mut head, body) = reply.into_parts();
    if !asked {
        return http::Response::from_parts(head, Unpacked { body, decoder: None });
    }
    let codings = codings(&head.headers);
    let packed = match codings.as_deref() {
        Some([]) => false,
        Some([coding]) if coding == "gzip" || coding == "x-gzip" => true,
        // Nobody asked for this one: it is the component's to refuse.
        _ => return http::Response::from_parts(head, Unpacked { body, decoder: None }),
    };
    head.headers.remove(CONTENT_ENCODING);
    if packed {
        head.headers.remove(CONTENT_LENGTH);
    }
    let decoder = packed.then(|| Decoder::new(limit));
    http::Response::from_parts(head, Unpacked { body, decoder })
}

/// What was done to a body, in order; none if that cannot be read. `identity` is nothing.
fn codings(headers: &HeaderMap) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let names = value.to_str().ok()?.split(',').map(|name| name.trim().to_ascii_lowercase());
        found.extend(names.filter(|name| !name.is_empty() && name != "identity"));
    }
    Some(found)
}

/// A body as it was before it was compressed.
pub(super) struct Unpacked {
    body: Incoming,
    decoder: Option<Decoder>,
}

/// Why a body does not go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    Network(#[from] hyper::Error),
    /// More came out than a reply may have.
    #[error("the compressed reply is too large")]
    TooLarge,
    /// It ends too early, or is not what it says.
    #[error("the compressed reply cannot be unpacked: {0}")]
    Damaged(io::Error),
}

struct Decoder {
    gzip: MultiGzDecoder<Bounded>,
    /// Something came.
    began: bool,
    ended: bool,
    /// There is more than may come out.
    full: bool,
}

/// What came out and was not taken yet, and how much more may come.
struct Bounded {
    bytes: Vec<u8>,
    left: u64,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Decoder {
    /// One from which at most so many bytes come.
    fn new(limit: u64) -> Decoder {
        let gzip = MultiGzDecoder::new(Bounded { bytes: Vec::new(), left: limit });
        Decoder { gzip, began: false, ended: false, full: false }
    }

    /// What comes out when this goes in.
    fn put(&mut self, bytes: &[u8]) -> Result<Bytes, Broken> {
        self.began |= !bytes.is_empty();
        let result = self.gzip.write_all(bytes).and_then(|()| self.gzip.flush());
        self.out(result)
    }

    /// The rest, when nothing more goes in.
    fn end(&mut self) -> Result<Bytes, Broken> {
        self.ended = true;
        // A reply without a body may have the header all the same.
        let result = if self.began { self.gzip.try_finish() } else { Ok(()) };
        self.out(result)
    }

    /// What is too much is told only after what came out before: a component has a limit of its own, and says of a reply
    /// that is over it what it is.
    fn out(&mut self, result: io::Result<()>) -> Result<Bytes, Broken> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => self.full = true,
            result => result.map_err(Broken::Damaged)?,
        }
        Ok(self.take())
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.gzip.get_mut().bytes).into()
    }
}

impl Body for Unpacked {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        loop {
            if self.decoder.as_ref().is_some_and(|decoder| decoder.full) {
                return Poll::Ready(Some(Err(Broken::TooLarge)));
            }
            let frame = ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()?;
            let Some(decoder) = &mut self.decoder else { return Poll::Ready(frame.map(Ok)) };
            let out = match frame.map(Frame::into_data) {
                Some(Ok(data)) => decoder.put(&data)?,
                Some(Err(trailers)) => return Poll::Ready(Some(Ok(trailers))),
                None if decoder.ended => return Poll::Ready(None),
                None => decoder.end()?,
            };
            if !out.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(out))));
            }
            if decoder.ended && !decoder.full {
                return Poll::Ready(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "tests")]

    use super::*;

    fn coded(values: &[&'static str]) -> Option<Vec<String>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
        }
        codings(&headers)
    }

    #[test]
    fn identity_in_any_case_is_no_coding() {
        for values in [vec![], vec!["identity"], vec!["Identity"], vec!["IDENTITY, identity"], vec![""]] {
            assert_eq!(coded(&values), Some(Vec::new()), "{values:?}");
        }
        assert_eq!(coded(&["GZip , identity"]), Some(vec!["gzip".to_owned()]));
        assert_eq!(coded(&["gzip", "br"]), Some(vec!["gzip".to_owned(), "br".to_owned()]));
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).expect("bytes");
        encoder.finish().expect("bytes")
    }

    #[test]
    fn what_comes_in_pieces_comes_out_whole_and_a_part_of_it_is_none() {
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let whole = packed(&bytes);
        let mut decoder = Decoder::new(1 << 20);
        let mut out = Vec::new();
        for piece in whole.chunks(1_000) {
            out.extend(decoder.put(piece).expect("bytes"));
        }
        out.extend(decoder.end().expect("the end"));
        assert!(out == bytes && !decoder.full);
        for part in [1, 20, whole.len() - 1] {
            let mut decoder = Decoder::new(1 << 20);
            let ended = decoder.put(&whole[..part]).and_then(|_| decoder.end());
            assert!(matches!(ended, Err(Broken::Damaged(_))), "{part} bytes of it");
        }
    }

    #[test]
    fn no_more_comes_out_than_may() {
        let bomb = packed(&vec![b' '; 10 << 20]);
        let mut decoder = Decoder::new(1 << 20);
        let out = decoder.put(&bomb).expect("what may come");
        assert!(decoder.full && out.len() <= 1 << 20 && out.len() > 1 << 19, "{} bytes", out.len());
    }

    #[test]
    fn what_the_component_asked_for_is_left_to_it() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("br"));
        assert!(!ask(&mut headers));
        assert_eq!(headers[ACCEPT_ENCODING], "br");
        headers.remove(ACCEPT_ENCODING);
        assert!(ask(&mut headers));
        assert_eq!(headers[ACCEPT_ENCODING], "gzip");
    }
}
