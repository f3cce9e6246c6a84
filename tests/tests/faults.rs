//! What goes wrong on the way is waited out, or ends the sync with the right error; never with a gap.

use baton_host::{Error, contract};
use baton_planetscale_demo::{Advice, Endpoint, Fault, FaultKind, Form, Manifest, Place, Scenario, Server};
use baton_planetscale_support::{Records, options, sync, sync_with};

fn with(kind: FaultKind, endpoint: Endpoint, times: Option<u32>) -> Scenario {
    let at = Place { endpoint: Some(endpoint), ..Place::default() };
    Scenario { faults: vec![Fault { at, times, kind }], ..Scenario::demo() }
}

fn status(status: u16) -> FaultKind {
    FaultKind::Status { status, body: None, content_type: None }
}

const LISTS: [Endpoint; 4] =
    [Endpoint::Organizations, Endpoint::Members, Endpoint::Teams, Endpoint::TeamMembers];

#[tokio::test(flavor = "multi_thread")]
async fn a_passing_fault_changes_nothing() {
    for endpoint in LISTS {
        for kind in [
            status(500),
            status(503),
            FaultKind::TooManyRequests { advice: Advice { form: Form::None, seconds: 0 } },
        ] {
            let scenario = with(kind, endpoint, Some(2));
            let manifest = Manifest::of(&scenario);
            let server = Server::start(scenario).expect("a server");
            let (result, found) = sync(&server, options(2)).await;
            result.unwrap_or_else(|error| panic!("{endpoint:?}: {error}"));
            assert_eq!(Records::of(&found).difference(&Records::expected(&manifest)), None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_refusal_nobody_asks_before_the_time_it_tells() {
    for form in Form::TELLING {
        let kind = FaultKind::TooManyRequests { advice: Advice { form, seconds: 3 } };
        let server = Server::start(with(kind, Endpoint::Teams, Some(1))).expect("a server");
        let (result, _) = sync(&server, options(1)).await;
        result.expect("a sync");
        let seen = server.requests();
        let refused = seen.iter().position(|request| request.status == Some(429)).expect("a refusal");
        let apart = seen[refused + 1].at_ms - seen[refused].at_ms;
        // A moment in whole seconds may be one second nearer.
        assert!(apart >= 1_900, "{form:?}: asked again after {apart} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lasting_refusal_ends_the_sync_with_the_error_for_what_to_do() {
    for (code, exit) in [(401, 16), (403, 7), (404, 7), (500, 14), (302, 13), (418, 13)] {
        for endpoint in LISTS {
            let server = Server::start(with(status(code), endpoint, None)).expect("a server");
            let (result, found) = sync(&server, options(2)).await;
            let error = result.expect_err("a refusal");
            assert_eq!(error.code(), exit, "{code} at {endpoint:?}: {error}");
            assert!(!found.finished);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_access_names_the_organization_and_the_access_it_takes() {
    let server = Server::start(with(status(404), Endpoint::Members, None)).expect("a server");
    let (result, _) = sync(&server, options(1)).await;
    let text = result.expect_err("a refusal").to_string();
    assert!(text.contains("organization") && text.contains("read_organization"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echoed_token_is_in_no_error() {
    for code in [400, 401, 403, 500] {
        let server = Server::start(with(FaultKind::EchoToken { status: code }, Endpoint::Members, None))
            .expect("a server");
        let (result, _) = sync(&server, options(1)).await;
        let text = result.expect_err("a refusal").to_string();
        let secret = server.service_token().split_once(':').expect("two halves").1;
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_and_a_dead_server_say_what_to_do() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let (result, _) = sync_with("wrong:token", server.url(), options(1)).await;
    assert_eq!(result.expect_err("a refusal").code(), 16);

    let (result, _) = sync_with("some:token", "http://127.0.0.1:9", options(1)).await;
    let error = result.expect_err("nobody listens");
    assert_eq!(error.code(), 14);
    assert!(error.to_string().contains("127.0.0.1:9"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_config_names_its_field_before_any_request() {
    for (token, url, field) in [
        ("nocolon", "http://127.0.0.1:9", "planetscale-service-token"),
        ("id:", "http://127.0.0.1:9", "planetscale-service-token"),
        ("", "http://127.0.0.1:9", "planetscale-service-token"),
        ("id:value", "http://127.0.0.1:9/?a=b", "planetscale-api-url"),
        ("id:value", "ftp://127.0.0.1", "planetscale-api-url"),
        ("id:value", "http://user@127.0.0.1:9", "planetscale-api-url"),
    ] {
        let (result, _) = sync_with(token, url, options(1)).await;
        let error = result.expect_err("a bad config");
        assert_eq!(error.code(), 3, "{error}");
        assert!(error.to_string().contains(field), "{error}");
        let typed = matches!(
            error,
            Error::Config { .. } | Error::Connector { error: contract::Error::Config(_), .. }
        );
        assert!(typed);
    }
}
