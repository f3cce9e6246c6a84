//! What a service tells whoever watches it: numbers, and logs that are rotated.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use baton_planetscale_demo::{RateLimit, Scenario};
use baton_planetscale_support::fake_c1::{Fault, Kind, Method, Options, id, sync};
use rustix::process::Signal;

use crate::harness::Place;
use crate::health::address;

const ON: [&str; 3] = ["--health-check", "--health-check-port", "0"];

/// The numbers: head and body of the answer.
fn metrics(address: SocketAddr) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

/// One number.
fn number(body: &str, name: &str) -> Option<f64> {
    let line = body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    Some(line.parse().expect("a number"))
}

/// Ask until a number is as wanted.
fn until(address: SocketAddr, name: &str, wanted: f64) -> String {
    loop {
        let (_, body) = metrics(address);
        if number(&body, name) == Some(wanted) {
            return body;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn numbers_tell_of_tasks_syncs_and_requests() {
    let place = Place::new();
    let service = place.start(&ON);
    let address = address(&service);
    let (head, body) = metrics(address);
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("text/plain; version=0.0.4"), "{head}");
    assert_eq!(number(&body, "baton_requests_total"), Some(0.0), "{body}");
    assert_eq!(number(&body, "baton_last_good_sync_age_seconds"), None, "there was none yet: {body}");
    assert!(number(&body, "baton_start_time_seconds").is_some_and(|moment| moment > 1.7e9), "{body}");

    place.c1.push(sync(1));
    place.c1.finished(&id(1));
    let body = until(address, "baton_tasks_total{kind=\"sync_full\",outcome=\"done\"}", 1.0);
    let requests = place.api.counters().requests as f64;
    assert_eq!(number(&body, "baton_requests_total"), Some(requests), "{body}");
    assert_eq!(number(&body, "baton_sync_duration_seconds_count{outcome=\"done\"}"), Some(1.0), "{body}");
    assert!(number(&body, "baton_last_good_sync_age_seconds").is_some_and(|age| age < 120.0), "{body}");
    for name in ["baton_tasks_running", "baton_guard_refusals_total", "baton_waiting_seconds"] {
        assert_eq!(number(&body, name), Some(0.0), "{name}: {body}");
    }
    // A sync that fails is one, too, and no good one.
    let before = number(&body, "baton_last_good_sync_age_seconds").expect("an age");
    place.c1.push(baton_planetscale_support::fake_c1::task(
        2,
        baton_service::messages::TaskType::SyncFull(baton_service::messages::SyncFullTask {
            sync_resource_type_ids: vec!["nope".into()],
            ..Default::default()
        }),
    ));
    let body = until(address, "baton_tasks_total{kind=\"sync_full\",outcome=\"failed\"}", 1.0);
    assert_eq!(number(&body, "baton_sync_duration_seconds_count{outcome=\"failed\"}"), Some(1.0), "{body}");
    assert!(number(&body, "baton_last_good_sync_age_seconds").is_some_and(|age| age >= before), "{body}");
    service.stop();
}

#[test]
fn numbers_tell_of_waits() {
    let limit = RateLimit { requests: 3, window_ms: 3_600_000, told: true, ..RateLimit::default() };
    let scenario = Scenario { rate_limit: Some(limit), ..Scenario::demo() };
    let place = Place::with(scenario, Options::default());
    let service = place.start(&ON);
    let address = address(&service);
    place.c1.push(sync(1));
    service.logs("nothing is left of its limit");
    let (_, body) = metrics(address);
    assert_eq!(number(&body, "baton_tasks_running"), Some(1.0), "{body}");
    assert!(number(&body, "baton_waiting_seconds").is_some_and(|seconds| seconds > 3_000.0), "{body}");
    service.stop();
}

#[test]
fn a_service_that_c1_does_not_know_yet_is_alive_and_not_ready() {
    let faults = vec![Fault::always(Method::Hello, Kind::Status(14))];
    let place = Place::with(Scenario::demo(), Options { faults, ..Options::default() });
    let service = place.start(&ON);
    let address = address(&service);
    service.logs("the first Hello to C1 failed");
    let status = |path: &str| crate::health::get(address, path);
    assert_eq!(status("/live").0, 200);
    let (code, body) = status("/ready");
    assert_eq!((code, body["status"].as_str()), (503, Some("not ready")), "{body}");
    assert!(body["details"]["c1"].as_str().is_some_and(|text| text.contains("does not know")), "{body}");
    assert!(metrics(address).1.contains("baton_build_info{version="));
    service.stop();
}

#[test]
fn a_log_file_that_was_moved_away_is_opened_anew() {
    let place = Place::new();
    let (log, moved) = (place.temporary().join("log"), place.temporary().join("log.1"));
    let service = place.start(&["--log-path", &log.display().to_string(), "--log-path", "stderr"]);
    service.logs("C1 knows this connector now");
    std::fs::rename(&log, &moved).expect("a log");
    service.signal(Signal::HUP);
    service.logs("the log file was opened anew");
    place.c1.push(sync(1));
    service.logs("Task complete!");
    let read = |path| std::fs::read_to_string(path).expect("a log");
    assert!(read(&moved).contains("C1 knows this connector now") && !read(&moved).contains("Task complete!"));
    assert!(read(&log).contains("Task complete!") && !read(&log).contains("C1 knows this connector now"));
    service.stop();
}

#[test]
fn secrets_from_files_make_a_service() {
    let place = Place::new();
    let mut program = place.program();
    for (name, value) in [
        ("BATON_CLIENT_SECRET", place.c1.client_secret().to_owned()),
        ("BATON_CLIENT_ID", baton_planetscale_support::fake_c1::CLIENT_ID.to_owned()),
        ("BATON_PLANETSCALE_SERVICE_TOKEN", place.api.service_token().to_owned()),
    ] {
        let file = place.file(&name.to_lowercase(), format!("{value}\n").as_bytes());
        program.env_remove(name).env(format!("{name}_FILE"), file);
    }
    let service = place.start_as(program);
    place.c1.push(sync(1));
    place.c1.finished(&id(1));
    service.stop();
}

#[test]
fn where_traces_are_wanted_it_says_that_none_are_sent() {
    let place = Place::new();
    let service = place.start(&["--otel-collector-endpoint", "https://collector.example:4317"]);
    let line = service.logs("sends no traces and no logs anywhere");
    assert!(line.contains("\"level\":\"warn\""), "{line}");
    service.stop();
}

#[test]
fn numbers_tell_of_requests_that_the_guard_did_not_let_out() {
    let place = Place::new();
    let component = place.file("hostile.wasm", baton_planetscale_support::guests::HOSTILE);
    let mut program = place.program();
    program
        .args(ON)
        .args(["--mode", "elsewhere", "--scheme", "http", "--authority", "elsewhere.test", "--path", "/"])
        .env("BATON_COMPONENT", component)
        .env("BATON_AT", "list-grants")
        .env("BATON_TOKEN", "a:b")
        .env("BATON_API_URL", place.api.url());
    let service = place.start_as(program);
    let address = address(&service);
    place.c1.push(sync(1));
    assert_eq!(place.c1.finished(&id(1)).status.expect("a status").code, 7);
    let body = until(address, "baton_tasks_total{kind=\"sync_full\",outcome=\"failed\"}", 1.0);
    assert!(number(&body, "baton_guard_refusals_total").is_some_and(|refusals| refusals >= 1.0), "{body}");
    assert_eq!(number(&body, "baton_requests_total"), Some(0.0), "{body}");
    service.stop();
}
