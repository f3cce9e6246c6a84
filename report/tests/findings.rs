//! What is found, by which rule, and what was accepted.

use std::collections::BTreeSet;
use std::path::Path;

use baton_report::{Request, Review};
use serde_json::Value;

use crate::access::request;
use crate::pages::Place;
use crate::world::{World, facts};

/// The review as its JSON says it.
pub fn document(place: &Place, request: Request, name: &str) -> Value {
    let review = Review::of(request).expect("a review");
    let output = baton_report::Output { folder: place.path(name), ..Default::default() };
    baton_report::make(&review, &output).expect("a folder");
    let text = std::fs::read(place.path(name).join("review.json")).expect("a document");
    serde_json::from_slice(&text).expect("JSON")
}

fn cases(document: &Value) -> BTreeSet<String> {
    let all = document["findings"].as_array().expect("findings");
    let text = |case: &Value, key: &str| case[key].as_str().unwrap_or_default().to_owned();
    all.iter()
        .map(|case| format!("{}: {} {}", text(case, "rule"), text(case, "name"), text(case, "state")))
        .collect()
}

fn with(file: &Path, yaml: &str) -> Request {
    let asked = request(file);
    Request { rules: asked.rules.clone().with(yaml, "mine").expect("rules"), ..asked }
}

#[test]
fn every_rule_finds_whom_it_is_about_and_nobody_else() {
    let place = Place::new();
    let file = place.path("sync.c1z");
    let mut world = World::company();
    world.person("Nobody Yet", "new@kestrel.example", Some(true), true);
    world.holds("new", "organization", "freight", "member");
    world.forget_grant("amara", "organization", "studio");
    world.write(&file, Some(&facts()));
    let found = cases(&document(&place, request(&file), "review"));
    let expected = [
        "admin-without-second-factor: Lucía Fernández open",
        "unknown-role: Ravi Iyer open",
        "only-admin: Lucía Fernández open",
        "group-with-many: Platform open",
        "group-with-many: Payments open",
        "address-outside: Ravi Iyer open",
        "not-managed: Mateo Herrera open",
        "no-sso: studio open",
        "unverified-address: Ravi Iyer open",
        "without-group: Amara Okafor open",
        "without-group: Lucía Fernández open",
        "without-group: Nobody Yet open",
        "empty-group: Cold chain open",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
    // Somebody who administers two of them.
    World::company().write(&file, Some(&facts()));
    let found = cases(&document(&place, request(&file), "two"));
    assert!(found.contains("admin-of-several: Amara Okafor open"), "{found:?}");
    assert!(!found.iter().any(|case| case.starts_with("only-admin")), "{found:?}");
}

#[test]
fn what_is_accepted_stays_visible_until_its_day_is_over() {
    let place = Place::new();
    let file = place.company();
    let yaml = "
off: [without-group]
accept:
  - {rule: address-outside, who: RAVI@auditor.example, reason: The auditor, until: 2999-12-31}
  - {rule: no-sso, who: studio, reason: Moves in spring, until: 2020-03-31}
  - {rule: empty-group, reason: Made for later, until: 2999-12-31}
";
    let document = document(&place, with(&file, yaml), "review");
    let found = cases(&document);
    for case in
        ["address-outside: Ravi Iyer accepted", "no-sso: studio open", "empty-group: Cold chain accepted"]
    {
        assert!(found.contains(case), "{case} is missing in {found:?}");
    }
    assert!(!found.iter().any(|case| case.starts_with("without-group")));
    let page =
        crate::pages::text_of(&std::fs::read_to_string(place.path("review/index.html")).expect("a page"));
    for part in
        ["accepted until 2999-12-31", "The auditor", "open: accepted only until 2020-03-31", "switched off"]
    {
        assert!(page.contains(part), "{part:?} is missing in:\n{page}");
    }
}

#[test]
fn a_file_without_facts_says_of_each_that_it_does_not_tell_it() {
    let place = Place::new();
    let file = place.path("sync.c1z");
    World::company().write(&file, None);
    let document = document(&place, request(&file), "review");
    assert!(document["facts"].is_null());
    let page =
        crate::pages::text_of(&std::fs::read_to_string(place.path("review/index.html")).expect("a page"));
    for part in [
        "from where is not told by this file",
        "as whom is not told by this file",
        "Requests not told by this file",
        "Pages not told by this file",
        "Connector not told by this file",
        "Left out not told by this file",
        "none of it is told by this file",
    ] {
        assert!(page.contains(part), "{part:?} is missing in:\n{page}");
    }
    let table = std::fs::read_to_string(place.path("review/csv/completeness.csv")).expect("a table");
    assert_eq!(table.matches("not told by this file").count(), 9 + 2, "{table}");
}

#[test]
fn accounts_and_people_are_compared_both_ways() {
    let place = Place::new();
    let file = place.company();
    let list = place.path("active.csv");
    std::fs::write(
        &list,
        "Name;E-Mail\nAmara;AMARA@kestrel.example\nJonas;jonas@kestrel.example\nPriya;priya@kestrel.example\n\
         Mateo;mateo@kestrel.example\nMisaki;misaki@kestrel.example\nLucia;lucia@osprey.example\nNew;new@kestrel.example\n",
    )
    .expect("a list");
    let asked = Request { people: Some((list, None)), ..request(&file) };
    let document = document(&place, asked, "review");
    assert_eq!(document["orphans"]["accounts"], serde_json::json!(["user:ravi"]));
    assert_eq!(document["orphans"]["absent"], serde_json::json!(["new@kestrel.example"]));
    assert!(cases(&document).contains("orphan: Ravi Iyer open"));
}

#[test]
fn changes_are_told_against_the_earlier_sync_or_another_file() {
    let place = Place::new();
    let file = place.company();
    let found = |document: &Value| -> BTreeSet<String> {
        let people = document["changes"]["people"].as_array().expect("people");
        people
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["turn"].as_str().unwrap_or_default(),
                    one["name"].as_str().unwrap_or_default()
                )
            })
            .collect()
    };
    let expected: BTreeSet<String> =
        ["came Mateo Herrera", "rose Lucía Fernández", "went Grace Whitfield"].map(str::to_owned).into();
    let in_file = document(&place, request(&file), "review");
    assert_eq!(found(&in_file), expected);
    // The same, with the two syncs in two files.
    let (old, new) = (place.path("old.c1z"), place.path("new.c1z"));
    crate::pages::before().write(&old, None);
    World::company().write(&new, None);
    let asked = Request { since: Some(old.clone()), ..request(&new) };
    assert_eq!(found(&document(&place, asked, "since")), expected);
    // And the other way round.
    let asked = Request { since: Some(new.clone()), ..request(&old) };
    let back: BTreeSet<String> =
        ["went Mateo Herrera", "fell Lucía Fernández", "came Grace Whitfield"].map(str::to_owned).into();
    assert_eq!(found(&document(&place, asked, "back")), back);
    let asked = Request { since: Some(new.clone()), ..request(&new) };
    let told = Review::of(asked).map(|_| ()).expect_err("the same sync").to_string();
    assert!(told.contains("holds the same sync"), "{told}");
    assert!(document(&place, request(&new), "alone")["changes"].is_null());
}
