//! A sync of single resources: these, what lies within them, what they offer and who holds it; and nothing else.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use baton_host::records::{List, joined, joined_grant};
use baton_host::sink::Memory;
use baton_host::{Error, Event, Summary, SyncOptions, Target};
use baton_planetscale_demo::{Endpoint, Manifest, Reference, Scenario, Server};
use baton_planetscale_support::guests::misbehave;
use baton_planetscale_support::{Records, options, sync};

fn targets(bids: &[&str]) -> Vec<Target> {
    bids.iter().map(|bid| bid.parse().expect("a bid")).collect()
}

fn asks_for(targets: Vec<Target>) -> SyncOptions {
    SyncOptions { targets, ..options(4) }
}

fn target(of: &Reference) -> Target {
    let id =
        baton_host::contract::ResourceId { resource_type: of.resource_type.clone(), id: of.resource.clone() };
    Target { id, parent: None }
}

/// What a manifest has of some of its resources.
fn of_these(manifest: &Manifest, wanted: &[&Reference]) -> Records {
    let within = |id: &Reference, parent: Option<&Reference>| {
        let member_of = |organization: &Reference| {
            let grants = manifest.grants.iter().filter(|grant| grant.principal == *id);
            let mut entitlements =
                grants.filter_map(|grant| manifest.entitlements.iter().find(|e| e.id == grant.entitlement));
            organization.resource_type == "organization"
                && entitlements.any(|entitlement| entitlement.resource == *organization)
        };
        wanted.iter().any(|wanted| *wanted == id || Some(*wanted) == parent || member_of(wanted))
    };
    let entitlements: Vec<_> =
        manifest.entitlements.iter().filter(|e| wanted.contains(&&e.resource)).cloned().collect();
    let ids: BTreeSet<&str> = entitlements.iter().map(|e| e.id.as_str()).collect();
    Records {
        resources: manifest
            .resources
            .iter()
            .filter(|resource| within(&resource.id, resource.parent.as_ref()))
            .cloned()
            .collect(),
        grants: manifest.grants.iter().filter(|g| ids.contains(g.entitlement.as_str())).cloned().collect(),
        entitlements,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_resource_alone_and_all_kinds_together_give_their_part_of_everything() {
    for scenario in [Scenario::demo(), Scenario::scripts(), Scenario::random(7), Scenario::random(21)] {
        let manifest = Manifest::of(&scenario);
        let name = scenario.name.clone();
        let server = Server::start(scenario).expect("a server");
        let of = |kind: &'static str| {
            manifest.resources.iter().map(|r| &r.id).filter(move |id| id.resource_type == kind)
        };
        let mut sets: Vec<Vec<&Reference>> = Vec::new();
        for kind in ["organization", "team", "user"] {
            sets.extend(of(kind).take(6).map(|id| vec![id]));
        }
        sets.push(
            of("organization").take(1).chain(of("team").skip(1).take(2)).chain(of("user").take(2)).collect(),
        );
        for wanted in sets {
            let (result, found) = sync(&server, asks_for(wanted.iter().map(|id| target(id)).collect())).await;
            let summary = result.unwrap_or_else(|error| panic!("{name} {wanted:?}: {error}"));
            let expected = of_these(&manifest, &wanted);
            if let Some(difference) = Records::of(&found).difference(&expected) {
                panic!("{name} {wanted:?}: {difference}");
            }
            assert!(found.finished && found.resource_types.len() == 3);
            assert_eq!(summary.resources.values().sum::<u64>(), expected.resources.len() as u64);
            assert_eq!(summary.grants.values().sum::<u64>(), expected.grants.len() as u64);
            // Their holders were not read, and nobody is to be warned of that.
            assert!(
                summary.warnings.iter().all(|w| !w.message.contains("not listed")),
                "{:?}",
                summary.warnings
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_lists_on_the_way_are_asked_for() {
    let scenario = Scenario::sized(3, 120, 4, 10);
    let manifest = Manifest::of(&scenario);
    let team = manifest.resources.iter().find(|r| r.id.resource_type == "team").expect("a team");
    let parent = target(team.parent.as_ref().expect("an organization")).id;
    let asked = async |target: Target| {
        let server = Server::start(scenario.clone()).expect("a server");
        sync(&server, asks_for(vec![target])).await.0.expect("a sync");
        let count =
            |endpoint| server.requests().iter().filter(|seen| seen.endpoint == Some(endpoint)).count();
        [Endpoint::Organizations, Endpoint::Teams, Endpoint::Members, Endpoint::TeamMembers].map(count)
    };
    assert_eq!(asked(target(&team.id)).await, [1, 3, 0, 1]);
    assert_eq!(asked(Target { parent: Some(parent.clone()), ..target(&team.id) }).await, [1, 1, 0, 1]);
    // An organization holds everything within it: two pages of members, which serve its grants as well.
    assert_eq!(asked(Target { id: parent, parent: None }).await, [1, 1, 2, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_out_of_everything_is_left_out_of_single_resources() {
    let scenario = Scenario::demo();
    let manifest = Manifest::of(&scenario);
    let team = &manifest.resources.iter().find(|r| r.id.resource_type == "team").expect("a team").id;
    let server = Server::start(scenario).expect("a server");
    let counts = async |options: SyncOptions| {
        let (result, found) = sync(&server, options).await;
        result.expect("a sync");
        (found.resources.len(), found.entitlements.len(), found.grants.len() > 1)
    };
    let only = || asks_for(vec![target(team)]);
    assert_eq!(counts(only()).await, (1, 1, true));
    assert_eq!(counts(SyncOptions { skip_grants: true, ..only() }).await, (1, 1, false));
    assert_eq!(counts(SyncOptions { skip_entitlements_and_grants: true, ..only() }).await, (1, 0, false));
    // The way leads through organizations, which are not in the result; the holders are people, which are neither.
    assert_eq!(counts(SyncOptions { resource_types: vec!["team".into()], ..only() }).await, (1, 1, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_not_there_is_a_warning_and_none_at_all_is_an_error() {
    let manifest = Manifest::of(&Scenario::demo());
    let team = &manifest.resources.iter().find(|r| r.id.resource_type == "team").expect("a team").id;
    let server = Server::start(Scenario::demo()).expect("a server");
    let gone = || targets(&[r"bid:r:team/gone\/away"]);

    let (result, found) = sync(&server, asks_for([gone(), vec![target(team)]].concat())).await;
    let [warning] = result.expect("a sync").warnings.try_into().expect("one warning");
    assert!(warning.message.starts_with(r"bid:r:team/gone\/away was not found"), "{}", warning.message);
    assert_eq!(found.resources.len(), 1);

    let refused = async |options: SyncOptions| {
        let (result, found) = sync(&server, options).await;
        assert!(!found.finished);
        let error: Error = result.expect_err("no result");
        (error.code(), error.to_string())
    };
    let (code, text) = refused(asks_for(gone())).await;
    assert!(code == 5 && text.contains(r"bid:r:team/gone\/away"), "{text}");
    // The right team in the wrong organization.
    let elsewhere = Target { parent: target(team).id.into(), ..target(team) };
    assert_eq!(refused(asks_for(vec![elsewhere])).await.0, 5);
    let (code, text) = refused(asks_for(targets(&["bid:r:database/1"]))).await;
    assert_eq!((code, text.as_str()), (2, "invalid resource type 'database' in filter"));
    let left_out = SyncOptions { resource_types: vec!["user".into()], ..asks_for(gone()) };
    let (code, text) = refused(left_out).await;
    assert!(code == 2 && text.contains("leaves out the type 'team'"), "{text}");
}

/// A sync of the tree: the ids of what came of each kind, and the lists that were read.
async fn tree(bids: &[&str]) -> (Vec<String>, Vec<String>, BTreeSet<String>) {
    let lists = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = lists.clone();
    let observer: baton_host::Observer = Arc::new(move |event| {
        if let Event::Page { list: List::Resources { resource_type, parent }, .. } = event {
            let parent = parent.as_ref().map_or("", |parent| &parent.id.id);
            seen.lock().expect("a set").insert(format!("{resource_type} of {parent:?}"));
        }
    });
    let options = SyncOptions { observer: Some(observer), targets: targets(bids), ..options(2) };
    let (result, found): (Result<Summary, Error>, Memory) =
        misbehave(&[("mode", "tree"), ("at", "list-resources")], options).await;
    result.expect("a sync");
    let mut resources: Vec<String> = found.resources.iter().map(|r| joined(&r.id)).collect();
    resources.sort();
    let mut grants: Vec<String> = found.grants.iter().map(joined_grant).collect();
    grants.sort();
    let lists = lists.lock().expect("a set").clone();
    (resources, grants, lists)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_within_is_kept_however_deep_and_nothing_beside() {
    let within =
        ["person:ab", "person:aba", "person:abb", "person:everywhere", "thing:ab", "thing:aba", "thing:abb"];
    for bid in ["bid:r:thing/ab", "bid:r:thing/a/thing/ab"] {
        let (resources, grants, lists) = tree(&[bid]).await;
        assert_eq!(resources, within);
        assert_eq!(grants, ["thing:ab:use:person:1"], "what lies within has entitlements of its own");
        assert_eq!(lists.contains("thing of \"b\""), bid == "bid:r:thing/ab", "{lists:?}");
        assert!(!lists.contains("thing of \"aa\"") && !lists.contains("person of \"a\""), "{lists:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_within_another_and_one_read_on_the_way_are_each_there_once() {
    // The person is found deep in the tree; on the way the search has been through everything above.
    let (resources, grants, _) = tree(&["bid:r:person/bab", "bid:r:thing/bb", "bid:r:thing/bba"]).await;
    let expected = [
        "person:bab",
        "person:bb",
        "person:bba",
        "person:bbb",
        "person:everywhere",
        "thing:bb",
        "thing:bba",
        "thing:bbb",
    ];
    assert_eq!(resources, expected);
    assert_eq!(grants, ["thing:bb:use:person:1", "thing:bba:use:person:1"]);
    // A person who is everywhere, looked for in one place.
    let (resources, _, lists) = tree(&["bid:r:thing/ba/person/everywhere"]).await;
    assert_eq!(resources, ["person:everywhere"]);
    assert!(lists.contains("person of \"ba\"") && !lists.contains("person of \"bb\""), "{lists:?}");
}
