//! Small trees that break a rule each, and trees that look as if they did.

use crate::plan::{House, Plan, Room, Wing};
use crate::rules::broken;
use crate::tree::Tree;
use crate::workspace::{On, Package, Target};

const PLAN: Plan = Plan {
    rooms: &[
        Room { folder: "program", on: &["library"] },
        Room { folder: "library", on: &[] },
        Room { folder: "tests/support", on: &[""] },
    ],
    tests_on: &["tests/support"],
    houses: &[House {
        sources: "library/src",
        wings: &[
            Wing { name: "ground", on: &[] },
            Wing { name: "first", on: &["ground"] },
            Wing { name: "second", on: &["ground", "first.rs"] },
        ],
    }],
    deployed: &["program"],
    tried_apart: &["apart"],
    longest: 5,
    may_be_longer: &["library/src/ground.rs"],
};

fn library() -> Package {
    Package { targets: vec![target("lib", "library/src/lib.rs")], ..package("library", &[]) }
}

fn program(on: &[On]) -> Package {
    let on = on.iter().map(|on| On { folder: on.folder.clone(), for_tests: on.for_tests });
    Package { on: on.collect(), ..package("program", &[]) }
}

fn package(folder: &str, on: &[&str]) -> Package {
    let on = on.iter().map(|folder| On { folder: (*folder).to_owned(), for_tests: false });
    Package { folder: folder.to_owned(), is_default: true, targets: Vec::new(), on: on.collect() }
}

fn target(kind: &str, file: &str) -> Target {
    Target { kind: kind.to_owned(), file: file.to_owned(), tested: true }
}

/// What is broken in a tree whose one library has these files.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(String, &str)> =
        files.iter().map(|(name, text)| (format!("library/src/{name}"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    broken(&PLAN, &Tree::made_up(&files), &[library(), package("program", &["library"])])
}

/// The one sentence that is told, which holds all these words.
fn one(told: &[String], words: &[&str]) {
    let [sentence] = told else { panic!("not one sentence: {told:#?}") };
    for word in words {
        assert!(sentence.contains(word), "without {word:?}: {sentence}");
    }
}

const NOTHING: [String; 0] = [];

#[test]
fn a_tree_that_keeps_to_the_plan_is_left_alone() {
    let found = told(&[
        (
            "lib.rs",
            "mod ground; mod first; mod second; pub use second::Two; fn f() -> first::One { first::new() }",
        ),
        ("ground.rs", "pub struct Zero;\n\n\n\n\n\n\n"),
        ("first.rs", "mod part; pub use part::One; pub fn new() -> One { part::make() }"),
        ("first/part.rs", "use crate::ground::Zero; pub struct One(Zero); pub fn make() -> One { loop {} }"),
        ("second.rs", "use crate::first::One; use std::crate_like::first; pub struct Two(One);"),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn a_circle_is_told_however_its_arrows_are_written() {
    for back in [
        "use crate::first::One;",
        "use super::first::{One, Other};",
        "use super::*; use super::first as the_first;",
        "pub use crate::{first::One};",
        "fn f() { crate::first::new() }",
        "fn f() { println!(\"{}\", super::first::new()); }",
        "use crate as all; fn f() { all::first::new() }",
        "type Back = <crate::first::One as Clone>::That;",
        "mod tests { use super::super::first::One; }",
        "mod tests { fn f() { fn g() { use crate::first::One; } } }",
    ] {
        let back = format!("{back} pub struct Zero;");
        let found = told(&[
            ("lib.rs", "mod ground; mod first;"),
            ("ground.rs", &back),
            ("first.rs", "use crate::ground::Zero; pub struct One(Zero);"),
        ]);
        let circles: Vec<String> = found.into_iter().filter(|told| told.starts_with("circle")).collect();
        one(
            &circles,
            &[
                "library/src/ground.rs imports library/src/first.rs",
                "crate::ground::Zero",
                "move what they share",
            ],
        );
    }
}

#[test]
fn a_child_that_imports_through_its_parent_is_in_a_circle_with_it() {
    let parent = ("first.rs", "mod one; mod two; pub use one::One; pub use two::Two;");
    let lib = ("lib.rs", "mod first;");
    let through = ("first/two.rs", "use super::One; pub struct Two(One);");
    let found = told(&[lib, parent, ("first/one.rs", "pub struct One;"), through]);
    one(&found, &["library/src/first.rs imports library/src/first/two.rs", "(super::One)"]);
    let beside = ("first/two.rs", "use super::one::One; pub struct Two(One);");
    assert_eq!(told(&[lib, parent, ("first/one.rs", "pub struct One;"), beside]), NOTHING);
}

#[test]
fn a_longer_circle_is_told_once_and_whole() {
    let found = told(&[
        ("lib.rs", "mod ground;"),
        ("ground.rs", "mod a; mod b; mod c;"),
        ("ground/a.rs", "use super::b::B;"),
        ("ground/b.rs", "use super::c::C;"),
        ("ground/c.rs", "use super::a::A;"),
    ]);
    one(&found, &["a.rs imports library/src/ground/b.rs", "c.rs (super::c::C)", "a.rs (super::a::A)"]);
}

#[test]
fn declarations_words_and_what_lies_elsewhere_are_no_arrows() {
    let found = told(&[
        ("lib.rs", "mod ground; mod first; use ground::Zero;"),
        (
            "ground.rs",
            "mod deep; pub(in crate::first) struct Zero; /* crate::first::One */ // crate::first\n",
        ),
        (
            "ground/deep.rs",
            "use super::Zero; use other::first::One; fn f() { ::first::g(); x.first::<u8>(); }",
        ),
        (
            "first.rs",
            "/// [`crate::ground`]\nconst TEXT: &str = \"crate::ground::Zero\"; fn f() { crate::shout!(1); }",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn modules_are_found_where_the_compiler_finds_them() {
    let files = [
        ("lib.rs", "mod ground { pub mod inner; } #[path = \"first/odd.rs\"] mod first;"),
        ("ground/inner.rs", "use crate::first::One;"),
        ("first/odd.rs", "mod part; use crate::ground::inner::Zero;"),
        ("first/part/mod.rs", "mod deeper;"),
        ("first/part/deeper.rs", "pub struct Deep;"),
    ];
    let found: Vec<String> = told(&files).into_iter().filter(|told| told.starts_with("circle")).collect();
    one(&found, &["library/src/ground/inner.rs imports library/src/first/odd.rs"]);
    one(
        &told(&[("lib.rs", "mod ground;")]),
        &["library/src/ground.rs is declared as a module and not there"],
    );
}

#[test]
fn a_wing_that_imports_what_it_may_not_is_told() {
    let found = told(&[
        ("lib.rs", "mod ground; mod first; mod second;"),
        ("ground.rs", "pub struct Zero;"),
        ("first.rs", "mod part; pub struct One;"),
        ("first/part.rs", "use crate::second::Two;"),
        ("second.rs", "pub struct Two;"),
    ]);
    one(
        &found,
        &[
            "library/src/first/part.rs imports library/src/second.rs (crate::second::Two)",
            "first may import ground: move what both need down, or let second hand it in",
        ],
    );
}

#[test]
fn a_wing_may_be_open_in_one_file_only() {
    let lib = ("lib.rs", "mod first; mod second;");
    let part = ("first/part.rs", "pub struct Part;");
    let found = told(&[
        lib,
        ("first.rs", "pub mod part; pub struct One;"),
        part,
        ("second.rs", "use crate::first::One;"),
    ]);
    assert_eq!(found, NOTHING);
    let found =
        told(&[lib, ("first.rs", "pub mod part;"), part, ("second.rs", "use crate::first::part::Part;")]);
    one(
        &found,
        &["library/src/second.rs imports library/src/first/part.rs", "second may import ground, first.rs"],
    );
}

#[test]
fn a_file_outside_of_the_wings_is_told() {
    let found = told(&[("lib.rs", "mod attic;"), ("attic.rs", "")]);
    one(&found, &["library/src/attic.rs is in none of the wings ground, first, second"]);
}

#[test]
fn a_long_file_is_told_in_whichever_language() {
    let six = "\n".repeat(6);
    for name in ["tool.py", "tool.go", "tests/tool.rs", "page.js"] {
        let found = broken(&PLAN, &Tree::made_up(&[(name, &six), ("short.py", "\n\n\n\n\n")]), &[]);
        one(&found, &[&format!("{name} has 6 lines"), "more than 5"]);
    }
}

#[test]
fn a_crate_that_builds_on_what_it_may_not_is_told() {
    let nothing = Tree::default();
    let found = broken(&PLAN, &nothing, &[package("library", &["program"])]);
    one(&found, &["library depends on program", "library may build on no other crate"]);
    let found = broken(&PLAN, &nothing, &[package("attic", &[])]);
    one(&found, &["attic is a crate, and the plan has no room for it"]);
    let support = On { folder: "tests/support".to_owned(), for_tests: true };
    assert_eq!(broken(&PLAN, &nothing, &[program(&[support])]), NOTHING);
    let support = On { folder: "tests/support".to_owned(), for_tests: false };
    one(&broken(&PLAN, &nothing, &[program(&[support])]), &["program depends on tests/support", "library"]);
    let attic = On { folder: "attic".to_owned(), for_tests: true };
    one(&broken(&PLAN, &nothing, &[program(&[attic])]), &["tests of program depend on attic"]);
}

#[test]
fn what_is_built_and_not_deployed_is_told() {
    let tree = Tree::made_up(&[("tests/support/src/lib.rs", ""), ("library/src/lib.rs", "")]);
    let with = |kind: &str, is_default: bool| {
        let targets = vec![target(kind, "tests/support/src/lib.rs")];
        let support = Package { targets, is_default, ..package("tests/support", &[]) };
        broken(&PLAN, &tree, &[support, library(), package("program", &["library"])])
    };
    for kind in ["lib", "bin", "cdylib"] {
        one(&with(kind, true), &["`cargo build` makes tests/support/src/lib.rs", kind, "default members"]);
        assert_eq!(with(kind, false), NOTHING);
    }
    assert_eq!(with("test", true), NOTHING);
    assert_eq!(with("example", true), NOTHING);
    // A library that the program no longer builds on.
    let found = broken(&PLAN, &tree, &[library(), package("program", &[])]);
    one(&found, &["`cargo build` makes library/src/lib.rs (lib)"]);
}

#[test]
fn tests_that_are_not_run_are_told() {
    for test in [
        "#[test] fn f() {}",
        "mod tests { #[tokio::test(flavor = \"x\")] async fn f() {} }",
        "p! { #[test] fn f() {} }",
    ] {
        let tree =
            Tree::made_up(&[("tests/support/src/lib.rs", "mod part;"), ("tests/support/src/part.rs", test)]);
        let lib = || target("lib", "tests/support/src/lib.rs");
        let support = Package { targets: vec![lib()], is_default: false, ..package("tests/support", &[]) };
        one(&broken(&PLAN, &tree, &[support]), &["tests/support/src/part.rs holds tests", "does not run"]);
        // The same file, as a test of a package that is tried.
        let support = Package { targets: vec![lib()], is_default: false, ..package("tests/support", &[]) };
        let trier =
            Package { targets: vec![target("test", "tests/support/src/lib.rs")], ..package("program", &[]) };
        assert_eq!(broken(&PLAN, &tree, &[support, trier]), NOTHING);
    }
    let tree =
        Tree::made_up(&[("tests/support/src/lib.rs", "#[cfg(test)] fn f() {} #[test_only] fn g() {}")]);
    let targets = vec![target("lib", "tests/support/src/lib.rs")];
    let support = Package { targets, is_default: false, ..package("tests/support", &[]) };
    assert_eq!(broken(&PLAN, &tree, &[support]), NOTHING);
}
