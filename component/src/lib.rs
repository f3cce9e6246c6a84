//! The PlanetScale connector, as the bytes of a component.
//!
//! The build script builds `connector/` for WebAssembly, so that one `cargo` command makes everything: a program
//! that embeds the connector, a test that loads it, and nobody has to have built it before.

/// The component: exports `baton:connector/syncer`, imports the part of WASI that `wit/connector.wit` lists.
pub const PLANETSCALE: &[u8] = include_bytes!(env!("PLANETSCALE_COMPONENT"));
