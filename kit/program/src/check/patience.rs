//! Calls that are made again where the contract says that it helps, and what each took.

use std::time::{Duration, Instant};

use baton_host::contract::Error as C;
use baton_host::{Asked, Caller};

use super::report::Report;

/// How often a call is made again.
const AGAIN: u32 = 6;

/// The pause where the vendor tells none.
const UNTOLD: Duration = Duration::from_secs(2);

/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(120);

/// What calls took at most, and which.
#[derive(Default)]
pub struct Measured {
    time: (Duration, String),
    memory: (usize, String),
    calls: u64,
}

impl Measured {
    /// Call, and again as long as the vendor wants to be waited for.
    pub async fn patiently<T>(
        &mut self,
        call: impl AsyncFn(&mut Caller) -> Asked<T>,
        caller: &mut Caller,
        place: &str,
    ) -> Asked<T> {
        for _ in 0..AGAIN {
            let asked = self.once(&call, caller, place).await;
            let after = match &asked {
                Ok(Err(C::Wait(wait) | C::Again(wait))) => wait.after,
                _ => return asked,
            };
            tokio::time::sleep(after.map_or(UNTOLD, |after| Duration::from_secs(after.into())).min(LONGEST))
                .await;
        }
        self.once(&call, caller, place).await
    }

    /// Call once.
    pub async fn once<T>(
        &mut self,
        call: &impl AsyncFn(&mut Caller) -> Asked<T>,
        caller: &mut Caller,
        place: &str,
    ) -> Asked<T> {
        let began = Instant::now();
        let asked = call(caller).await;
        self.calls += 1;
        let (time, memory) = (began.elapsed(), caller.memory());
        if time > self.time.0 {
            self.time = (time, place.to_owned());
        }
        if memory > self.memory.0 {
            self.memory = (memory, place.to_owned());
        }
        asked
    }

    /// Say whether it was too much.
    pub fn judge(&self, longest: Duration, mebibytes: usize, report: &mut Report) {
        if self.calls == 0 {
            return;
        }
        let (time, place) = &self.time;
        let note = format!("{:.1} s in {place}, of {} calls", time.as_secs_f64(), self.calls);
        if *time > longest {
            report.broken("time", note)
        } else {
            report.kept("time", note)
        }
        let (memory, place) = &self.memory;
        let note = format!("{:.1} MiB after {place}", *memory as f64 / f64::from(1 << 20));
        if *memory > mebibytes << 20 { report.broken("memory", note) } else { report.kept("memory", note) }
    }
}
