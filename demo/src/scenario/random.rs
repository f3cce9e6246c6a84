//! Scenarios by seed, of the shapes that hurt: lists that end exactly on a page's border or one
//! beside it, people in every organization, teams with everybody and with nobody, fields left out.
//!
//! One seed gives one scenario, on every machine. Sizes stay small enough for a thousand of them in
//! a test run: a sync of one takes some dozens of requests.

use fastrand::Rng;

use super::definition::Scenario;
use super::manner::InlineMembers;
use super::people::{Database, Membership, Organization, Person, Team, Told};
use super::scripts::{NAMES, SLUGS};
use super::words::{id_of, person};

const TOLD: [Told; 4] = [Told::Absent, Told::Null, Told::Yes, Told::No];
/// List sizes around the borders of pages of 25 and 100.
const SIZES: [usize; 12] = [0, 1, 2, 24, 25, 26, 50, 99, 100, 101, 125, 201];
const TEAMS: [usize; 8] = [0, 0, 1, 2, 3, 4, 25, 26];
const TIMES: [&str; 8] = [
    "2024-03-01T09:00:00.000Z",
    "2024-03-01T09:00:00Z",
    "2024-02-29T23:59:59.123456Z",
    "2023-12-31T23:30:00.5-02:00",
    "1999-12-31T23:59:59+05:30",
    "",
    "yesterday",
    "2024-02-30T00:00:00Z",
];

impl Scenario {
    /// The scenario of a seed.
    #[must_use]
    pub fn random(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let max_per_page = choose(&mut rng, &[100, 100, 100, 50, 25]).unwrap_or(100);
        let everybody = choose(&mut rng, &SIZES).unwrap_or(1).max(1);
        let people: Vec<Person> = (0..everybody).map(|n| somebody(&mut rng, n)).collect();
        let shared = rng.u8(0..3) == 0;
        let organizations =
            (0..rng.usize(1..=4)).map(|number| organization(&mut rng, number, &people, shared)).collect();
        let mut scenario = Self {
            name: format!("random:{seed}"),
            max_per_page,
            default_per_page: 25.min(max_per_page),
            inline_members: choose(
                &mut rng,
                &[InlineMembers::All, InlineMembers::AtMost(5), InlineMembers::Empty],
            )
            .unwrap_or_default(),
            people,
            organizations,
            ..Self::default()
        };
        scenario.give_homes(&mut rng);
        for (number, organization) in scenario.organizations.iter_mut().enumerate() {
            give_databases(&mut rng, number, organization);
        }
        scenario
    }

    fn give_homes(&mut self, rng: &mut Rng) {
        let ids: Vec<String> = self.organizations.iter().map(|o| o.id.clone()).collect();
        for person in &mut self.people {
            if rng.bool() {
                person.default_organization = rng.choice(&ids).cloned();
            }
        }
    }
}

fn choose<T: Copy>(rng: &mut Rng, from: &[T]) -> Option<T> {
    rng.choice(from).copied()
}

fn told(rng: &mut Rng) -> Told {
    choose(rng, &TOLD).unwrap_or_default()
}

fn somebody(rng: &mut Rng, number: usize) -> Person {
    let usual = person(number);
    let name = match rng.u8(0..10) {
        0 => String::new(),
        1 => "   ".to_owned(),
        2..6 => choose(rng, &NAMES).unwrap_or("Ada").to_owned(),
        _ => usual.display_name.clone(),
    };
    Person {
        id: odd_id(rng, "user", number, &usual.id),
        display_name: name,
        name: if rng.u8(0..6) == 0 { String::new() } else { usual.name.clone() },
        email: if rng.u8(0..20) == 0 { String::new() } else { usual.email.clone() },
        created_at: choose(rng, &TIMES).unwrap_or_default().to_owned(),
        two_factor_auth_configured: rng.bool(),
        sso: told(rng),
        managed: told(rng),
        directory_managed: told(rng),
        email_verified: told(rng),
        ..usual
    }
}

/// Mostly the vendor's kind of id, at times one that holds what joins and separates.
fn odd_id(rng: &mut Rng, kind: &str, number: usize, usual: &str) -> String {
    match rng.u8(0..12) {
        0 => format!("{kind}:{number}"),
        1 => format!("{number}/{kind}:member"),
        _ => usual.to_owned(),
    }
}

/// So many of the people, in any order.
fn some(rng: &mut Rng, from: &[String], count: usize) -> Vec<String> {
    let mut all = from.to_vec();
    rng.shuffle(&mut all);
    all.truncate(count);
    all
}

fn organization(rng: &mut Rng, number: usize, people: &[Person], shared: bool) -> Organization {
    let everybody: Vec<String> = people.iter().map(|p| p.id.clone()).collect();
    let size = if shared { everybody.len() } else { choose(rng, &SIZES).unwrap_or(1).max(1) };
    let here = some(rng, &everybody, size);
    let teams = choose(rng, &TEAMS).unwrap_or(1);
    let id = id_of(&format!("random organization {number}"));
    let plain = rng.u8(0..4) != 0;
    let slug = choose(rng, &SLUGS).unwrap_or("x");
    let mut members: Vec<Membership> = here.iter().map(|person| membership(rng, person)).collect();
    // An organization always has an administrator, wherever in the list.
    let at = rng.usize(..members.len().max(1));
    if let Some(member) = members.get_mut(at) {
        "admin".clone_into(&mut member.role);
    }
    Organization {
        id: odd_id(rng, "organization", number, &id),
        name: if plain { format!("org-{number}") } else { format!("{slug}-{number}") },
        plan: rng.bool().then(|| "scaler_pro".to_owned()),
        created_at: choose(rng, &TIMES).unwrap_or_default().to_owned(),
        sso: told(rng),
        sso_directory: told(rng),
        idp_managed_roles: rng.u8(0..3) == 0,
        access: true,
        teams: (0..teams).map(|t| team(rng, number, t, &here)).collect(),
        members,
    }
}

fn membership(rng: &mut Rng, person: &str) -> Membership {
    let role = match rng.u8(0..20) {
        0..3 => "admin",
        3 => "analyst",
        4 => "",
        _ => "member",
    };
    Membership { person: person.to_owned(), role: role.to_owned() }
}

fn team(rng: &mut Rng, organization: usize, number: usize, people: &[String]) -> Team {
    let id = id_of(&format!("random team {organization}/{number}"));
    let size = match rng.u8(0..6) {
        0 => people.len(),
        1 => choose(rng, &SIZES).unwrap_or(0),
        _ => rng.usize(0..12),
    };
    let name = choose(rng, &NAMES).unwrap_or("Team");
    let slug = choose(rng, &SLUGS).unwrap_or("x");
    let plain = rng.u8(0..3) != 0;
    Team {
        id: odd_id(rng, &format!("team{organization}"), number, &id),
        slug: if plain { format!("team-{number}") } else { format!("{slug}-{number}") },
        name: if rng.u8(0..8) == 0 { String::new() } else { format!("{name} {number}") },
        display_name: if rng.u8(0..5) == 0 { String::new() } else { format!("{name} {number}") },
        description: match rng.u8(0..4) {
            0 => None,
            1 => Some(String::new()),
            _ => Some(format!("For {name}")),
        },
        created_at: choose(rng, &TIMES).unwrap_or_default().to_owned(),
        managed: rng.u8(0..3) == 0,
        members: some(rng, people, size),
        databases: Vec::new(),
        analyst_databases: Vec::new(),
        passwords: rng.usize(0..3),
    }
}

/// A few databases, which some teams administer, some read, some both, and some neither.
fn give_databases(rng: &mut Rng, organization: usize, within: &mut Organization) {
    let databases: Vec<Database> = (0..rng.usize(0..7))
        .map(|number| {
            let usual = id_of(&format!("random database {organization}/{number}"));
            Database {
                id: odd_id(rng, &format!("database{organization}"), number, &usual),
                name: match rng.u8(0..6) {
                    0 if number == 0 => "  ".to_owned(),
                    1 => format!("{} {number}", choose(rng, &NAMES).unwrap_or("main")),
                    _ => format!("main-{number}"),
                },
            }
        })
        .collect();
    for team in &mut within.teams {
        for database in &databases {
            match rng.u8(0..8) {
                0 | 1 => team.databases.push(database.clone()),
                2 => team.analyst_databases.push(database.clone()),
                3 => {
                    team.databases.push(database.clone());
                    team.analyst_databases.push(database.clone());
                }
                _ => {}
            }
        }
    }
}
