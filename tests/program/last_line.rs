//! The line with which a run ends that has no result.

use std::process::Stdio;

use baton_planetscale_demo::Scenario;
use serde_json::{Value, json};

use crate::harness::{Place, Run, bare};

/// All of stderr, read as a machine reads it.
fn lines(run: &Run) -> Vec<Value> {
    run.stderr.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn where_logs_are_json_it_is_json_too_with_exit_code_and_field() {
    let place = Place::new(Scenario::demo());
    let missing = Run::of(&mut bare(place.folder())).ends_with(2);
    let url = Run::of(place.program().env("BATON_PLANETSCALE_API_URL", "ftp://x.example")).ends_with(3);
    let workers = place.run(&["--workers", "many"]).ends_with(2);
    let refused = Run::of(place.program().env("BATON_PLANETSCALE_SERVICE_TOKEN", "a:b")).ends_with(16);
    let unknown = place.run(&["--nope"]).ends_with(2);
    let (both, api_url) = ("planetscale-api-url,planetscale-service-token", "planetscale-api-url");
    for (run, code, field, words) in [
        (missing, 2, json!(both), "required flag(s) \"planetscale-api-url\", "),
        (url, 3, json!(api_url), "field planetscale-api-url: "),
        (workers, 2, json!("workers"), "invalid argument \"many\" for \"--workers\" flag: "),
        (refused, 16, Value::Null, "runner: error processing task: "),
        (unknown, 2, Value::Null, "unknown flag: --nope"),
    ] {
        let last = lines(&run).pop().expect("a line");
        assert_eq!(
            (&last["level"], &last["exit_code"], &last["field"]),
            (&json!("error"), &json!(code), &field)
        );
        assert!(last["msg"].as_str().is_some_and(|text| text.starts_with(words)), "{last}");
        assert!(last["ts"].is_number() && last["caller"].is_string(), "{last}");
    }
}

#[test]
fn where_logs_are_for_people_it_is_the_sentence_alone() {
    let place = Place::new(Scenario::demo());
    let yaml = "log-format: console\n";
    std::fs::write(place.path(".baton.yaml"), yaml).expect("a file");
    for args in
        [&["--workers", "many"][..], &["--nope"], &["--log-format", "json", "--log-format=console", "-x"]]
    {
        let run = place.run(args).ends_with(2);
        assert!(run.last_line().is_none() && !run.stderr.contains('{'), "{}", run.stderr);
    }
    // What prints an answer writes no log.
    let run = place.run(&["health-check", "--endpoint", "nope", "--log-format", "json"]).ends_with(2);
    assert!(run.stderr.starts_with("invalid argument \"nope\""), "{}", run.stderr);
}

#[test]
fn a_run_that_is_told_to_stop_ends_with_such_a_line() {
    let place = Place::new(Scenario { latency_ms: 3_600_000, ..Scenario::demo() });
    let mut program = place.program();
    let child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    while place.server.counters().requests == 0 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    crate::resume::signal(&child, "-TERM");
    let run = Run::ended(child.wait_with_output().expect("it ends")).ends_with(143);
    let last = lines(&run).pop().expect("a line");
    assert_eq!(last["exit_code"], 143, "{last}");
}
