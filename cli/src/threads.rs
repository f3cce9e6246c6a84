//! The threads of the program: no more than a sync needs, and none that the machine does not give.
//!
//! The runtime takes for granted that it gets the threads it asks for: else it panics, or puts off for ever what a
//! thread was meant to do. So they are tried before it is built, and those that look up names are made at once.

use std::io;
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::failure::Failure;

/// Threads that carry the sync. It waits for the network most of the time.
const MOST: usize = 4;
/// Threads that are made at once for what cannot be waited for: name lookups, and the work of C1's tasks.
const WAITING: usize = 2;
/// Those, the engine's timer, and the one that moves the line at a terminal.
const BESIDE: usize = WAITING + 2;
/// A thread that has nothing to do is kept: it could not be had again.
const KEPT: Duration = Duration::from_secs(365 * 24 * 3600);

/// A runtime with as many threads as are of use and can be had.
pub fn runtime() -> Result<Runtime, Failure> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let (had, refusal) = to_be_had(processors.min(MOST) + BESIDE);
    let workers = match (had.checked_sub(BESIDE), refusal) {
        (Some(workers), _) if workers > 0 => workers,
        (_, refusal) => return Err(Failure::Machine(told(had, refusal))),
    };
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(workers).thread_keep_alive(KEPT).enable_all().build();
    let runtime = runtime.map_err(Failure::io("cannot start the runtime"))?;
    let gate = Arc::new(Mutex::new(()));
    // While the gate is shut none of them is free, so each task gets a thread of its own.
    let shut = gate.lock();
    for _ in 0..WAITING {
        let gate = gate.clone();
        runtime.spawn_blocking(move || drop(gate.lock()));
    }
    drop(shut);
    Ok(runtime)
}

/// How many of so many threads there may be at the same time, and why not more.
fn to_be_had(wanted: usize) -> (usize, Option<io::Error>) {
    let gate = Arc::new(Mutex::new(()));
    let shut = gate.lock();
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    let mut refusal = None;
    while threads.len() < wanted && refusal.is_none() {
        let gate = gate.clone();
        match Builder::new().spawn(move || drop(gate.lock())) {
            Ok(thread) => threads.push(thread),
            Err(error) => refusal = Some(error),
        }
    }
    drop(shut);
    let had = threads.len();
    for thread in threads {
        // It did nothing that could have gone wrong.
        let _ = thread.join();
    }
    (had, refusal)
}

fn told(had: usize, refusal: Option<io::Error>) -> String {
    let why = refusal.map(|error| format!(" ({error})")).unwrap_or_default();
    format!(
        "this machine gives the program {had} of the {} threads that it needs at least{why}; raise the limit on processes \
         (ulimit -u, the pids of the container) or on addresses (ulimit -v), and where a container engine refuses the \
         call clone3, use a newer one",
        BESIDE + 1
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_tried_all_at_once_and_then_let_go() {
        let (had, refusal) = to_be_had(3);
        assert_eq!(had, 3);
        assert!(refusal.is_none());
    }

    #[test]
    fn the_refusal_names_what_the_system_said() {
        let text = told(2, Some(io::Error::from(io::ErrorKind::WouldBlock)));
        assert!(text.starts_with("this machine gives the program 2 of the 5 threads"), "{text}");
    }
}
