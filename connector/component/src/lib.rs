//! The PlanetScale connector, as the bytes of a component.
//!
//! The build script builds `connector/` for WebAssembly, so that one `cargo` command makes everything: a program
//! that embeds the connector, a test that loads it, and nobody has to have built it before.

/// The component, as it is released: exports `baton:connector/syncer`, imports the part of WASI that `wit/connector.wit` lists, and
/// carries its name, version, licence, source and description.
pub const PLANETSCALE: &[u8] = include_bytes!(env!("PLANETSCALE_COMPONENT"));
