//! The tree is as its plan says: which crate builds on which, which part of a crate imports which, no circles of files,
//! no long files, and `cargo build` makes what is deployed and nothing else. `plan.rs` is the plan.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod arrows;
mod made_up;
mod mentions;
mod modules;
mod plan;
mod rules;
mod tree;
mod workspace;

use std::path::Path;

use plan::PLAN;
use tree::Tree;

/// Workspaces beside the root's, whose crates are built for WebAssembly or other people's programs.
const APART: [&str; 2] = ["embed/adapter", "embed/tools"];

#[test]
fn the_tree_is_as_planned() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the root");
    let tree = Tree::under(&root).expect("the sources");
    let mut packages = workspace::packages(&root, "");
    for folder in APART {
        let mut apart = workspace::packages(&root, folder);
        for package in &mut apart {
            package.is_default = false;
        }
        packages.extend(apart);
    }
    let broken = rules::broken(&PLAN, &tree, &packages);
    assert!(broken.is_empty(), "{} things are not as planned:\n- {}", broken.len(), broken.join("\n- "));
}
