//! Team members from the list of teams: whatever that list tells, the result is complete, or the sync says why not.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use baton_host::Summary;
use baton_planetscale_demo::{
    Change, ChangeKind, Endpoint, Fault, FaultKind, InlineMembers, Manifest, Place, Scenario, Server, Trigger,
};
use baton_planetscale_support::direct::{Canned, Direct, organization, syncer};
use baton_planetscale_support::{Records, options, sync, sync_inline};
use serde_json::{Value, json};

/// The key of a team's profile that is there only with the option.
const KEY: &str = "member_ids";

/// What came, and what was carried: the records without the ids, and the ids of the teams that had them.
struct Came {
    summary: Summary,
    records: Records,
    carried: Vec<(String, Vec<String>)>,
    requests: u64,
    repeated: u64,
}

async fn read(scenario: &Scenario, workers: usize) -> Came {
    let server = Server::start(scenario.clone()).expect("a server");
    let (result, found) = sync_inline(&server, options(workers)).await;
    let summary = result.unwrap_or_else(|error| panic!("{} with {workers}: {error}", scenario.name));
    let mut records = Records::of(&found);
    let mut carried = Vec::new();
    for resource in &mut records.resources {
        if let Some(Value::String(ids)) = resource.profile.remove(KEY) {
            let ids = ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
            carried.push((resource.id.resource.clone(), ids));
        }
    }
    let counted = server.counters();
    Came { summary, records, carried, requests: counted.requests, repeated: counted.repeated }
}

/// Reads a scenario and compares it with its manifest.
async fn complete(scenario: &Scenario, workers: usize) -> Came {
    let came = read(scenario, workers).await;
    let expected = Records::expected(&Manifest::of(scenario));
    if let Some(difference) = came.records.difference(&expected) {
        panic!("{} with {workers} workers: {difference}", scenario.name);
    }
    assert_eq!(came.repeated, 0, "{}: a page was asked for twice", scenario.name);
    let teams: Vec<_> = scenario.organizations.iter().flat_map(|organization| &organization.teams).collect();
    for (id, ids) in &came.carried {
        let team = teams.iter().find(|team| team.id == *id).expect("a team");
        assert_eq!(*ids, team.members, "{}", team.slug);
    }
    came
}

/// The organizations that a warning says were read the exact way.
fn fallen_back<'a>(scenario: &'a Scenario, summary: &Summary) -> Vec<&'a str> {
    let told: Vec<&str> = summary
        .warnings
        .iter()
        .filter(|warning| warning.message.contains("planetscale-inline-team-members"))
        .filter_map(|warning| warning.resource.as_ref().map(|of| of.id.as_str()))
        .collect();
    let different: BTreeSet<_> = told.iter().collect();
    assert_eq!(different.len(), told.len(), "an organization has one warning at most: {told:?}");
    let known = |id: &&str| scenario.organizations.iter().find(|organization| organization.id == *id);
    told.iter().filter_map(known).map(|organization| organization.name.as_str()).collect()
}

/// So many organizations of so many members and teams, and in each the last team with so many more than the others.
fn with_a_largest_team(
    organizations: usize,
    members: usize,
    teams: usize,
    size: usize,
    more: usize,
) -> Scenario {
    let mut scenario = Scenario::sized(organizations, members, teams, size);
    for organization in &mut scenario.organizations {
        let Some(team) = organization.teams.last_mut() else { continue };
        let people = organization.members.iter().map(|member| &member.person);
        let join: Vec<_> =
            people.filter(|person| !team.members.contains(person)).take(more).cloned().collect();
        team.members.extend(join);
    }
    scenario
}

/// Each page of organizations, members and teams once, and in each organization the largest team's own list.
fn requests(organizations: usize, members: usize, teams: usize, largest: usize) -> u64 {
    let pages = |items: usize| items.div_ceil(100).max(1);
    let each = pages(members) + pages(teams) + pages(largest);
    (pages(organizations) + organizations * each) as u64
}

fn with(kind: FaultKind, times: Option<u32>, scenario: Scenario) -> Scenario {
    let at = Place { endpoint: Some(Endpoint::Teams), ..Place::default() };
    Scenario { faults: vec![Fault { at, times, kind }], ..scenario }
}

/// As soon as the list of teams was read.
fn after_the_teams(change: ChangeKind, scenario: Scenario) -> Scenario {
    let after = Trigger { endpoint: Some(Endpoint::Teams), requests: 1 };
    Scenario { changes: vec![Change { after, change }], ..scenario }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_are_whole_cost_a_request_for_a_hundred_teams() {
    assert_eq!(requests(10, 5_000, 500, 41), 561);
    for (organizations, members, teams, size, more) in
        [(1, 50, 5, 10, 1), (3, 250, 130, 4, 1), (2, 150, 201, 1, 119)]
    {
        let scenario = with_a_largest_team(organizations, members, teams, size, more);
        for workers in [1, 2, 8] {
            let came = complete(&scenario, workers).await;
            assert_eq!(fallen_back(&scenario, &came.summary), [""; 0]);
            assert_eq!(came.carried.len(), organizations * (teams - 1));
            assert_eq!(came.requests, requests(organizations, members, teams, size + more));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_of_one_size_cost_what_they_cost_without_the_option() {
    for teams in [30, 120] {
        let scenario = Scenario::sized(2, 50, teams, 5);
        let came = complete(&scenario, 4).await;
        assert_eq!(came.requests, Manifest::of(&scenario).requests);
        assert!(came.carried.is_empty() && came.summary.warnings.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_of_all_kinds_give_exactly_their_records() {
    for workers in [1, 2, 8] {
        let demo = Scenario::demo();
        let came = complete(&demo, workers).await;
        // Two of them are kept by a directory: their grants, too, say that nobody can revoke them here.
        let managed = demo.organizations.iter().flat_map(|o| &o.teams).filter(|team| team.managed);
        let managed: Vec<_> = managed.map(|team| &team.id).collect();
        assert!(came.carried.iter().any(|(id, ids)| managed.contains(&id) && !ids.is_empty()));
    }
    for seed in 0..30 {
        let scenario = Scenario::random(seed);
        if Manifest::of(&scenario).error.is_none() {
            complete(&scenario, 4).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_are_cut_empty_or_wrong_change_nothing_and_are_told_once() {
    let all = [InlineMembers::Empty, InlineMembers::Doubled, InlineMembers::Wrong];
    for inline_members in (1..5).map(InlineMembers::AtMost).chain(all) {
        for workers in [1, 2, 8] {
            let scenario = Scenario { inline_members, ..Scenario::demo() };
            let came = complete(&scenario, workers).await;
            assert!(came.carried.is_empty() || inline_members == InlineMembers::AtMost(4));
            let mut expected: Vec<_> = scenario.organizations.iter().map(|o| o.name.as_str()).collect();
            if inline_members == InlineMembers::AtMost(4) {
                expected.clear();
            }
            let mut told = fallen_back(&scenario, &came.summary);
            told.sort_unstable();
            expected.sort_unstable();
            assert_eq!(told, expected, "{inline_members:?}");
            // The compared lists are read for the grants anyway.
            assert!(came.requests <= Manifest::of(&scenario).requests, "{inline_members:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_lists_of_one_length_each_is_compared() {
    // Lists are cut at ten, and in one organization all but the last team have exactly ten.
    let scenario = with_a_largest_team(2, 60, 12, 10, 1);
    let mut scenario = Scenario { inline_members: InlineMembers::AtMost(10), ..scenario };
    scenario.organizations[1].teams[11].members.pop();
    scenario.organizations[1].teams[3].members.pop();
    for workers in [1, 2, 8] {
        let came = complete(&scenario, workers).await;
        assert_eq!(fallen_back(&scenario, &came.summary), ["organization-01"]);
        assert_eq!(came.carried.len(), 1);
    }
    // With very many only a part of them is compared, but no list of that length is believed.
    let scenario = with_a_largest_team(1, 400, 130, 3, 1);
    let scenario = Scenario { inline_members: InlineMembers::AtMost(3), ..scenario };
    assert!(complete(&scenario, 8).await.carried.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_somebody_twice_is_not_believed_and_one_that_is_missing_ends_the_sync() {
    let scenario = with_a_largest_team(1, 50, 4, 3, 1);
    let other = &scenario.organizations[0].teams[1].members;
    let twice = json!([{ "id": other[0] }, { "id": other[0] }]).to_string();
    let set = FaultKind::Set { pointer: "/data/1/members".into(), json: twice };
    let came = complete(&with(set, None, scenario.clone()), 2).await;
    assert_eq!((came.carried.len(), came.summary.warnings.len()), (2, 0));

    for kind in [
        FaultKind::Remove { pointer: "/data/1/members".into() },
        FaultKind::Set { pointer: "/data/1/members".into(), json: "null".into() },
        FaultKind::Remove { pointer: "/data/1/members/0/id".into() },
    ] {
        let server = Server::start(with(kind.clone(), None, scenario.clone())).expect("a server");
        let error = sync_inline(&server, options(2)).await.0.expect_err("a missing field");
        assert_eq!(error.code(), 13, "{error}");
        assert!(error.to_string().contains("data[1].members"), "{error}");
        // Without the option nobody looks at it.
        let (result, found) = sync(&server, options(2)).await;
        result.expect("a sync");
        assert_eq!(Records::of(&found).difference(&Records::expected(&Manifest::of(&scenario))), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_between_the_list_of_teams_and_the_proof_is_in_no_gap() {
    let scenario = with_a_largest_team(1, 50, 6, 3, 1);
    let (first, largest) = (&scenario.organizations[0].teams[0], &scenario.organizations[0].teams[5]);
    let new = scenario.organizations[0].members[40].person.clone();
    let renamed = || ("other".to_owned(), "Other".to_owned());
    for (of, told) in [(first, false), (largest, true)] {
        let (slug, display_name) = renamed();
        for change in [
            ChangeKind::RenameTeam { team: of.id.clone(), slug, display_name },
            ChangeKind::AddTeamMember { team: of.id.clone(), person: new.clone() },
            ChangeKind::RemoveTeamMember { team: of.id.clone(), person: of.members[0].clone() },
            ChangeKind::RemoveTeam { team: of.id.clone() },
        ] {
            let changing = after_the_teams(change.clone(), scenario.clone());
            let (before, after) = (Manifest::of(&scenario), Manifest::of(&changing.after_changes()));
            for workers in [1, 2, 8] {
                let came = read(&changing, workers).await;
                assert_eq!(!fallen_back(&scenario, &came.summary).is_empty(), told, "{change:?}");
                // A shorter list is believed as it was; what is compared is read as it is now.
                let expected = if told { &after.grants } else { &before.grants };
                assert_eq!(came.records.grants, *expected, "{change:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_in_a_team_comes_out_as_without_the_option() {
    let mut scenario = with_a_largest_team(2, 50, 6, 3, 1);
    // Somebody of the other organization, and somebody who is in none.
    let guest = scenario.organizations[1].members[7].person.clone();
    let mut nobody = scenario.people[0].clone();
    nobody.id = "innoorganization".into();
    scenario.people.push(nobody.clone());
    scenario.organizations[0].teams[1].members[0] = guest;
    scenario.organizations[0].teams[2].members[1] = nobody.id;
    let came = complete(&scenario, 4).await;
    assert_eq!(came.carried.len(), 10);
    let server = Server::start(scenario.clone()).expect("a server");
    let (result, _) = sync(&server, options(4)).await;
    let messages = |summary: &Summary| {
        summary.warnings.iter().map(|warning| warning.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(messages(&came.summary), messages(&result.expect("a sync")));
}

/// One organization: team `large` of three, and team `small`, whose list inside the list of teams has so many members
/// as this, and its own one two.
fn answer(path: &str, small: u64) -> Value {
    let people = |count: u64| (0..count).map(|n| json!({ "id": format!("u{n}") })).collect::<Vec<_>>();
    let own = |count: u64| people(count).into_iter().map(|user| json!({ "user": user })).collect::<Vec<_>>();
    let team = |slug: &str, members: u64| json!({ "id": slug, "slug": slug, "managed": false, "members": people(members) });
    let data = match path {
        "/base/v1/organizations/acme/teams" => vec![team("large", 3), team("small", small)],
        "/base/v1/organizations/acme/teams/large/members" => own(3),
        "/base/v1/organizations/acme/teams/small/members" => own(2),
        other => panic!("{other} was asked for"),
    };
    json!({ "current_page": 1, "per_page": 100, "next_page": null, "total_count": data.len(), "total_pages": 1, "data": data })
}

#[tokio::test]
async fn a_host_that_keeps_no_replies_and_forgets_the_instance_gets_the_same() {
    // Each time the list of teams is asked for, the small team's list inside is another one.
    for (lengths, is_carried) in
        [([2, 2], true), ([2, 1], true), ([2, 3], false), ([2, 4], false), ([4, 2], false)]
    {
        let asked = Arc::new(AtomicU64::new(0));
        let answers = move |uri: &http::Uri| {
            let turn = if uri.path().ends_with("/teams") { asked.fetch_add(1, Relaxed) } else { 0 };
            let body = answer(uri.path(), lengths[turn as usize % 2]);
            Canned { status: 200, body: body.to_string().into_bytes() }
        };
        let answers = Arc::new(answers);
        let direct = || {
            let answers = answers.clone();
            Direct::with(&[("planetscale-inline-team-members", "true")], move |uri| answers(uri))
        };
        let mut first = direct().await.expect("an instance");
        let acme = organization("acme-id", "acme");
        let page = first.resources("team", Some(&acme), None).await.expect("no trap").expect("teams");
        for team in &page.items {
            let carries = team.profile.iter().any(|entry| entry.key == KEY);
            assert_eq!(carries, is_carried && team.id.id == "small", "{lengths:?}: {}", team.id.id);
            let mut another = direct().await.expect("an instance");
            let grants = another.grants(team, None).await.expect("no trap").expect("grants");
            let own = if team.id.id == "large" { 3 } else { 2 };
            let expected = if carries { lengths[1] } else { own };
            assert_eq!(grants.items.len() as u64, expected, "{lengths:?}: {}", team.id.id);
            assert_eq!(another.asked().len(), usize::from(!carries));
        }
    }
}

#[tokio::test]
async fn a_team_that_carries_its_members_is_read_by_itself_without_the_option() {
    let answers =
        |uri: &http::Uri| Canned { status: 200, body: answer(uri.path(), 2).to_string().into_bytes() };
    let mut direct = Direct::new(answers).await.expect("an instance");
    let mut team = baton_planetscale_support::direct::team("small", "acme", "small");
    let value = syncer::ProfileValue::Text("u0".into());
    team.profile.push(syncer::ProfileEntry { key: KEY.into(), value });
    let grants = direct.grants(&team, None).await.expect("no trap").expect("grants");
    assert_eq!((grants.items.len(), direct.asked().len()), (2, 1));
}
