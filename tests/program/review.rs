//! Reviews of files, as somebody makes and checks them.

use std::path::Path;

use baton_planetscale_demo::Scenario;
use serde_json::Value;

use crate::harness::{Place, Run, bare};

fn review(place: &Place, args: &[&str]) -> Run {
    Run::of(bare(place.folder()).arg("review").args(args))
}

fn page(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path(name).join("index.html")).expect("a page")
}

#[test]
fn a_review_tells_what_the_sync_knew_of_itself_and_is_told_apart_when_it_is_altered() {
    let place = Place::new(Scenario::demo());
    place.run(&[]).ends_with(0);
    let run = review(&place, &["sync.c1z", "--out", "review"]).ends_with(0);
    assert!(run.stdout.contains("The review begins with review/index.html"), "{}", run.stdout);
    let page = page(&place, "review");
    let version = env!("CARGO_PKG_VERSION");
    for part in [
        "Who reaches what in PlanetScale",
        place.server.url().trim_end_matches('/'),
        &format!("baton-planetscale {version}"),
        "Lucía Fernández",
        "service tokens",
    ] {
        assert!(page.contains(part), "{part:?} is missing");
    }
    assert!(!page.contains("not told by this file"), "this program tells all of it");
    let document = std::fs::read(place.path("review/review.json")).expect("a document");
    let document: Value = serde_json::from_slice(&document).expect("JSON");
    let facts = &document["facts"];
    assert_eq!(facts["requests"], place.server.counters().requests);
    let (token, _) = place.server.service_token().split_once(':').expect("two halves");
    assert_eq!(facts["identity"], format!("service token {token}"));
    assert_eq!(facts["contract"], "0.2.0");
    assert_eq!(facts["component"].as_str().map(str::len), Some(64));
    let came = |kind: &str, of: &str| -> u64 {
        let counts = facts["counts"].as_array().expect("counts");
        let count = counts.iter().find(|count| count["kind"] == kind && count["resource_type"] == of);
        count.and_then(|count| count["came"].as_u64()).expect("a count")
    };
    let file = place.open("sync.c1z");
    let grants = |of: &str| file.count(&format!("v1_grants where resource_type_id = '{of}'")) as u64;
    for of in ["organization", "team"] {
        assert_eq!(came("grants", of), grants(of), "{of}");
    }
    assert_eq!(came("resources", "organization"), 3);
    // People of two organizations come twice.
    assert!(came("resources", "user") > 26);
    assert_eq!(facts["warnings"].as_array().map(Vec::len), Some(1));
    for name in ["review.xlsx", "review.json", "csv/access.csv", "manifest.json"] {
        assert!(place.path("review").join(name).is_file(), "{name}");
    }
    let run = review(&place, &["verify", "review"]).ends_with(0);
    assert!(run.stdout.contains("was altered since baton-planetscale") && run.stdout.contains("not signed"));
    std::fs::write(place.path("review/csv/people.csv"), "changed").expect("a file");
    let run = review(&place, &["verify", "review"]).ends_with(2);
    assert!(run.sentence().contains("csv/people.csv was altered"), "{}", run.sentence());
}

#[test]
fn bad_input_ends_with_2_and_a_sentence_and_leaves_nothing() {
    let place = Place::new(Scenario::demo());
    place.run(&[]).ends_with(0);
    std::fs::write(place.path("text.c1z"), "hello").expect("a file");
    std::fs::write(place.path("people.csv"), "Name\nA\n").expect("a file");
    std::fs::write(place.path("rules.yaml"), "nope: 1\n").expect("a file");
    std::fs::create_dir(place.path("full")).expect("a folder");
    std::fs::write(place.path("full/mine.txt"), "x").expect("a file");
    let before = place.names();
    let out = ["--out", "new"];
    for (args, part) in [
        (vec!["missing.c1z"], "there is no file missing.c1z"),
        (vec!["text.c1z"], "is not a c1z file"),
        (vec!["sync.c1z", "--people", "people.csv"], "no column of e-mail addresses"),
        (vec!["sync.c1z", "--rules", "rules.yaml"], "rules.yaml, line 1, cannot be read"),
        (vec!["sync.c1z", "--split", "planet"], "nothing of that type"),
        (vec!["sync.c1z", "--since", "sync.c1z"], "holds the same sync"),
        (vec!["sync.c1z", "--sign", "people.csv"], "no private key"),
    ] {
        let run = review(&place, &[args.as_slice(), &out].concat()).ends_with(2);
        assert!(run.sentence().contains(part), "{args:?}: {}", run.sentence());
        assert_eq!(run.sentence().lines().count(), 1, "{}", run.sentence());
        assert_eq!(place.names(), before, "{args:?}");
    }
    let run = review(&place, &["sync.c1z", "--out", "full"]).ends_with(2);
    assert!(run.sentence().contains("other files in full"), "{}", run.sentence());
    assert!(review(&place, &["sync.c1z"]).ends_with(2).sentence().contains("a folder to make"));
    assert!(review(&place, &["verify", "full"]).ends_with(2).sentence().contains("is no review"));
}

#[test]
fn a_sync_makes_its_review_or_says_before_it_begins_that_it_cannot() {
    let place = Place::new(Scenario::demo());
    place.run(&["--review", "first"]).ends_with(0);
    assert!(page(&place, "first").contains("Who reaches what in PlanetScale"));
    let requests = place.server.counters().requests;
    for args in [
        ["--review", "first", "--file", "sync.c1z"],
        ["--review", "new", "--file", "sync.jsonl"],
        ["--review", "new", "--skip-entitlements-and-grants", "--file=sync.c1z"],
    ] {
        place.run(&args).ends_with(2);
    }
    assert_eq!(place.server.counters().requests, requests, "nothing is asked before that");
    // Since the first one nothing is otherwise.
    place.run(&["--review", "second"]).ends_with(0);
    assert!(page(&place, "second").contains("Nothing is otherwise."));
}

#[test]
fn the_demo_ends_with_a_review_and_can_be_run_again() {
    let place = Place::new(Scenario::demo());
    for _ in 0..2 {
        let run = Run::of(bare(place.folder()).arg("demo")).ends_with(0);
        let line = run.stdout.lines().find(|line| line.contains("Open it in a browser")).expect("a line");
        let path = line.rsplit(": ").next().expect("a path");
        assert!(place.folder().join(Path::new(path)).is_file(), "{line}");
    }
    let page = page(&place, "sync-review");
    for part in ["k.weiss@contractor.example", "Administrator without a second factor", "kestrel-freight"] {
        assert!(page.contains(part), "{part:?} is missing");
    }
    assert_eq!(place.names(), ["sync-review", "sync.c1z"]);
    std::fs::write(place.path("sync-review/review.xlsx"), "decided").expect("a file");
    let run = Run::of(bare(place.folder()).arg("demo")).ends_with(2);
    assert!(run.sentence().contains("other files"), "{}", run.sentence());
}
