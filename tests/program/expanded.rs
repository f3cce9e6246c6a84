//! What follows from grants: worked out in a `.c1z`, and said to be missing elsewhere. The connector is that of Acme,
//! which has groups in groups.

use std::collections::{BTreeMap, BTreeSet};

use baton_c1z::baton::{Annotation, Grant, GrantImmutable};
use prost::Message;
use serde_json::Value;

use crate::harness::{Database, Run};
use crate::stock::Stock;

/// Grants that follow from others, with the sources of each; those that are held directly end with `!`.
const DERIVED: &[(&str, &str)] = &[
    ("group:g1:member:group:g3", "group:g2:member!"),
    ("group:g1:member:user:u1", "group:g2:member!"),
    ("group:g1:member:user:u2", "group:g2:member!"),
    ("group:g1:member:user:u4", "group:g2:member"),
    ("group:g1:member:user:u5", "group:g2:member"),
    ("group:g2:member:user:u4", "group:g3:member!"),
    ("group:g2:member:user:u5", "group:g3:member!"),
    ("role:r2:assigned:user:u4", "group:g3:member!"),
    // A grant of its own, and through a group.
    ("role:r2:assigned:user:u5", "group:g3:member! role:r2:assigned!"),
    ("role:r3:assigned:group:g2", "group:g1:member!"),
    ("role:r3:assigned:group:g3", "group:g1:member"),
    ("role:r3:assigned:user:u1", "group:g1:member"),
    ("role:r3:assigned:user:u2", "group:g1:member"),
    ("role:r3:assigned:user:u3", "group:g1:member!"),
    ("role:r3:assigned:user:u4", "group:g1:member"),
    ("role:r3:assigned:user:u5", "group:g1:member"),
];

fn grants(database: &Database) -> BTreeMap<String, (Grant, bool)> {
    let mut select = database
        .sql
        .prepare("select external_id, data, expansion is not null from v1_grants")
        .expect("a query");
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?)));
    let each = rows.expect("rows").map(|row| row.expect("a row"));
    each.map(|(id, data, expands)| (id, (Grant::decode(data.as_slice()).expect("a grant"), expands)))
        .collect()
}

fn sources(grant: &Grant) -> Option<String> {
    let sources = &grant.sources.as_ref()?.sources;
    let each = sources.iter().map(|(id, source)| format!("{id}{}", if source.is_direct { "!" } else { "" }));
    Some(each.collect::<Vec<_>>().join(" "))
}

#[test]
fn a_c1z_has_what_follows_from_grants_with_its_sources() {
    let stock = Stock::new();
    let run = Run::of(stock.allowed().args(["-f", "acme.c1z"])).ends_with(0);
    let end = run.logged("Sync complete.");
    assert_eq!((&end["expanded"], &end["derived_grants"]), (&Value::Bool(true), &Value::from(15)), "{end}");
    let database = stock.place.open("acme.c1z");
    let found = grants(&database);
    let told: BTreeMap<_, _> =
        found.iter().filter_map(|(id, (grant, _))| Some((id.as_str(), sources(grant)?))).collect();
    let wanted = DERIVED.iter().map(|(id, sources)| (*id, (*sources).to_owned())).collect();
    assert_eq!(told, wanted);
    for (id, (grant, expands)) in &found {
        let immutable = grant.annotations.iter().any(|any| GrantImmutable::unpack(any).is_some());
        let is_derived = told.contains_key(id.as_str()) && id != "role:r2:assigned:user:u5";
        assert_eq!(immutable, is_derived, "{id}");
        let group = id.ends_with(":group:g2") || id.ends_with(":group:g3") || id.ends_with(":group:g1");
        assert_eq!(*expands, group && !is_derived, "{id}");
    }
    let stats: String =
        database.sql.query_row("select stats from v1_sync_runs", [], |row| row.get(0)).expect("stats");
    let stats: Value = serde_json::from_str(&stats).expect("JSON");
    assert_eq!(stats["grants"].as_u64(), Some(found.len() as u64), "{stats}");
}

#[test]
fn json_lines_have_only_what_was_read_and_the_end_says_so() {
    let stock = Stock::new();
    let run = Run::of(&mut stock.allowed()).ends_with(0);
    let end = run.logged("Sync complete.");
    assert_eq!((&end["expanded"], end.get("derived_grants")), (&Value::Bool(false), None), "{end}");
    let lines = std::fs::read_to_string(stock.place.path("acme.jsonl")).expect("the file");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let ids: BTreeSet<_> = lines.filter_map(|line| line["grant"]["id"].as_str().map(str::to_owned)).collect();
    assert!(ids.contains("role:r2:assigned:user:u5") && !ids.contains("role:r2:assigned:user:u4"), "{ids:?}");
    let text = Run::of(stock.allowed().args(["--log-format", "console"])).ends_with(0);
    assert!(text.stderr.contains("not expanded"), "{}", text.stderr);
}
