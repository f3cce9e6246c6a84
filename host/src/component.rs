//! From the bytes of a component to an instance that answers, under limits.

mod cache;
mod compile;
mod crash;
pub(crate) mod engine;
pub(crate) mod instance;
pub(crate) mod limits;
pub(crate) mod output;
mod refused;
mod state;
mod surface;
mod world;
