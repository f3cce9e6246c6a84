//! The vendor's limit on requests, and the ways in which replies speak of waiting.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::advice::{Advice, Form};
use crate::api::Reply;
use crate::scenario::RateLimit;

/// Counts requests in windows. A window begins with the first request after the last one's end.
pub(super) struct Windows {
    limit: RateLimit,
    began: Option<Instant>,
    used: u32,
}

/// What the windows say of one request.
pub(super) struct Verdict {
    pub(super) refused: bool,
    remaining: u32,
    reset: Duration,
}

impl Windows {
    pub(super) fn new(limit: RateLimit) -> Self {
        Self { limit, began: None, used: 0 }
    }

    /// Counts a request. Refused ones do not count against the window.
    pub(super) fn count(&mut self, now: Instant) -> Verdict {
        let length = Duration::from_millis(self.limit.window_ms);
        let began = match self.began {
            Some(began) if now.duration_since(began) < length => began,
            _ => {
                self.used = 0;
                *self.began.insert(now)
            }
        };
        let refused = self.used >= self.limit.requests;
        if !refused {
            self.used += 1;
        }
        Verdict {
            refused,
            remaining: self.limit.requests.saturating_sub(self.used),
            reset: (began + length).saturating_duration_since(now),
        }
    }

    /// The 429 that goes with a refusal.
    pub(super) fn refusal(&self, verdict: &Verdict) -> Reply {
        too_many(Advice { form: self.limit.form, seconds: seconds(verdict.reset) })
    }

    /// The limits told with a good reply, if they are to be told.
    pub(super) fn tell(&self, verdict: &Verdict, reply: &mut Reply) {
        if self.limit.told {
            reply.set_header("x-ratelimit-limit", Some(self.limit.requests.to_string()));
            reply.set_header("x-ratelimit-remaining", Some(verdict.remaining.to_string()));
            reply.set_header("x-ratelimit-reset", Some(seconds(verdict.reset).to_string()));
        }
    }
}

/// Whole seconds, rounded up: who waits that long has waited enough.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// A 429 with advice.
pub(super) fn too_many(advice: Advice) -> Reply {
    let mut reply = Reply::error(429);
    let then = SystemTime::now() + Duration::from_secs(advice.seconds.min(1 << 32));
    let mut quota = |prefix: &str, reset: u64| {
        reply.set_header(&format!("{prefix}-limit"), Some("600".into()));
        reply.set_header(&format!("{prefix}-remaining"), Some("0".into()));
        reply.set_header(&format!("{prefix}-reset"), Some(reset.to_string()));
    };
    match advice.form {
        Form::None => {}
        Form::RetryAfterSeconds => reply.set_header("retry-after", Some(advice.seconds.to_string())),
        Form::RetryAfterDate => reply.set_header("retry-after", Some(httpdate::fmt_http_date(then))),
        Form::XRatelimitSeconds => quota("x-ratelimit", advice.seconds),
        Form::XRatelimitEpoch => {
            let epoch = then.duration_since(UNIX_EPOCH).unwrap_or_default();
            quota("x-ratelimit", epoch.as_secs());
        }
        Form::Ratelimit => quota("ratelimit", advice.seconds),
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_refuses_what_is_over_the_limit_and_begins_anew_after_its_end() {
        let limit = RateLimit { requests: 2, window_ms: 1000, ..RateLimit::default() };
        let mut windows = Windows::new(limit);
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let refused: Vec<bool> =
            [0, 10, 20, 999, 1000, 1001, 1002].map(|ms| windows.count(at(ms)).refused).to_vec();
        assert_eq!(refused, [false, false, true, true, false, false, true]);
    }
}
