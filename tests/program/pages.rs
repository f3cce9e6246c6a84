//! Every command on a page is run as it is written there, page by page, from the first to the last; but those below,
//! each for a reason.
//!
//! On a page stand values that a reader replaces: an address and a token. Here the double's stand in for them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use baton_planetscale_demo::Scenario;

use crate::harness::{Place, Run, tested};

/// Commands that are not run: how they begin, and why.
const NOT_RUN: [(&str, &str); 9] = [
    ("cargo run -- demo", "`.ci/run` runs it, on its own build"),
    ("cargo test", "this is one of its tests"),
    ("cargo doc ", "`.ci/run` makes the documentation of every crate"),
    ("cargo run --release -p baton-planetscale-bench ", "takes minutes; `.ci/run` runs its form `counts`"),
    ("embed/make", "`embed/test/run` makes what it tests with it"),
    (".ci/static", "takes half an hour from nothing; CI runs `.ci/static test`"),
    (".ci/release", "the same"),
    ("docker ", "there is no container engine; what the image is made of is tested in service::deploy"),
    ("baton ", "other people's program; tests/interop builds it and runs it on our files"),
];

/// A page whose commands are not run here.
const NOT_HERE: [(&str, &str); 1] = [(
    "docs/write-a-connector.md",
    "its commands build projects with tools from registries; tests/kit begins such projects and checks what they make",
)];

/// In place of the program: it, with the double in place of what a reader replaces.
const STAND_IN: &str = r#"#!/usr/bin/env bash
if [ "${BATON_PLANETSCALE_API_URL-}" = https://api.planetscale.com ]; then BATON_PLANETSCALE_API_URL=$DOUBLE_URL; fi
if [ "${BATON_PLANETSCALE_SERVICE_TOKEN-}" = '<id>:<token>' ]; then BATON_PLANETSCALE_SERVICE_TOKEN=$DOUBLE_TOKEN; fi
exec "$TESTED" "$@"
"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the root")
}

/// The pages, by their names from the root.
fn pages() -> Vec<String> {
    let docs = fs::read_dir(root().join("docs"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name());
    let mut docs: Vec<String> = docs.map(|name| format!("docs/{}", name.to_string_lossy())).collect();
    docs.retain(|name| name.ends_with(".md"));
    docs.sort();
    ["README.md", "CONTRIBUTING.md", "deploy/README.md"].map(str::to_owned).into_iter().chain(docs).collect()
}

/// The commands of a page: lines behind a `$` in a block that is called so.
fn commands(page: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in page.lines().map(str::trim_start) {
        match line.strip_prefix("```") {
            Some(name) => inside = !inside && name == "console",
            None if inside => found.extend(line.strip_prefix("$ ").map(str::to_owned)),
            None => {}
        }
    }
    found
}

fn is_run(command: &str) -> bool {
    !NOT_RUN.iter().any(|(begins, _)| {
        command.starts_with(begins.trim_end()) && {
            let rest = &command[begins.trim_end().len()..];
            rest.is_empty() || rest.starts_with(' ')
        }
    })
}

#[test]
fn every_command_of_every_page_does_what_it_says() {
    let place = Place::new(Scenario::demo());
    let bin = place.path("bin");
    fs::create_dir(&bin).expect("a folder");
    fs::write(bin.join("baton-planetscale"), STAND_IN).expect("a file");
    fs::set_permissions(bin.join("baton-planetscale"), PermissionsExt::from_mode(0o755)).expect("rights");
    place.run(&["-f", "access.jsonl"]).ends_with(0);
    let mut ran = 0;
    for name in pages() {
        let page = fs::read_to_string(root().join(&name)).expect("a page");
        let commands: Vec<String> = commands(&page).into_iter().filter(|command| is_run(command)).collect();
        if commands.is_empty() || NOT_HERE.iter().any(|(not_here, _)| *not_here == name) {
            continue;
        }
        ran += commands.len();
        // A folder with what a page may name of the repository, and with a file of a sync.
        let folder = place.path(&name.replace('/', "-"));
        fs::create_dir_all(folder.join("deploy")).expect("a folder");
        let example = "deploy/baton-planetscale.env.example";
        fs::copy(root().join(example), folder.join(example)).expect("a copy");
        fs::copy(place.path("access.jsonl"), folder.join("access.jsonl")).expect("a copy");
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("bash");
        shell
            .args(["-euo", "pipefail", "-c", &commands.join("\n")])
            .current_dir(&folder)
            .env_clear()
            .env("PATH", path)
            .env("HOME", env!("CARGO_TARGET_TMPDIR"))
            .env("TESTED", tested())
            .env("DOUBLE_URL", place.server.url())
            .env("DOUBLE_TOKEN", place.server.service_token())
            .stdin(Stdio::null());
        let run = Run::of(&mut shell);
        assert_eq!(run.code, Some(0), "{name}: {commands:#?}\n{}{}", run.stdout, run.stderr);
    }
    assert!(ran > 5, "{ran} commands were run");
}

#[test]
fn every_exception_is_of_a_command_that_stands_somewhere_and_is_run_where_it_says() {
    let all: Vec<String> = pages()
        .iter()
        .flat_map(|name| commands(&fs::read_to_string(root().join(name)).expect("a page")))
        .collect();
    for (begins, why) in NOT_RUN {
        assert!(
            all.iter().any(|command| command.starts_with(begins.trim_end())),
            "{begins} ({why}) stands nowhere"
        );
    }
    let run = fs::read_to_string(root().join(".ci/run")).expect("CI");
    for part in ["cargo run --locked -- demo", "cargo doc ", "bench counts", "embed/test/run"] {
        assert!(run.contains(part), "{part}");
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let mut broken = Vec::new();
    for name in pages() {
        let page = fs::read_to_string(root().join(&name)).expect("a page");
        for target in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let beside = root().join(&name);
            let path = if file.is_empty() { beside } else { beside.with_file_name("").join(file) };
            if !path.exists() {
                broken.push(format!("{name}: {target} is not there"));
            }
            // A picture or a folder has no headings.
            let text = fs::read_to_string(&path).unwrap_or_default();
            if !heading.is_empty() && !text.lines().filter_map(anchor).any(|found| found == heading) {
                broken.push(format!("{name}: {target} has no such heading"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What a heading is called in an address.
fn anchor(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim().to_lowercase();
    Some(
        heading
            .chars()
            .filter(|c| c.is_alphanumeric() || " -".contains(*c))
            .collect::<String>()
            .replace(' ', "-"),
    )
}
