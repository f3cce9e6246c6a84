//! Cases in which nothing is wrong with the API, and the world changes while it is read.

use baton_planetscale_demo::{
    Change, ChangeKind, Database, Membership, Organization, Scenario, Team, Trigger,
};

use super::world;

/// Each change after so many requests: before the first, between any two lists, near the end.
const AFTER: [u64; 10] = [0, 1, 2, 4, 6, 9, 13, 18, 24, 30];

/// Each with the exit codes that it may end in: a list that goes on changing (10), and an organization that is no
/// longer there under its name (7).
pub fn all() -> Vec<(String, Scenario, Vec<i32>)> {
    let scenario = world::small();
    let mut cases = Vec::new();
    for after in AFTER {
        for (name, change, codes) in kinds(&scenario) {
            let changes = vec![Change { after: Trigger { endpoint: None, requests: after }, change }];
            let scenario = Scenario { changes, ..scenario.clone() };
            cases.push((format!("{name} after {after} requests"), scenario, codes));
        }
    }
    cases
}

fn kinds(scenario: &Scenario) -> Vec<(&'static str, ChangeKind, Vec<i32>)> {
    let (Some(first), Some(last)) = (scenario.organizations.first(), scenario.organizations.last()) else {
        return Vec::new();
    };
    let organization = || first.id.clone();
    let person = |at: usize| first.members.get(at).map(|member| member.person.clone()).unwrap_or_default();
    let team = |at: usize| first.teams.get(at).map(|team| team.id.clone()).unwrap_or_default();
    let stranger = last.members.last().map(|member| member.person.clone()).unwrap_or_default();
    let new_team = Team {
        id: "new-team".into(),
        slug: "new-team".into(),
        name: "New".into(),
        display_name: "New".into(),
        members: vec![person(1)],
        ..Team::default()
    };
    let mut databases = first.teams.iter().flat_map(|team| &team.databases).cloned();
    let database = databases.next().unwrap_or_else(|| Database { id: String::new(), name: String::new() });
    let third = scenario.organizations.get(2).map(|organization| organization.id.clone()).unwrap_or_default();
    let new_organization = Organization {
        id: "new-organization".into(),
        name: "new-organization".into(),
        members: vec![Membership { person: person(2), role: "admin".into() }],
        ..Organization::default()
    };
    vec![
        (
            "a person joins",
            ChangeKind::AddMember { organization: organization(), person: stranger, role: "member".into() },
            vec![10],
        ),
        (
            "a person leaves",
            ChangeKind::RemoveMember { organization: organization(), person: person(0) },
            vec![10],
        ),
        (
            "a person becomes administrator",
            ChangeKind::SetRole { organization: organization(), person: person(3), role: "admin".into() },
            vec![],
        ),
        (
            "a person is renamed",
            ChangeKind::RenamePerson { person: person(2), display_name: "Somebody Else".into() },
            vec![],
        ),
        (
            "a team is made",
            ChangeKind::AddTeam { organization: organization(), team: Box::new(new_team) },
            vec![10],
        ),
        ("a team is deleted", ChangeKind::RemoveTeam { team: team(0) }, vec![10]),
        (
            "a team is renamed",
            ChangeKind::RenameTeam { team: team(0), slug: "other".into(), display_name: "Other".into() },
            vec![],
        ),
        ("somebody joins a team", ChangeKind::AddTeamMember { team: team(2), person: person(4) }, vec![10]),
        (
            "somebody leaves a team",
            ChangeKind::RemoveTeamMember { team: team(0), person: person(0) },
            vec![10],
        ),
        (
            "an organization is renamed",
            ChangeKind::RenameOrganization { organization: organization(), name: "other-name".into() },
            vec![7],
        ),
        (
            "an organization goes",
            ChangeKind::RemoveOrganization { organization: organization() },
            vec![7, 10],
        ),
        (
            "an organization in the middle goes",
            ChangeKind::RemoveOrganization { organization: third },
            vec![7, 10],
        ),
        (
            "an organization comes",
            ChangeKind::AddOrganization { organization: Box::new(new_organization) },
            vec![10],
        ),
        (
            "a database is renamed",
            ChangeKind::RenameDatabase { database: database.id.clone(), name: "another".into() },
            vec![10],
        ),
        (
            "a team loses its databases",
            ChangeKind::SetDatabases { team: team(0), databases: vec![], analyst_databases: vec![] },
            vec![10],
        ),
        (
            "a team reads a new database",
            ChangeKind::SetDatabases {
                team: team(3),
                databases: vec![database],
                analyst_databases: vec![Database { id: "new-database".into(), name: "new".into() }],
            },
            vec![10],
        ),
        ("access is lost", ChangeKind::LoseAccess { organization: organization() }, vec![7]),
    ]
}
