//! Single resources: their place among the syncs of a file.

use baton_planetscale_demo::{Manifest, Scenario};

use crate::harness::{Database, Place, Run};
use crate::resume::{WORKERS_WITHOUT_A_WORD, scenario, signal, started};

/// The Baton id of the scenario's first team.
fn a_team(scenario: &Scenario) -> String {
    let manifest = Manifest::of(scenario);
    let team = manifest.resources.iter().find(|r| r.id.resource_type == "team").expect("a team");
    format!("bid:r:team/{}", team.id.resource.replace('\\', "\\\\").replace('/', "\\/").replace(':', "\\:"))
}

/// Type and parent of every sync, oldest first; a parent by its number.
fn syncs(file: &Database) -> Vec<(String, Option<usize>)> {
    let mut select = file
        .sql
        .prepare("select sync_id, sync_type, parent_sync_id from v1_sync_runs order by id")
        .expect("a query");
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
    let rows: Vec<(String, String, String)> = rows.map(|row| row.expect("texts")).collect();
    let number = |parent: &String| rows.iter().position(|(id, ..)| id == parent);
    rows.iter().map(|(_, kind, parent)| (kind.clone(), number(parent))).collect()
}

#[test]
fn a_targeted_sync_is_partial_and_belongs_to_the_latest_full_one() {
    let place = Place::new(Scenario::scripts());
    let team = a_team(&Scenario::scripts());
    let full = || ("full".to_owned(), None);
    let partial = |of| ("partial".to_owned(), of);

    // Without a full sync there is none to belong to, and one does not push out another.
    for count in 1..=3 {
        place.run(&["--sync-resources", &team]).ends_with(0);
        assert_eq!(syncs(&place.open("sync.c1z")), vec![partial(None); count]);
    }
    // They stay until a full one goes.
    place.run(&[]).ends_with(0);
    place.run(&["--skip-entitlements-and-grants"]).ends_with(0);
    place.run(&[]).ends_with(0);
    place.run(&["--sync-resources", &team, "--skip-grants"]).ends_with(0);
    let rest = [full(), ("resources_only".to_owned(), None), full(), partial(Some(5))];
    let all = [&vec![partial(None); 3][..], &rest[..]].concat();
    assert_eq!(syncs(&place.open("sync.c1z")), all);
    // A targeted one pushes out no full one.
    place.run(&["--sync-resources", &team]).ends_with(0);
    assert_eq!(syncs(&place.open("sync.c1z")), [&all[..], &[partial(Some(5))]].concat());
    // With the first full one goes everything from before the second.
    place.run(&[]).ends_with(0);
    assert_eq!(syncs(&place.open("sync.c1z")), [full(), partial(Some(0)), partial(Some(0)), full()]);
    place.run(&[]).ends_with(0);
    assert_eq!(syncs(&place.open("sync.c1z")), [full(), full()]);
}

#[test]
fn only_a_full_sync_can_be_compared_with_another() {
    let place = Place::new(Scenario::demo());
    let team = a_team(&Scenario::demo());
    place.run(&[]).ends_with(0);
    place.run(&["--skip-entitlements-and-grants"]).ends_with(0);
    place.run(&["--sync-resources", &team]).ends_with(0);
    let comparable = "v1_sync_runs where supports_diff = 1";
    let file = place.open("sync.c1z");
    assert_eq!((file.count(comparable), file.count(&format!("{comparable} and sync_type = 'full'"))), (1, 1));
}

#[test]
fn a_resource_that_is_not_there_is_told_and_no_file_is_written_for_it_alone() {
    let place = Place::new(Scenario::demo());
    let team = a_team(&Scenario::demo());
    let run = place.run(&["--sync-resources", r"bid:r:team/a\/b,bid:r:user/nobody"]).ends_with(5);
    assert!(run.sentence().contains(r"(bid:r:team/a\/b, bid:r:user/nobody)"), "{}", run.stderr);
    assert_eq!(place.names(), Vec::<String>::new());
    let run = place.run(&["--sync-resources", &team, "--sync-resources", "bid:r:user/nobody"]).ends_with(0);
    assert!(run.stderr.contains("bid:r:user/nobody was not found"), "{}", run.stderr);
    assert_eq!(place.open("sync.c1z").count("v1_resources"), 1);
}

#[test]
fn a_targeted_run_reads_anew_and_leaves_what_a_full_one_left() {
    let place = Place::new(scenario());
    let team = a_team(&scenario());
    let child = started(&place, &[], 20).expect("it runs");
    signal(&child, "-INT");
    Run::ended(child.wait_with_output().expect("it ends")).ends_with(130);
    let before = place.server.counters();

    place.run(&["--sync-resources", &team]).ends_with(0);
    assert!(place.server.counters().repeated > before.repeated, "the organizations were asked for again");
    assert_eq!(place.names(), [".sync.c1z.work", "sync.c1z"]);

    let between = place.server.counters();
    let run = place.run(&[]).ends_with(0);
    run.logged("Going on where an earlier run was stopped");
    let again = place.server.counters().repeated - between.repeated;
    assert!(again <= WORKERS_WITHOUT_A_WORD, "{again} pages were asked for again");
    assert_eq!(place.names(), ["sync.c1z"]);
    assert_eq!(place.open("sync.c1z").count("v1_sync_runs where sync_type = 'full'"), 1);
}
