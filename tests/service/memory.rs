//! A service that works for months must not grow: 200 tasks in a row, three at a time.

use baton_planetscale_demo::Scenario;
use baton_planetscale_support::fake_c1::{Options, id, sync};

use crate::harness::{Place, Service};

/// Tasks between two looks.
const BATCH: u32 = 20;

/// What 200 tasks may add, in KiB: 20 for each. The records of one of these syncs alone are more.
const SLACK: u64 = 4 * 1024;

/// What the process may hold of its own, in KiB. It is half of that; an arena for every thread makes it more.
const MOST: u64 = 24 * 1024;

/// What a process holds.
#[derive(Debug)]
struct Held {
    /// KiB of resident memory that are its own. Pages of files are not counted: the system takes those of the
    /// program back and brings them in again as it likes.
    resident: u64,
    descriptors: usize,
}

fn held(service: &Service) -> Held {
    let id = service.id();
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a size");
    Held {
        resident: line.trim().trim_end_matches("kB").trim().parse().expect("a number"),
        descriptors: std::fs::read_dir(format!("/proc/{id}/fd")).expect("its descriptors").count(),
    }
}

#[test]
#[cfg(target_os = "linux")]
fn two_hundred_tasks_leave_memory_where_it_was() {
    let place = Place::with(Scenario::sized(2, 60, 6, 20), Options::default());
    let service = place.start(&["--task-concurrency", "3"]);
    let mut tasks = 0..;
    let mut work = || {
        let numbers: Vec<u32> = tasks.by_ref().take(BATCH as usize).collect();
        numbers.iter().for_each(|number| place.c1.push(sync(*number)));
        numbers.iter().for_each(|number| drop(place.c1.finished(&id(*number))));
        held(&service)
    };
    // How much is free inside of the allocator differs from look to look, so the least of some looks is compared.
    let mut least = |batches: u32| {
        let looks = (0..batches).map(|_| work());
        looks.reduce(|one, other| Held {
            resident: one.resident.min(other.resident),
            descriptors: one.descriptors.min(other.descriptors),
        })
    };
    // The first tasks fill what is filled once.
    least(2);
    let before = least(4).expect("a look");
    least(6);
    let after = least(4).expect("a look");
    service.stop();
    assert!(after.resident < before.resident + SLACK, "from {before:?} to {after:?}");
    assert!(after.resident < MOST, "{after:?}");
    assert!(after.descriptors <= before.descriptors, "from {before:?} to {after:?}");
    assert!(place.left_over().is_empty());
}
