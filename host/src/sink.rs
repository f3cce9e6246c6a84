//! Where records go: the trait that a file or a store implements, and one that keeps them in memory.

mod memory;
mod receiver;
mod scratch;

pub use memory::Memory;
pub use receiver::Sink;
pub use scratch::Scratch;
