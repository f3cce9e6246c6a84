//! What tests are made with: the component in the host, against the double of the API, in one call; a C1 and a proxy of
//! this machine; components that misbehave; the fault matrix.
//!
//! What came out is turned into the records of the scenario's manifest, which reads no product code, so a test
//! compares two plain values.

#![allow(clippy::panic, reason = "a harness that cannot load its subject has nothing to test")]

pub mod acme;
pub mod apart;
pub mod cases;
pub mod direct;
pub mod fake_c1;
pub mod guests;
mod harness;
pub mod proxy;
mod records;
pub mod tenant;

pub use harness::{
    DATABASES, FILE, INLINE, OLD, connector, listener, options, sync, sync_further, sync_inline, sync_into,
    sync_with,
};
pub use records::Records;
