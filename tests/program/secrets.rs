//! The token is nowhere, whatever the API sends back. What a run printed and left in its folder is searched by the
//! harness, in every test; here are the runs that would tell it, and the places that are not files.

use std::time::Duration;

use baton_planetscale_demo::{Endpoint, Fault, FaultKind, Place as At, Scenario};

use crate::harness::{Place, secrets};

#[test]
fn a_good_run_at_debug_level_writes_no_secret() {
    for file in ["sync.c1z", "sync.jsonl"] {
        let place = Place::new(Scenario::demo());
        let args = ["--log-level", "debug", "--log-path", "log", "--log-path", "stderr", "-f", file];
        place.run(&args).ends_with(0);
        assert!(std::fs::metadata(place.path("log")).expect("the log").len() > 0);
    }
}

#[test]
fn a_token_that_the_api_sends_back_is_in_nothing() {
    for status in [400, 401, 403, 404, 422] {
        for endpoint in [Endpoint::Organizations, Endpoint::Members, Endpoint::TeamMembers] {
            let at = At { endpoint: Some(endpoint), ..At::default() };
            let faults = vec![Fault { at, times: Some(9), kind: FaultKind::EchoToken { status } }];
            let place = Place::new(Scenario { faults, ..Scenario::demo() });
            let run = place.run(&[]);
            assert!(run.code.is_some_and(|code| code != 0), "{}", run.stderr);
        }
    }
}

/// Read what a run left before it goes on: a killed one tidies nothing up.
#[test]
fn what_a_killed_run_leaves_holds_no_secret() {
    let place = Place::new(Scenario { latency_ms: 5, ..Scenario::sized(3, 300, 30, 10) });
    let mut child = place.program().stderr(std::process::Stdio::null()).spawn().expect("it starts");
    while place.server.counters().requests < 30 {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert_eq!(place.names(), [".sync.c1z.lock", ".sync.c1z.work"]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_arguments_of_a_process_hold_no_secret() {
    let place = Place::new(Scenario { latency_ms: 50, ..Scenario::demo() });
    let mut child = place.program().stderr(std::process::Stdio::null()).spawn().expect("it starts");
    while place.server.counters().requests == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    // Its own, and those of whatever it might have started.
    let mut seen = 0;
    for entry in std::fs::read_dir("/proc").expect("processes").flatten() {
        let read = |name: &str| std::fs::read(entry.path().join(name)).unwrap_or_default();
        let status = String::from_utf8_lossy(&read("status")).into_owned();
        let id = child.id().to_string();
        let is_of_it = entry.file_name().to_str() == Some(&id) || status.contains(&format!("PPid:\t{id}\n"));
        if is_of_it {
            seen += 1;
            let arguments = String::from_utf8_lossy(&read("cmdline")).into_owned();
            assert!(!secrets().iter().any(|secret| arguments.contains(secret)), "{arguments}");
        }
    }
    assert_eq!(seen, 1, "it starts nothing else");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}
