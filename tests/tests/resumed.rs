//! What a later run takes up from a journal, and what it must not: pages of a list that changed, that broke a rule, or of
//! a reply that was not understood; and bytes that are no longer those that were written.

use std::path::Path;
use std::sync::Arc;

use baton_host::journal::{FileJournal, Fingerprint, Found, Journal, Kind};
use baton_host::{Error, Summary, SyncOptions};
use baton_planetscale_demo::{
    Change, ChangeKind, Endpoint, Fault, FaultKind, Manifest, PagePlace, Phase, Place, Scenario, Server,
    Trigger,
};
use baton_planetscale_support::{Records, options, sync};

/// How old the first page of a run may be that is taken up.
const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

/// One organization with lists of four pages.
fn scenario() -> Scenario {
    Scenario { max_per_page: 3, default_per_page: 3, ..Scenario::sized(1, 12, 2, 12) }
}

/// The same with one team, so that its pages are asked for one after the other.
fn one_team() -> Scenario {
    Scenario { max_per_page: 3, default_per_page: 3, ..Scenario::sized(1, 12, 1, 12) }
}

/// A run with the journal at this path, which is opened for it and closed after it.
async fn run(server: &Server, journal: &Path, workers: usize) -> (Result<Summary, Error>, Records) {
    let (journal, _) = FileJournal::open(journal, &Fingerprint::default(), DAY).expect("a journal");
    let options = SyncOptions { journal: Some(Arc::new(journal)), ..options(workers) };
    let (result, found) = sync(server, options).await;
    (result, Records::of(&found))
}

fn once(endpoint: Endpoint, page: PagePlace, kind: FaultKind) -> Fault {
    Fault { at: Place { endpoint: Some(endpoint), page, ..Place::default() }, times: Some(1), kind }
}

fn set(pointer: &str, json: &str) -> FaultKind {
    FaultKind::Set { pointer: pointer.into(), json: json.into() }
}

/// How often a page was asked for.
fn asked(server: &Server, path_ends: &str, page: u64) -> usize {
    let query = format!("page={page}&");
    server
        .requests()
        .iter()
        .filter(|seen| seen.path.ends_with(path_ends) && seen.query.starts_with(&query))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_broke_a_rule_or_was_not_understood_is_asked_for_again_by_the_next_run() {
    for (endpoint, pointer, json) in [
        (Endpoint::TeamMembers, "/data/1/user/id", "\"\""),
        (Endpoint::Teams, "/data/0/id", "\"a\\nb\""),
        (Endpoint::Members, "/data/0/user/id", "\"\""),
        (Endpoint::Members, "/data/0/role", "null"),
        (Endpoint::Teams, "/data/0/slug", "7"),
        (Endpoint::TeamMembers, "/data/2/user", "[]"),
    ] {
        for page in [PagePlace::First, PagePlace::Last] {
            let folder = tempfile::tempdir().expect("a folder");
            let journal = folder.path().join("journal");
            let faults = vec![once(endpoint, page, set(pointer, json))];
            let server = Server::start(Scenario { faults, ..scenario() }).expect("a server");
            let (result, _) = run(&server, &journal, 2).await;
            if server.struck() == [0] {
                // A last page that is too short for it.
                continue;
            }
            assert_eq!(result.expect_err("a bad page").code(), 13, "{endpoint:?} {pointer}");
            let (result, found) = run(&server, &journal, 2).await;
            let summary = result.unwrap_or_else(|error| panic!("{endpoint:?} {page:?} {pointer}: {error}"));
            assert!(summary.taken_up > 0, "what was good is taken up");
            assert_eq!(found.difference(&Records::expected(&Manifest::of(&scenario()))), None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_list_that_changed_is_taken_up_by_the_next_run() {
    let team = one_team().organizations[0].teams[0].clone();
    // The list changes after its first page, and nothing of it comes any more: the run ends there.
    let changes = [
        (1, ChangeKind::RemoveTeamMember { team: team.id.clone(), person: team.members[0].clone() }),
        (
            2,
            ChangeKind::RenameOrganization {
                organization: one_team().organizations[0].id.clone(),
                name: "other".into(),
            },
        ),
    ];
    let changes = changes.map(|(requests, change)| Change {
        after: Trigger { endpoint: Some(Endpoint::TeamMembers), requests },
        change,
    });
    let [leaves, renamed] = changes;
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal");
    let first = Scenario { changes: vec![leaves.clone(), renamed], ..one_team() };
    let server = Server::start(first).expect("a server");
    run(&server, &journal, 1).await.0.expect_err("the organization has another name");
    let members = format!("/teams/{}/members", team.slug);
    assert_eq!((asked(&server, &members, 1), asked(&server, &members, 2)), (2, 1), "it was begun again");

    let later = Scenario { changes: vec![leaves], ..one_team() }.after_changes();
    let server = Server::start(later.clone()).expect("a server");
    let (result, found) = run(&server, &journal, 1).await;
    assert!(result.expect("a sync").taken_up > 0);
    assert_eq!(found.difference(&Records::expected(&Manifest::of(&later))), None);
    assert_eq!(asked(&server, &members, 1), 1, "the first page that was read is another list's");
    assert_eq!(server.counters().repeated, 0);
}

/// Members are read for two lists from one reply: a change that one of them meets is one of the other.
#[tokio::test(flavor = "multi_thread")]
async fn replies_of_a_list_that_changed_serve_no_later_run() {
    let person = scenario().organizations[0].members[1].person.clone();
    let organization = scenario().organizations[0].id.clone();
    let at =
        |requests, change| Change { after: Trigger { endpoint: Some(Endpoint::Members), requests }, change };
    let leaves = at(1, ChangeKind::RemoveMember { organization: organization.clone(), person });
    let renamed = at(2, ChangeKind::RenameOrganization { organization, name: "other".into() });
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal");
    let first = Scenario { changes: vec![leaves.clone(), renamed], ..scenario() };
    let server = Server::start(first).expect("a server");
    run(&server, &journal, 1).await.0.expect_err("the organization has another name");
    drop(server);

    let (journal, found) = FileJournal::open(&journal, &Fingerprint::default(), DAY).expect("a journal");
    assert!(matches!(found, Found::Entries { .. }), "{found:?}");
    drop(journal);
    let later = Scenario { changes: vec![leaves], ..scenario() }.after_changes();
    let server = Server::start(later.clone()).expect("a server");
    let (result, found) = run(&server, &folder.path().join("journal"), 1).await;
    result.expect("a sync");
    assert_eq!(found.difference(&Records::expected(&Manifest::of(&later))), None);
    assert_eq!(asked(&server, "/organizations/organization-01/members", 1), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_first_reading_that_comes_late_is_dropped() {
    let stall = |page, for_ms, times| {
        let kind = FaultKind::Stall { phase: Phase::BeforeHeader, for_ms: Some(for_ms) };
        Fault { times: Some(times), ..once(Endpoint::TeamMembers, PagePlace::Number(page), kind) }
    };
    let team = scenario().organizations[0].teams[0].slug.clone();
    // Page 2 comes late, page 3 says that the list changed, and page 4 keeps the second reading open until then.
    let mut faults = vec![
        stall(2, 400, 1),
        once(Endpoint::TeamMembers, PagePlace::Number(3), FaultKind::RepeatItem { index: 0 }),
        stall(4, 800, 2),
    ];
    faults.iter_mut().for_each(|fault| fault.at.team = Some(team.clone()));
    let server = Server::start(Scenario { faults, ..scenario() }).expect("a server");
    let (result, found) = sync(&server, options(6)).await;
    result.expect("a sync");
    assert_eq!(server.struck(), [1, 1, 2]);
    assert_eq!(Records::of(&found).difference(&Records::expected(&Manifest::of(&scenario()))), None);
    let members = format!("/teams/{team}/members");
    assert_eq!([1, 2, 3, 4].map(|page| asked(&server, &members, page)), [2; 4]);
}

#[test]
fn no_flipped_bit_of_a_journal_gives_an_entry_that_was_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let open = || FileJournal::open(&path, &Fingerprint::default(), DAY).expect("a journal");
    let entries = [
        (Kind::Page, 1, vec![b'a'; 300]),
        (Kind::Reply, 2, b"reply".to_vec()),
        (Kind::Page, 3, b"last".to_vec()),
    ];
    let (journal, _) = open();
    for (kind, key, entry) in &entries {
        journal.keep(*kind, *key, entry);
    }
    drop(journal);
    let whole = std::fs::read(&path).expect("the journal");
    let mut lost = 0;
    for at in 0..whole.len() {
        for bit in [0, 3, 7] {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            std::fs::write(&path, &flipped).expect("written");
            let (journal, _) = open();
            for (kind, key, entry) in &entries {
                match journal.find(*kind, *key) {
                    Some(found) => assert_eq!(found, *entry, "byte {at}, bit {bit}"),
                    None => lost += 1,
                }
            }
        }
    }
    assert!(lost > whole.len(), "a flipped bit costs an entry: {lost}");
}
