//! What toolchains bring of WASI is there, and leads nowhere.

use baton_host::Error;
use baton_planetscale_demo::{Scenario, Server};

use crate::attack::{ends, tight};

#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_sockets_names_files_variables_arguments_or_input() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let authority = server.address().to_string();
    for at in ["validate", "list-grants"] {
        let values =
            [("mode", "world"), ("at", at), ("api-url", server.url()), ("authority", authority.as_str())];
        let error = ends(&values, tight()).await;
        assert!(error.to_string().contains("open: []"), "{error}");
    }
    assert_eq!(server.counters().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn random_bytes_and_lines_without_end_end_at_the_deadline() {
    for mode in ["random-endless", "flood"] {
        let error = ends(&[("mode", mode), ("at", "list-resources")], tight()).await;
        assert!(matches!(error, Error::Deadline { .. }), "{mode}: {error}");
    }
    let error = ends(&[("mode", "random-gigabyte"), ("at", "validate")], tight()).await;
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    assert!(error.to_string().contains("exceeds limit"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_may_be_asked_a_million_times_and_not_be_waited_for_as_often_at_once() {
    let mut options = tight();
    options.limits.call = std::time::Duration::from_secs(60);
    let error = ends(&[("mode", "clock"), ("at", "validate")], options.clone()).await;
    assert!(error.to_string().contains("asked a million times"), "{error}");
    let error = ends(&[("mode", "moments"), ("at", "validate")], options).await;
    assert!(matches!(error, Error::Trap { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_says_in_which_function_and_what_the_connector_said_before_without_secrets() {
    let values = [("mode", "panic"), ("at", "list-grants"), ("token", "marked-id:marked-secret-value")];
    let error = ends(&values, tight()).await;
    let text = error.to_string();
    for said in [
        "listing grants of thing:1",
        "the connector crashed in list-grants (wasm trap: wasm `unreachable` instruction executed)",
        "\n  about to fail with [redacted]",
        "the reason that its author looks for",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!format!("{text} {error:?}").contains("marked-secret"), "{text}");
    assert_eq!(error.code(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_is_a_crash() {
    let error = ends(&[("mode", "exit"), ("at", "validate")], tight()).await;
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    assert!(error.to_string().contains("crashed in validate (it ended itself with exit code"), "{error}");
}
