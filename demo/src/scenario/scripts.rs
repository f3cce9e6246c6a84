//! Names in the world's scripts, and ids and addresses that hold what a careless program trips over.
//!
//! Vendor ids are short and plain, but a reader must treat them as opaque text: here they hold the
//! `:` that joins ids in files and the `/` that separates path segments, and names and slugs hold
//! everything that has a meaning in a URL.

use super::definition::Scenario;
use super::people::{Database, Membership, Organization, Person, Team, Told};
use super::words::person;

/// Names as people write them: right-to-left, combining marks, wide, joined emoji, astral letters.
pub(crate) const NAMES: [&str; 20] = [
    "Ægir Þórsson",
    "Zoe\u{308} A\u{30a}ngstro\u{308}m",
    "محمد بن سلمان الحربي",
    "יעל בן־דוד",
    "佐藤 美咲",
    "陈伟",
    "김서연",
    "नेहा शर्मा",
    "தமிழ்ச்செல்வி",
    "อนงค์ ศรีสุวรรณ",
    "Ελένη Παπαδοπούλου",
    "Дмитро Шевчук",
    "Nguyễn Thị Hồng",
    "ქეთევან ბერიძე",
    "Արամ Խաչատրյան",
    "ፀሐይ ገብረ",
    "👩\u{200d}🚀 Sam",
    "𝒜da 𝓛ovelace",
    "O'Brien \"Bob\" <bob> & Söhne\\",
    "İpek Ğ ı ß ſ",
];

/// Addresses that hold what has a meaning in a path, a query or a file.
pub(crate) const SLUGS: [&str; 12] = [
    "a/b",
    "c:d",
    "e?f=1&g",
    "h#i",
    "%2f%2e%2e",
    "j k",
    "日本-支社",
    "l+m=n",
    "o@p",
    "q;r,s",
    "..t",
    "\u{200f}u",
];

impl Scenario {
    /// Two organizations full of names in many scripts and of ids with `:` and `/`.
    #[must_use]
    pub fn scripts() -> Self {
        let people: Vec<Person> = NAMES.iter().enumerate().map(|(i, name)| named(i, name)).collect();
        let half = |skip: usize| people.iter().skip(skip).step_by(2).map(|p| p.id.clone());
        let organizations = vec![
            Organization {
                id: "org:1".into(),
                name: "café:日本/north?east#1".into(),
                plan: Some("größer".into()),
                members: members(people.iter().map(|p| p.id.clone())),
                teams: SLUGS.iter().enumerate().map(|(i, s)| team(i, s, half(i % 2))).collect(),
                ..Organization::default()
            },
            Organization {
                id: "org/1:member".into(),
                name: "شركة المثال".into(),
                members: members(half(0)),
                teams: vec![team(100, "فريق", half(0))],
                ..Organization::default()
            },
        ];
        Self { name: "scripts".into(), people, organizations, ..Self::default() }
    }
}

fn named(number: usize, name: &str) -> Person {
    let id = match number % 4 {
        0 => format!("user:{number}"),
        1 => format!("u/{number}/member"),
        2 => format!("ü:{number}:user:{number}"),
        _ => person(number).id,
    };
    Person {
        id,
        display_name: name.to_owned(),
        name: format!("{name} ({number})"),
        sso: [Told::Absent, Told::Null, Told::Yes, Told::No].get(number % 4).copied().unwrap_or_default(),
        ..person(number)
    }
}

fn members(ids: impl Iterator<Item = String>) -> Vec<Membership> {
    ids.enumerate()
        .map(|(i, person)| Membership { person, role: if i == 0 { "admin" } else { "member" }.into() })
        .collect()
}

fn team(number: usize, slug: &str, members: impl Iterator<Item = String>) -> Team {
    let name = NAMES.get(number % NAMES.len()).copied().unwrap_or("team");
    Team {
        id: format!("team:{number}/{slug}"),
        slug: slug.to_owned(),
        name: slug.to_owned(),
        display_name: format!("{name} – {slug}"),
        description: Some(format!("« {name} »")),
        managed: number % 3 == 1,
        members: members.collect(),
        // Half of the teams before it has it, too; those of the other organization are far from these.
        databases: vec![database(number / 2 * 2)],
        analyst_databases: vec![database(number), database(number)],
        ..Team::default()
    }
}

fn database(number: usize) -> Database {
    let name = NAMES.get((number + 7) % NAMES.len()).copied().unwrap_or("database");
    Database { id: format!("db:{number}/admin:team"), name: format!(" {name} – {number}") }
}
