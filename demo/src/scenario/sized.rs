//! Scenarios by numbers, for tests of size and for measuring.

use super::definition::Scenario;
use super::people::{Database, Membership, Organization, Team};
use super::words::{id_of, person};

/// How many teams administer one database.
const TEAMS_OF_A_DATABASE: usize = 4;

impl Scenario {
    /// So many organizations of so many members and teams; nobody is in two organizations.
    #[must_use]
    pub fn sized(organizations: usize, members: usize, teams: usize, team_members: usize) -> Self {
        Self::overlapping(organizations, members, teams, team_members, members)
    }

    /// As [`Scenario::sized`], but each organization begins only `step` people after the one before
    /// it: 0 puts everybody into every organization, half of `members` makes neighbours share half.
    #[must_use]
    pub fn overlapping(
        organizations: usize,
        members: usize,
        teams: usize,
        team_members: usize,
        step: usize,
    ) -> Self {
        let everybody = match organizations.checked_sub(1) {
            Some(others) => members + others * step,
            None => 0,
        };
        let people: Vec<_> = (0..everybody).map(person).collect();
        let ids: Vec<&str> = people.iter().map(|p| p.id.as_str()).collect();
        let organizations = (0..organizations)
            .map(|o| {
                let own = ids.get(o * step..o * step + members).unwrap_or_default();
                organization(o, own, teams, team_members)
            })
            .collect();
        Self { name: "sized".into(), organizations, people, ..Self::default() }
    }
}

fn organization(number: usize, people: &[&str], teams: usize, team_members: usize) -> Organization {
    let members = people
        .iter()
        .enumerate()
        .map(|(i, id)| Membership {
            person: (*id).to_owned(),
            // Everybody's first is an administrator, then one in twenty-five.
            role: if i.is_multiple_of(25) { "admin" } else { "member" }.to_owned(),
        })
        .collect();
    let databases = teams.div_ceil(TEAMS_OF_A_DATABASE);
    let teams = (0..teams).map(|t| Team {
        // Those of one database are far apart in the list.
        databases: vec![database(number, t % databases)],
        analyst_databases: match t % 3 {
            0 => vec![database(number, (t + 1) % databases)],
            _ => Vec::new(),
        },
        ..team(number, t, people, team_members)
    });
    Organization {
        id: id_of(&format!("organization {number}")),
        name: format!("organization-{:02}", number + 1),
        members,
        teams: teams.collect(),
        ..Organization::default()
    }
}

fn database(organization: usize, number: usize) -> Database {
    Database {
        id: id_of(&format!("database {organization}/{number}")),
        name: format!("database-{:03}", number + 1),
    }
}

fn team(organization: usize, number: usize, people: &[&str], size: usize) -> Team {
    let name = format!("Team {:03}", number + 1);
    // Teams are neighbours in the list of people and go round at its end.
    let start = number * size;
    let members = (start..start + size.min(people.len()))
        .filter_map(|i| people.get(i % people.len()))
        .map(|id| (*id).to_owned());
    Team {
        id: id_of(&format!("team {organization}/{number}")),
        slug: format!("team-{:03}", number + 1),
        display_name: name.clone(),
        name,
        description: Some(format!("Team number {} of organization {}", number + 1, organization + 1)),
        members: members.collect(),
        ..Team::default()
    }
}
