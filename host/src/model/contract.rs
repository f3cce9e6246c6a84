//! The contract in Rust: the types of the WIT interface `baton:connector/syncer`.
//!
//! They are the only domain types of this crate: what a connector returns is what a sink is given.
//! Documentation of each record, its units and its limits is in `wit/connector.wit`.
//!
//! The generated world of the host has the export alone. What a connector may import is put together
//! by hand in `engine.rs`, one interface at a time, so that nothing can slip in by being generated.

#[allow(missing_docs, reason = "the WIT file documents them")]
mod generated {
    wasmtime::component::bindgen!({
        path: "../wit",
        inline: "
            package baton:host;
            world runner {
                export baton:connector/syncer@0.2.0;
            }
        ",
        world: "baton:host/runner",
        exports: { default: async },
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}

pub use generated::exports::baton::connector::syncer::*;
pub(crate) use generated::{Runner, RunnerPre};

impl Eq for ResourceId {}

impl std::hash::Hash for ResourceId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.resource_type.hash(state);
        self.id.hash(state);
    }
}

/// The name under which a connector exports the contract, without its version.
pub const INTERFACE: &str = "baton:connector/syncer";

/// The one version of the contract that this host speaks.
pub const VERSION: &str = "0.2.0";
