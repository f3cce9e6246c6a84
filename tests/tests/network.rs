//! TLS with a company's own authority, proxies, redirects, and servers that are slow or send too much.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use baton_host::{Limits, SyncOptions};
use baton_planetscale_demo::{Endpoint, Fault, FaultKind, Manifest, Options, Phase, Place, Scenario, Server};
use baton_planetscale_support::apart::again;
use baton_planetscale_support::proxy::{Manner, Proxy};
use baton_planetscale_support::tenant::{Errand, Report, sync_apart};
use baton_planetscale_support::{Records, options, sync, sync_with};
use tempfile::NamedTempFile;

/// A name that no resolver knows, so that only a proxy leads anywhere.
const NAME: &str = "planetscale.test";

fn tls(http2: bool, names: &[&str]) -> (Server, NamedTempFile) {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let options = Options { tls: true, http2, names, ..Options::default() };
    let server = Server::start_with(Scenario::demo(), options).expect("a server");
    let mut ca = NamedTempFile::new().expect("a file");
    ca.write_all(server.ca_pem().expect("a certificate").as_bytes()).expect("a file");
    (server, ca)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

async fn apart(url: &str, server: &Server, variables: &[(&str, &str)]) -> Report {
    let command = again(ERRANDS).expect("this program");
    sync_apart(command, url, server.service_token(), variables).await.expect("a report")
}

/// The test that does what a process of its own is started for.
const ERRANDS: &str = "network::a_process_of_its_own_finds_what_this_one_finds";

#[tokio::test(flavor = "multi_thread")]
async fn a_process_of_its_own_finds_what_this_one_finds() {
    if let Some(errand) = Errand::of_this_process() {
        return errand.run().await.expect("a report");
    }
    let server = Server::start(Scenario::demo()).expect("a server");
    is_the_demo(&apart(server.url(), &server, &[]).await);
}

fn is_the_demo(report: &Report) {
    assert_eq!((report.code, report.message.as_str()), (0, ""));
    let expected = Records::expected(&Manifest::of(&Scenario::demo()));
    assert_eq!(report.records.difference(&expected), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_authority_is_trusted_when_its_file_is_named() {
    for http2 in [false, true] {
        let (server, ca) = tls(http2, &[]);
        let port = server.address().port();
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("https://{host}:{port}");
            is_the_demo(&apart(&url, &server, &[("SSL_CERT_FILE", text(ca.path()))]).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_trusted_or_for_another_name_ends_the_sync() {
    let (server, _) = tls(true, &[]);
    let (_, other_ca) = tls(true, &[]);
    for variables in [vec![], vec![("SSL_CERT_FILE", text(other_ca.path()))]] {
        let report = apart(server.url(), &server, &variables).await;
        assert_eq!(report.code, 14, "{}", report.message);
        let said = ["certificate", "SSL_CERT_FILE"].iter().all(|word| report.message.contains(word));
        assert!(said, "{}", report.message);
    }
    let (server, ca) = tls(true, &["other.test"]);
    let proxy = Proxy::start(server.address(), Manner::Open).await.expect("a proxy");
    let proxy = format!("http://{}", proxy.address());
    let variables = [("HTTPS_PROXY", proxy.as_str()), ("SSL_CERT_FILE", text(ca.path()))];
    let report = apart(&format!("https://{NAME}"), &server, &variables).await;
    assert_eq!(report.code, 14, "{}", report.message);
    assert!(report.message.contains("certificate"), "{}", report.message);
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_certificates_without_any_says_so() {
    let (server, _) = tls(true, &[]);
    let empty = NamedTempFile::new().expect("a file");
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = Path::new("/nowhere/ca.pem");
    for (name, path) in
        [("SSL_CERT_FILE", empty.path()), ("SSL_CERT_FILE", nowhere), ("SSL_CERT_DIR", folder.path())]
    {
        let report = apart(server.url(), &server, &[(name, text(path))]).await;
        assert_eq!(report.code, 2, "{}", report.message);
        let told = format!("there are no CA certificates in {name}={}", path.display());
        assert!(report.message.starts_with(&told), "{}", report.message);
        assert!(report.message.contains("name a PEM file"), "{}", report.message);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_requests_go_through_the_proxy_of_the_environment() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let proxy = Proxy::start(server.address(), Manner::Credentials("Basic cHJveHktdXNlcjpwcm94eS1wYXNz"));
    let proxy = proxy.await.expect("a proxy");
    let url = format!("http://{NAME}");
    let address = format!("http://proxy-user:proxy-pass@{}", proxy.address());
    is_the_demo(&apart(&url, &server, &[("HTTP_PROXY", &address)]).await);
    let asked = proxy.asked();
    assert!(!asked.is_empty());
    assert!(asked.iter().all(|asked| asked.line.starts_with("GET http://planetscale.test/v1/organizations")));
    for seen in server.requests() {
        assert!(seen.authorized && seen.host == NAME, "{seen:?}");
        assert!(!seen.header_names.iter().any(|name| name.starts_with("proxy-")), "{seen:?}");
    }

    let without = format!("http://{}", proxy.address());
    let report = apart(&url, &server, &[("HTTP_PROXY", &without)]).await;
    assert_ne!(report.code, 0);
    assert!(report.message.contains("407"), "{}", report.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_requests_go_through_a_tunnel_of_the_proxy() {
    let (server, ca) = tls(true, &[NAME]);
    let right = Manner::Credentials("Basic cHJveHktdXNlcjpwcm94eS1wYXNz");
    let proxy = Proxy::start(server.address(), right).await.expect("a proxy");
    let url = format!("https://{NAME}");
    let address = format!("http://proxy-user:proxy-pass@{}", proxy.address());
    let ca = text(ca.path());
    is_the_demo(&apart(&url, &server, &[("HTTPS_PROXY", &address), ("SSL_CERT_FILE", ca)]).await);
    let asked = proxy.asked();
    assert!(!asked.is_empty() && asked.len() <= 2, "{asked:?}");
    assert!(asked.iter().all(|asked| asked.line == "CONNECT planetscale.test:443"), "{asked:?}");

    let without = format!("http://{}", proxy.address());
    let report = apart(&url, &server, &[("HTTPS_PROXY", &without), ("SSL_CERT_FILE", ca)]).await;
    assert_eq!(report.code, 14, "{}", report.message);
    assert!(report.message.contains("proxy"), "{}", report.message);
    assert!(!report.message.contains("proxy-pass"), "{}", report.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_or_is_dead_ends_the_sync() {
    let (server, ca) = tls(true, &[NAME]);
    let proxy = Proxy::start(server.address(), Manner::Closed).await.expect("a proxy");
    let closed = format!("http://{}", proxy.address());
    for address in [closed.as_str(), "http://127.0.0.1:9", "socks5://127.0.0.1:9"] {
        let variables = [("HTTPS_PROXY", address), ("SSL_CERT_FILE", text(ca.path()))];
        let report = apart(&format!("https://{NAME}"), &server, &variables).await;
        assert_eq!(report.code, 14, "{address}: {}", report.message);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_and_what_no_proxy_names_are_reached_directly() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let proxy = Proxy::start(server.address(), Manner::Open).await.expect("a proxy");
    let address = format!("http://{}", proxy.address());
    is_the_demo(&apart(server.url(), &server, &[("HTTP_PROXY", &address)]).await);
    let variables = [("HTTP_PROXY", address.as_str()), ("NO_PROXY", NAME)];
    let report = apart(&format!("http://{NAME}"), &server, &variables).await;
    assert_eq!(report.code, 14, "{}", report.message);
    assert!(report.message.contains("could not be resolved"), "{}", report.message);
    assert!(proxy.asked().is_empty());
}

/// This program again, where this machine's file of names says that a public name is here.
#[cfg(target_os = "linux")]
fn where_a_name_leads_to(address: &str, folder: &Path) -> Command {
    let hosts = folder.join("hosts");
    std::fs::write(&hosts, format!("127.0.0.1 localhost\n{address} {NAME}\n")).expect("a file");
    let again = again(ERRANDS).expect("this program");
    // A mount that only this process and its children see.
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
    command.args(["mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"", "sh"]);
    command.arg(hosts).arg(again.get_program()).args(again.get_args());
    command
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_public_name_that_leads_to_this_machine_or_a_metadata_service_is_not_asked() {
    let server = Server::start(Scenario::demo()).expect("a server");
    let url = |name: &str| format!("http://{name}:{}", server.address().port());
    for address in ["127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "fe80::1"] {
        let folder = tempfile::tempdir().expect("a folder");
        let program = where_a_name_leads_to(address, folder.path());
        let report = sync_apart(program, &url(NAME), server.service_token(), &[]).await;
        let report = report.expect("a process with a mount of its own");
        assert_eq!(report.code, 14, "{address}: {}", report.message);
        assert!(report.message.contains("could not be resolved"), "{address}: {}", report.message);
        assert_eq!(server.counters().connections, 0, "{address} was asked");
    }
    // The same way leads to the same server when the name says that it is this machine.
    let folder = tempfile::tempdir().expect("a folder");
    let program = where_a_name_leads_to("127.0.0.1", folder.path());
    let report = sync_apart(program, &url("localhost"), server.service_token(), &[]).await;
    is_the_demo(&report.expect("a process with a mount of its own"));
}

fn at_members(kind: FaultKind) -> Scenario {
    let at = Place { endpoint: Some(Endpoint::Members), ..Place::default() };
    Scenario { faults: vec![Fault { at, times: None, kind }], ..Scenario::demo() }
}

/// Options under which a request has a moment and is tried twice.
fn impatient() -> SyncOptions {
    let mut options = options(2);
    options.limits = Limits { request: Duration::from_millis(400), ..Limits::default() };
    options.retry.attempts = 2;
    options
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed_anywhere() {
    let other = Server::start(Scenario::demo()).expect("another server");
    let elsewhere = format!("{}/v1/organizations", other.url());
    for location in [elsewhere.as_str(), "/v1/organizations", "https://evil.test/"] {
        for status in [301, 302, 303, 307, 308] {
            let kind = FaultKind::Redirect { status, location: location.to_owned() };
            let server = Server::start(at_members(kind)).expect("a server");
            let (result, found) = sync(&server, options(1)).await;
            let error = result.expect_err("a redirect");
            assert_eq!(error.code(), 13, "{error}");
            assert!(!found.finished);
        }
    }
    assert_eq!(other.counters().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stalls_or_drips_is_given_up() {
    let mut kinds: Vec<FaultKind> =
        Phase::ALL.map(|phase| FaultKind::Stall { phase, for_ms: None }).into_iter().collect();
    kinds.push(FaultKind::Drip { bytes: 1, every_ms: 20 });
    for kind in kinds {
        let server = Server::start(at_members(kind.clone())).expect("a server");
        let (result, _) = sync(&server, impatient()).await;
        let error = result.expect_err("no reply");
        assert_eq!(error.code(), 14, "{kind:?}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_that_stalls_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("a port"));
    let silent = tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok(connection) = listener.accept().await {
            open.push(connection);
        }
    });
    let (result, _) = sync_with("some-id:some-value", &url, impatient()).await;
    assert_eq!(result.expect_err("no reply").code(), 14);
    silent.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_too_large_is_not_taken_in() {
    let server = Server::start(at_members(FaultKind::Pad { bytes: 17 << 20 })).expect("a server");
    let (result, found) = sync(&server, options(1)).await;
    let error = result.expect_err("too large");
    assert_eq!(error.code(), 13, "{error}");
    assert!(error.to_string().contains("16 MiB"), "{error}");
    assert!(!found.finished);
}
