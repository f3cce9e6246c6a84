//! The fault matrix: no fault at any place gives a wrong result.
//!
//! A case that fails says its number. `BATON_CASE=<number>` runs that one alone, `<number>..<number>` those between, and
//! `all` every one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_planetscale_support::cases::{self, Case};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many are run of the several thousand.
const COUNT: usize = 1_200;

/// Most cases wait for something.
const AT_ONCE: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_overcome_or_told_and_never_a_gap() {
    let chosen: Vec<Case> = match std::env::var("BATON_CASE").ok().as_deref() {
        None => cases::some(COUNT),
        Some("all") => cases::all(),
        Some(numbers) => {
            let number = |text: &str| text.parse::<usize>().expect("BATON_CASE is a number, two, or all");
            let (first, end) = match numbers.split_once("..") {
                Some((first, end)) => (number(first), number(end)),
                None => (number(numbers), number(numbers) + 1),
            };
            cases::all().into_iter().filter(|case| (first..end).contains(&case.number)).collect()
        }
    };
    assert!(!chosen.is_empty());
    let one_alone = chosen.len() < COUNT;
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for case in chosen {
        let turns = turns.clone();
        running.spawn(async move {
            let _turn = turns.acquire_owned().await.expect("an open semaphore");
            // What changes in mid-sync is no fault, and strikes by the number of the request.
            let kind = (!case.scenario.faults.is_empty()).then(|| case.kind().to_owned());
            (kind, case.run().await)
        });
    }
    let mut outcomes = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut struck: BTreeMap<String, bool> = BTreeMap::new();
    for (kind, result) in running.join_all().await {
        match result {
            Ok((outcome, strikes)) => {
                *outcomes.entry(outcome).or_insert(0) += 1;
                if let Some(kind) = kind {
                    *struck.entry(kind).or_default() |= strikes;
                }
            }
            Err(text) => wrong.push(text),
        }
    }
    println!("{} cases in all, {outcomes:?}", cases::all().len());
    wrong.sort();
    assert!(wrong.is_empty(), "{} cases came out wrong:\n{}", wrong.len(), wrong.join("\n"));
    // A fault that misses its place proves nothing. One case alone may miss it: the place need not be there.
    let idle: Vec<String> =
        struck.into_iter().filter(|(_, strikes)| !strikes).map(|(kind, _)| kind).collect();
    assert!(one_alone || idle.is_empty(), "never struck: {idle:#?}");
}

#[test]
fn the_chosen_cases_are_the_same_each_time_and_strike_everywhere() {
    let numbers = |cases: Vec<Case>| cases.into_iter().map(|case| case.number).collect::<Vec<_>>();
    let chosen = cases::some(COUNT);
    let kinds = |cases: &[Case]| cases.iter().map(|case| case.kind().to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(kinds(&chosen), kinds(&cases::all()), "every kind is among them");
    for place in ["Organizations", "Members", "Teams", "TeamMembers", "First", "Middle", "Last"] {
        assert!(chosen.iter().any(|case| case.name.contains(place)), "{place}");
    }
    assert!(cases::all().iter().enumerate().all(|(at, case)| case.number == at));
    assert_eq!(numbers(chosen), numbers(cases::some(COUNT)));
}
