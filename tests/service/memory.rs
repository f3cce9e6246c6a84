//! A service that works for months must not grow: 200 tasks in a row, three at a time.

use baton_planetscale_demo::Scenario;
use baton_planetscale_tests::fake_c1::{Options, id, sync};

use crate::harness::Place;

/// What 200 tasks may add, in KiB. The allocator keeps some of what was freed; 200 instances, or the records of 200
/// syncs, are far more.
const SLACK: u64 = 8 * 1024;

/// Resident memory of a process, in KiB.
fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches("kB").trim().parse().expect("a number")
}

#[test]
#[cfg(target_os = "linux")]
fn two_hundred_tasks_leave_memory_where_it_was() {
    let place = Place::with(Scenario::sized(2, 60, 6, 20), Options::default());
    let service = place.start(&["--task-concurrency", "3"]);
    let work = |numbers: std::ops::Range<u32>| {
        numbers.clone().for_each(|number| place.c1.push(sync(number)));
        numbers.for_each(|number| drop(place.c1.finished(&id(number))));
    };
    // The first tasks fill what is filled once: pools, stacks of threads, the allocator's arenas.
    work(0..80);
    let before = resident(service.id());
    work(80..280);
    let after = resident(service.id());
    service.stop();
    assert!(after < before + SLACK, "from {before} KiB to {after} KiB");
    assert!(place.left_over().is_empty());
}
