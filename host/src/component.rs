//! From the bytes of a component to an instance that answers, under limits.

pub(crate) mod engine;
pub(crate) mod instance;
pub(crate) mod limits;
mod state;
