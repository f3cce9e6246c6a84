//! When a call is made again: what the contract's errors `wait` and `again` ask for, and for how long. The numbers are
//! those of the program.

use std::time::Duration;

use crate::bindings::syncer::{Error, RateLimit};

/// Calls that failed in passing are made so often in all.
const ATTEMPTS: u32 = 5;
/// The pause before the second one; doubled each time.
const FIRST: Duration = Duration::from_secs(1);
/// No pause is longer, unless the vendor asks for it.
const LONGEST: Duration = Duration::from_secs(30);
/// How often in a row a wait that the vendor asks for is waited out.
const WAITS: u32 = 10;
/// The pause where a vendor does not say how long it wants to be left alone. Limits are counted by the minute.
const UNTOLD: Duration = Duration::from_secs(60);
/// Who wants to be left alone for longer gets the error out instead: asking earlier would only be refused again.
const TOO_LONG: Duration = Duration::from_secs(3_900);

/// What one call has cost so far.
#[derive(Default)]
pub struct Patience {
    failures: u32,
    waits: u32,
}

impl Patience {
    /// How long to wait before the same call is made again, or the error that asking again does not mend.
    pub fn bear(&mut self, error: Error) -> Result<Duration, Error> {
        let pause = match &error {
            Error::Wait(wait) if self.waits < WAITS => {
                self.waits += 1;
                wait.after.map_or(UNTOLD, seconds)
            }
            Error::Again(passing) if self.failures + 1 < ATTEMPTS => {
                let growing = FIRST.saturating_mul(1 << self.failures).min(LONGEST);
                self.failures += 1;
                growing.max(passing.after.map(seconds).unwrap_or_default())
            }
            _ => return Err(error),
        };
        if pause > TOO_LONG { Err(error) } else { Ok(pause) }
    }
}

/// The pause after a page: a vendor that says that nothing is left is believed before it has to refuse.
pub fn heed(limit: Option<RateLimit>) -> Option<Duration> {
    let limit = limit.filter(|limit| limit.remaining == Some(0))?;
    limit.reset_after.map(seconds).filter(|pause| *pause <= TOO_LONG)
}

fn seconds(number: u32) -> Duration {
    Duration::from_secs(number.into())
}
