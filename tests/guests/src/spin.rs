//! Computes for ever.

use crate::bindings::syncer::Error;

pub fn act() -> Result<(), Error> {
    let mut number = 0_u64;
    loop {
        number = std::hint::black_box(number.wrapping_add(1));
    }
}
