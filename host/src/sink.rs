//! Where records go: the trait that a file or a store implements, and one that keeps them in memory.

mod memory;
mod receiver;

pub use memory::Memory;
pub use receiver::Sink;
