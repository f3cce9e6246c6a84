//! A connector only reads: what leaves beyond that, and what becomes of the credentials that it sends.

use std::sync::Arc;
use std::time::Duration;

use baton_host::journal::Kind;
use baton_host::{Allow, Error, SyncOptions};
use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::guests::misbehave;
use baton_planetscale_support::listener;
use tokio::net::TcpListener;

use crate::attack::{ends, tight};
use crate::secrets::Written;

/// How the hostile connector asks a path with a method.
async fn asks(server: &Server, method: &str, path: &str, allow: Allow) -> Error {
    let authority = server.address().to_string();
    let values = [
        ("mode", "elsewhere"),
        ("at", "list-grants"),
        ("api-url", server.url()),
        ("scheme", "http"),
        ("authority", &authority),
        ("method", method),
        ("path", path),
    ];
    let (result, _) = misbehave(&values, SyncOptions { allow, ..tight() }).await;
    result.expect_err("it reports")
}

/// The one exception that it declares.
fn token_request(server: &Server) -> Allow {
    let write = format!("POST {}/oauth/token", server.url()).parse().expect("a request");
    Allow { writes: vec![write], ..Allow::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_get_and_head_leaves_without_being_declared() {
    let server = Server::start(Scenario::demo()).expect("a server");
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"] {
        let error = asks(&server, method, "/v1/organizations", token_request(&server)).await;
        assert!(matches!(error, Error::Denied { .. }), "{method}: {error}");
        assert!(error.to_string().contains(&format!("tried to send {method} to 127.0.0.1")), "{error}");
        assert_eq!(error.code(), 7);
    }
    let error =
        ends(&[("mode", "another-method"), ("at", "validate"), ("api-url", server.url())], tight()).await;
    assert!(error.to_string().contains("x-http-method-override"), "{error}");
    assert_eq!(server.counters().connections, 0);
    for method in ["GET", "HEAD"] {
        let text = asks(&server, method, "/v1/organizations", Allow::default()).await.to_string();
        assert!(text.contains("outcome: status"), "{method}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_request_leaves_when_it_is_allowed_and_a_refusal_says_how() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let error = asks(&server, "POST", "/oauth/token", Allow::default()).await;
    assert!(matches!(error, Error::Denied { .. }), "{error}");
    let flag =
        format!("--allow-write 'POST {}/oauth/token'. Its reason: It gives an access token.", server.url());
    assert!(error.to_string().contains(&flag), "{error}");
    assert_eq!(server.counters().connections, 0);
    for path in ["/oauth/token", "/oauth/token?grant=x%2fy", "/%6fauth/%74oken"] {
        let error = asks(&server, "POST", path, token_request(&server)).await;
        assert!(error.to_string().contains("outcome: status"), "{path}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allowed_request_is_that_one_and_no_other() {
    let server = Server::start(Scenario::demo()).expect("a server");
    for (method, path) in [
        ("PUT", "/oauth/token"),
        ("POST", "/oauth/token/"),
        ("POST", "/oauth"),
        ("POST", "/oauth//token"),
        ("POST", "//oauth/token"),
        ("POST", "/oauth/./token"),
        ("POST", "/v1/../oauth/token"),
        ("POST", "/oauth/%2e%2e/oauth/token"),
        ("POST", "/oauth%2ftoken"),
        ("POST", "/oauth%5ctoken"),
        ("POST", "/OAuth/token"),
        ("POST", "/oauth/token;x"),
        ("POST", "/oauth/token%00"),
    ] {
        let error = asks(&server, method, path, token_request(&server)).await;
        assert!(matches!(error, Error::Denied { .. }), "{method} {path}: {error}");
    }
    assert_eq!(server.counters().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_origin_is_read_from_when_it_is_allowed() {
    let values = [
        ("mode", "elsewhere"),
        ("at", "validate"),
        ("scheme", "http"),
        ("authority", "127.0.0.1:1"),
        ("path", "/"),
    ];
    let error = ends(&values, tight()).await;
    assert!(error.to_string().contains("--allow-origin http://127.0.0.1:1. Its reason: Pictures"), "{error}");
    let origins = vec!["http://127.0.0.1:1".parse().expect("an origin")];
    let allowed = SyncOptions { allow: Allow { origins, ..Allow::default() }, ..tight() };
    let error = ends(&values, allowed.clone()).await;
    // It left, and nobody is there.
    assert!(error.to_string().contains("outcome: no reply: ErrorCode::ConnectionRefused"), "{error}");
    let mut post = values.to_vec();
    post.push(("method", "POST"));
    assert!(matches!(ends(&post, allowed).await, Error::Denied { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_declared_cannot_be_allowed() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let write = |text: String| Allow { writes: vec![text.parse().expect("a request")], ..Allow::default() };
    let origin = "https://files.example.com".parse().expect("an origin");
    for (field, allow) in [
        ("allow-write", write(format!("POST {}/oauth/tokens", server.url()))),
        ("allow-write", write(format!("PUT {}/oauth/token", server.url()))),
        ("allow-write", write("POST https://api.example.com/oauth/token".into())),
        ("allow-origin", Allow { origins: vec![origin], ..Allow::default() }),
    ] {
        let error = asks(&server, "GET", "/v1/organizations", allow).await;
        let Error::Config { field: told, message } = &error else { panic!("{error}") };
        assert_eq!(told, field);
        assert!(message.contains("the connector does not declare"), "{message}");
    }
    assert_eq!(server.counters().connections, 0);
}

/// A server that takes whatever comes and never answers.
async fn silent_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("a port"));
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            tokio::spawn(async move { tokio::io::copy(&mut connection, &mut tokio::io::sink()).await });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_has_so_many_headers_and_so_much_body() {
    let url = silent_server().await;
    let write = format!("POST {url}/oauth/token").parse().expect("a request");
    let mut options = SyncOptions { allow: Allow { writes: vec![write], ..Allow::default() }, ..tight() };
    options.limits.call = Duration::from_secs(60);
    for (mode, said) in [
        ("headers-many", "total size of fields exceeds limit"),
        ("body", "a request with more than 1048576 bytes of body"),
    ] {
        let error = ends(&[("mode", mode), ("at", "validate"), ("api-url", &url)], options.clone()).await;
        assert!(error.to_string().contains(said), "{mode}: {error}");
    }
}

/// What the hostile connector sends, and a part that must be nowhere.
const SENT: &str = "access-token-that-no-config-has";

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_was_sent_is_a_secret_wherever_it_comes_out() {
    let server = Server::start(Scenario::demo()).expect("a server");
    for header in ["authorization", "cookie", "x-hostile-key"] {
        for (mode, at) in [
            ("sent-error", "list-grants"),
            ("sent-record", "list-resources"),
            ("sent-token", "list-resources"),
            ("sent-warning", "list-resources"),
        ] {
            let (observer, heard) = listener();
            let journal = Arc::new(Written::default());
            let values = [("mode", mode), ("at", at), ("api-url", server.url()), ("method", header)];
            let options = SyncOptions { observer: Some(observer), journal: Some(journal.clone()), ..tight() };
            let (result, _) = misbehave(&values, options).await;
            let told = match &result {
                Ok(summary) => format!("{summary:?} {:?}", heard.lock()),
                Err(error) => format!("{error} {error:?} {:?}", heard.lock()),
            };
            assert!(!told.contains(SENT), "{header}, {mode}: {told}");
            let expected = match mode {
                "sent-error" | "sent-warning" => "the vendor gave [redacted]",
                _ => "a secret is in what the connector read",
            };
            assert!(told.contains(expected), "{header}, {mode}: {told}");
            let holds = |page: &Vec<u8>| page.windows(SENT.len()).any(|part| part == SENT.as_bytes());
            assert!(!journal.of(Kind::Page).iter().any(holds), "{header}, {mode}");
        }
    }
    // Of a user and a password in one text the password is one as well.
    let values = [("mode", "sent-basic"), ("at", "list-grants"), ("api-url", server.url())];
    let text = ends(&values, tight()).await.to_string();
    assert!(text.contains("the vendor knows [redacted] and ") && !text.contains("the-password"), "{text}");
    // Another header's value is none.
    let values =
        [("mode", "sent-error"), ("at", "validate"), ("api-url", server.url()), ("method", "x-other")];
    assert!(ends(&values, tight()).await.to_string().contains(SENT));
}
