//! When a call is made again: what the contract's errors `wait` and `again` ask for, and for how long.

use std::time::Duration;

use crate::bindings::syncer::Error;
use crate::output::Output;

/// So often an answer is asked for before its error stands.
const ATTEMPTS: u32 = 6;

/// The pause where a vendor does not say how long it wants to be left alone.
const UNTOLD: Duration = Duration::from_secs(30);

/// Who wants to be left alone for longer gets the error out instead: asking earlier would only be refused again.
const LONGEST: Duration = Duration::from_secs(600);

/// Ask until there is an answer, or an error that asking again does not mend.
pub fn ask<O: Output, T>(output: &mut O, asked: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
    let mut attempt = 1;
    loop {
        let pause = match asked() {
            Err(Error::Wait(refusal)) if attempt < ATTEMPTS => {
                let pause = refusal.after.map_or(UNTOLD, |seconds| Duration::from_secs(seconds.into()));
                if pause > LONGEST {
                    return Err(Error::Wait(refusal));
                }
                pause
            }
            Err(Error::Again(_)) if attempt < ATTEMPTS => Duration::from_millis(250 << attempt),
            answer => return answer,
        };
        output.pause(pause);
        attempt += 1;
    }
}
