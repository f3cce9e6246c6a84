//! What must hold of packages and files. Each rule gives a sentence for everything that breaks it: what is there, which
//! rule it breaks, and what to move.

use std::collections::{BTreeSet, VecDeque};

use crate::arrows::{Arrows, arrows, circles};
use crate::mentions::has_tests;
use crate::modules::Crate;
use crate::plan::{House, Plan, Room, Wing};
use crate::tree::{Tree, lies_in};
use crate::workspace::Package;

/// Everything that breaks a rule.
pub fn broken(plan: &Plan, tree: &Tree, packages: &[Package]) -> Vec<String> {
    let mut told = BTreeSet::new();
    told.extend(too_long(plan, tree));
    told.extend(packages.iter().flat_map(|package| wrong_dependencies(plan, package)));
    told.extend(built_for_nothing(plan, packages));
    let mut with_tests = BTreeSet::new();
    let mut tried = BTreeSet::new();
    for (package, target) in
        packages.iter().flat_map(|one| one.targets.iter().map(move |target| (one, target)))
    {
        let found = match Crate::read(tree, &target.file) {
            Ok(found) => found,
            Err(error) => {
                told.insert(error);
                continue;
            }
        };
        let arrows = arrows(&found);
        told.extend(circles(&arrows).iter().map(|circle| circle_told(circle, &arrows)));
        if target.kind == "lib" {
            told.extend(plan.houses.iter().flat_map(|house| wrong_imports(house, &found, &arrows)));
        }
        let apart = plan.tried_apart.iter().any(|folder| lies_in(&package.folder, folder));
        if (package.is_default && target.tested) || apart {
            tried.extend(found.modules.iter().map(|module| module.file.clone()));
        }
        with_tests.extend(
            found.modules.iter().filter(|module| has_tests(&module.tokens)).map(|module| module.file.clone()),
        );
    }
    told.extend(with_tests.difference(&tried).map(|file| {
        format!(
            "{file} holds tests that `cargo test` does not run: its package is not among the default members of the \
             workspace; make them a test target of one that is"
        )
    }));
    told.into_iter().collect()
}

fn too_long(plan: &Plan, tree: &Tree) -> Vec<String> {
    tree.files()
        .filter(|(path, _)| !plan.may_be_longer.contains(path))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > plan.longest)
        .map(|(path, lines)| {
            format!(
                "{path} has {lines} lines, and no source file may have more than {}: move one of the things it does into \
                 a file of its own",
                plan.longest
            )
        })
        .collect()
}

/// The room of a folder: the one whose name says most about it.
fn room<'a>(plan: &'a Plan, folder: &str) -> Option<&'a Room> {
    plan.rooms.iter().filter(|room| lies_in(folder, room.folder)).max_by_key(|room| room.folder.len())
}

fn wrong_dependencies(plan: &Plan, package: &Package) -> Vec<String> {
    let folder = &package.folder;
    let Some(from) = room(plan, folder) else {
        return vec![format!(
            "{folder} is a crate, and the plan has no room for it: move it into one of the rooms, or give it one in \
             tests/structure/plan.rs"
        )];
    };
    let mut told = Vec::new();
    for on in &package.on {
        let to = room(plan, &on.folder).map_or(on.folder.as_str(), |room| room.folder);
        let may = |rooms: &[&str]| rooms.iter().any(|room| room.is_empty() || *room == to);
        let allowed = to == from.folder || may(from.on) || (on.for_tests && may(plan.tests_on));
        if !allowed {
            let rooms = match from.on {
                [] => "no other crate of this project".to_owned(),
                rooms => rooms.join(", "),
            };
            let what = if on.for_tests { "tests of " } else { "" };
            told.push(format!(
                "{what}{folder} depend{} on {}, and {} may build on {rooms}: move what it needs into one of these, or \
                 itself to where that is allowed",
                if on.for_tests { "" } else { "s" },
                on.folder,
                from.folder
            ));
        }
    }
    told
}

/// What `cargo build` makes, although nobody is given it.
fn built_for_nothing(plan: &Plan, packages: &[Package]) -> Vec<String> {
    let mut needed = BTreeSet::new();
    let mut waiting: VecDeque<&str> = packages
        .iter()
        .filter(|package| plan.deployed.contains(&package.folder.as_str()))
        .map(|package| package.folder.as_str())
        .collect();
    while let Some(folder) = waiting.pop_front() {
        if needed.insert(folder) {
            let package = packages.iter().filter(|package| package.folder == folder);
            let on = package.flat_map(|package| &package.on).filter(|on| !on.for_tests);
            waiting.extend(on.map(|on| on.folder.as_str()));
        }
    }
    let mut told = Vec::new();
    for package in packages.iter().filter(|package| package.is_default) {
        let folder = package.folder.as_str();
        let made =
            |kinds: &[&str]| package.targets.iter().find(|target| kinds.contains(&target.kind.as_str()));
        let program = made(&["bin"]).filter(|_| !plan.deployed.contains(&folder));
        let library = made(&["lib", "rlib", "cdylib", "dylib", "staticlib", "proc-macro"])
            .filter(|_| !needed.contains(folder));
        for target in program.into_iter().chain(library) {
            told.push(format!(
                "`cargo build` makes {} ({}), which is not deployed and which nothing deployed builds on: take {folder} out \
                 of the workspace's default members, or make a test target or an example of it",
                target.file, target.kind
            ));
        }
    }
    told
}

fn circle_told(circle: &[String], arrows: &Arrows) -> String {
    let steps: Vec<String> = circle
        .iter()
        .zip(circle.iter().cycle().skip(1))
        .map(|(from, to)| match arrows.get(&(from.clone(), to.clone())) {
            Some(spelt) => format!("{from} imports {to} ({spelt})"),
            None => format!("{from} imports {to}"),
        })
        .collect();
    format!(
        "circle of files: {}; no two files may import each other, not by way of others either: move what they share \
         into a file below them",
        steps.join(", ")
    )
}

/// What the wings of a house forbid.
fn wrong_imports(house: &House, of: &Crate, arrows: &Arrows) -> Vec<String> {
    let inside = |file: &str| -> Option<String> {
        file.strip_prefix(house.sources).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned)
    };
    let files: BTreeSet<String> = of.modules.iter().filter_map(|module| inside(&module.file)).collect();
    let mut told: Vec<String> = files
        .iter()
        .filter(|file| *file != "lib.rs" && wing(house, file).is_none())
        .map(|file| {
            let wings: Vec<_> = house.wings.iter().map(|wing| wing.name).collect();
            format!("{}/{file} is in none of the wings {}: move it into one", house.sources, wings.join(", "))
        })
        .collect();
    for ((from, to), spelt) in arrows {
        let (Some(importer), Some(imported)) = (inside(from), inside(to)) else { continue };
        let (Some(one), Some(other)) = (wing(house, &importer), wing(house, &imported)) else { continue };
        if one.name != other.name && !one.on.iter().any(|on| *on == other.name || *on == imported) {
            let may = match one.on {
                [] => "no other wing".to_owned(),
                wings => wings.join(", "),
            };
            told.push(format!(
                "{from} imports {to} ({spelt}), and {} may import {may}: move what both need down, or let {} hand it in",
                one.name, other.name
            ));
        }
    }
    told
}

fn wing<'a>(house: &'a House, file: &str) -> Option<&'a Wing> {
    house.wings.iter().find(|wing| lies_in(file.strip_suffix(".rs").unwrap_or(file), wing.name))
}
