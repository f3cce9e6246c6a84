//! A run that is ended by a deadline, and the one after it.

use std::time::Duration;

use baton_host::journal::Fingerprint;
use baton_host::{Config, Limits, Secret, SyncOptions};
use baton_planetscale_demo::{Endpoint, Fault, FaultKind, Phase, Place as At, Scenario, Server};
use baton_planetscale_support::{connector, options};
use baton_run::{Ended, Place, Run};

async fn run(server: &Server, place: &Place, sync: SyncOptions) -> Ended<()> {
    let connector = connector();
    let values = [
        ("planetscale-service-token".to_owned(), Secret::from(server.service_token())),
        ("planetscale-api-url".to_owned(), Secret::from(server.url())),
    ];
    let config = Config::new(&connector.config_schema().await.expect("a schema"), values).expect("a config");
    let same = Fingerprint::default();
    let day = Duration::from_secs(86_400);
    let run = Run { connector: &connector, config, sync, place, same: &same, resume_within: day };
    run.until(std::future::pending(), || {}).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_before_a_deadline_is_not_read_again() {
    let at = At { endpoint: Some(Endpoint::TeamMembers), ..At::default() };
    let kind = FaultKind::Stall { phase: Phase::InBody, for_ms: None };
    let faults = vec![Fault { at, times: Some(1), kind }];
    let server = Server::start(Scenario { faults, ..Scenario::demo() }).expect("a server");
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place { file: folder.path().join("sync.c1z"), temp_dir: None, keep: None };

    let limits = Limits { call: Duration::from_secs(3), ..Limits::default() };
    let ended = run(&server, &place, SyncOptions { limits, ..options(1) }).await;
    let Ended::Failed { error, kept } = ended else { panic!("it is not ended") };
    let baton_run::Error::Library(error) = error else { panic!("{error}") };
    assert!(matches!(error, baton_host::Error::Deadline { .. }) && error.code() == 4, "{error}");
    assert!(kept, "a deadline passes");
    let asked = server.counters().requests;

    let Ended::Complete(summary, written) = run(&server, &place, options(1)).await else {
        panic!("no result")
    };
    assert!(summary.taken_up > 0);
    assert_eq!(server.counters().repeated, 1, "only the page that hung is asked for again");
    assert!(asked > 1 && written.path.exists());
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing else is left");
}
