//! Runs that are killed, stopped or crossed: the next one goes on, and no file is ever half a one.

use std::process::{Child, Stdio};
use std::time::Duration;

use baton_planetscale_demo::{Endpoint, Fault, FaultKind, Phase, Place as At, Scenario};

use crate::harness::{Place, Run};

const WORKERS: &str = "4";
/// And as many without a word on it: each has one page in hand when it is stopped.
pub const WORKERS_WITHOUT_A_WORD: u64 = 4;

pub fn scenario() -> Scenario {
    Scenario { latency_ms: 5, ..Scenario::sized(3, 1_000, 100, 20) }
}

/// Start a run and wait until the API has seen so many requests more than before. None: it ended before.
pub fn started(place: &Place, args: &[&str], requests: u64) -> Option<Child> {
    let until = place.server.counters().requests + requests;
    let mut command = place.program();
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    while place.server.counters().requests < until {
        if child.try_wait().expect("a child").is_some() {
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Some(child)
}

pub fn signal(child: &Child, name: &str) {
    let sent = std::process::Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "kill {name}");
}

#[test]
fn thirty_kills_cost_no_record_and_few_requests() {
    for file in ["sync.c1z", "sync.jsonl"] {
        let undisturbed = Place::new(scenario());
        undisturbed.run(&["--workers", WORKERS, "-f", file]).ends_with(0);
        let once = undisturbed.server.counters().requests;

        let place = Place::new(scenario());
        let args = ["--workers", WORKERS, "-f", file];
        let mut kills: u64 = 0;
        while kills < 30 {
            // From 4 to 14 requests further each time: 30 points of one sync.
            let Some(mut child) = started(&place, &args, 4 + kills % 11) else { break };
            signal(&child, "-KILL");
            child.wait().expect("killed");
            kills += 1;
            assert!(!place.path(file).exists(), "no file before its sync is complete");
            let asked = place.server.counters();
            assert!(
                asked.repeated <= kills * 4,
                "{} pages were asked for again after {kills} kills of 4 workers",
                asked.repeated
            );
        }
        assert_eq!(kills, 30, "the sync ended before it was killed 30 times");
        let run = place.run(&args).ends_with(0);
        assert!(run.logged("Going on where an earlier run was stopped")["pages"].as_u64() > Some(0));
        assert!(place.server.counters().requests <= once + kills * 4);
        assert_eq!(place.names(), [file], "nothing else is left");
        if file == "sync.c1z" {
            assert!(place.open(file).records() == undisturbed.open(file).records());
        } else {
            let sorted = |place: &Place| {
                let text = std::fs::read_to_string(place.path(file)).expect("the file");
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            assert!(sorted(&place) == sorted(&undisturbed));
        }
    }
}

#[test]
fn signals_end_a_run_with_their_code_and_say_how_to_go_on() {
    let place = Place::new(scenario());
    for (name, code, word) in [("-INT", 130, "interrupted"), ("-TERM", 143, "told to terminate")] {
        let child = started(&place, &[], 20).expect("it runs");
        signal(&child, name);
        let run = Run::ended(child.wait_with_output().expect("it ends")).ends_with(code);
        assert!(run.sentence().starts_with(word), "{}", run.stderr);
        assert!(run.sentence().contains("run the same command again"), "{}", run.stderr);
        assert_eq!(place.names(), [".sync.c1z.work"]);
    }
    place.run(&[]).ends_with(0);
    assert_eq!(place.names(), ["sync.c1z"]);
    assert!(place.server.counters().repeated <= 2 * WORKERS_WITHOUT_A_WORD);
}

#[test]
fn a_stop_while_the_api_is_silent_takes_no_longer() {
    let at = At { endpoint: Some(Endpoint::TeamMembers), ..At::default() };
    let kind = FaultKind::Stall { phase: Phase::InBody, for_ms: None };
    let place = Place::new(Scenario { faults: vec![Fault { at, times: None, kind }], ..Scenario::demo() });
    let child = started(&place, &[], 8).expect("it runs");
    signal(&child, "-TERM");
    let run = Run::ended(child.wait_with_output().expect("it ends"));
    // The reply never ends, so nothing but the signal ended the run.
    run.ends_with(143);
}

#[test]
fn another_address_begins_anew_and_says_so() {
    let place = Place::new(scenario());
    let child = started(&place, &[], 20).expect("it runs");
    signal(&child, "-INT");
    Run::ended(child.wait_with_output().expect("it ends")).ends_with(130);

    let mut other = place.program();
    other.env("BATON_PLANETSCALE_API_URL", format!("{}/", place.server.url()));
    let run = Run::of(&mut other).ends_with(0);
    assert!(
        run.stderr.contains("what an earlier run left") && run.stderr.contains("thrown away"),
        "{}",
        run.stderr
    );
    assert!(place.server.counters().repeated >= 18, "every page is asked for again");
}

#[test]
fn what_is_older_than_a_week_or_of_another_component_is_thrown_away() {
    let component = baton_planetscale_component::PLANETSCALE;
    // The same component for the engine, and another one for who compares: with a section that says nothing.
    let other = [component, b"\0\x05\x04note".as_slice()].concat();
    for (args, age, why) in [
        (&["--component", "same.wasm"][..], false, None),
        (
            &["--component", "other.wasm"],
            false,
            Some("the connector, its version or its config is another one"),
        ),
        (&[], true, Some("it is older than 7 days")),
    ] {
        let place = Place::new(scenario());
        std::fs::write(place.path("same.wasm"), component).expect("a file");
        std::fs::write(place.path("other.wasm"), &other).expect("a file");
        let child = started(&place, &[], 20).expect("it runs");
        signal(&child, "-INT");
        Run::ended(child.wait_with_output().expect("it ends")).ends_with(130);
        let mut later = place.program();
        later.args(args);
        if age {
            later.env(baton_host::clock::VARIABLE, (7 * 86_400 + 60).to_string());
        }
        let run = Run::of(&mut later).ends_with(0);
        let repeated = place.server.counters().repeated;
        match why {
            None => assert!(repeated <= WORKERS_WITHOUT_A_WORD, "{repeated} pages were asked for again"),
            Some(why) => {
                assert!(run.stderr.contains("was thrown away") && run.stderr.contains(why), "{}", run.stderr);
                assert!(repeated >= 18, "every page is asked for again");
            }
        }
    }
}

#[test]
fn a_passing_failure_keeps_what_was_read_and_a_refusal_does_not() {
    let fault = |status, times| {
        let at = At { endpoint: Some(Endpoint::TeamMembers), ..At::default() };
        Fault { at, times, kind: FaultKind::Status { status, body: None, content_type: None } }
    };
    // Five attempts are made: then the run fails, and the next one finds the API well.
    let place = Place::new(Scenario { faults: vec![fault(503, Some(5))], ..Scenario::demo() });
    let run = place.run(&["--workers", "1"]).ends_with(14);
    run.logged("What was read is kept for 7 days: run the same command again to go on from there");
    place.run(&[]).ends_with(0);
    assert_eq!(place.server.counters().repeated, 5, "only the page that failed is asked for again");
    assert_eq!(place.names(), ["sync.c1z"]);

    let place = Place::new(Scenario { faults: vec![fault(403, None)], ..Scenario::demo() });
    place.run(&[]).ends_with(7);
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn a_second_run_into_the_same_file_says_so_and_stops() {
    let place = Place::new(scenario());
    let first = started(&place, &[], 5).expect("it runs");
    let run = place.run(&[]).ends_with(9);
    assert!(run.sentence().contains("another run is writing sync.c1z"), "{}", run.stderr);
    place.run(&["-f", "other.c1z"]).ends_with(0);
    Run::ended(first.wait_with_output().expect("it ends")).ends_with(0);
    assert_eq!(place.names(), ["other.c1z", "sync.c1z"]);
}

#[test]
fn the_working_folder_may_lie_elsewhere() {
    let place = Place::new(scenario());
    let elsewhere = tempfile::tempdir().expect("a folder");
    let dir = elsewhere.path().to_str().expect("a name");
    let child = started(&place, &["--c1z-temp-dir", dir], 20).expect("it runs");
    signal(&child, "-INT");
    Run::ended(child.wait_with_output().expect("it ends")).ends_with(130);
    assert_eq!(place.names(), Vec::<String>::new());
    place.run(&["--c1z-temp-dir", dir]).ends_with(0);
    assert!(place.server.counters().repeated <= WORKERS_WITHOUT_A_WORD);
    assert_eq!(elsewhere.path().read_dir().expect("the folder").count(), 0);
}
