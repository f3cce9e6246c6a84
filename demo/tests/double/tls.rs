//! TLS with a private authority, HTTP/2 and HTTP/1.1 over it, kept-alive connections.

use baton_planetscale_demo::{Fault, FaultKind, Options, Phase, Place, Scenario, Server};
use http::{Request, Version};
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

type Https = Client<hyper_rustls::HttpsConnector<HttpConnector>, Empty<bytes::Bytes>>;

fn client(server: &Server) -> Https {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let https = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_only()
        .enable_all_versions()
        .build();
    Client::builder(TokioExecutor::new()).build(https)
}

/// Version, status and length of the body; `None` when there is no whole reply.
async fn get(client: &Https, server: &Server) -> Option<(Version, u16, usize)> {
    let request = Request::get(format!("{}/v1/organizations", server.url()))
        .header("authorization", server.service_token())
        .body(Empty::new())
        .unwrap();
    let reply = client.request(request).await.ok()?;
    let (version, status) = (reply.version(), reply.status().as_u16());
    Some((version, status, reply.into_body().collect().await.ok()?.to_bytes().len()))
}

fn start(http2: bool, faults: Vec<Fault>) -> Server {
    let scenario = Scenario { faults, ..Scenario::demo() };
    Server::start_with(scenario, Options { tls: true, http2, ..Options::default() }).unwrap()
}

#[tokio::test]
async fn both_protocols_answer_over_tls_on_one_connection() {
    for (http2, version) in [(true, Version::HTTP_2), (false, Version::HTTP_11)] {
        let server = start(http2, Vec::new());
        assert!(server.url().starts_with("https://"));
        let client = client(&server);
        for _ in 0..3 {
            let (got, status, length) = get(&client, &server).await.unwrap();
            assert_eq!((got, status), (version, 200));
            assert!(length > 1000);
        }
        let counters = server.counters();
        assert_eq!((counters.requests, counters.connections), (3, 1));
        assert!(server.requests().iter().all(|r| r.http2 == http2));
    }
}

#[tokio::test]
async fn who_does_not_know_the_authority_does_not_get_through() {
    let (server, other) = (start(true, Vec::new()), start(true, Vec::new()));
    assert!(get(&client(&other), &server).await.is_none());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn over_http2_a_cut_resets_the_stream_and_a_pause_ends_well() {
    let at = Place::default;
    let server = start(
        true,
        vec![
            Fault {
                at: at(),
                times: Some(1),
                kind: FaultKind::Stall { phase: Phase::InBody, for_ms: Some(10) },
            },
            Fault {
                at: at(),
                times: Some(1),
                kind: FaultKind::Cut { phase: Phase::InBody, cut: Default::default() },
            },
        ],
    );
    let client = client(&server);
    assert_eq!(get(&client, &server).await.unwrap().1, 200);
    assert!(get(&client, &server).await.is_none());
    assert_eq!(get(&client, &server).await.unwrap().1, 200);
    assert_eq!(server.struck(), [1, 1]);
}
