//! Who reaches what, on every way.

use std::collections::BTreeSet;
use std::path::Path;

use baton_report::{Request, Review, Rules};

use crate::world::{World, facts};

pub fn request(file: &Path) -> Request {
    let rules = Rules::default().with(RULES, "the test's rules").expect("rules");
    Request {
        file: file.to_owned(),
        rules,
        people: None,
        since: None,
        scratch: std::env::temp_dir(),
        program: "reviewer 1.0".into(),
    }
}

pub const RULES: &str = "
privileged: [admin]
domains: [kestrel.example, osprey.example]
many: 1
verified: email_verified
managed: managed
sso: sso
unknown-role: has the role
words:
  database:admin: {person: administrator of, group: administers}
  database:analyst: {person: analyst of, group: reads}
meanings:
  database:admin: Can change it in every way, and drop it.
cannot-know: [When somebody last signed in is told by nobody.]
";

/// `person: sentence` of everybody who holds an entitlement.
fn ways(review: &Review, kind: &str, name: &str, slug: &str) -> BTreeSet<String> {
    review.holders(kind, name, slug).into_iter().collect()
}

fn review(world: &World) -> Review {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sync.c1z");
    world.write(&file, Some(&facts()));
    Review::of(request(&file)).expect("a review")
}

fn set(lines: &[&str]) -> BTreeSet<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn who_administers_a_database_is_told_with_every_way() {
    let found = review(&World::company());
    let organization = "administrator of freight, which administers orders";
    assert_eq!(
        ways(&found, "database", "orders", "admin"),
        set(&[
            &format!("Amara Okafor: {organization}"),
            &format!("Jonas Lindqvist: {organization}"),
            "Jonas Lindqvist: member of Platform, which administers orders",
            "佐藤 美咲: member of Platform, which administers orders",
            "Priya Raghavan: member of Payments, which administers orders",
            "Mateo Herrera: member of Payments, which administers orders",
        ])
    );
    assert_eq!(
        ways(&found, "database", "billing", "analyst"),
        set(&[
            "Priya Raghavan: member of Payments, which reads billing",
            "Mateo Herrera: member of Payments, which reads billing",
        ])
    );
}

#[test]
fn groups_in_groups_reach_further_unless_a_grant_is_for_direct_members_alone() {
    let mut world = World::company();
    // Payments is in Platform: its people reach what Platform reaches, but for what is for Platform's own members.
    world.team_in("Payments", "Platform", false);
    let shallow = ways(&review(&world), "database", "billing", "admin");
    assert!(!shallow.iter().any(|way| way.starts_with("Priya")), "{shallow:?}");
    for grant in &mut world.grants {
        if let Some(expansion) = &mut grant.expansion {
            expansion.shallow = false;
        }
    }
    let deep = ways(&review(&world), "database", "billing", "admin");
    assert!(
        deep.contains(
            "Priya Raghavan: member of Payments, which is part of Platform, which administers billing"
        ),
        "{deep:?}"
    );
    // Two groups that hold each other lead nowhere for ever.
    world.team_in("Platform", "Payments", false);
    let circle = review(&world);
    assert!(ways(&circle, "database", "billing", "admin").is_superset(&deep));
    assert!(
        ways(&circle, "database", "billing", "analyst")
            .contains("佐藤 美咲: member of Platform, which is part of Payments, which reads billing")
    );
}

#[test]
fn a_grant_for_principals_of_other_types_reaches_nobody() {
    let mut world = World::company();
    for grant in &mut world.grants {
        if let Some(expansion) =
            grant.expansion.as_mut().filter(|_| grant.entitlement.resource.id == "portal")
        {
            expansion.resource_types = vec!["team".into()];
        }
    }
    assert_eq!(ways(&review(&world), "database", "portal", "admin"), set(&[]));
    assert_eq!(ways(&review(&World::company()), "database", "portal", "admin").len(), 3);
}

#[test]
fn what_somebody_was_given_beside_what_follows_is_both_told() {
    let mut world = World::company();
    world.holds("priya", "database", "orders", "admin");
    let found = ways(&review(&world), "database", "orders", "admin");
    assert!(found.contains("Priya Raghavan: administrator of orders"), "{found:?}");
    assert!(found.contains("Priya Raghavan: member of Payments, which administers orders"), "{found:?}");
}

#[test]
fn a_dense_mesh_of_groups_ends_and_loses_nobody() {
    let mut world = World::new();
    world.organization("o", &[]);
    world.person("P", "p@x.example", None, true);
    world.database("o", "d");
    let names: Vec<String> = (0..40).map(|number| format!("t{number}")).collect();
    names.iter().for_each(|name| world.team("o", name));
    for one in &names {
        names.iter().filter(|other| *other != one).for_each(|other| world.team_in(one, other, false));
    }
    world.holds("p", "team", "t0", "member");
    world.team_holds("t39", "d", "admin");
    for grant in &mut world.grants {
        if let Some(expansion) = &mut grant.expansion {
            expansion.shallow = false;
        }
    }
    let found = review(&world);
    let ways = ways(&found, "database", "d", "admin");
    assert!(ways.contains("P: member of t0, which is part of t39, which administers d"), "{ways:?}");
    assert!(names.iter().all(|name| !self::ways(&found, "team", name, "member").is_empty()));
}
