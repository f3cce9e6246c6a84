//! `access`: one person's access, from a file.

use baton_planetscale_demo::Scenario;

use crate::harness::{Place, Run, bare};
use crate::stock::Stock;

fn access(place: &Place, args: &[&str]) -> Run {
    Run::of(bare(place.folder()).arg("access").args(args))
}

/// The rows of the table, each cell trimmed.
fn rows(run: &Run) -> Vec<Vec<String>> {
    let lines = run.stdout.lines().filter(|line| line.starts_with('│'));
    let cells = |line: &str| line.split(['│', '┆']).map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    lines.map(|line| cells(line).into_iter().filter(|cell| !cell.is_empty()).collect()).collect()
}

#[test]
fn a_person_is_shown_with_every_way() {
    let stock = Stock::new();
    Run::of(stock.allowed().args(["-f", "acme.c1z"])).ends_with(0);
    let file = ["--file", "acme.c1z"];
    let run = access(&stock.place, &[&["GRACE@acme.example"], &file[..]].concat()).ends_with(0);
    assert!(run.stdout.starts_with("Grace Hopper <grace@acme.example>, user:u4\n"), "{}", run.stdout);
    // Long ways are told in several lines.
    let told = run.stdout.replace(['│', '┆'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for row in [
        "group Platform member directly",
        "group Engineering member as member of group Platform",
        "group Everyone member as member of group Platform, and so member of group Engineering",
        "role Deployer assigned as member of group Platform",
        "role Reader assigned as member of group Platform, and so member of group Engineering, and so member of group",
    ] {
        assert!(told.contains(row), "{row}\n{}", run.stdout);
    }
    assert!(!told.contains("Owner"), "{}", run.stdout);
    // Directly, and through a group besides.
    let run = access(&stock.place, &[&["u5"], &file[..]].concat()).ends_with(0);
    let deployer =
        rows(&run).into_iter().position(|row| row.first().is_some_and(|cell| cell == "role Deployer"));
    let at = deployer.unwrap_or_else(|| panic!("{}", run.stdout));
    assert_eq!(rows(&run)[at], ["role Deployer", "assigned", "directly"]);
    assert_eq!(rows(&run)[at + 1], ["as member of group Platform"]);
}

#[test]
fn a_file_in_which_nothing_is_expanded_says_the_same() {
    let stock = Stock::new();
    Run::of(stock.allowed().args(["-f", "acme.c1z"])).ends_with(0);
    let before = access(&stock.place, &["u4", "-f", "acme.c1z"]).ends_with(0);
    let database = stock.place.open("acme.c1z");
    let derived = database.changed(
        "delete from v1_grants where external_id like '%:user:u4' and external_id not like 'group:g3:%'",
    );
    std::fs::write(stock.place.path("acme.c1z"), derived).expect("a file");
    let after = access(&stock.place, &["u4", "-f", "acme.c1z"]).ends_with(0);
    assert!(rows(&before).len() > 5, "{}", before.stdout);
    assert_eq!(before.stdout, after.stdout);
}

#[test]
fn who_is_meant_has_to_be_clear() {
    let place = Place::new(Scenario::demo());
    place.run(&[]).ends_with(0);
    let nobody = access(&place, &["nobody-at-all"]).ends_with(5);
    assert!(nobody.sentence().contains("nobody in sync.c1z is called 'nobody-at-all'"), "{}", nobody.stderr);
    let several = access(&place, &["a"]).ends_with(2);
    assert!(several.sentence().contains("people are meant by 'a'; say which"), "{}", several.stderr);
    let named = several.sentence().lines().filter(|line| line.contains("@")).count();
    assert!(named > 3, "{}", several.stderr);
    let missing = access(&place, &[]).ends_with(2);
    assert!(missing.sentence().starts_with("accepts 1 arg(s), received 0"), "{}", missing.stderr);
    // The file is only read.
    assert_eq!(place.names(), ["sync.c1z"]);
}

#[test]
fn what_is_no_good_file_is_told_in_a_sentence() {
    let place = Place::new(Scenario::demo());
    place.run(&[]).ends_with(0);
    let whole = std::fs::read(place.path("sync.c1z")).expect("the file");
    let unfinished = place.open("sync.c1z").changed("update v1_sync_runs set ended_at = null");
    let broken = place.open("sync.c1z").changed("update v1_resources set data = x'ff'");
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("half", whole[..whole.len() / 2].to_vec(), "is damaged"),
        ("text", b"a text".to_vec(), "is not a c1z file"),
        ("pebble", b"C1Z3\0what follows".to_vec(), "of the Pebble engine"),
        ("empty", Vec::new(), "holds no finished sync of everything"),
        ("unfinished", unfinished, "holds no finished sync of everything"),
        ("broken", broken, "is damaged"),
        ("magic", b"C1ZF\0no zstd".to_vec(), "is damaged"),
    ];
    for (name, bytes, said) in cases {
        let file = format!("{name}.c1z");
        std::fs::write(place.path(&file), &bytes).expect("a file");
        let run = access(&place, &["grace", "--file", &file]).ends_with(2);
        assert!(
            run.sentence().starts_with(&format!("{file} {said}")) || run.sentence().contains(said),
            "{}",
            run.stderr
        );
        assert_eq!(run.sentence().lines().count(), 1, "{}", run.stderr);
        assert_eq!(std::fs::read(place.path(&file)).expect("the file"), bytes);
    }
    let run = access(&place, &["grace", "--file", "none.c1z"]).ends_with(2);
    assert!(run.sentence().starts_with("none.c1z is not there"), "{}", run.stderr);
}
