//! Every crate has a reason, and a licence that may be used. Nothing is asked of the network.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

/// Licences that may be used, as in `docs/dependencies.md`.
const LICENCES: [&str; 9] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Zlib",
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// What the lock file says of every crate that is built on this platform. Those of members that the tests do not need
/// are downloaded for it, the first time.
fn metadata() -> Value {
    let run = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).current_dir(root()).output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let version = String::from_utf8(run("rustc", &["-vV"])).expect("text");
    let platform = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a platform");
    let args = ["metadata", "--locked", "--format-version", "1", "--filter-platform", platform];
    serde_json::from_slice(&run(env!("CARGO"), &args)).expect("JSON")
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().expect("packages").iter()
}

#[test]
fn every_direct_dependency_has_its_reason_and_every_reason_a_dependency() {
    let metadata = metadata();
    let ours: BTreeSet<&str> = packages(&metadata)
        .filter(|package| package["source"].is_null())
        .filter_map(|package| package["name"].as_str())
        .collect();
    let named: BTreeSet<&str> = packages(&metadata)
        .filter(|package| package["source"].is_null())
        .flat_map(|package| package["dependencies"].as_array().expect("dependencies"))
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|name| !ours.contains(name))
        .collect();
    let table = std::fs::read_to_string(root().join("docs/dependencies.md")).expect("the table");
    let rows: BTreeSet<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let without: Vec<_> = named.difference(&rows).collect();
    let superfluous: Vec<_> = rows.difference(&named).collect();
    assert!(without.is_empty(), "no reason in docs/dependencies.md for {without:?}");
    assert!(superfluous.is_empty(), "docs/dependencies.md has what nobody uses: {superfluous:?}");
}

#[test]
fn every_licence_may_be_used() {
    let metadata = metadata();
    let may = |requirement: &spdx::LicenseReq| {
        requirement.license.id().is_some_and(|id| LICENCES.contains(&id.name))
    };
    let mut wrong = Vec::new();
    for package in packages(&metadata) {
        let licence = package["license"].as_str().unwrap_or_default();
        let allowed = Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|found| found.evaluate(may));
        if !allowed {
            wrong.push(format!("{}: {licence:?}", package["name"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The crates that are linked into a package for a target, as `NAME VERSION`, but ours.
fn linked(package: &str, target: &str) -> BTreeSet<String> {
    let args = ["tree", "--locked", "-e", "normal", "--prefix", "none", "-p", package, "--target", target];
    let output = Command::new(env!("CARGO")).args(args).current_dir(root()).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("text");
    let others = lines.lines().filter(|line| !line.is_empty() && !line.contains("(/"));
    let named = others.filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        Some(format!("{name} {}", rest.split(' ').next()?))
    });
    named.collect()
}

#[test]
fn the_notices_name_every_crate_that_is_linked_the_components_included() {
    let notices = std::fs::read_to_string(root().join("NOTICES.md")).expect("the notices");
    let (program, component) = notices.split_once("\n## In the component\n").expect("two parts");
    for (part, package, target) in [
        (program, "baton-planetscale", "x86_64-unknown-linux-musl"),
        (component, "baton-planetscale-connector", "wasm32-unknown-unknown"),
    ] {
        let named: BTreeSet<String> =
            part.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect();
        let linked = linked(package, target);
        assert!(linked.len() > 5, "{linked:?}");
        let missing: Vec<_> = linked.difference(&named).collect();
        let superfluous: Vec<_> = named.difference(&linked).collect();
        assert!(
            missing.is_empty() && superfluous.is_empty(),
            "NOTICES.md, of {package}: {missing:?} missing, {superfluous:?} there for nothing; `.ci/notices write`"
        );
    }
}
