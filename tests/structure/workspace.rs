//! The packages of a workspace, as cargo sees them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::tree::plain;

/// A package.
#[derive(Default)]
pub struct Package {
    /// Its folder, from the root.
    pub folder: String,
    /// Whether cargo takes it when no package is named.
    pub is_default: bool,
    /// What it makes.
    pub targets: Vec<Target>,
    /// The packages of this project that it names.
    pub on: Vec<On>,
}

/// Something that a package makes.
pub struct Target {
    /// `lib`, `bin`, `test` and so on.
    pub kind: String,
    /// Its root file.
    pub file: String,
    /// Whether `cargo test` runs the tests in it.
    pub tested: bool,
}

/// A dependency.
pub struct On {
    /// The other package's folder.
    pub folder: String,
    /// Whether it is for tests, examples and benches alone.
    pub for_tests: bool,
}

/// The packages of the workspace in a folder. Nothing is asked of the network.
pub fn packages(root: &Path, folder: &str) -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root.join(folder))
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let defaults = list(&metadata["workspace_default_members"]);
    list(&metadata["packages"])
        .iter()
        .map(|package| Package {
            folder: from_root(root, text(&package["manifest_path"]).trim_end_matches("/Cargo.toml")),
            is_default: defaults.contains(&package["id"]),
            targets: list(&package["targets"]).iter().map(|found| target(root, found)).collect(),
            on: list(&package["dependencies"])
                .iter()
                .filter(|dependency| dependency["path"].is_string())
                .map(|dependency| On {
                    folder: from_root(root, text(&dependency["path"])),
                    for_tests: dependency["kind"] == "dev",
                })
                .collect(),
        })
        .collect()
}

fn target(root: &Path, found: &Value) -> Target {
    Target {
        kind: list(&found["kind"]).first().map(text).unwrap_or_default().to_owned(),
        file: from_root(root, text(&found["src_path"])),
        tested: found["test"] == true,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn from_root(root: &Path, path: &str) -> String {
    let path = Path::new(path).strip_prefix(root).expect("a path in the project");
    plain(path.to_str().expect("text"))
}
