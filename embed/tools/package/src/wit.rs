//! A WIT package as wasm: what `wkg` publishes, and what tools take in place of the folder of text.

use std::path::Path;

use anyhow::Context;
use wasm_metadata::{AddMetadata, AddMetadataField, Description, Licenses, Source, Version};
use wit_parser::Resolve;

/// Encode the package in a folder; what it needs is in the folder's `deps`.
pub fn encode(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut resolve = Resolve::new();
    let (id, _) = resolve.push_dir(folder).with_context(|| format!("no WIT in {}", folder.display()))?;
    let bytes = wit_component::encode(&resolve, id)?;
    let package = resolve.packages.get(id).context("the package is not in its own resolve")?;
    let version = package.name.version.as_ref().context("the package has no version")?;
    let mut metadata = AddMetadata::default();
    metadata.version = AddMetadataField::Set(Version::new(version.to_string()));
    metadata.licenses = AddMetadataField::Set(Licenses::new(env!("CARGO_PKG_LICENSE"))?);
    metadata.source = AddMetadataField::Set(Source::new(env!("CARGO_PKG_REPOSITORY"))?);
    if let Some(first) = package.docs.contents.as_deref().and_then(|docs| docs.lines().next()) {
        metadata.description = AddMetadataField::Set(Description::new(first.to_owned()));
    }
    metadata.to_wasm(&bytes)
}
