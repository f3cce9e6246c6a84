//! The demo's company: Kestrel, a freight carrier with a research arm and a design studio.
//!
//! It is small enough to be read in one go and holds one of everything that is interesting: three
//! organizations, people in more than one of them, an administrator without a second factor, people
//! who sign in through SSO, a team that a directory manages, an organization whose roles the identity
//! provider manages, a team without members, an analyst, accounts without a display name, and names
//! in the scripts that people write them in.

use super::definition::Scenario;
use super::people::{Database, Membership, Organization, Person, Team, Told};
use super::words::id_of;

/// How somebody signs in.
#[derive(Clone, Copy, PartialEq)]
enum SignIn {
    /// With a password and a second factor.
    SecondFactor,
    /// With a password alone.
    Password,
    /// Through the company's identity provider.
    Sso,
    /// The same, from the directory.
    Directory,
}
use SignIn::{Directory, Password, SecondFactor, Sso};

/// Key, display name, e-mail, way of signing in, own organization, day the account was made.
#[rustfmt::skip]
const PEOPLE: [(&str, &str, &str, SignIn, &str, &str); 26] = [
    ("amara", "Amara Okafor", "amara.okafor@kestrel.example", Directory, "freight", "2021-02-08"),
    ("jonas", "Jonas Lindqvist", "jonas.lindqvist@kestrel.example", Directory, "freight", "2021-02-08"),
    ("priya", "Priya Raghavan", "priya.raghavan@kestrel.example", Directory, "freight", "2021-04-19"),
    ("hong", "Nguyễn Thị Hồng", "hong.nguyen@kestrel.example", Directory, "freight", "2021-09-01"),
    ("misaki", "佐藤 美咲", "misaki.sato@kestrel.example", Directory, "freight", "2022-01-11"),
    ("maryam", "مريم العتيبي", "maryam.alotaibi@kestrel.example", Directory, "freight", "2022-03-07"),
    ("dmytro", "Дмитро Шевчук", "dmytro.shevchuk@kestrel.example", Directory, "freight", "2022-05-30"),
    ("mateo", "Mateo Herrera", "mateo.herrera@kestrel.example", Directory, "freight", "2022-08-15"),
    ("grace", "Grace Whitfield", "grace.whitfield@kestrel.example", Directory, "freight", "2022-11-02"),
    ("zoe", "Zoe\u{308} A\u{30a}ngstro\u{308}m", "zoe.angstrom@kestrel.example", Directory, "freight", "2023-01-23"),
    ("seoyeon", "김서연", "seoyeon.kim@kestrel.example", Directory, "freight", "2023-06-05"),
    ("tomas", "Tomás Ó Briain", "tomas.obriain@kestrel.example", Directory, "freight", "2023-10-16"),
    ("sam", "Sam Rivera 🚀", "sam.rivera@kestrel.example", Directory, "freight", "2024-02-12"),
    ("deploy", "", "deploy@kestrel.example", SecondFactor, "freight", "2021-03-15"),
    ("eleni", "Ελένη Παπαδοπούλου", "eleni.papadopoulou@kestrel.example", Sso, "labs", "2022-02-14"),
    ("neha", "नेहा शर्मा", "neha.sharma@kestrel.example", Sso, "labs", "2022-06-20"),
    ("wei", "陈伟", "wei.chen@kestrel.example", Sso, "labs", "2023-03-13"),
    ("yael", "יעל בן־דוד", "yael.bendavid@kestrel.example", Sso, "labs", "2023-09-04"),
    ("anong", "อนงค์ ศรีสุวรรณ", "anong.srisuwan@kestrel.example", Sso, "labs", "2024-04-22"),
    ("lucia", "Lucía Fernández", "lucia@osprey.example", Password, "studio", "2020-10-05"),
    ("henrik", "Henrik Dahl", "henrik@osprey.example", SecondFactor, "studio", "2020-10-05"),
    ("bianca", "Bianca Moretti", "bianca@osprey.example", SecondFactor, "studio", "2021-05-17"),
    ("idris", "Idris Mensah", "idris@osprey.example", Password, "studio", "2022-07-11"),
    ("noor", "Noor Rahman", "noor@osprey.example", SecondFactor, "studio", "2023-12-04"),
    ("freelance", "", "k.weiss@contractor.example", Password, "studio", "2025-01-27"),
    ("ravi", "Ravi Iyer", "ravi.iyer@auditor.example", SecondFactor, "studio", "2025-08-18"),
];

impl Scenario {
    /// Three organizations of one company; see the head of this file for what is in them.
    #[must_use]
    pub fn demo() -> Self {
        Self {
            name: "demo".into(),
            people: PEOPLE.iter().map(|row| person(*row)).collect(),
            organizations: vec![freight(), labs(), studio()],
            ..Self::default()
        }
    }
}

fn freight() -> Organization {
    let everybody = [
        "priya", "hong", "misaki", "maryam", "dmytro", "mateo", "zoe", "seoyeon", "tomas", "sam", "deploy",
        "bianca",
    ];
    Organization {
        sso: Told::Yes,
        sso_directory: Told::Yes,
        created_at: "2021-02-08T08:12:44.000Z".into(),
        plan: Some("enterprise".into()),
        members: members(&["amara", "jonas"], &["grace"], &everybody),
        teams: vec![
            Team {
                managed: true,
                databases: databases(&["shipments", "tracking", "billing"]),
                passwords: 2,
                ..team(
                    "platform",
                    "Platform",
                    "Runs the production databases",
                    &["jonas", "hong", "dmytro", "misaki"],
                )
            },
            Team {
                managed: true,
                databases: databases(&["billing"]),
                passwords: 1,
                ..team(
                    "payments",
                    "Payments",
                    "Invoices, customs duties and refunds",
                    &["priya", "mateo", "seoyeon"],
                )
            },
            Team {
                analyst_databases: databases(&["shipments", "tracking"]),
                ..team(
                    "route-planning",
                    "Route planning",
                    "Forecasts and lane optimisation",
                    &["maryam", "zoe", "tomas", "hong"],
                )
            },
            Team {
                databases: databases(&["tracking"]),
                passwords: 1,
                ..team("tokyo-office", "東京オフィス", "", &["misaki", "seoyeon"])
            },
            team(
                "on-call",
                "On-call",
                "Whoever carries the pager this quarter",
                &["jonas", "dmytro", "sam", "deploy"],
            ),
            team("cold-chain", "Cold chain", "Starts in spring; nobody has joined yet", &[]),
        ],
        ..organization("freight", "kestrel-freight")
    }
}

fn labs() -> Organization {
    Organization {
        sso: Told::Yes,
        idp_managed_roles: true,
        created_at: "2022-02-14T13:05:00.000Z".into(),
        members: members(&["eleni", "amara"], &[], &["neha", "wei", "yael", "anong", "zoe", "tomas"]),
        teams: vec![
            Team {
                databases: databases(&["telemetry"]),
                passwords: 1,
                ..team("sensors", "Sensors", "Container telemetry", &["neha", "wei", "anong"])
            },
            Team {
                databases: databases(&["experiments"]),
                ..team(
                    "forecasting",
                    "Forecasting & simulation",
                    "Demand models, with route planning",
                    &["yael", "zoe", "tomas", "eleni"],
                )
            },
        ],
        ..organization("labs", "kestrel-labs")
    }
}

fn studio() -> Organization {
    Organization {
        created_at: "2020-10-05T16:40:21.000Z".into(),
        members: members(&["lucia", "henrik"], &[], &["bianca", "idris", "noor", "freelance", "ravi", "sam"]),
        teams: vec![
            Team {
                databases: databases(&["brand-portal"]),
                passwords: 1,
                ..team("web", "Web", "The customer portal", &["henrik", "bianca", "noor", "freelance"])
            },
            team("brand", "Brand", "", &["lucia", "idris"]),
        ],
        ..organization("studio", "osprey-studio")
    }
}

fn person((key, shown, email, how, home, day): (&str, &str, &str, SignIn, &str, &str)) -> Person {
    let id = id_of(&format!("demo person {key}"));
    let account = email.split('@').next().unwrap_or(key);
    let through_sso = matches!(how, Sso | Directory);
    Person {
        display_name: shown.to_owned(),
        // The contractor has filled in nothing at all: the e-mail address is all there is.
        name: if key == "freelance" { String::new() } else { account.to_owned() },
        email: email.to_owned(),
        avatar_url: format!("https://avatars.kestrel.example/{id}.png"),
        created_at: format!("{day}T09:30:00.000Z"),
        two_factor_auth_configured: how == SecondFactor,
        sso: if through_sso { Told::Yes } else { Told::No },
        managed: if through_sso { Told::Yes } else { Told::No },
        directory_managed: if how == Directory { Told::Yes } else { Told::Absent },
        email_verified: if key == "freelance" { Told::Null } else { Told::Yes },
        default_organization: Some(organization_id(home)),
        id,
        ..Person::default()
    }
}

fn organization_id(key: &str) -> String {
    id_of(&format!("demo organization {key}"))
}

fn organization(key: &str, name: &str) -> Organization {
    Organization { id: organization_id(key), name: name.to_owned(), ..Organization::default() }
}

fn members(admins: &[&str], analysts: &[&str], others: &[&str]) -> Vec<Membership> {
    [(admins, "admin"), (analysts, "analyst"), (others, "member")]
        .into_iter()
        .flat_map(|(keys, role)| keys.iter().map(move |key| (*key, role)))
        .map(|(key, role)| Membership { person: id_of(&format!("demo person {key}")), role: role.to_owned() })
        .collect()
}

fn team(slug: &str, name: &str, description: &str, people: &[&str]) -> Team {
    Team {
        id: id_of(&format!("demo team {slug}")),
        slug: slug.to_owned(),
        name: name.to_owned(),
        display_name: name.to_owned(),
        description: (!description.is_empty()).then(|| description.to_owned()),
        members: people.iter().map(|key| id_of(&format!("demo person {key}"))).collect(),
        ..Team::default()
    }
}

fn databases(names: &[&str]) -> Vec<Database> {
    let database =
        |name: &&str| Database { id: id_of(&format!("demo database {name}")), name: (*name).to_owned() };
    names.iter().map(database).collect()
}
