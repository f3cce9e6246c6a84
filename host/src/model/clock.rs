//! The one place from which the time of day comes, for this library and for what stands on it.
//!
//! A test moves it: [`move_by`] within a process, and the program reads [`VARIABLE`] at its start, since a static program
//! has no library under it that could be told another time. Spans are measured with [`std::time::Instant`] and the
//! runtime's timers, which nobody moves.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// By how many seconds the program's clock is moved; negative: back.
pub const VARIABLE: &str = "BATON_CLOCK_OFFSET_SECONDS";

static MOVED: AtomicI64 = AtomicI64::new(0);

/// The time of day.
pub fn now() -> SystemTime {
    let moved = MOVED.load(Ordering::Relaxed);
    let span = Duration::from_secs(moved.unsigned_abs());
    let now = SystemTime::now();
    let then = if moved < 0 { now.checked_sub(span) } else { now.checked_add(span) };
    then.unwrap_or(now)
}

/// Move the clock of this process, from what the system says.
pub fn move_by(seconds: i64) {
    MOVED.store(seconds, Ordering::Relaxed);
}
