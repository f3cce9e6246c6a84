//! What a component may reach: the origin of its config and the values of its schema, and nothing else.

use baton_host::Error;
use baton_planetscale_demo::{Fault, FaultKind, Place, Scenario, Server};
use baton_planetscale_support::guests::misbehave;

use crate::attack::{ends, tight};

#[tokio::test(flavor = "multi_thread")]
async fn no_value_is_read_that_the_schema_does_not_name() {
    let values = [("mode", "config"), ("at", "validate"), ("token", "its:own-token")];
    let error = ends(&values, tight()).await;
    assert!(error.to_string().contains("found: []"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_but_the_origin_of_the_config_is_reached() {
    let allowed = Server::start(Scenario::demo()).expect("a server");
    let other = Server::start(Scenario::demo()).expect("another server");
    let (port, other_port) = (allowed.address().port(), other.address().port());
    let at = |authority: &str, port: u16| authority.replace("PORT", &port.to_string());
    for (scheme, authority) in [
        // Another port, in every spelling of the address.
        ("http", at("127.0.0.1:PORT", other_port)),
        ("http", at("2130706433:PORT", other_port)),
        ("http", at("0x7f.1:PORT", other_port)),
        ("http", at("[::ffff:127.0.0.1]:PORT", other_port)),
        // The right port by another name, address or scheme.
        ("http", at("localhost:PORT", port)),
        ("http", at("127.0.0.2:PORT", port)),
        ("http", at("0.0.0.0:PORT", port)),
        ("http", at("[::1]:PORT", port)),
        ("http", at("[::ffff:127.0.0.1]:PORT", port)),
        ("https", at("127.0.0.1:PORT", port)),
        ("ftp", at("127.0.0.1:PORT", port)),
        ("http", "127.0.0.1".to_owned()),
        // The allowed one as decoration.
        ("http", at("127.0.0.1:PORT@evil.test", port)),
        ("http", at("user:password@127.0.0.1:PORT", port)),
        ("http", at("evil.test#127.0.0.1:PORT", port)),
        ("http", "169.254.169.254".to_owned()),
        ("http", "metadata.google.internal".to_owned()),
    ] {
        let values = [
            ("mode", "elsewhere"),
            ("at", "list-grants"),
            ("api-url", allowed.url()),
            ("scheme", scheme),
            ("authority", &authority),
            ("path", "/v1/organizations"),
        ];
        let (result, _) = misbehave(&values, tight()).await;
        let error = result.err().unwrap_or_else(|| panic!("{scheme}://{authority} should have failed"));
        // Refused by the host's types, or by the allow-list: never sent.
        let text = error.to_string();
        assert!(!text.contains("status"), "{scheme}://{authority}: {text}");
        assert!(!text.contains("password"), "{text}");
        let refused = text.contains("refused") || text.contains("not sent");
        assert!(matches!(error, Error::Denied { .. }) || refused, "{scheme}://{authority}: {text}");
    }
    for server in [&allowed, &other] {
        assert_eq!(server.counters().connections, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_origin_of_the_config_is_reached_under_its_own_name_however_it_is_spelt() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let port = server.address().port();
    for authority in ["127.0.0.1", "0x7f.1", "2130706433", "127.1", "0177.0.0.1"] {
        let authority = format!("{authority}:{port}");
        let values = [
            ("mode", "elsewhere"),
            ("at", "list-grants"),
            ("api-url", server.url()),
            ("scheme", "http"),
            ("authority", &authority),
            ("path", "/v1/organizations"),
        ];
        let (result, _) = misbehave(&values, tight()).await;
        let text = result.expect_err("it reports").to_string();
        assert!(text.contains("outcome: status 401"), "{authority}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_url_in_the_config_nothing_is_reached() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let authority = server.address().to_string();
    let values = [
        ("mode", "elsewhere"),
        ("at", "validate"),
        ("scheme", "http"),
        ("authority", &authority),
        ("path", "/"),
    ];
    let error = ends(&values, tight()).await;
    assert!(matches!(&error, Error::Denied { .. }), "{error}");
    assert!(error.to_string().contains(&authority), "{error}");
    assert_eq!((error.code(), server.counters().connections), (7, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_to_the_allowed_origin_is_refused() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let authority = server.address().to_string();
    let values = [
        ("mode", "elsewhere"),
        ("at", "validate"),
        ("api-url", server.url()),
        ("scheme", "http"),
        ("method", "CONNECT"),
        ("authority", &authority),
        ("path", "/"),
    ];
    let error = ends(&values, tight()).await;
    assert!(matches!(error, Error::Denied { .. }), "{error}");
    assert_eq!(server.counters().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_the_host_and_hidden_requests_are_refused() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let values = [("mode", "headers"), ("at", "validate"), ("api-url", server.url())];
    let error = ends(&values, tight()).await;
    assert!(error.to_string().contains("taken: []"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_told_to_the_component_and_leads_nowhere() {
    let other = Server::start(Scenario::demo()).expect("another server");
    let location = format!("{}/v1/organizations", other.url());
    for status in [301, 302, 303, 307, 308] {
        let kind = FaultKind::Redirect { status, location: location.clone() };
        let faults = vec![Fault { at: Place::default(), times: None, kind }];
        let server = Server::start(Scenario { faults, ..Scenario::demo() }).expect("a server");
        let authority = server.address().to_string();
        let values = [
            ("mode", "elsewhere"),
            ("at", "list-grants"),
            ("api-url", server.url()),
            ("scheme", "http"),
            ("authority", &authority),
            ("path", "/v1/organizations"),
        ];
        let (result, _) = misbehave(&values, tight()).await;
        let text = result.expect_err("it reports").to_string();
        assert!(text.contains(&format!("outcome: status {status}")), "{text}");
    }
    assert_eq!(other.counters().connections, 0);
}
