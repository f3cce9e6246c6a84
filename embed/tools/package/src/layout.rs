//! An OCI image layout of one piece of wasm: a folder that `skopeo` and `oras` copy into any registry, and from
//! which `wkg`, `wash` and Spin pull it by the media types they look for.
//!
//! ```text
//! oci-layout          which version of the format
//! index.json          the manifest's digest, and the tag
//! blobs/sha256/…      manifest, config and wasm, each under its own digest
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wasm_metadata::{Metadata, Payload};

use crate::surface;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const WASM: &str = "application/wasm";

/// The format wants to know when it was made. The same commit shall give the same bytes, so it is nobody's clock.
const CREATED: &str = "1970-01-01T00:00:00Z";

/// Write the layout; the tag is the version that the wasm says of itself.
pub fn write(wasm: Vec<u8>, folder: &Path) -> anyhow::Result<()> {
    let surface = surface::read(&wasm)?;
    let annotations = annotations(&wasm)?;
    let tag = annotations.get("org.opencontainers.image.version").context("it does not say its version")?;
    fs::create_dir_all(folder.join("blobs/sha256")).context("no folder for it")?;
    let layer = blob(folder, WASM, &wasm)?;
    let config = json!({
        "created": CREATED,
        "architecture": "wasm",
        "os": "wasip2",
        "layerDigests": [layer["digest"]],
        "component": { "imports": surface.imports, "exports": surface.exports },
    });
    let config = blob(folder, CONFIG, &serde_json::to_vec(&config)?)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config,
        "layers": [layer],
        "annotations": annotations,
    });
    let mut manifest = blob(folder, MANIFEST, &serde_json::to_vec(&manifest)?)?;
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest] });
    fs::write(folder.join("index.json"), serde_json::to_vec(&index)?)?;
    fs::write(folder.join("oci-layout"), serde_json::to_vec(&json!({ "imageLayoutVersion": "1.0.0" }))?)?;
    Ok(())
}

/// What the wasm says of itself, under the names that registries show.
fn annotations(wasm: &[u8]) -> anyhow::Result<BTreeMap<String, String>> {
    let (Payload::Component { metadata, .. } | Payload::Module(metadata)) = Payload::from_binary(wasm)?;
    let Metadata { name, version, licenses, source, description, .. } = metadata;
    let told = [
        ("title", name),
        ("version", version.map(|text| text.to_string())),
        ("licenses", licenses.map(|text| text.to_string())),
        ("source", source.map(|text| text.to_string())),
        ("description", description.map(|text| text.to_string())),
    ];
    let told = told.into_iter().filter_map(|(name, text)| Some((name, text?)));
    Ok(told.map(|(name, text)| (format!("org.opencontainers.image.{name}"), text)).collect())
}

/// Write a blob, and return the descriptor by which others refer to it.
fn blob(folder: &Path, media_type: &str, bytes: &[u8]) -> anyhow::Result<Value> {
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(folder.join("blobs/sha256").join(&digest), bytes).context("a blob cannot be written")?;
    Ok(json!({ "mediaType": media_type, "digest": format!("sha256:{digest}"), "size": bytes.len() }))
}
