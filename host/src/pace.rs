//! How fast requests go out: one pace for all workers of a sync.
//!
//! Requests take turns at even distances, with a small burst to make up for a slow one, so that no window
//! of a minute holds more than the rate. When a vendor answers "too many", everybody stops until the time
//! it gave: workers that come back one by one would be refused one by one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Turns that may be made up for at once: a hundredth of a usual limit.
const BURST: u32 = 6;

/// Gives out turns.
pub(crate) struct Pace {
    gap: Option<Duration>,
    state: Mutex<Turns>,
    waited: AtomicU64,
    requests: AtomicU64,
}

struct Turns {
    next: Instant,
    paused_until: Instant,
}

impl Pace {
    pub fn new(requests_per_minute: Option<u32>) -> Pace {
        let now = Instant::now();
        Pace {
            gap: requests_per_minute.map(|rate| Duration::from_secs(60) / rate.max(1)),
            state: Mutex::new(Turns { next: now, paused_until: now }),
            waited: AtomicU64::new(0),
            requests: AtomicU64::new(0),
        }
    }

    /// Wait for a turn to send a request.
    pub async fn turn(&self) {
        let start = Instant::now();
        let at = {
            let mut turns = self.lock();
            match self.gap {
                Some(gap) => {
                    let at = turns.next.max(turns.paused_until);
                    let earliest = Instant::now().checked_sub(gap * BURST).unwrap_or(at);
                    turns.next = at.max(earliest) + gap;
                    at
                }
                None => turns.paused_until,
            }
        };
        sleep_until(at).await;
        // Somebody may have been told to wait meanwhile.
        loop {
            let until = self.lock().paused_until;
            if until <= Instant::now() {
                break;
            }
            sleep_until(until).await;
        }
        self.add_waited(start.elapsed());
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Nobody sends before this much time has passed.
    pub fn pause(&self, time: Duration) {
        let mut turns = self.lock();
        turns.paused_until = turns.paused_until.max(Instant::now() + time);
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

    fn lock(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
