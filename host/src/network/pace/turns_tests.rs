//! The rules of the pace on a clock of the tests' own.
#![allow(clippy::expect_used, reason = "tests")]

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
                    Next::At { when, .. } => wake = Some(wake.map_or(when, |wake| wake.min(when))),
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
                            turns.passed(true);
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
                Next::At { when, .. } => now = when,
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
    assert_eq!(turns.next(start), Next::at(later, Why::Refused));
    assert_eq!(turns.next(later), Next::Now { first: true });
    assert_eq!(turns.next(later), Next::AfterAnother);
    // A reply to somebody who was in flight before changes nothing, nor does one that failed.
    turns.ended(false);
    assert_eq!(turns.next(later), Next::AfterAnother);
    turns.ended(true);
    assert_eq!(turns.next(later), Next::Now { first: true });
    turns.passed(true);
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

/// A vendor that says of a good reply that nothing is left for an hour.
fn nothing_left(start: Instant) -> Turns {
    let mut turns = Turns::new(None, start);
    assert_eq!(turns.next(start), Next::Now { first: false });
    turns.ended(false);
    turns.told(start, 0, HOUR);
    turns
}

const HOUR: Duration = Duration::from_secs(3_600);

/// What is told of such a wait, and when it is looked at again.
fn waits(when: Instant, end: Instant) -> Next {
    Next::At { when, wait: Wait { end, why: Why::NothingLeft } }
}

#[test]
fn after_a_minute_with_nothing_left_one_request_asks_and_a_good_reply_ends_the_wait() {
    let start = Instant::now();
    let mut turns = nothing_left(start);
    let later = start + MINUTE;
    assert_eq!(turns.next(start), waits(later, start + HOUR));
    assert_eq!(turns.next(later), Next::Now { first: true });
    assert_eq!(turns.next(later), Next::AfterAnother);
    turns.passed(true);
    turns.ended(false);
    // It is said again, as it was before, and not believed until the end of that window.
    turns.told(later, 0, HOUR - MINUTE);
    assert_eq!(turns.next(later), Next::Now { first: false });
    turns.told(later, 0, HOUR - MINUTE);
    assert_eq!(turns.next(later), Next::Now { first: false });
    // What is left above nothing is believed.
    turns.ended(false);
    turns.ended(false);
    turns.told(later, 1, HOUR - MINUTE);
    assert_eq!(turns.next(later), Next::Now { first: false });
    assert_eq!(turns.next(later), waits(later + MINUTE, start + HOUR));
    // The next window is another matter.
    turns.ended(false);
    turns.told(start + HOUR, 0, HOUR);
    assert_eq!(turns.next(start + HOUR), waits(start + HOUR + MINUTE, start + 2 * HOUR));
}

#[test]
fn a_refusal_has_the_wait_obeyed_to_its_end() {
    let start = Instant::now();
    let mut turns = nothing_left(start);
    let later = start + MINUTE;
    assert_eq!(turns.next(later), Next::Now { first: true });
    turns.refused(later);
    turns.ended(true);
    // After the refusal's own pause nobody asks again before the end.
    let pause = later + MOMENT;
    assert_eq!(turns.next(pause), waits(start + HOUR, start + HOUR));
    assert_eq!(turns.next(start + HOUR), Next::Now { first: true });
}

#[test]
fn who_asks_in_vain_is_followed_by_another_a_minute_later() {
    let start = Instant::now();
    let mut turns = nothing_left(start);
    let mut now = start;
    for failure in [true, false] {
        now += MINUTE;
        assert_eq!(turns.next(now), Next::Now { first: true });
        match failure {
            // Nothing came.
            true => turns.ended(true),
            // Something came, and it was no good reply.
            false => {
                turns.passed(false);
                turns.ended(false);
            }
        }
        assert_eq!(turns.next(now), waits(now + MINUTE, start + HOUR));
    }
}

#[test]
fn a_short_window_is_waited_out_unasked() {
    let start = Instant::now();
    let mut turns = Turns::new(None, start);
    turns.told(start, 0, MINUTE / 2);
    assert_eq!(turns.next(start), waits(start + MINUTE / 2, start + MINUTE / 2));
    assert_eq!(turns.next(start + MINUTE / 2), Next::Now { first: false });
}

#[test]
fn requests_in_flight_are_taken_off_what_is_left() {
    let start = Instant::now();
    let mut turns = Turns::new(None, start);
    for _ in 0..3 {
        assert_eq!(turns.next(start), Next::Now { first: false });
    }
    // One came back and says that three are left. Of the two on their way it may not have known.
    turns.ended(false);
    turns.told(start, 3, HOUR);
    assert_eq!(turns.next(start), Next::Now { first: false });
    assert_eq!(turns.next(start), waits(start + MINUTE, start + HOUR));
}

#[test]
fn a_reply_that_was_overtaken_gives_nothing_back() {
    let start = Instant::now();
    let mut turns = Turns::new(None, start);
    for _ in 0..2 {
        assert_eq!(turns.next(start), Next::Now { first: false });
    }
    turns.ended(false);
    turns.told(start, 0, HOUR);
    turns.ended(false);
    turns.told(start + MOMENT, 1, HOUR - MOMENT);
    assert_eq!(turns.next(start + MOMENT), waits(start + MOMENT + MINUTE, start + HOUR));
    // A window that begins later is another one.
    turns.told(start + MINUTE, 1, HOUR);
    assert_eq!(turns.next(start + MINUTE), Next::Now { first: false });
}
