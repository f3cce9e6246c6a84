//! Writes into a component who it is: name, version, licence, source and description.
//!
//! They stand in sections that tools and registries read (`wasm-tools metadata show` prints them), and come from the
//! manifest of the component's crate, as cargo reads it, so that they are told once. The library writes the name,
//! which goes into a section that is there already. Its way to write the others would bring forty crates, to check
//! texts that cargo has checked.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use wasm_encoder::{ComponentSection, CustomSection};
use wasm_metadata::{AddMetadata, AddMetadataField};

/// The sections that hold a text and nothing else, and the manifest's fields for them.
const TEXTS: [(&str, &str); 4] = [
    ("version", "version"),
    ("licenses", "license"),
    ("source", "repository"),
    ("description", "description"),
];

/// Write `component` with the metadata of the package whose manifest is given into the build's folder.
pub fn add(component: &Path, manifest: &Path) -> Result<PathBuf, String> {
    let package = package(manifest)?;
    let field = |name: &str| {
        package[name].as_str().map(str::to_owned).ok_or(format!("{} has no {name}", manifest.display()))
    };
    let mut metadata = AddMetadata::default();
    metadata.name = AddMetadataField::Set(field("name")?);
    let bytes =
        fs::read(component).map_err(|error| format!("cannot read {}: {error}", component.display()))?;
    let mut bytes =
        metadata.to_wasm(&bytes).map_err(|error| format!("the name cannot be written: {error}"))?;
    for (section, name) in TEXTS {
        let text = field(name)?.into_bytes();
        CustomSection { name: section.into(), data: text.into() }.append_to_component(&mut bytes);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gave no OUT_DIR")?).join("planetscale.wasm");
    fs::write(&out, bytes).map_err(|error| format!("cannot write {}: {error}", out.display()))?;
    Ok(out)
}

/// What cargo says of the one package.
fn package(manifest: &Path) -> Result<Value, String> {
    let output = Command::new(env::var_os("CARGO").ok_or("cargo gave no CARGO")?)
        .args(["metadata", "--no-deps", "--locked", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(manifest)
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    let told: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr)))?;
    // All members of the workspace are told of, wherever cargo was pointed to.
    let manifest = manifest.canonicalize().map_err(|error| format!("{}: {error}", manifest.display()))?;
    let ours =
        |package: &&Value| package["manifest_path"].as_str().is_some_and(|path| Path::new(path) == manifest);
    let package = told["packages"].as_array().and_then(|packages| packages.iter().find(ours));
    package.cloned().ok_or(format!("{} is no package of this workspace", manifest.display()))
}
