//! How fast requests go out: one pace for all workers of a sync.
//!
//! Whoever wants to send stands in one line and is let through when the rules in `turns.rs` say so: at even
//! distances under the known rate, as long as the vendor's count of what is left allows it, and, after a refusal,
//! one alone first. Workers that come back one by one would be refused one by one.

mod turns;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::Notify;
use tokio::time::sleep_until;

use self::turns::{Next, Turns, Wait, Why};
use crate::model::clock;
use crate::model::contract::RateLimit;
use crate::model::lock::lock;

/// Longer waits are told.
const TOLD: Duration = Duration::from_secs(5);

/// What happens on the way out.
pub(crate) enum Heard<'a> {
    /// A wait begins: how long, and why.
    Waiting(Duration, &'a str),
    /// What was waited for goes on.
    GoingOn,
    /// A request leaves.
    Sent {
        /// For how long requests waited for their turn since the one before left, over all workers.
        waited: Duration,
    },
    /// A request was not let out.
    Refused,
}

/// Hears of it.
pub(crate) type Listener = Arc<dyn Fn(Heard<'_>) + Send + Sync>;

/// Gives out turns.
pub(crate) struct Pace {
    /// Held by the one who is next. Those behind come in the order in which they asked.
    line: tokio::sync::Mutex<()>,
    turns: Mutex<Turns>,
    /// Something happened that the one who is next may be waiting for.
    changed: Notify,
    /// Why everybody is to pause, in the words of who said so.
    reason: Mutex<String>,
    listener: Option<Listener>,
    waited: AtomicU64,
    /// How much of that was told.
    told: AtomicU64,
    requests: AtomicU64,
}

/// Permission to send one request. It is in flight until this is dropped.
pub(crate) struct Turn {
    pace: Arc<Pace>,
    /// Whether others wait for what becomes of it.
    first: bool,
}

impl Pace {
    /// A pace under the rate that the vendor is known to allow; none: as fast as it goes, until the vendor refuses.
    pub fn new(requests_per_minute: Option<u32>, listener: Option<Listener>) -> Arc<Pace> {
        Arc::new(Pace {
            reason: Mutex::default(),
            listener,
            line: tokio::sync::Mutex::default(),
            turns: Mutex::new(Turns::new(requests_per_minute, Instant::now())),
            changed: Notify::new(),
            waited: AtomicU64::new(0),
            told: AtomicU64::new(0),
            requests: AtomicU64::new(0),
        })
    }

    /// Wait for a turn to send a request.
    pub async fn turn(self: &Arc<Self>) -> Turn {
        let start = Instant::now();
        let next = self.line.lock().await;
        let mut told = None;
        let mut heard = false;
        let first = loop {
            let now = Instant::now();
            let next = self.lock().next(now);
            match next {
                Next::Now { first } => break first,
                Next::At { when, wait } => {
                    if told.is_none_or(|before: Wait| before.is_other_than(&wait, TOLD)) {
                        heard |= self.tell_wait(now, wait);
                        told = Some(wait);
                    }
                    tokio::select! {
                        () = sleep_until(when.into()) => {}
                        () = self.changed.notified() => {}
                    }
                }
                Next::AfterAnother => self.changed.notified().await,
            }
        };
        drop(next);
        // Not when the next page comes: that may have been asked for before the wait began.
        if heard {
            self.hear(Heard::GoingOn);
        }
        self.add_waited(start.elapsed());
        self.requests.fetch_add(1, Ordering::Relaxed);
        let waited = self.waited.load(Ordering::Relaxed);
        let before = self.told.fetch_max(waited, Ordering::Relaxed);
        self.hear(Heard::Sent { waited: Duration::from_micros(waited.saturating_sub(before)) });
        Turn { pace: self.clone(), first }
    }

    fn tell_wait(&self, now: Instant, Wait { end, why }: Wait) -> bool {
        let time = end.saturating_duration_since(now);
        match why {
            Why::NothingLeft => self.tell(time, "the API says that nothing is left of its limit on requests"),
            Why::Rate => self.tell(time, "the rate of requests allows no more for now"),
            Why::Refused => {
                let reason = lock(&self.reason).clone();
                self.tell(time, if reason.is_empty() { "the API refuses requests for now" } else { &reason })
            }
        }
    }

    /// Tell of a wait, if it is a long one: an operator must not have to guess why nothing happens.
    pub fn tell(&self, time: Duration, reason: &str) -> bool {
        if time <= TOLD {
            return false;
        }
        // Whoever reads the line and then asks has to find the wait.
        self.hear(Heard::Waiting(time, reason));
        let until = OffsetDateTime::from(clock::now() + time);
        let until = until.replace_nanosecond(0).unwrap_or(until).format(&Rfc3339).unwrap_or_default();
        tracing::info!(seconds = time.as_secs(), until, reason, "waiting");
        true
    }

    fn hear(&self, heard: Heard<'_>) {
        if let Some(listener) = &self.listener {
            listener(heard);
        }
    }

    /// Nobody sends before this much time has passed, and then one alone.
    pub fn pause(&self, time: Duration, reason: &str) {
        reason.clone_into(&mut lock(&self.reason));
        self.lock().pause(Instant::now(), time);
        self.changed.notify_one();
    }

    /// What a reply said of the vendor's limits. A reset further off than `longest` is not believed.
    pub fn heed(&self, limit: &RateLimit, longest: Duration) {
        if let (Some(remaining), Some(seconds)) = (limit.remaining, limit.reset_after) {
            let reset = Duration::from_secs(u64::from(seconds)).min(longest);
            self.lock().told(Instant::now(), remaining, reset);
            self.changed.notify_one();
        }
    }

    /// All time spent waiting for turns, over all workers.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.waited.load(Ordering::Relaxed))
    }

    /// Requests that were let through.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub fn add_waited(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.waited.fetch_add(micros, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Turns> {
        lock(&self.turns)
    }
}

impl Turn {
    /// The head of the reply came. A refusal stops everybody at once: how long for, the connector reads from the
    /// reply, and says so a moment later.
    pub fn answered(mut self, status: StatusCode, headers: &HeaderMap) {
        let wants_a_pause = passes(status) && headers.contains_key(RETRY_AFTER);
        if status == StatusCode::TOO_MANY_REQUESTS {
            self.pace.lock().refused(Instant::now());
        } else if wants_a_pause {
            self.pace.lock().hold(Instant::now());
        } else if std::mem::take(&mut self.first) {
            self.pace.lock().passed(status.is_success());
        }
    }
}

/// Whether a refusal with this status ends by itself.
fn passes(status: StatusCode) -> bool {
    status.is_server_error() || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY].contains(&status)
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.pace.lock().ended(self.first);
        self.pace.changed.notify_one();
    }
}
