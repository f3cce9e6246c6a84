//! The limit on requests.

use baton_planetscale_demo::{Form, RateLimit, Scenario, Server};

use crate::client::{MEMBERS, get};

#[test]
fn requests_over_the_limit_get_429_until_the_window_ends() {
    let mut scenario = Scenario::sized(1, 3, 0, 0);
    // A window longer than any test: what is over the limit stays so.
    let window_ms = 3_600_000;
    scenario.rate_limit =
        Some(RateLimit { requests: 3, window_ms, form: Form::RetryAfterSeconds, told: true });
    let server = Server::start(scenario).unwrap();
    let got: Vec<_> = (0..5).map(|_| get(&server, MEMBERS)).collect();
    let status: Vec<u16> = got.iter().map(|g| g.status).collect();
    assert_eq!(status, [200, 200, 200, 429, 429]);
    let left: Vec<_> = got.iter().filter_map(|g| g.header("x-ratelimit-remaining")).collect();
    assert_eq!(left, ["2", "1", "0"]);
    let wait: u64 = got[3].header("retry-after").unwrap().parse().unwrap();
    assert!((1..=3600).contains(&wait));
    assert_eq!(server.counters().too_many, 2);
}

#[test]
fn what_was_forgotten_is_not_counted_and_still_counts_against_the_limit() {
    let mut scenario = Scenario::sized(1, 3, 0, 0);
    scenario.rate_limit = Some(RateLimit { requests: 3, window_ms: 3_600_000, ..RateLimit::default() });
    let server = Server::start(scenario).unwrap();
    for _ in 0..2 {
        get(&server, MEMBERS);
    }
    server.forget();
    assert!(server.requests().is_empty());
    let status: Vec<u16> = (0..2).map(|_| get(&server, MEMBERS).status).collect();
    assert_eq!(status, [200, 429]);
    let counters = server.counters();
    let counted = (counters.requests, counters.too_many, counters.repeated, counters.connections);
    assert_eq!(counted, (2, 1, 1, 2));
    let at: Vec<u64> = server.requests().iter().map(|seen| seen.at_ms).collect();
    assert!(at.is_sorted(), "{at:?}");
}
