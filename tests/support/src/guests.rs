//! The hostile components: one that misbehaves on order, and some made from a few lines of core WebAssembly.

use std::sync::LazyLock;

use baton_host::sink::Memory;
use baton_host::{Config, Connector, Engine, EngineOptions, Error, Secret, Summary, SyncOptions};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

/// The bytes of the component that misbehaves on order.
pub const HOSTILE: &[u8] = include_bytes!(env!("HOSTILE_GUESTS"));

/// The bytes of a connector for Acme, as plain cargo makes it.
pub const STOCK_RUST: &[u8] = include_bytes!(env!("STOCK_RUST"));

/// The bytes of a connector for Acme on the author's kit, as plain cargo makes it.
pub const AUTHOR: &[u8] = include_bytes!(env!("AUTHOR"));

/// The same for the target that has nothing of WASI.
pub const AUTHOR_BARE: &[u8] = include_bytes!(env!("AUTHOR_BARE"));

/// What stands before an order in the bytes of [`AUTHOR`].
const MARK: &[u8] = b"order of a test:";

/// [`AUTHOR`], which breaks a rule.
///
/// # Panics
/// There is not one place for an order in it, or no room for this one.
#[must_use]
pub fn author_that_breaks(rule: &str) -> Vec<u8> {
    let mut bytes = AUTHOR.to_vec();
    let places: Vec<usize> =
        bytes.windows(MARK.len()).enumerate().filter(|(_, part)| *part == MARK).map(|(at, _)| at).collect();
    let [place] = places.as_slice() else { panic!("{} places for an order", places.len()) };
    let room = &mut bytes[place + MARK.len()..place + MARK.len() + 32];
    assert!(room.iter().all(|byte| *byte == b' ') && rule.len() <= room.len(), "no room for {rule}");
    room[..rule.len()].copy_from_slice(rule.as_bytes());
    bytes
}

static CONNECTOR: LazyLock<Result<Connector, String>> = LazyLock::new(|| load(HOSTILE));

fn load(bytes: &[u8]) -> Result<Connector, String> {
    let engine = Engine::new(EngineOptions::default()).map_err(|error| error.to_string())?;
    engine.load(bytes).map_err(|error| error.to_string())
}

/// The component that misbehaves on order, compiled.
///
/// # Panics
/// When it cannot be loaded.
pub fn hostile() -> Connector {
    match &*CONNECTOR {
        Ok(connector) => connector.clone(),
        Err(error) => panic!("the hostile component does not load: {error}"),
    }
}

/// Sync it with these values of its config.
pub async fn misbehave(values: &[(&str, &str)], options: SyncOptions) -> (Result<Summary, Error>, Memory) {
    let connector = hostile();
    let mut found = Memory::default();
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value)));
    let result = async {
        let schema = connector.config_schema().await?;
        connector.sync(Config::new(&schema, values)?, &mut found, options).await
    }
    .await;
    (result, found)
}

/// What a component of the contract has to export, with the core types of its functions.
const EXPORTS: [(&str, &str); 7] = [
    ("metadata", ""),
    ("config-schema", ""),
    ("validate", ""),
    ("list-resource-types", ""),
    ("list-resources", "(param i32)"),
    ("list-entitlements", "(param i32)"),
    ("list-grants", "(param i32)"),
];

/// A component from the parts of a core module in `guests/core/`. What the parts do not define is there and traps.
///
/// # Panics
/// When the parts make no component: they belong to the tests.
pub fn core(parts: &str) -> Vec<u8> {
    match component(parts) {
        Ok(bytes) => bytes,
        Err(error) => panic!("no component: {error}"),
    }
}

/// The same, loaded.
///
/// # Panics
/// As `core`.
pub fn core_connector(parts: &str) -> Connector {
    match load(&core(parts)) {
        Ok(connector) => connector,
        Err(error) => panic!("the component does not load: {error}"),
    }
}

fn component(parts: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut text = parts.to_owned();
    for (name, params) in EXPORTS {
        let export = format!("baton:connector/syncer@0.2.0#{name}");
        if !text.contains(&export) {
            text += &format!("(func (export \"{export}\") {params} (result i32) unreachable)\n");
        }
    }
    if !text.contains("(memory") {
        text += "(memory (export \"memory\") 1)\n";
    }
    text += "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable)\n";
    let mut module = wat::parse_str(format!("(module\n{text})"))?;
    let mut resolve = wit_parser::Resolve::default();
    let (package, _) = resolve.push_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit"))?;
    let world = resolve.select_world(&[package], Some("connector"))?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    Ok(ComponentEncoder::default().module(&module)?.encode()?)
}
