//! The file that a sync leaves: what is in it, and what happens to one that is there already.

use std::collections::BTreeSet;

use baton_host::clock;
use baton_planetscale_demo::{Endpoint, Fault, FaultKind, Manifest, Place as At, Scenario};
use serde_json::{Value, json};

use crate::harness::{Place, Run};

/// The texts of one column.
fn column(place: &Place, select: &str) -> BTreeSet<String> {
    let database = place.open("sync.c1z");
    let mut select = database.sql.prepare(select).expect("a query");
    let rows = select.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a text")).collect()
}

#[test]
fn a_c1z_has_every_record_of_the_scenario() {
    let scenario = Scenario::demo();
    let manifest = Manifest::of(&scenario);
    let place = Place::new(scenario);
    let run = place.run(&[]).ends_with(0);
    assert_eq!((run.stdout.as_str(), run.sentence().as_str()), ("", ""));
    assert_eq!(place.names(), ["sync.c1z"]);

    let ids = |table| column(&place, &format!("select external_id from {table}"));
    let resources: BTreeSet<String> =
        manifest.resources.iter().map(|r| format!("{}:{}", r.id.resource_type, r.id.resource)).collect();
    assert_eq!(ids("v1_resources"), resources);
    assert_eq!(ids("v1_entitlements"), manifest.entitlements.iter().map(|e| e.id.clone()).collect());
    assert_eq!(ids("v1_grants"), manifest.grants.iter().map(|g| g.id.clone()).collect());
    let database = place.open("sync.c1z");
    assert_eq!(database.count("v1_resource_types"), 3);
    assert_eq!(database.count("v1_sync_runs where sync_type = 'full' and ended_at > started_at"), 1);
    assert_eq!(database.count("pragma_integrity_check where integrity_check = 'ok'"), 1);
    // The parent of a team is its organization; a person has none.
    assert_eq!(
        database.count(
            "v1_resources where resource_type_id = 'team' and parent_resource_type_id = 'organization'"
        ),
        10
    );
    assert_eq!(
        database.count("v1_resources where resource_type_id = 'user' and parent_resource_id is null"),
        26
    );
}

#[test]
fn the_end_says_what_was_read_and_what_to_know() {
    let manifest = Manifest::of(&Scenario::demo());
    let place = Place::new(Scenario::demo());
    let run = place.run(&[]).ends_with(0);
    let end = run.logged("Sync complete.");
    assert_eq!(end["requests"], manifest.requests);
    assert_eq!(end["requests"], place.server.counters().requests);
    assert_eq!((&end["resources"], &end["grants"]), (&39.into(), &61.into()));
    assert_eq!(end["warnings"], manifest.warnings.len());
    assert_eq!(run.logged("Synced resource types")["count"], 3);
    assert_eq!(run.logged("Sync complete.")["sync_type"], "full");
    assert!(run.logged("c1z: saved")["decompressed_bytes"].as_u64() > Some(0));
    assert!(run.stderr.contains("analyst"), "{}", run.stderr);
}

#[test]
fn json_lines_have_one_record_a_line_under_batons_names() {
    let manifest = Manifest::of(&Scenario::demo());
    let place = Place::new(Scenario::demo());
    place.run(&["-f", "access.jsonl"]).ends_with(0);
    let text = std::fs::read_to_string(place.path("access.jsonl")).expect("the file");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |key: &str| lines.iter().filter_map(|line| line.get(key)).cloned().collect::<Vec<_>>();
    assert_eq!(of("resourceType").len(), 3);
    assert_eq!(of("resource").len(), manifest.resources.len());
    assert_eq!(of("entitlement").len(), manifest.entitlements.len());
    let grants: BTreeSet<String> =
        of("grant").iter().map(|grant| grant["id"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(grants, manifest.grants.iter().map(|grant| grant.id.clone()).collect());
    let team = of("resource").into_iter().find(|r| r["displayName"] == "東京オフィス").expect("the team");
    assert_eq!(team["parentResourceId"]["resourceType"], "organization");
    let complete = json!({ "complete": {
        "resourceType": 3,
        "resource": manifest.resources.len(),
        "entitlement": manifest.entitlements.len(),
        "grant": manifest.grants.len(),
    } });
    assert_eq!(lines.last(), Some(&complete));
}

#[test]
fn a_second_run_adds_a_sync_and_two_finished_ones_are_kept() {
    let place = Place::new(Scenario::demo());
    let runs = |count: &str| place.open("sync.c1z").count(count);
    for expected in [1, 2, 2] {
        place.run(&[]).ends_with(0);
        assert_eq!(runs("v1_sync_runs where ended_at is not null"), expected);
        assert_eq!(runs("v1_grants"), 61 * expected);
    }
    Run::of(place.program().env("BATON_KEEP_SYNC_COUNT", "3")).ends_with(0);
    assert_eq!(runs("v1_sync_runs"), 3);
    Run::of(place.program().env("BATON_SKIP_CLEANUP", "true")).ends_with(0);
    assert_eq!(runs("v1_sync_runs"), 4);
    Run::of(place.program().env("BATON_KEEP_SYNC_COUNT", "1")).ends_with(0);
    assert_eq!((runs("v1_sync_runs"), runs("v1_grants")), (1, 61));
    assert_eq!(place.names(), ["sync.c1z"]);
}

#[test]
fn a_sync_of_a_clock_that_was_years_ahead_does_not_hide_the_next() {
    for cleanup in ["false", "true"] {
        let place = Place::new(Scenario::demo());
        let run_at = |offset: i64| {
            let mut program = place.program();
            program.env(clock::VARIABLE, offset.to_string()).env("BATON_SKIP_CLEANUP", cleanup);
            Run::of(&mut program).ends_with(0)
        };
        run_at(3 * 365 * 86_400);
        run_at(23 * 3_600);
        let run = run_at(0);
        let warned = |run: &Run| run.stderr.contains("ended in the future");
        assert!(!warned(&run), "the run before took it out: {}", run.stderr);
        let file = place.open("sync.c1z");
        // A difference of less than a day may be one of time zones.
        assert_eq!(file.count("v1_sync_runs"), 2);
        assert_eq!(file.count("v1_sync_runs where ended_at > datetime('now', '+1 day')"), 0);
        assert_eq!(file.count("v1_grants"), 2 * 61);

        let ahead =
            place.open("sync.c1z").changed("update v1_sync_runs set ended_at = '2131-01-01 00:00:00'");
        std::fs::write(place.path("sync.c1z"), ahead).expect("a file");
        let run = run_at(0);
        assert!(warned(&run), "{}", run.stderr);
        let file = place.open("sync.c1z");
        assert_eq!((file.count("v1_sync_runs"), file.count("v1_grants")), (1, 61));
    }
}

#[test]
fn a_file_that_is_none_of_ours_is_refused_and_left() {
    for (content, words) in [
        (&b"C1Z3\0 and what Pebble writes"[..], "Pebble"),
        (b"a shopping list", "not a c1z"),
        (b"C1ZF\0 and no zstd", "damaged"),
    ] {
        let place = Place::new(Scenario::demo());
        std::fs::write(place.path("sync.c1z"), content).expect("a file");
        let run = place.run(&[]).ends_with(2);
        assert!(run.sentence().contains(words) && run.sentence().contains("sync.c1z"), "{}", run.stderr);
        assert_eq!(std::fs::read(place.path("sync.c1z")).expect("the file"), content);
        assert_eq!(place.names(), ["sync.c1z"]);
        assert_eq!(place.server.counters().requests, 0);
    }
    let place = Place::new(Scenario::demo());
    let run = place.run(&["-f", "sync.zip"]).ends_with(2);
    assert!(run.sentence().contains(".c1z") && run.sentence().contains(".jsonl"), "{}", run.stderr);
}

/// A sync whose time is a number could not be put in order among the others, which is done at the end.
#[test]
fn syncs_that_cannot_be_put_in_order_are_told_before_anything_is_asked() {
    for change in ["started_at = 5", "sync_id = x'00'", "ended_at = 1.5"] {
        let place = Place::new(Scenario::demo());
        place.run(&[]).ends_with(0);
        let asked = place.server.counters().requests;
        let before = place.open("sync.c1z").changed(&format!("update v1_sync_runs set {change}"));
        std::fs::write(place.path("sync.c1z"), &before).expect("a file");
        let run = place.run(&[]).ends_with(2);
        assert!(run.sentence().contains("sync.c1z is damaged"), "{}", run.stderr);
        assert_eq!(place.server.counters().requests, asked);
        assert!(std::fs::read(place.path("sync.c1z")).expect("the file") == before, "the file was touched");
    }
}

#[test]
fn who_forgets_the_client_id_of_a_service_is_told() {
    let place = Place::new(Scenario::demo());
    let run =
        Run::of(place.program().env("BATON_HOST_ID", "connector-1").env("BATON_CLIENT_ID", "")).ends_with(0);
    assert!(run.stderr.contains("BATON_CLIENT_ID is empty or not there"), "{}", run.stderr);
    assert!(!place.run(&[]).ends_with(0).stderr.contains("BATON_CLIENT_ID"));
}

#[test]
fn a_good_file_survives_every_failure() {
    let kind = FaultKind::Status { status: 403, body: None, content_type: None };
    let at = At { endpoint: Some(Endpoint::TeamMembers), ..At::default() };
    let broken = Place::new(Scenario { faults: vec![Fault { at, times: None, kind }], ..Scenario::demo() });
    for name in ["sync.c1z", "sync.jsonl"] {
        let good = Place::new(Scenario::demo());
        good.run(&["-f", name]).ends_with(0);
        std::fs::copy(good.path(name), broken.path(name)).expect("a copy");
        broken.run(&["-f", name]).ends_with(7);
        let same = std::fs::read(good.path(name)).ok() == std::fs::read(broken.path(name)).ok();
        assert!(same, "{name} was touched");
    }
    assert_eq!(broken.names(), ["sync.c1z", "sync.jsonl"]);
}

#[test]
fn only_what_was_asked_for_is_in_the_file() {
    let place = Place::new(Scenario::demo());
    place.run(&["--skip-entitlements-and-grants", "-f", "resources.c1z"]).ends_with(0);
    let file = place.open("resources.c1z");
    assert_eq!(
        (file.count("v1_resources"), file.count("v1_entitlements"), file.count("v1_grants")),
        (39, 0, 0)
    );
    assert_eq!(file.count("v1_sync_runs where sync_type = 'resources_only'"), 1);

    place.run(&["--sync-resource-types", "organization,user", "-f", "types.c1z"]).ends_with(0);
    let file = place.open("types.c1z");
    assert_eq!(file.count("v1_resource_types"), 2);
    assert_eq!(file.count("v1_resources where resource_type_id = 'team'"), 0);
    assert_eq!(file.count("v1_resources where resource_type_id = 'user'"), 26);
    assert_eq!((file.count("v1_grants"), file.count("v1_sync_runs where sync_type = 'full'")), (31, 1));
}

#[test]
fn grants_that_a_choice_of_types_leaves_out_are_told_once() {
    let place = Place::new(Scenario::demo());
    let run = place.run(&["--sync-resource-types", "organization,team"]).ends_with(0);
    assert_eq!(run.stderr.matches("were left out").count(), 1, "{}", run.stderr);
    run.logged("61 grants to principals of resource types that were not asked for were left out");
    assert_eq!(place.open("sync.c1z").count("v1_grants"), 0);
    let run = place.run(&[]).ends_with(0);
    assert!(!run.stderr.contains("were left out"), "{}", run.stderr);
}

/// Teams lie within organizations: without these there is none, which would read as everybody having lost access.
#[test]
fn a_choice_of_types_of_which_there_is_nothing_writes_nothing() {
    let place = Place::new(Scenario::demo());
    place.run(&[]).ends_with(0);
    let before = std::fs::read(place.path("sync.c1z")).expect("the file");
    let run = place.run(&["--sync-resource-types", "team"]).ends_with(5);
    assert!(run.sentence().contains("no resource of the types asked for was found (team)"), "{}", run.stderr);
    assert!(std::fs::read(place.path("sync.c1z")).expect("the file") == before, "the file was touched");
}

#[test]
fn workers_and_the_order_of_replies_change_no_record() {
    let scenario = Scenario { latency_spread_ms: 15, ..Scenario::overlapping(3, 230, 12, 30, 150) };
    let place = Place::new(scenario);
    place.run(&["-f", "0.c1z"]).ends_with(0);
    let expected = place.open("0.c1z").records();
    for run in 1..=20_usize {
        let workers = (run % 16 + 1).to_string();
        place.run(&["-f", "again.c1z", "--workers", &workers]).ends_with(0);
        let found = place.open("again.c1z").records();
        let different = expected.iter().zip(&found).find(|(one, other)| one != other);
        assert_eq!((different, found.len()), (None, expected.len()), "run {run}, {workers} workers");
        std::fs::remove_file(place.path("again.c1z")).expect("removed");
    }
}

#[test]
fn a_flipped_bit_of_a_file_is_noticed_before_a_sync_is_added_to_it() {
    let place = Place::new(Scenario::demo());
    place.run(&[]).ends_with(0);
    let good = std::fs::read(place.path("sync.c1z")).expect("the file");
    let asked = place.server.counters().requests;
    // In the frame's head, its blocks and its checksum.
    for at in [6, 9, 40, good.len() / 3, good.len() / 2, good.len() - 5, good.len() - 1] {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        std::fs::write(place.path("sync.c1z"), &flipped).expect("a file");
        let run = place.run(&[]).ends_with(2);
        assert!(run.sentence().contains("sync.c1z is damaged"), "byte {at}: {}", run.stderr);
        assert!(std::fs::read(place.path("sync.c1z")).expect("the file") == flipped, "the file was touched");
    }
    assert_eq!(place.server.counters().requests, asked);
}
