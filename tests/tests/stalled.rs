//! An upload of which C1 stops reading. Two minutes are waited for in earnest; here the service is told fewer, in a
//! process of its own, because C1's certificate is named by the environment.

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use baton_host::{Config, Secret, SyncOptions};
use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::apart::again;
use baton_planetscale_support::connector;
use baton_planetscale_support::fake_c1::{CLIENT_ID, Event, FakeC1, Fault, Kind, Method, Options, id, sync};
use baton_service::messages::FinalState;
use baton_service::{Build, ClientId, ClientSecret, Setup, Timings};

const C1: &str = "STALLED_C1";
const C1_SECRET: &str = "STALLED_C1_SECRET";
const API: &str = "STALLED_API";
const TOKEN: &str = "STALLED_TOKEN";

/// The service, until its standard input ends.
async fn serve(host: String) {
    let variable = |name: &str| std::env::var(name).expect("a variable");
    let connector = connector();
    let schema = connector.config_schema().await.expect("a schema");
    let values = [
        ("planetscale-service-token".to_owned(), Secret::from(variable(TOKEN))),
        ("planetscale-api-url".to_owned(), Secret::from(variable(API))),
    ];
    let setup = Setup {
        client: ClientId::parse(CLIENT_ID).expect("a client id"),
        secret: Some(ClientSecret::parse(&Secret::from(variable(C1_SECRET))).expect("a secret")),
        api_host: Some(host),
        host_id: "host-1".into(),
        connector,
        config: Config::new(&schema, values).expect("a config"),
        sync: SyncOptions::default(),
        temp_dir: None,
        tasks: 1,
        skip_full_sync: false,
        provisioning: false,
        health: None,
        build: Build::default(),
        debug_log: None,
        timings: Timings { stalled: Duration::from_secs(1), ..Timings::default() },
    };
    let told = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let stop = async { drop(told.await) };
    baton_service::run(setup, stop).await.expect("a good end");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_c1_stops_reading_is_sent_again_over_another_connection() {
    if let Ok(host) = std::env::var(C1) {
        return serve(host).await;
    }
    let faults = vec![Fault::first(Method::Upload, 1, Kind::Deaf)];
    let c1 = FakeC1::start(Options { faults, ..Options::default() }).expect("a C1");
    let api = Server::start(Scenario::demo()).expect("an API");
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, c1.ca_pem()).expect("a certificate");
    c1.push(sync(1));
    let test = "stalled::an_upload_that_c1_stops_reading_is_sent_again_over_another_connection";
    let mut command = again(test).expect("this program");
    command.env(C1, c1.host()).env(C1_SECRET, c1.client_secret()).env(API, api.url());
    command.env(TOKEN, api.service_token()).env("SSL_CERT_FILE", &ca).stdin(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let finish = c1.finished(&id(1));
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    let uploads = c1.seen().into_iter().filter(|seen| matches!(seen.event, Event::Upload(_)));
    let connections: Vec<usize> = uploads.map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 1]);
    assert_eq!(c1.uploads(&id(1)).len(), 1);
}
