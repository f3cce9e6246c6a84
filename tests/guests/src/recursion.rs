//! Calls itself until the stack ends.

use crate::bindings::syncer::Error;

pub fn act() -> Result<(), Error> {
    match deeper(1) {
        0 => Ok(()),
        _ => Err(crate::order::report("the stack has no end")),
    }
}

#[allow(unconditional_recursion, reason = "that is what it is for")]
fn deeper(depth: u64) -> u64 {
    // What is done after the call keeps it from becoming a loop.
    std::hint::black_box(depth).wrapping_add(deeper(std::hint::black_box(depth + 1)))
}
