//! Wants memory without end, or very much of it at once.

use crate::bindings::syncer::Error;

pub fn grow() -> Result<(), Error> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    loop {
        all.push(std::hint::black_box(vec![1; 1 << 20]));
    }
}

/// An answer of a gibibyte.
pub fn gigabyte() -> Result<(), Error> {
    Err(crate::order::report("x".repeat(1 << 30)))
}
