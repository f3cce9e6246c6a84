//! The rules of the pace, without a clock: each is told what time it is.
//!
//! - *Rate.* Turns come at even distances, with a small burst to make up for a slow one, so that no window of a
//!   minute holds more than the rate. Where no rate is known, the first refusal tells it: what was sent in the
//!   minute before was what the vendor allows.
//! - *What is left.* A vendor that tells what is left of its window is believed: no more than that is sent before
//!   the next one begins. What is in flight may not have been counted by it yet.
//! - *Refusal.* Everybody stops for as long as the vendor says. Then one asks alone; the others go on when it got an
//!   answer that is no refusal.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Turns that may be made up for at once: a hundredth of the rate, and no more than this. They are taken off the rate, so
/// that a minute with them in it does not hold more.
const BURST: u32 = 6;

/// The window of a usual limit.
const MINUTE: Duration = Duration::from_secs(60);

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
    /// At this time, if nothing changes before.
    At(Instant),
    /// When something changes: another request is in flight that comes first.
    AfterAnother,
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

/// The state.
pub(super) struct Turns {
    gap: Option<Duration>,
    burst: u32,
    /// When the next turn is due at the rate.
    due: Instant,
    paused_until: Instant,
    gate: Gate,
    /// What the vendor said is left, and until when that holds.
    left: Option<(u32, Instant)>,
    in_flight: u32,
    /// Requests of the last minute: how many in which second. Kept while the rate is not known.
    recent: VecDeque<(Instant, u32)>,
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
            in_flight: 0,
            recent: VecDeque::new(),
        }
    }

    /// When the next request may go. If it is now, it is taken to go.
    pub fn next(&mut self, now: Instant) -> Next {
        if self.paused_until > now {
            return Next::At(self.paused_until);
        }
        if self.gate == Gate::Closed {
            return Next::AfterAnother;
        }
        match &mut self.left {
            Some((_, until)) if *until <= now => self.left = None,
            Some((0, until)) => return Next::At(*until),
            _ => {}
        }
        if let Some(gap) = self.gap {
            let earliest = now.checked_sub(gap * self.burst).unwrap_or(self.due);
            let due = self.due.max(earliest);
            if due > now {
                return Next::At(due);
            }
            self.due = due + gap;
        } else {
            self.note(now);
        }
        if let Some((left, _)) = &mut self.left {
            *left -= 1;
        }
        self.in_flight += 1;
        let first = self.gate == Gate::One;
        if first {
            self.gate = Gate::Closed;
        }
        Next::Now { first }
    }

    /// A request was refused for coming too soon.
    pub fn refused(&mut self, now: Instant) {
        if self.gap.is_none() {
            self.forget_before(now);
            let sent: u32 = self.recent.iter().map(|(_, count)| count).sum();
            if sent >= FEWEST {
                self.gap = Some(MINUTE.div_f64(f64::from(sent) * SHARE_OF_FOUND));
                self.recent = VecDeque::new();
            }
        }
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
        self.left = Some((remaining.saturating_sub(self.in_flight), now + reset));
    }

    /// The one that others waited for was not refused.
    pub fn passed(&mut self) {
        self.gate = Gate::Open;
    }

    /// A request is in flight no more. If others waited for it and it did not pass, the next one asks alone.
    pub fn ended(&mut self, first: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if first {
            self.gate = Gate::One;
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
mod tests {
    use super::*;

    /// What came of a sync against a vendor that counts.
    struct Outcome {
        took: Duration,
        refusals: Vec<Duration>,
    }

    /// A vendor that takes `limit` requests in a window of a minute, the first of which began `into` it.
    struct Vendor {
        limit: u32,
        into: Duration,
        /// Whether its replies tell what is left, and its refusals how long to wait.
        tells: bool,
    }

    impl Vendor {
        /// So many requests by so many workers, each of which takes `latency`, on a clock of our own.
        fn sync(&self, rate: Option<u32>, requests: u32, workers: usize, latency: Duration) -> Outcome {
            let start = Instant::now();
            let mut turns = Turns::new(rate, start);
            let mut now = start;
            // Ends of the requests in flight, with what becomes of each.
            let mut flying: Vec<(Instant, bool, bool)> = Vec::new();
            let (mut sent, mut done) = (0, 0);
            let (mut window, mut counted) = (0, 0);
            let mut refusals = Vec::new();
            while done < requests {
                let mut wake = flying.iter().map(|(end, ..)| *end).min();
                if flying.len() < workers && sent < requests {
                    match turns.next(now) {
                        Next::Now { first } => {
                            let current = (self.into + (now - start)).as_secs() / 60;
                            if current != window {
                                (window, counted) = (current, 0);
                            }
                            counted += 1;
                            sent += 1;
                            flying.push((now + latency, counted > self.limit, first));
                            continue;
                        }
                        Next::At(when) => wake = Some(wake.map_or(when, |wake| wake.min(when))),
                        Next::AfterAnother => {}
                    }
                }
                now = wake.expect("somebody waits for something");
                let reset = MINUTE - Duration::from_secs((self.into + (now - start)).as_secs() % 60);
                flying.retain(|(end, refused, first)| {
                    if *end > now {
                        return true;
                    }
                    match refused {
                        true => {
                            turns.refused(now);
                            turns.ended(*first);
                            turns.pause(now, if self.tells { reset } else { MINUTE });
                            refusals.push(now - start);
                            sent -= 1;
                        }
                        false => {
                            if *first {
                                turns.passed();
                            }
                            turns.ended(false);
                            done += 1;
                            if self.tells {
                                turns.told(now, self.limit.saturating_sub(counted), reset);
                            }
                        }
                    }
                    false
                });
            }
            Outcome { took: now - start, refusals }
        }
    }

    /// At most a twentieth more than the limit makes necessary, and no two refusals within a minute, but for those
    /// of requests that were in flight together.
    fn is_fair(outcome: &Outcome, requests: u32, latency: Duration) {
        let least = MINUTE.mul_f64(f64::from(requests) / 600.0);
        assert!(outcome.took <= least.mul_f64(1.05) + latency, "{:?} for {least:?}", outcome.took);
        let apart = |pair: &[Duration]| pair[1] - pair[0] >= MINUTE || pair[1] - pair[0] <= latency;
        assert!(outcome.refusals.windows(2).all(apart), "{:?}", outcome.refusals);
    }

    #[test]
    fn under_a_known_rate_nothing_is_refused_and_little_time_is_lost() {
        for (workers, latency, into) in [(1, 20, 0), (8, 200, 13), (32, 900, 59)] {
            let latency = Duration::from_millis(latency);
            for tells in [false, true] {
                let vendor = Vendor { limit: 600, into: Duration::from_secs(into), tells };
                let outcome = vendor.sync(Some(588), 6_000, workers, latency);
                assert_eq!(outcome.refusals, Vec::<Duration>::new());
                is_fair(&outcome, 6_000, latency);
            }
        }
    }

    #[test]
    fn no_minute_holds_more_than_the_rate() {
        for rate in [1, 60, 588, 600] {
            let start = Instant::now();
            let mut turns = Turns::new(Some(rate), start);
            let mut sent = VecDeque::new();
            let mut random = 7_u64;
            let mut now = start;
            for _ in 0..3_000 {
                // Sometimes nobody asks for a while.
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                if random >> 58 == 0 {
                    now += Duration::from_millis(random >> 54);
                }
                match turns.next(now) {
                    Next::At(when) => now = when,
                    _ => sent.push_back(now),
                }
                while sent.front().is_some_and(|first| now.duration_since(*first) >= MINUTE) {
                    sent.pop_front();
                }
                assert!(sent.len() <= rate as usize, "{} in a minute of {rate}", sent.len());
            }
        }
    }

    #[test]
    fn a_rate_nobody_told_is_found_out_by_one_refusal() {
        for workers in [1, 8, 32] {
            let latency = Duration::from_millis(20);
            let vendor = Vendor { limit: 600, into: Duration::ZERO, tells: false };
            let outcome = vendor.sync(None, 6_000, workers, latency);
            assert!(!outcome.refusals.is_empty() && outcome.refusals.len() <= workers);
            is_fair(&outcome, 6_000, latency);
        }
    }

    #[test]
    fn who_is_told_what_is_left_is_not_refused() {
        for workers in [1, 8, 32] {
            let latency = Duration::from_millis(20);
            let vendor = Vendor { limit: 600, into: Duration::from_secs(20), tells: true };
            let outcome = vendor.sync(None, 6_000, workers, latency);
            assert_eq!(outcome.refusals, Vec::<Duration>::new(), "{workers} workers");
            is_fair(&outcome, 6_000, latency);
        }
    }

    #[test]
    fn after_a_refusal_one_asks_alone() {
        let start = Instant::now();
        let mut turns = Turns::new(None, start);
        assert_eq!(turns.next(start), Next::Now { first: false });
        assert_eq!(turns.next(start), Next::Now { first: false });
        turns.refused(start);
        turns.ended(false);
        turns.pause(start, Duration::from_secs(30));
        let later = start + Duration::from_secs(30);
        assert_eq!(turns.next(start), Next::At(later));
        assert_eq!(turns.next(later), Next::Now { first: true });
        assert_eq!(turns.next(later), Next::AfterAnother);
        // A reply to somebody who was in flight before changes nothing, nor does one that failed.
        turns.ended(false);
        assert_eq!(turns.next(later), Next::AfterAnother);
        turns.ended(true);
        assert_eq!(turns.next(later), Next::Now { first: true });
        turns.passed();
        turns.ended(false);
        assert_eq!(turns.next(later), Next::Now { first: false });
        assert_eq!(turns.next(later), Next::Now { first: false });
    }

    #[test]
    fn a_few_requests_that_are_refused_tell_no_rate() {
        let start = Instant::now();
        let mut turns = Turns::new(None, start);
        assert_eq!(turns.next(start), Next::Now { first: false });
        turns.refused(start);
        assert_eq!(turns.gap, None);
    }
}
