//! What stands between a company and the API: proxies and who is reached past them, gateways that add headers, and
//! certificates as people have them.

use std::time::Duration;

use baton_host::SyncOptions;
use baton_planetscale_demo::{
    Authority, Endpoint, Fault, FaultKind, Manifest, Options, Place, RateLimit, Scenario, Seen, Server,
};
use baton_planetscale_support::proxy::{Manner, Proxy};
use baton_planetscale_support::{Records, listener, options, sync};

use crate::network::{NAME, apart, is_the_demo, text, tls, tls_with};

#[tokio::test(flavor = "multi_thread")]
async fn what_no_proxy_names_in_any_form_that_go_honours_is_reached_directly() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let proxy = Proxy::start(server.address(), Manner::Open).await.expect("a proxy");
    let address = format!("http://{}", proxy.address());
    let url = format!("http://{NAME}");
    for list in ["*.test", "other.example, PLANETSCALE.test:80", " * "] {
        let variables = [("HTTP_PROXY", address.as_str()), ("NO_PROXY", list)];
        let report = apart(&url, &server, &variables).await;
        assert_eq!(report.code, 14, "{list}: {}", report.message);
        assert!(report.message.contains("could not be resolved"), "{list}: {}", report.message);
        assert_eq!(proxy.asked().len(), 0, "{list}");
    }
    // These name something else, and a variable that is empty says nothing.
    let variables = [
        ("HTTP_PROXY", ""),
        ("http_proxy", address.as_str()),
        ("no_proxy", "*.planetscale.test,planetscale.test:81"),
    ];
    is_the_demo(&apart(&url, &server, &variables).await);
    assert!(!proxy.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_says_much_opens_its_tunnel() {
    let (server, ca) = tls(true, &[NAME]);
    let url = format!("https://{NAME}");
    for (bytes, code) in [(10_000, 0), (200_000, 0), (600_000, 14)] {
        let proxy = Proxy::start(server.address(), Manner::Wordy(bytes)).await.expect("a proxy");
        let address = format!("http://{}", proxy.address());
        let variables = [("HTTPS_PROXY", address.as_str()), ("SSL_CERT_FILE", text(ca.path()))];
        let report = apart(&url, &server, &variables).await;
        assert_eq!(report.code, code, "{bytes}: {}", report.message);
    }
}

fn with_headers(count: usize, bytes: usize) -> Scenario {
    let at = Place { endpoint: Some(Endpoint::Members), ..Place::default() };
    let kind = FaultKind::Headers { count, bytes };
    Scenario { faults: vec![Fault { at, times: None, kind }], ..Scenario::demo() }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_heads_are_taken_in_and_larger_ones_refused() {
    for (count, bytes, taken) in
        [(1, 60_000, true), (120, 100, true), (480, 500, true), (1, 600_000, false), (600, 10, false)]
    {
        let server = Server::start(with_headers(count, bytes)).expect("a server");
        let (result, found) = sync(&server, options(2)).await;
        match taken {
            true => {
                result.unwrap_or_else(|error| panic!("{count} headers of {bytes}: {error}"));
                let expected = Records::expected(&Manifest::of(&Scenario::demo()));
                assert_eq!(Records::of(&found).difference(&expected), None);
            }
            false => assert_eq!(result.expect_err("too large").code(), 14, "{count} headers of {bytes}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_heads_are_taken_in_over_http_2() {
    for (count, bytes) in [(1, 40_000), (480, 500)] {
        let (server, ca) = tls_with(with_headers(count, bytes), Options::default());
        is_the_demo(&apart(server.url(), &server, &[("SSL_CERT_FILE", text(ca.path()))]).await);
        assert!(server.requests().iter().all(|seen| seen.http2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_are_asked_for_compressed_and_come_to_the_component_unpacked() {
    let expected = Records::expected(&Manifest::of(&Scenario::demo()));
    let mut bytes = Vec::new();
    for compressed in [true, false] {
        let server = Server::start_with(Scenario::demo(), Options { gzip: true, ..Options::default() });
        let server = server.expect("a server");
        let (result, found) = sync(&server, SyncOptions { compressed, ..options(2) }).await;
        result.expect("a sync");
        assert_eq!(Records::of(&found).difference(&expected), None);
        let asks = |seen: &Seen| seen.header_names.iter().any(|name| name == "accept-encoding");
        assert!(server.requests().iter().all(|seen| asks(seen) == compressed));
        bytes.push(server.counters().body_bytes);
    }
    assert!(bytes[0] * 2 < bytes[1], "{bytes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_reply_that_would_fill_the_memory_is_refused() {
    let at = Place { endpoint: Some(Endpoint::Members), ..Place::default() };
    let fault = Fault { at, times: None, kind: FaultKind::Bomb { bytes: 18 << 20 } };
    let server = Server::start(Scenario { faults: vec![fault], ..Scenario::demo() }).expect("a server");
    let (result, _) = sync(&server, options(1)).await;
    let error = result.expect_err("too large");
    assert_eq!(error.code(), 13, "{error}");
    assert!(error.to_string().contains("16 MiB"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_as_people_have_them_are_trusted_when_their_file_is_named() {
    for authority in [Authority::Oneself, Authority::P521] {
        let options = || Options { authority, ..Options::default() };
        let (server, ca) = tls_with(Scenario::demo(), options());
        let (_, other) = tls_with(Scenario::demo(), options());
        is_the_demo(&apart(server.url(), &server, &[("SSL_CERT_FILE", text(ca.path()))]).await);
        server.forget();
        // What helps is told, and not what was done already; and no list of numbers is.
        for (variables, said) in [
            (vec![], "name a PEM file of "),
            (vec![("SSL_CERT_FILE", text(other.path()))], "in SSL_CERT_FILE="),
            (vec![("SSL_CERT_FILE", text(other.path()))], text(other.path())),
        ] {
            let report = apart(server.url(), &server, &variables).await;
            assert_eq!(report.code, 14, "{}", report.message);
            let message = report.message.replace("not among those of", "not in");
            assert!(message.contains(said), "{authority:?}: {said}: {message}");
            assert!(!message.contains("Context") && !message.contains("[6, 8"), "{message}");
            assert!(variables.is_empty() || !message.contains("name a"), "{message}");
        }
        assert!(server.requests().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_a_good_reply_asks_for_is_told_and_nobody_asks_meanwhile() {
    let limit = RateLimit { requests: 3, window_ms: 3_600_000, told: true, ..RateLimit::default() };
    let server = Server::start(Scenario { rate_limit: Some(limit), ..Scenario::demo() }).expect("a server");
    let (observer, heard) = listener();
    let waiting = "waiting: the API says that nothing is left of its limit on requests";
    let told = async {
        while !heard.lock().expect("a lock").iter().any(|text| text == waiting) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        (result, _) = sync(&server, SyncOptions { observer: Some(observer), ..options(4) }) => {
            panic!("it ended: {result:?}")
        }
        () = told => {}
    }
    // What is on its way is taken off what is left, so it may be less. Of two replies that come at once the first is heeded
    // when the second is no longer on its way and not heeded yet: then one request may go between them.
    assert!(server.requests().len() <= 4, "{:?}", server.requests());
    assert!(server.counters().too_many <= 1);
    let times = heard.lock().expect("a lock").iter().filter(|text| *text == waiting).count();
    assert!(times <= 2, "it is told once, not by each worker: {times}");
}
