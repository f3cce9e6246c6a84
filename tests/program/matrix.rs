//! Cases of the fault matrix through the whole program: exit code, sentence and file as a user meets them.
//!
//! The matrix itself is in the crate of the tests, which runs hundreds of cases in one process. Here are some of every
//! outcome, the same each time, each beside a file of an earlier sync.

use std::collections::BTreeMap;
use std::sync::Mutex;

use baton_planetscale_support::cases::{self, Case, Expect};

use crate::harness::Place;

/// Of each outcome.
const EACH: usize = 6;
/// Runs at the same time: most of them wait for their next attempt.
const AT_ONCE: usize = 8;

/// Cases of each outcome that end soon under the program's own pauses.
fn chosen() -> Vec<Case> {
    let mut by_outcome: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in cases::some(4_000) {
        let slow = ["stall", "refused", "429 with", "17 MiB"].iter().any(|word| case.name.contains(word));
        let outcome = match &case.expect {
            Expect::Fails(codes) if codes.len() == 1 => format!("{codes:?}"),
            Expect::Equal => "equal".to_owned(),
            _ => continue,
        };
        let found = by_outcome.entry(outcome).or_default();
        if !slow && found.len() < EACH {
            found.push(case);
        }
    }
    assert_eq!(by_outcome.keys().collect::<Vec<_>>(), ["[10]", "[13]", "[14]", "[16]", "[7]", "equal"]);
    by_outcome.into_values().flatten().collect()
}

#[test]
fn every_outcome_of_the_matrix_ends_the_program_as_it_must() {
    let left = Mutex::new(chosen());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(case) = left.lock().expect("a lock").pop() else { break };
                    if let Err(what) = run(&case) {
                        wrong
                            .lock()
                            .expect("a lock")
                            .push(format!("{} ({}): {what}", case.number, case.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("a lock");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn run(case: &Case) -> Result<(), String> {
    let mut without = case.scenario.clone();
    without.faults.clear();
    let further: Vec<String> =
        case.further().iter().map(|(name, value)| format!("--{name}={value}")).collect();
    let further: Vec<&str> = further.iter().map(String::as_str).collect();
    let before = Place::new(without);
    before.run(&further).ends_with(0);
    let old = std::fs::read(before.path("sync.c1z")).map_err(|error| error.to_string())?;

    let place = Place::new(case.scenario.clone());
    std::fs::write(place.path("sync.c1z"), &old).map_err(|error| error.to_string())?;
    let run = place.run(&[&["--workers", &case.workers.to_string()], &further[..]].concat());
    let now = std::fs::read(place.path("sync.c1z")).map_err(|error| error.to_string())?;
    let struck = place.server.struck().iter().any(|times| *times > 0);
    match &case.expect {
        Expect::Fails(codes) if struck => {
            if !run.code.is_some_and(|code| codes.contains(&code)) {
                return Err(format!("ended with {:?}: {}", run.code, run.stderr));
            }
            if run.sentence().lines().count() != 1 {
                return Err(format!("not one sentence: {}", run.stderr));
            }
            if now != old {
                return Err("the earlier file is another".into());
            }
        }
        _ => {
            if run.code != Some(0) {
                return Err(format!("ended with {:?}: {}", run.code, run.stderr));
            }
            let (first, second) = (before.open("sync.c1z"), place.open("sync.c1z"));
            if second.count("v1_sync_runs") != 2 || first.records() != second.records() {
                return Err("other records than without the fault".into());
            }
        }
    }
    Ok(())
}
