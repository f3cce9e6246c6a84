//! What comes out of a sync is what the scenario says, record for record.

use baton_planetscale_demo::{Manifest, Scenario, Server};
use baton_planetscale_support::{Records, options, sync};

async fn gives_the_manifest(scenario: Scenario, workers: usize) {
    let manifest = Manifest::of(&scenario);
    let name = scenario.name.clone();
    let server = Server::start(scenario).expect("a server");
    let (result, found) = sync(&server, options(workers)).await;
    if manifest.error.is_some() {
        assert!(result.is_err() && !found.finished, "{name}: should have failed");
        return;
    }
    let summary = result.unwrap_or_else(|error| panic!("{name} with {workers} workers: {error}"));
    assert!(found.finished);
    if let Some(difference) = Records::of(&found).difference(&Records::expected(&manifest)) {
        panic!("{name} with {workers} workers: {difference}");
    }
    for expected in &manifest.warnings {
        let told = summary.warnings.iter().any(|warning| {
            // What turns the order of letters around is escaped where it is shown.
            [&expected.role, &expected.organization]
                .iter()
                .all(|part| warning.message.contains(&baton_host::shown(part, None, 1_000)))
        });
        assert!(told, "{name}: nothing was said of {expected:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_gives_exactly_its_records_whatever_the_number_of_workers() {
    for workers in [1, 2, 8] {
        gives_the_manifest(Scenario::demo(), workers).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_every_list_is_read() {
    for members in [0, 1, 25, 99, 100, 101, 200, 1_000] {
        gives_the_manifest(Scenario::sized(2, members.max(1), 3, members), 4).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_all_scripts_and_ids_with_separators_come_through() {
    gives_the_manifest(Scenario::scripts(), 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_tenants_give_exactly_their_records() {
    for seed in 0..40 {
        gives_the_manifest(Scenario::random(seed), 4).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_asked_for_once_over_no_more_connections_than_workers() {
    for (scenario, workers) in [(Scenario::demo(), 1), (Scenario::sized(3, 1_000, 20, 20), 4)] {
        let manifest = Manifest::of(&scenario);
        let server = Server::start(scenario).expect("a server");
        let (result, _) = sync(&server, options(workers)).await;
        let summary = result.expect("a sync");
        let counted = server.counters();
        assert_eq!((counted.requests, counted.repeated), (manifest.requests, 0));
        assert_eq!(summary.requests, manifest.requests);
        assert!(counted.connections <= workers as u64, "{} connections", counted.connections);
    }
}
