//! What happens while the API is being read.

use baton_planetscale_demo::{Change, ChangeKind, Endpoint, Manifest, Scenario, Server, Trigger};

use crate::client::{MEMBERS, TEAMS, get, ids};

fn with(changes: Vec<(Option<Endpoint>, u64, ChangeKind)>) -> Scenario {
    let mut scenario = Scenario::sized(1, 7, 3, 4);
    // Whoever leaves, somebody administers the organization.
    "admin".clone_into(&mut scenario.organizations[0].members[6].role);
    let change = |(endpoint, requests, change)| Change { after: Trigger { endpoint, requests }, change };
    scenario.changes = changes.into_iter().map(change).collect();
    scenario
}

#[test]
fn a_change_happens_after_so_many_requests() {
    let people: Vec<String> = Scenario::sized(1, 7, 3, 4).people.into_iter().map(|p| p.id).collect();
    let organization = Scenario::sized(1, 7, 3, 4).organizations[0].id.clone();
    let scenario = with(vec![
        (
            Some(Endpoint::Members),
            1,
            ChangeKind::RemoveMember { organization: organization.clone(), person: people[0].clone() },
        ),
        (
            Some(Endpoint::Members),
            2,
            ChangeKind::RenamePerson { person: people[1].clone(), display_name: "New Name".into() },
        ),
        (
            Some(Endpoint::Members),
            2,
            ChangeKind::SetRole { organization, person: people[1].clone(), role: "analyst".into() },
        ),
    ]);
    let (now, later) = (Manifest::of(&scenario), Manifest::of(&scenario.after_changes()));
    assert!(now.warnings.is_empty());
    assert_eq!(later.warnings[0].person, "New Name");
    assert_eq!(later.resources.len() + 1, now.resources.len());
    let gone = |g: &baton_planetscale_demo::Grant| g.principal.resource == people[0];
    assert!(now.grants.iter().filter(|g| gone(g)).count() > 1);
    assert!(!later.grants.iter().any(gone), "who leaves the organization leaves its teams");
    let server = Server::start(scenario).unwrap();
    get(&server, TEAMS);
    assert_eq!(ids(&get(&server, MEMBERS).json()).len(), 7, "requests of other lists do not count");
    let second = get(&server, MEMBERS).json();
    assert_eq!((ids(&second).len(), &second["total_count"]), (6, &6.into()));
    assert_ne!(second["data"][0]["user"]["display_name"], "New Name");
    let third = get(&server, MEMBERS).json();
    assert_eq!(third["data"][0]["user"]["display_name"], "New Name");
    assert_eq!(third["data"][0]["role"], "analyst");
}

#[test]
fn a_team_moves_or_goes_away() {
    let teams = Scenario::sized(1, 7, 3, 4).organizations.remove(0).teams;
    let renamed = ChangeKind::RenameTeam {
        team: teams[0].id.clone(),
        slug: "moved".into(),
        display_name: "Moved".into(),
    };
    let removed = ChangeKind::RemoveTeam { team: teams[1].id.clone() };
    let server = Server::start(with(vec![(None, 1, renamed), (None, 1, removed)])).unwrap();
    assert_eq!(get(&server, &format!("{TEAMS}/team-001/members")).status, 200);
    for (slug, status) in [("team-001", 404), ("moved", 200), ("team-002", 404), ("team-003", 200)] {
        assert_eq!(get(&server, &format!("{TEAMS}/{slug}/members")).status, status, "{slug}");
    }
}
