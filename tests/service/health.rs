//! Health checks: the port, its answers, and the subcommand that asks.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use baton_planetscale_demo::{RateLimit, Scenario};
use baton_planetscale_support::fake_c1::{Fault, Kind, Method, Options, sync};
use serde_json::Value;

use crate::harness::{Place, Service};

const ON: [&str; 3] = ["--health-check", "--health-check-port", "0"];

/// Where a service answers.
pub fn address(service: &Service) -> SocketAddr {
    let line: Value = serde_json::from_str(&service.logs("answering health checks")).expect("JSON");
    line["address"].as_str().expect("an address").parse().expect("an address")
}

/// The status and the JSON of an answer.
pub fn get(address: SocketAddr, path: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// Run the subcommand: exit code and what it said.
fn ask(place: &Place, port: u16, endpoint: &str) -> (Option<i32>, String) {
    let output = place
        .program()
        .args(["health-check", "--health-check-port", &port.to_string(), "--endpoint", endpoint])
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn a_service_that_is_well_says_so() {
    let place = Place::new();
    let service = place.start(&ON);
    let address = address(&service);
    service.logs("C1 knows this connector now");
    assert!(address.ip().is_loopback());
    for (path, status) in [("/health", "healthy"), ("/ready", "ready"), ("/live", "alive")] {
        let (code, body) = get(address, path);
        assert_eq!((code, body["status"].as_str()), (200, Some(status)));
        let timestamp = body["timestamp"].as_str().expect("a moment");
        assert!(timestamp.ends_with('Z') && timestamp.len() == 20, "{timestamp}");
        assert_eq!(ask(&place, address.port(), path.trim_start_matches('/')).0, Some(0));
    }
    assert_eq!(get(address, "/nothing").0, 404);
    assert!(!place.api.requests().is_empty(), "the API was asked");
    service.stop();
}

#[test]
fn without_access_a_service_is_alive_but_not_well() {
    let place = Place::with(Scenario { organizations: Vec::new(), ..Scenario::demo() }, Options::default());
    let mut program = place.program();
    program.args(ON).env("BATON_PLANETSCALE_SERVICE_TOKEN", "some:other-token");
    let service = place.start_as(program);
    let address = address(&service);
    let (code, body) = get(address, "/health");
    assert_eq!((code, body["status"].as_str()), (503, Some("unhealthy")));
    assert!(body["details"]["validation_error"].as_str().is_some_and(|text| !text.contains("other-token")));
    assert_eq!(get(address, "/live").0, 200);
    let (code, text) = ask(&place, address.port(), "health");
    assert_eq!(code, Some(2), "{text}");
    service.stop();
}

#[test]
fn while_the_vendor_wants_to_be_left_alone_a_service_is_well_and_says_why_nothing_goes_on() {
    let limit = RateLimit { requests: 3, window_ms: 3_600_000, told: true, ..RateLimit::default() };
    let scenario = Scenario { rate_limit: Some(limit), ..Scenario::demo() };
    let place = Place::with(scenario, Options::default());
    let service = place.start(&ON);
    let address = address(&service);
    place.c1.push(sync(1));
    let line: Value = serde_json::from_str(&service.logs("nothing is left of its limit")).expect("JSON");
    assert_eq!((line["level"].as_str(), line["msg"].as_str()), (Some("info"), Some("waiting")), "{line}");
    let until = line["until"].as_str().expect("an end");
    assert!(
        until.ends_with('Z') && line["seconds"].as_u64().is_some_and(|seconds| seconds > 3_000),
        "{line}"
    );
    let (code, body) = get(address, "/health");
    assert_eq!((code, body["status"].as_str()), (200, Some("healthy")));
    let waiting = &body["details"]["waiting"];
    assert!(waiting["until"].as_str().is_some_and(|until| until.ends_with('Z')), "{body}");
    assert!(waiting["reason"].as_str().is_some_and(|reason| reason.contains("nothing is left")), "{body}");
    // What the sync had sent before may have come meanwhile.
    assert!(place.api.requests().len() <= 3, "to say so, nobody is asked");
    service.stop();
}

#[test]
fn before_the_first_hello_the_subcommand_says_that_c1_does_not_know_it_and_without_a_service_that_nobody_answers()
 {
    let place = Place::with(
        Scenario::demo(),
        Options { faults: vec![Fault::always(Method::Hello, Kind::Status(14))], ..Options::default() },
    );
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it").port();
    let service = place.start(&["--health-check", "--health-check-port", &port.to_string()]);
    service.logs("the first Hello to C1 failed");
    assert_eq!(ask(&place, port, "live").0, Some(0));
    let (code, text) = ask(&place, port, "ready");
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("C1 does not know this connector yet"), "{text}");
    service.stop();
    let (code, text) = ask(&place, port, "live");
    assert_eq!(code, Some(14), "{text}");
}

#[test]
fn mistakes_of_the_subcommand_are_told() {
    let place = Place::new();
    let (code, text) = ask(&place, 1, "nope");
    assert_eq!(code, Some(2));
    assert!(text.contains("invalid argument \"nope\""), "{text}");
}
