//! The one way out of a component: each of its HTTP requests comes through here.
//!
//! In this order: does the guard let it leave (`guard.rs`); is it our turn (`pace.rs`); send it on the sync's own
//! pool; hold the time limits the component asked for and ours; pass the body on, counted. The check comes
//! before anything touches the network, name look-up included, and there is no other way: the world of a component has
//! no sockets, and redirects are handed to the component as they are.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::uri::Authority;
use http_body_util::{BodyExt, Full, Limited};
use tokio::sync::{OwnedSemaphorePermit as Permit, Semaphore};
use tokio::time::{Instant, Sleep, timeout_at};
use wasmtime_wasi_http::{Error as HttpError, RequestOptions, WasiBody, WasiHttpHooks};

use super::between::{Between, met};
use super::client::HttpClient;
use super::coding::{self, Broken, Unpacked};
use super::connections::Open;
use super::guard::Guard;
use super::network_error::{innermost, to_wasi};
use super::pace::{Heard, Listener, Pace};
use super::replies::{Replies, Slot};
use crate::model::config::Config;
use crate::model::lock::lock;

/// The body of one request, in bytes. That its headers are no more than 128 KiB together is seen to where they are made.
const REQUEST_BODY: usize = 1 << 20;

type Sent = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), HttpError>> + Send>);

/// What all instances of one sync share on their way out.
pub(crate) struct Egress {
    pub guard: Guard,
    pub config: Config,
    pub client: HttpClient,
    pub pace: Arc<Pace>,
    pub listener: Option<Listener>,
    pub replies: Arc<Replies>,
    pub request_limit: Duration,
    pub reply_limit: u64,
    /// Whether replies are asked for compressed.
    pub compressed: bool,
    /// What a test puts in between.
    pub between: Option<Arc<dyn Between>>,
}

/// What one call's requests tell about themselves: read by whoever waits for the call.
#[derive(Default)]
pub(crate) struct CallNotes {
    waiting: AtomicBool,
    waited_micros: AtomicU64,
    denied: Mutex<Option<String>>,
    broken: Mutex<Option<String>>,
    network: Mutex<Option<String>>,
}

impl CallNotes {
    /// Whether a request is waiting for its turn now, and for how long any did before. A call is not to
    /// blame for either.
    pub fn waiting(&self) -> (bool, Duration) {
        let micros = self.waited_micros.load(Ordering::Relaxed);
        (self.waiting.load(Ordering::Relaxed), Duration::from_micros(micros))
    }

    /// Wait for what a call is not to blame for.
    async fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        let before = Instant::now();
        self.waiting.store(true, Ordering::Relaxed);
        let came = what.await;
        self.waiting.store(false, Ordering::Relaxed);
        let micros = u64::try_from(before.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.waited_micros.fetch_add(micros, Ordering::Relaxed);
        came
    }

    /// What the call did that it may not, to be read behind "the connector".
    pub fn denied(&self) -> Option<String> {
        lock(&self.denied).take()
    }

    /// Which rule the call's requests broke.
    pub fn broken(&self) -> Option<String> {
        lock(&self.broken).take()
    }

    /// What the network last failed with, in the system's words: the component sees only a code.
    pub fn network(&self) -> Option<String> {
        lock(&self.network).take()
    }
}

/// The hooks of one instance.
pub(crate) struct Hooks {
    egress: Option<Arc<Egress>>,
    notes: Arc<CallNotes>,
    /// A permit for each request that may be open.
    open: Arc<Semaphore>,
    most: usize,
}

impl Hooks {
    pub fn new(egress: Option<Arc<Egress>>, notes: Arc<CallNotes>, open_requests: usize) -> Hooks {
        Hooks { egress, notes, open: Arc::new(Semaphore::new(open_requests)), most: open_requests }
    }

    /// The way out, if the request may take it. It then goes to the address that was checked, as it was read for
    /// the check: what another reader would make of another spelling does not matter.
    fn admit(&self, request: &mut http::Request<WasiBody>) -> Result<(Arc<Egress>, Permit), ()> {
        let deny = |what: String| *lock(&self.notes.denied) = Some(what);
        let refuse = |rule: String| *lock(&self.notes.broken) = Some(rule);
        let Some(egress) = self.egress.clone() else {
            let target = request.uri().authority().map_or("the network", Authority::as_str);
            deny(format!("tried to reach {target} before it had a config; it was stopped"));
            return Err(());
        };
        *request.uri_mut() = egress.guard.admit(request).map_err(|what| {
            if let Some(listener) = &egress.listener {
                listener(Heard::Refused);
            }
            deny(what);
        })?;
        let Ok(permit) = self.open.clone().try_acquire_owned() else {
            refuse(format!("more than {} requests at the same time", self.most));
            return Err(());
        };
        egress.hold_secret(request.headers());
        let notes = self.notes.clone();
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = Limited::new(body, REQUEST_BODY)
            .map_err(move |error| {
                error.downcast::<HttpError>().map_or_else(
                    |_| {
                        let rule = format!("a request with more than {REQUEST_BODY} bytes of body");
                        *lock(&notes.broken) = Some(rule);
                        HttpError::HttpRequestBodySize(Some(REQUEST_BODY as u64))
                    },
                    |error| *error,
                )
            })
            .boxed_unsync();
        Ok((egress, permit))
    }
}

impl Egress {
    /// What a request carries as a credential is a secret of this sync from now on. A reply that was kept before may have
    /// told it, so none is.
    fn hold_secret(&self, headers: &http::HeaderMap) {
        for (name, value) in self.guard.credentials(headers) {
            if self.config.note_sent(name.as_str(), value) && *name != http::header::COOKIE {
                self.replies.forget();
            }
        }
    }
}

impl WasiHttpHooks for Hooks {
    /// The host's to set, from the address that was checked.
    fn set_host_header(&mut self) -> bool {
        false
    }

    fn send_request(
        &mut self,
        mut request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _fut: Box<dyn Future<Output = Result<(), HttpError>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, HttpError>> + Send> {
        let notes = self.notes.clone();
        let Ok((egress, permit)) = self.admit(&mut request) else {
            return Box::new(async { Err(HttpError::HttpRequestDenied) });
        };
        // Who has other requests open waits for nobody: two that wait for each other would wait for ever.
        let alone = self.open.available_permits() + 1 == self.most;
        Box::new(async move {
            let nothing: Box<dyn Future<Output = Result<(), HttpError>> + Send> = Box::new(async { Ok(()) });
            let mut kept = egress.replies.find(&request);
            let mut asking = None;
            if kept.is_none()
                && alone
                && let Some(line) = egress.replies.line(&request)
            {
                asking = Some(notes.wait(line.turn()).await);
                kept = egress.replies.find(&request);
            }
            if let Some(kept) = kept {
                let kept = kept.map(|body| Full::new(body).map_err(HttpError::from).boxed_unsync());
                return Ok((kept, nothing));
            }
            let slot = egress.replies.slot(&request, asking);
            let unpacks = egress.compressed && coding::ask(request.headers_mut());
            if let Some(between) = &egress.between {
                let (head, body) = request.into_parts();
                if let Some(instead) = between.instead(&head) {
                    return Ok((met(instead)?, nothing));
                }
                request = http::Request::from_parts(head, body);
            }
            let turn = notes.wait(egress.pace.turn()).await;

            let end = Instant::now() + egress.request_limit;
            let asked = options.unwrap_or_default();
            let first_byte = asked.first_byte_timeout.map_or(end, |time| end.min(Instant::now() + time));
            let (reply, open) = match timeout_at(first_byte, egress.client.send(request)).await {
                Ok(Ok((reply, open))) => {
                    turn.answered(reply.status(), reply.headers());
                    (reply, open)
                }
                Ok(Err(error)) => {
                    *lock(&notes.network) = Some(innermost(&error));
                    return Err(to_wasi(&error));
                }
                Err(_) => return Err(HttpError::HttpResponseTimeout),
            };
            let between = asked.between_bytes_timeout.unwrap_or(egress.request_limit);
            let limit = egress.reply_limit;
            // Only what was asked for well is kept: a refusal may be another one next time.
            let (head, body) = coding::unpack(reply, unpacks, limit).into_parts();
            let keep = slot.filter(|_| head.status == http::StatusCode::OK).map(|slot| Keep {
                slot,
                head: head.clone(),
                body: Vec::new(),
            });
            let body = {
                Counted {
                    body,
                    keep,
                    left: limit,
                    limit,
                    end: Box::pin(tokio::time::sleep_until(end)),
                    idle: Box::pin(tokio::time::sleep(between)),
                    between,
                    notes,
                    _permit: permit,
                    _open: open,
                }
                .boxed_unsync()
            };
            Ok((http::Response::from_parts(head, body), nothing))
        })
    }
}

/// A reply that is kept when it has come whole.
struct Keep {
    slot: Slot,
    head: http::response::Parts,
    body: Vec<u8>,
}

/// A reply's body under its limits: total size, total time, and time between two pieces.
struct Counted {
    body: Unpacked,
    keep: Option<Keep>,
    left: u64,
    limit: u64,
    end: Pin<Box<Sleep>>,
    idle: Pin<Box<Sleep>>,
    between: Duration,
    notes: Arc<CallNotes>,
    /// The request is open until its reply has come whole, or is dropped.
    _permit: Permit,
    _open: Open,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, HttpError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let size = frame.data_ref().map_or(0, |data| data.len() as u64);
                let Some(left) = self.left.checked_sub(size) else {
                    return Poll::Ready(Some(Err(HttpError::HttpResponseBodySize(Some(self.limit)))));
                };
                self.left = left;
                if let (Some(keep), Some(data)) = (&mut self.keep, frame.data_ref()) {
                    keep.body.extend_from_slice(data);
                }
                let next = Instant::now() + self.between;
                self.idle.as_mut().reset(next);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(Broken::TooLarge))) => {
                Poll::Ready(Some(Err(HttpError::HttpResponseBodySize(Some(self.limit)))))
            }
            Poll::Ready(Some(Err(error))) => {
                *lock(&self.notes.network) = Some(innermost(&error));
                Poll::Ready(Some(Err(HttpError::HttpResponseIncomplete)))
            }
            Poll::Ready(None) => {
                if let Some(Keep { slot, head, body }) = self.keep.take() {
                    slot.keep(&head, &body);
                }
                Poll::Ready(None)
            }
            Poll::Pending => {
                if self.end.as_mut().poll(cx).is_ready() || self.idle.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Some(Err(HttpError::ConnectionReadTimeout)));
                }
                Poll::Pending
            }
        }
    }
}
