//! Databases from the list of teams: the records that the teams tell, and no request more than without them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use baton_host::journal::{FileJournal, Fingerprint};
use baton_host::sink::Memory;
use baton_host::{Error, Summary, SyncOptions, Target};
use baton_planetscale_demo::{
    Endpoint, Fault, FaultKind, Manifest, PagePlace, Place, Reference, Scenario, Server,
};
use baton_planetscale_support::direct::{Canned, Direct, organization, syncer};
use baton_planetscale_support::{DATABASES, INLINE, Records, options, sync_further};

/// An option of the connector's, and its value.
type Further = (&'static str, &'static str);

/// What a server was asked for: all requests, and those that came again.
struct Came {
    result: Result<Summary, Error>,
    found: Memory,
    requests: u64,
    repeated: u64,
    teams: usize,
}

async fn read(scenario: &Scenario, further: &[Further], options: SyncOptions) -> Came {
    let server = Server::start(scenario.clone()).expect("a server");
    let (result, found) = sync_further(&server, further, options).await;
    let counted = server.counters();
    let teams = server.requests().iter().filter(|seen| seen.endpoint == Some(Endpoint::Teams)).count();
    Came { result, found, requests: counted.requests, repeated: counted.repeated, teams }
}

/// The records, without what the other option carries through a team's profile.
fn records(found: &Memory) -> Records {
    let mut records = Records::of(found);
    records.resources.iter_mut().for_each(|resource| drop(resource.profile.remove("member_ids")));
    records
}

/// Reads a scenario with and without databases: everything else is the same, and so is what was asked for.
async fn costs_nothing(scenario: &Scenario, workers: usize) {
    for further in [&[][..], &[INLINE]] {
        let name = format!("{} with {workers} workers, {further:?}", scenario.name);
        let without = read(scenario, further, options(workers)).await;
        let with = read(scenario, &[further, &[DATABASES]].concat(), options(workers)).await;
        let summary = with.result.unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = Records::expected(&Manifest::with_databases(scenario));
        assert_eq!(records(&with.found).difference(&expected), None, "{name}");
        assert_eq!((with.requests, with.repeated), (without.requests, without.repeated), "{name}");
        assert_eq!(summary.requests, with.requests, "{name}");
        let told = |summary: &Summary| {
            let mut messages: Vec<_> = summary.warnings.iter().map(|w| w.message.clone()).collect();
            messages.sort();
            messages
        };
        assert_eq!(told(&summary), told(&without.result.expect("a sync")), "{name}");
    }
}

/// Two organizations with lists of teams of three pages, whose replies take their time and overtake one another.
fn of_pages() -> Scenario {
    Scenario { latency_ms: 3, latency_spread_ms: 9, ..Scenario::sized(2, 120, 250, 2) }
}

#[tokio::test(flavor = "multi_thread")]
async fn they_cost_no_request_at_any_number_of_workers() {
    for workers in [1, 2, 8] {
        costs_nothing(&Scenario::demo(), workers).await;
        costs_nothing(&of_pages(), workers).await;
    }
    costs_nothing(&Scenario::scripts(), 4).await;
    for seed in 0..25 {
        let scenario = Scenario::random(seed);
        if Manifest::of(&scenario).error.is_none() {
            costs_nothing(&Scenario { latency_spread_ms: 2, ..scenario }, 6).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_option_nothing_of_them_is_there_or_read() {
    let set = FaultKind::Set { pointer: "/data/0/databases".into(), json: "7".into() };
    let at = Place { endpoint: Some(Endpoint::Teams), ..Place::default() };
    let scenario = Scenario { faults: vec![Fault { at, times: None, kind: set }], ..Scenario::demo() };
    for further in [&[][..], &[("planetscale-databases", "false")], &[INLINE]] {
        let came = read(&scenario, further, options(2)).await;
        came.result.expect("a sync");
        assert_eq!(came.found.resource_types.len(), 3);
        let expected = Records::expected(&Manifest::of(&scenario));
        assert_eq!(records(&came.found).difference(&expected), None);
    }
    let error = read(&scenario, &[DATABASES], options(2)).await.result.expect_err("no list");
    assert_eq!(error.code(), 13);
    assert!(error.to_string().contains("data[0].databases"), "{error}");
}

fn only(of: &Reference) -> SyncOptions {
    let id =
        baton_host::contract::ResourceId { resource_type: of.resource_type.clone(), id: of.resource.clone() };
    SyncOptions { targets: vec![Target { id, parent: None }], ..options(4) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_targeted_sync_asks_for_no_more_either() {
    let scenario = of_pages();
    let manifest = Manifest::with_databases(&scenario);
    let first = |kind: &str| {
        &manifest.resources.iter().find(|resource| resource.id.resource_type == kind).expect("one").id
    };
    for kind in ["organization", "team", "user"] {
        let without = read(&scenario, &[], only(first(kind))).await;
        let with = read(&scenario, &[DATABASES], only(first(kind))).await;
        with.result.expect("a sync");
        assert_eq!((with.requests, with.repeated), (without.requests, without.repeated), "{kind}");
    }
    // A database is found in the lists of teams, and tells by itself who holds it.
    let database = first("database");
    let came = read(&scenario, &[DATABASES], only(database)).await;
    came.result.expect("a sync");
    assert_eq!((came.requests, came.teams, came.repeated), (1 + 2 * 3, 2 * 3, 0));
    let held = |grant: &&baton_planetscale_demo::Grant| {
        grant.entitlement.starts_with(&format!("{}:", database.joined()))
    };
    let expected: Vec<_> = manifest.grants.iter().filter(held).cloned().collect();
    assert!(expected.len() > 3);
    assert_eq!(Records::of(&came.found).grants, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_chosen_types_only_their_lists_are_asked_for() {
    let scenario = of_pages();
    for (types, requests) in [
        (&["organization", "database"][..], 1 + 2 * (3 + 2)),
        (&["organization", "team", "database"], 1 + 2 * (3 + 2 + 250)),
        (&["organization", "user"], 1 + 2 * 2),
    ] {
        let resource_types = types.iter().map(|kind| (*kind).to_owned()).collect();
        let came = read(&scenario, &[DATABASES], SyncOptions { resource_types, ..options(4) }).await;
        came.result.expect("a sync");
        assert_eq!((came.requests, came.repeated), (requests, 0), "{types:?}");
        let kinds: BTreeSet<_> = came.found.resources.iter().map(|of| of.id.resource_type.clone()).collect();
        assert_eq!(
            kinds.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            types.iter().copied().collect()
        );
    }
}

async fn with_journal(
    server: &Server,
    further: &[Further],
    journal: &Path,
) -> (Result<Summary, Error>, Records) {
    let day = std::time::Duration::from_secs(86_400);
    let (journal, _) = FileJournal::open(journal, &Fingerprint::default(), day).expect("a journal");
    let options = SyncOptions { journal: Some(Arc::new(journal)), ..options(1) };
    let (result, found) = sync_further(server, further, options).await;
    (result, records(&found))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_was_stopped_and_goes_on_asks_for_no_more_in_all() {
    // It ends in the lists of teams and databases, between them, or when both are read.
    for (endpoint, page) in [
        (Endpoint::Teams, PagePlace::Number(2)),
        (Endpoint::Teams, PagePlace::Last),
        (Endpoint::Members, PagePlace::Last),
        (Endpoint::TeamMembers, PagePlace::First),
    ] {
        let kind = FaultKind::Status { status: 403, body: None, content_type: None };
        let at = Place { endpoint: Some(endpoint), page, ..Place::default() };
        let faults = vec![Fault { at, times: Some(1), kind }];
        let scenario = Scenario { faults, ..Scenario::sized(1, 120, 250, 2) };
        for further in [&[][..], &[INLINE]] {
            let mut asked = Vec::new();
            for databases in [false, true] {
                let further = if databases { [further, &[DATABASES]].concat() } else { further.to_vec() };
                let folder = tempfile::tempdir().expect("a folder");
                let journal = folder.path().join("journal");
                let server = Server::start(scenario.clone()).expect("a server");
                with_journal(&server, &further, &journal).await.0.expect_err("a refusal");
                let (result, found) = with_journal(&server, &further, &journal).await;
                result.expect("a sync");
                if databases {
                    let expected = Records::expected(&Manifest::with_databases(&scenario));
                    assert_eq!(found.difference(&expected), None, "{endpoint:?} {page:?} {further:?}");
                }
                let teams = server.requests().into_iter().filter(|of| of.endpoint == Some(Endpoint::Teams));
                asked.push((server.counters().requests, teams.count()));
            }
            assert!(asked[1].0 <= asked[0].0, "{endpoint:?} {page:?} {further:?}: {asked:?}");
            assert_eq!(asked[1].1, 3 + usize::from(endpoint == Endpoint::Teams), "{asked:?}");
        }
    }
}

fn with(times: Option<u32>, pointer: &str, json: &str) -> Scenario {
    let kind = FaultKind::Set { pointer: pointer.into(), json: json.into() };
    let organization = Scenario::demo().organizations[0].name.clone();
    let at = Place { endpoint: Some(Endpoint::Teams), organization: Some(organization), ..Place::default() };
    Scenario { faults: vec![Fault { at, times, kind }], ..Scenario::demo() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_teams_say_of_one_database_has_to_agree() {
    // The second team names it, too.
    let pointer = "/data/0/databases/2/name";
    for workers in [1, 8] {
        let came = read(&with(Some(1), pointer, "\"bills\""), &[DATABASES], options(workers)).await;
        came.result.expect("it is read again");
        let expected = Records::expected(&Manifest::with_databases(&Scenario::demo()));
        assert_eq!(records(&came.found).difference(&expected), None);
        let came = read(&with(None, pointer, "\"bills\""), &[DATABASES], options(workers)).await;
        let error = came.result.expect_err("two names");
        assert_eq!(error.code(), 10);
        for part in ["\"bills\"", "\"billing\"", "kestrel-freight"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
    // Two of one name can be told apart, and are.
    let scenario = with(None, "/data/3/databases/0", r#"{"id":"other","name":"billing"}"#);
    let came = read(&scenario, &[DATABASES], options(2)).await;
    let warnings = came.result.expect("a sync").warnings;
    let told = warnings.iter().find(|warning| warning.message.contains("\"billing\"")).expect("a warning");
    assert!(told.message.contains("other") && told.message.contains("both are read"), "{}", told.message);
    let named = |name: &str| came.found.resources.iter().filter(|of| of.display_name == name).count();
    assert_eq!(named("billing"), 2);
}

/// Page 1 or 2 of the teams, each with one team.
fn two_pages(uri: &http::Uri) -> Canned {
    let second = uri.query().is_some_and(|query| query.starts_with("page=2&"));
    let (page, next, team) = if second {
        (
            2,
            "null",
            r#"{"id":"t2","slug":"b","managed":false,"databases":[],"analyst_databases":[{"id":"d","name":"orders"}]}"#,
        )
    } else {
        (
            1,
            "2",
            r#"{"id":"t1","slug":"a","managed":false,"databases":[{"id":"d","name":"orders"}],"analyst_databases":[]}"#,
        )
    };
    let body = format!(
        r#"{{"current_page":{page},"per_page":1,"next_page":{next},"total_count":2,"total_pages":2,"data":[{team}]}}"#
    );
    Canned { status: 200, body: body.into_bytes() }
}

#[tokio::test]
async fn a_database_tells_who_holds_it_wherever_it_is_passed_back() {
    let direct = || Direct::with(&[DATABASES], two_pages);
    let mut first = direct().await.expect("an instance");
    let acme = organization("acme-id", "acme");
    let page = first.resources("database", Some(&acme), None).await.expect("no trap").expect("databases");
    assert_eq!((page.items.len(), page.next.len(), first.asked().len()), (1, 0, 2));
    let mut another = direct().await.expect("an instance");
    let grants = another.grants(&page.items[0], None).await.expect("no trap").expect("grants").items;
    assert!(another.asked().is_empty(), "all of it travels in the profile");
    let held: Vec<_> =
        grants.iter().map(|grant| (grant.entitlement.slug.as_str(), grant.principal.id.as_str())).collect();
    assert_eq!(held, [("admin", "acme-id"), ("admin", "t1"), ("analyst", "t2")]);
    // None without parent, and no further page.
    let nothing = another.resources("database", None, None).await.expect("no trap").expect("a page");
    assert!(nothing.items.is_empty());
    let further = another.resources("database", Some(&acme), Some("2")).await.expect("no trap");
    assert!(matches!(further, Err(syncer::Error::Internal(_))));
    // Where the option is off there is no such type.
    let mut without = Direct::new(two_pages).await.expect("an instance");
    let unknown = without.resources("database", Some(&acme), None).await.expect("no trap");
    assert!(matches!(unknown, Err(syncer::Error::Internal(_))));
    assert!(without.asked().is_empty());
}
