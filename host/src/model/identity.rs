//! Identities as numbers: what a sync remembers of what it has seen.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The identity of anything, as a number that does not collide by accident.
pub fn identity(value: &impl Hash) -> u128 {
    let mut low = DefaultHasher::new();
    let mut high = DefaultHasher::new();
    0_u8.hash(&mut low);
    1_u8.hash(&mut high);
    value.hash(&mut low);
    value.hash(&mut high);
    (u128::from(high.finish()) << 64) | u128::from(low.finish())
}
