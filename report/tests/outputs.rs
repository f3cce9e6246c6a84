//! Workbooks, tables, the document and its schema.

use std::io::Read;
use std::path::Path;

use baton_report::{Output, Review, make};
use serde_json::Value;

use crate::access::request;
use crate::findings::document;
use crate::pages::Place;
use crate::world::{World, facts};

/// A part of a workbook, as text.
fn part(file: &Path, name: &str) -> String {
    let file = std::fs::File::open(file).expect("a workbook");
    let mut archive = zip::ZipArchive::new(file).expect("a workbook");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    text
}

/// Texts of a sheet in the order of its cells.
fn cells(sheet: &str) -> Vec<String> {
    let texts = sheet.split("<t").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</t>"));
    texts.map(|(text, _)| text.replace("&lt;", "<").replace("&amp;", "&")).collect()
}

#[test]
fn the_workbook_has_access_once_with_decisions_to_choose_and_a_sheet_for_each_view() {
    let place = Place::new();
    let file = place.company();
    place.make(&file, "review");
    let workbook = place.path("review/review.xlsx");
    let names = part(&workbook, "xl/workbook.xml");
    for sheet in ["Access", "Administrators", "Findings", "Changes", "People", "Resources", "Completeness"] {
        assert!(names.contains(&format!("name=\"{sheet}\"")), "{sheet} is missing in {names}");
    }
    let access = part(&workbook, "xl/worksheets/sheet1.xml");
    for expected in [
        "<pane ySplit=\"1\"",
        "<autoFilter ref=\"A1:Q",
        "type=\"list\"",
        "\"keep,revoke,change\"",
        "sqref=\"N2:N",
    ] {
        assert!(access.contains(expected), "{expected} is missing");
    }
    let texts = cells(&access);
    let heads: Vec<&str> = texts.iter().take(17).map(String::as_str).collect();
    assert_eq!((heads[0], &heads[13..]), ("Person", &["Decision", "Reviewer", "Date", "Note"][..]));
    // Both ways in one row.
    let ways =
        "Administrator of freight, which administers orders; Member of Platform, which administers orders";
    let either = |text: &&String| {
        text.contains("Administrator of freight, which administers orders")
            && text.contains("Member of Platform, which administers orders")
    };
    assert_eq!(texts.iter().filter(either).count(), 1, "{ways}");
    let document: Value =
        serde_json::from_slice(&std::fs::read(place.path("review/review.json")).expect("a file"))
            .expect("JSON");
    let rows = access.matches("<row ").count() - 1;
    assert_eq!(rows, document["access"].as_array().expect("access").len());
}

#[test]
fn names_that_begin_like_a_formula_are_text_everywhere() {
    let place = Place::new();
    let file = place.path("sync.c1z");
    let mut world = World::company();
    world.person("=HYPERLINK(\"http://x\")", "eve@kestrel.example", None, true);
    world.person("<script>alert(1)</script>", "mallory@kestrel.example", None, true);
    for person in ["eve", "mallory"] {
        world.holds(person, "organization", "freight", "member");
    }
    world.write(&file, Some(&facts()));
    place.make(&file, "review");
    let table = std::fs::read_to_string(place.path("review/csv/access.csv")).expect("a table");
    assert!(table.contains("'=HYPERLINK"), "{table}");
    assert!(!table.contains("\"=HYPERLINK") && !table.contains("\n=HYPERLINK"), "{table}");
    let access = part(&place.path("review/review.xlsx"), "xl/worksheets/sheet1.xml");
    assert!(!access.contains("<f>") && access.contains("=HYPERLINK"));
    let page = std::fs::read_to_string(place.path("review/index.html")).expect("a page");
    assert!(!page.contains("<script>alert") && page.contains("alert(1)"));
    assert_eq!(page.matches("<script>").count(), 1);
}

#[test]
fn access_that_is_longer_than_a_sheet_goes_on_in_another_file() {
    let place = Place::new();
    let file = place.company();
    let review = Review::of(request(&file)).expect("a review");
    std::fs::create_dir(place.path("books")).expect("a folder");
    let (names, rows) = review.workbook(&place.path("books/review.xlsx"), 7).expect("workbooks");
    assert_eq!(names.len(), usize::try_from(rows).expect("rows").div_ceil(7));
    assert_eq!(names[1], "review-2.xlsx");
    let all: usize = names
        .iter()
        .map(|name| {
            part(&place.path("books").join(name), "xl/worksheets/sheet1.xml").matches("<row ").count() - 1
        })
        .sum();
    assert_eq!(all as u64, rows);
}

#[test]
fn a_workbook_for_each_owner_holds_what_concerns_them_and_nothing_else() {
    let place = Place::new();
    let file = place.company();
    let review = Review::of(request(&file)).expect("a review");
    let output = Output { folder: place.path("review"), split: Some("team".into()), ..Output::default() };
    make(&review, &output).expect("a folder");
    let folder = place.path("review/by-team");
    let payments = cells(&part(&folder.join("Payments.xlsx"), "xl/worksheets/sheet1.xml")).join("\n");
    for expected in ["Priya Raghavan", "Mateo Herrera", "orders", "billing"] {
        assert!(payments.contains(expected), "{expected} is missing in {payments}");
    }
    for other in ["佐藤 美咲", "portal", "Ravi Iyer"] {
        assert!(!payments.contains(other), "{other} is in {payments}");
    }
    assert!(folder.join("Cold-chain.xlsx").is_file());
    let output = Output { folder: place.path("other"), split: Some("planet".into()), ..Output::default() };
    let told = make(&review, &output).expect_err("no such type").to_string();
    assert!(told.contains("organization, team, database"), "{told}");
    assert!(!place.path("other").exists());
}

#[test]
fn the_document_is_what_its_schema_says() {
    let place = Place::new();
    let file = place.company();
    let list = place.path("people.csv");
    std::fs::write(&list, "email\namara@kestrel.example\n").expect("a list");
    let mut asked = request(&file);
    asked.people = Some((list, None));
    let whole = document(&place, asked, "review");
    let schema: Value =
        serde_json::from_slice(&std::fs::read(place.path("review/review.schema.json")).expect("a schema"))
            .expect("JSON");
    let mut wrong = Vec::new();
    check(&schema, &whole, "$", &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
    World::company().write(&place.path("alone.c1z"), None);
    let without = document(&place, request(&place.path("alone.c1z")), "alone");
    check(&schema, &without, "$", &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
    // The check itself sees what is wrong.
    let mut odd = whole.clone();
    odd["people"][0]["name"] = 7.into();
    odd["more"] = 1.into();
    check(&schema, &odd, "$", &mut wrong);
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

/// The part of JSON Schema that the schema uses.
fn check(schema: &Value, value: &Value, place: &str, wrong: &mut Vec<String>) {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the schema uses {other}"),
    };
    if !kinds.is_empty() && !kinds.into_iter().any(is) {
        wrong.push(format!("{place} is {value}"));
        return;
    }
    if schema.get("const").is_some_and(|only| only != value)
        || schema["enum"].as_array().is_some_and(|any| !any.contains(value))
    {
        wrong.push(format!("{place} is {value}"));
    }
    if let (Some(fields), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(required) {
                wrong.push(format!("{place}.{required} is missing"));
            }
        }
        for (name, field) in fields {
            match known.get(name) {
                Some(schema) => check(schema, field, &format!("{place}.{name}"), wrong),
                None => wrong.push(format!("{place}.{name} is not in the schema")),
            }
        }
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        check(&schema["items"], item, &format!("{place}[{at}]"), wrong);
    }
}
