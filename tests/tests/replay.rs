//! Everything that is kept of the fuzzer's work is tried each time: where it began, and what it found.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use baton_planetscale_fuzz::TARGETS;

fn files(of: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz")).join(of).join(target);
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn nothing_that_was_kept_or_found_does_harm_any_more() {
    let mut harmful = Vec::new();
    for (name, target) in TARGETS {
        let corpus = files("corpus", name);
        assert!(!corpus.is_empty(), "{name} has nowhere to begin");
        for path in corpus.into_iter().chain(files("findings", name)) {
            let bytes = std::fs::read(&path).expect("a file");
            if catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
                harmful.push(path);
            }
        }
    }
    assert!(harmful.is_empty(), "{harmful:#?}");
}
