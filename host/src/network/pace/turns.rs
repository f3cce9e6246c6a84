//! The rules of the pace, without a clock: each is told what time it is.
//!
//! - *Rate.* Turns come at even distances, with a small burst to make up for a slow one, so that no window of a
//!   minute holds more than the rate. Where no rate is known, the first refusal tells it: what was sent in the
//!   minute before was what the vendor allows.
//! - *What is left.* A vendor that tells what is left of its window is believed: no more than that is sent before
//!   the next one begins. What is in flight may not have been counted by it yet. Gateways tell wrong numbers, too, and
//!   long windows: so after a minute with nothing left one request asks whether it is true. A good reply ends the wait,
//!   and until the window's end the vendor is not believed that nothing is left; a refusal has it waited out.
//! - *Refusal.* Everybody stops for as long as the vendor says. Then one asks alone; the others go on when it got an
//!   answer that is no refusal.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Turns that may be made up for at once: a hundredth of the rate, and no more than this. They are taken off the rate, so
/// that a minute with them in it does not hold more.
const BURST: u32 = 6;

/// The window of a usual limit.
const MINUTE: Duration = Duration::from_secs(60);

/// Ends of windows that are no further apart are one: vendors tell whole seconds. Where the window moves with the time,
/// what is left is believed anew as often.
const SAME_WINDOW: Duration = Duration::from_secs(2);

/// How long everybody is held after a refusal until the connector says for how long.
const MOMENT: Duration = Duration::from_secs(1);

/// A rate that is found out leaves room for the vendor's clock and ours to differ.
const SHARE_OF_FOUND: f64 = 0.98;

/// Fewer requests than this in a minute are refused for another reason than their number.
const FEWEST: u32 = 60;

/// When the next request may go.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// Now. With `first` the others wait for what becomes of it.
    Now { first: bool },
    /// Look again at this time, if nothing changes before.
    At { when: Instant, wait: Wait },
    /// When something changes: another request is in flight that comes first.
    AfterAnother,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wait {
    /// Its end, as far as it is known.
    pub end: Instant,
    pub why: Why,
}

impl Wait {
    /// Whether another is worth telling of: each reply that was on its way moves the end a little.
    pub fn is_other_than(&self, other: &Wait, least: Duration) -> bool {
        self.why != other.why || self.end.max(other.end) - self.end.min(other.end) > least
    }
}

/// Why nobody goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Why {
    /// A refusal.
    Refused,
    /// The vendor said that nothing is left.
    NothingLeft,
    /// The rate.
    Rate,
}

/// Who may go.
#[derive(Clone, Copy, PartialEq)]
enum Gate {
    /// Everybody, at the rate.
    Open,
    /// One alone.
    One,
    /// Nobody: one is on its way.
    Closed,
}

/// What the vendor said is left.
struct Left {
    count: u32,
    /// The least that a reply told of it.
    least: u32,
    until: Instant,
    /// When one may ask whether that is so; never, when it was asked.
    doubt: Option<Instant>,
}

/// The state.
pub(super) struct Turns {
    gap: Option<Duration>,
    burst: u32,
    /// When the next turn is due at the rate.
    due: Instant,
    paused_until: Instant,
    gate: Gate,
    left: Option<Left>,
    /// One is on its way to see whether nothing is left indeed.
    asking: bool,
    /// Until then the vendor is not believed that nothing is left.
    disproved_until: Instant,
    in_flight: u32,
    /// Requests of the last minute: how many in which second. Kept while the rate is not known.
    recent: VecDeque<(Instant, u32)>,
}

impl Next {
    fn at(end: Instant, why: Why) -> Next {
        Next::At { when: end, wait: Wait { end, why } }
    }
}

impl Turns {
    pub fn new(requests_per_minute: Option<u32>, now: Instant) -> Turns {
        let burst = requests_per_minute.map_or(BURST, |rate| (rate / 100).min(BURST));
        Turns {
            gap: requests_per_minute.map(|rate| MINUTE / rate.saturating_sub(burst).max(1)),
            burst,
            due: now,
            paused_until: now,
            gate: Gate::Open,
            left: None,
            asking: false,
            disproved_until: now,
            in_flight: 0,
            recent: VecDeque::new(),
        }
    }

    /// When the next request may go. If it is now, it is taken to go.
    pub fn next(&mut self, now: Instant) -> Next {
        if self.paused_until > now {
            return Next::at(self.paused_until, Why::Refused);
        }
        if self.gate == Gate::Closed {
            return Next::AfterAnother;
        }
        let mut asks = false;
        match self.left {
            Some(Left { until, .. }) if until <= now => self.left = None,
            Some(Left { count: 0, doubt: Some(doubt), .. }) if doubt <= now => asks = true,
            Some(Left { count: 0, until, doubt, .. }) => {
                let when = doubt.map_or(until, |doubt| doubt.min(until));
                return Next::At { when, wait: Wait { end: until, why: Why::NothingLeft } };
            }
            _ => {}
        }
        if let Some(gap) = self.gap {
            let earliest = now.checked_sub(gap * self.burst).unwrap_or(self.due);
            let due = self.due.max(earliest);
            if due > now {
                return Next::at(due, Why::Rate);
            }
            self.due = due + gap;
        } else {
            self.note(now);
        }
        if let Some(left) = &mut self.left {
            left.count = left.count.saturating_sub(1);
            if asks {
                // If nothing becomes of this one, another asks.
                left.doubt = Some(now + MINUTE);
            }
        }
        self.in_flight += 1;
        self.asking = asks;
        let first = asks || self.gate == Gate::One;
        if first {
            self.gate = Gate::Closed;
        }
        Next::Now { first }
    }

    /// A request was refused for coming too soon.
    pub fn refused(&mut self, now: Instant) {
        if let Some(left) = self.left.as_mut().filter(|_| self.asking) {
            left.doubt = None;
        }
        if self.gap.is_none() {
            self.forget_before(now);
            let sent: u32 = self.recent.iter().map(|(_, count)| count).sum();
            if sent >= FEWEST {
                self.gap = Some(MINUTE.div_f64(f64::from(sent) * SHARE_OF_FOUND));
                self.recent = VecDeque::new();
            }
        }
        self.hold(now);
    }

    /// Everybody is held for a moment, until it is known for how long.
    pub fn hold(&mut self, now: Instant) {
        self.pause(now, MOMENT);
    }

    /// Nobody goes before this much time has passed.
    pub fn pause(&mut self, now: Instant, time: Duration) {
        self.paused_until = self.paused_until.max(now + time);
        self.due = self.due.max(self.paused_until);
        if self.gate == Gate::Open {
            self.gate = Gate::One;
        }
    }

    /// What a reply said is left until the next window.
    pub fn told(&mut self, now: Instant, remaining: u32, reset: Duration) {
        if remaining > 0 || self.disproved_until <= now {
            // Replies overtake one another: an older one does not give back what a newer one of the same window took.
            let same = |left: &&Left| left.until > now && now + reset <= left.until + SAME_WINDOW;
            let (least, until) = match self.left.as_ref().filter(same) {
                Some(left) => (left.least.min(remaining), left.until),
                None => (remaining, now + reset),
            };
            let count = least.saturating_sub(self.in_flight);
            self.left = Some(Left { count, least, until, doubt: Some(now + MINUTE) });
        }
    }

    /// The one that others waited for was not refused. With `good` it got what it asked for.
    pub fn passed(&mut self, good: bool) {
        self.gate = Gate::Open;
        if std::mem::take(&mut self.asking)
            && good
            && let Some(left) = self.left.take()
        {
            self.disproved_until = left.until;
        }
    }

    /// A request is in flight no more. If others waited for it and it did not pass, the next one asks alone.
    pub fn ended(&mut self, first: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if first {
            self.gate = Gate::One;
            self.asking = false;
        }
    }

    fn note(&mut self, now: Instant) {
        match self.recent.back_mut() {
            Some((since, count)) if now.duration_since(*since) < Duration::from_secs(1) => *count += 1,
            _ => {
                self.forget_before(now);
                self.recent.push_back((now, 1));
            }
        }
    }

    fn forget_before(&mut self, now: Instant) {
        while self.recent.front().is_some_and(|(since, _)| now.duration_since(*since) > MINUTE) {
            self.recent.pop_front();
        }
    }
}

#[cfg(test)]
#[path = "turns_tests.rs"]
mod tests;
