//! Components that attack the host: each meets its limit, in a sentence, and a second tenant does not notice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use baton_host::sink::Memory;
use baton_host::{Config, Error, Limits, SyncOptions};
use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::guests::{core_connector, misbehave};
use baton_planetscale_support::{listener, options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::attack::{beside_a_healthy_sync, ends, tight};

const EXPORTS: [&str; 5] =
    ["validate", "list-resource-types", "list-resources", "list-entitlements", "list-grants"];

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_in_any_export_ends_at_the_deadline() {
    for export in EXPORTS {
        let error = ends(&[("mode", "spin"), ("at", export)], tight()).await;
        assert!(matches!(error, Error::Deadline { .. }), "{export}: {error}");
        assert_eq!(error.code(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_before_there_is_config_ends_at_the_deadline() {
    for parts in [
        include_str!("../guests/core/start.wat"),
        include_str!("../guests/core/metadata.wat"),
        include_str!("../guests/core/schema.wat"),
    ] {
        let connector = core_connector(parts).limited(tight().limits);
        let error = match connector.metadata().await {
            Err(error @ Error::Deadline { .. }) => error,
            _ => connector.config_schema().await.expect_err("it hangs"),
        };
        assert!(matches!(error, Error::Deadline { .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recursion_ends_at_the_end_of_the_stack() {
    let error = ends(&[("mode", "recursion"), ("at", "list-grants")], tight()).await;
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    assert!(error.to_string().contains("stack"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_memory_than_allowed_ends_the_call() {
    for mode in ["memory", "gigabyte"] {
        let error = ends(&[("mode", mode), ("at", "list-resources")], tight()).await;
        assert!(matches!(error, Error::Memory { mebibytes: 128, .. }), "{mode}: {error}");
        assert_eq!(error.code(), 8);
    }
    let error = ends(&[("mode", "million"), ("at", "list-resources")], options(1)).await;
    assert!(matches!(error, Error::Memory { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_and_tables_that_are_too_large_from_the_start_end_the_call() {
    for parts in [include_str!("../guests/core/large.wat"), include_str!("../guests/core/table.wat")] {
        let error = core_connector(parts).resource_types().await.expect_err("too large");
        assert!(matches!(error, Error::Memory { .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_lie_about_their_place_or_share_it_cost_the_host_nothing() {
    let error = core_connector(include_str!("../guests/core/pointer.wat")).resource_types().await;
    assert!(matches!(error, Err(Error::Trap { .. })), "{error:?}");
    let error = core_connector(include_str!("../guests/core/alias.wat")).resource_types().await;
    assert!(matches!(error, Err(Error::Memory { .. })), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_without_end_end() {
    for (mode, said) in [
        ("endless", "a list of more than 1000 pages"),
        ("tokens", "a list of more than 1000 pages"),
        ("token-again", "next page token unchanged"),
        ("token-long", "too long"),
        ("children", "more than 2000 pages"),
    ] {
        let mut options = tight();
        options.limits.pages = 2_000;
        let error = ends(&[("mode", mode), ("at", "list-resources")], options).await;
        assert!(matches!(error, Error::Contract { .. }), "{mode}: {error}");
        assert!(error.to_string().contains(said), "{mode}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_too_many_records_is_refused() {
    let error = ends(&[("mode", "million"), ("at", "list-grants")], options(1)).await;
    assert!(error.to_string().contains("a page of 150000 records"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_warnings_is_cut_and_counted() {
    for (mode, kept, more) in [("warnings", 6, 0), ("warnings-many", 1_000, 999_000)] {
        let (result, found) =
            beside_a_healthy_sync(misbehave(&[("mode", mode), ("at", "list-resources")], options(1))).await;
        let summary = result.unwrap_or_else(|error| panic!("{mode}: {error}"));
        assert_eq!((summary.warnings.len(), summary.more_warnings), (kept, more), "{mode}");
        for warning in &summary.warnings {
            let id = warning.resource.as_ref().map_or(0, |resource| resource.id.len());
            assert!(warning.message.len() <= 1_000 && id <= 1_024, "{mode}");
        }
        assert!(found.finished);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_requests_at_once_open_no_more_connections_than_allowed() {
    let scenario = Scenario { latency_ms: 20, ..Scenario::demo() };
    let server = Server::start(scenario).expect("a server");
    let values = [("mode", "open"), ("at", "validate"), ("api-url", server.url())];
    let error = ends(&values, tight()).await;
    assert!(matches!(error, Error::Contract { .. }), "{error}");
    assert!(error.to_string().contains("requests at the same time"), "{error}");
    let limit = Limits::default().open_requests as u64;
    assert!(server.counters().connections <= limit, "{} connections", server.counters().connections);
}

/// A server whose replies never end. Where it is, and how many connections it had.
async fn endless_server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("a port"));
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let mut asked = [0; 1_024];
                assert!(connection.read(&mut asked).await.is_ok_and(|length| length > 0), "no request");
                let mut piece: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
                while connection.write_all(piece).await.is_ok() {
                    piece = b"1\r\nx\r\n";
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            });
        }
    });
    (url, connections)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_drips_for_ever_ends_at_the_deadline() {
    let (url, connections) = endless_server().await;
    let values = [("mode", "slow"), ("at", "list-grants"), ("api-url", url.as_str()), ("path", "/")];
    let error = ends(&values, tight()).await;
    assert!(matches!(error, Error::Deadline { .. }), "{error}");
    assert!(connections.load(Ordering::Relaxed) > 0, "it asked nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hang_before_there_is_config_does_not_outlast_the_sync_that_asks() {
    let connector = core_connector(include_str!("../guests/core/metadata.wat"));
    let config = Config::new(&[], []).expect("an empty config");
    let error = connector.sync(config, &mut Memory::default(), tight()).await.expect_err("it hangs");
    assert!(matches!(error, Error::Deadline { .. }), "{error}");
}

/// The token that the behaviours below put where it does not belong.
const TOKEN: &str = "marked-id:marked-secret-value";

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_a_record_or_page_token_ends_the_sync() {
    for (mode, at) in
        [("echo-record", "list-resources"), ("echo-token", "list-resources"), ("echo-grant", "list-grants")]
    {
        let error = ends(&[("mode", mode), ("at", at), ("token", TOKEN)], tight()).await;
        assert!(matches!(error, Error::Contract { .. }), "{mode}: {error}");
        assert!(error.to_string().contains("a secret is in what"), "{mode}: {error}");
        assert!(!format!("{error} {error:?}").contains("marked-secret"), "{mode}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_an_error_a_warning_or_an_address_is_not_shown() {
    let server = Server::start(Scenario::demo()).expect("a server");
    for mode in ["echo-error", "echo-host", "echo-path"] {
        let values = [("mode", mode), ("at", "validate"), ("token", TOKEN), ("api-url", server.url())];
        let error = ends(&values, tight()).await;
        assert!(!format!("{error} {error:?}").contains("marked-s"), "{mode}: {error}");
    }
    let (observer, heard) = listener();
    let values = [("mode", "echo-warning"), ("at", "list-resources"), ("token", TOKEN)];
    let (result, _) = misbehave(&values, SyncOptions { observer: Some(observer), ..tight() }).await;
    let told = format!("{:?} {:?}", result.expect("a sync").warnings, heard.lock());
    assert!(told.contains("www[redacted]") && !told.contains("marked-s"), "{told}");
}
