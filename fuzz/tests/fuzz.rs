//! The fuzzer: `FUZZ_TARGET=<name> fuzz [libFuzzer's arguments]`.

#![no_main]
#![allow(unsafe_code, clippy::panic, reason = "the fuzzer's own entry, and a run without target has no use")]

use std::sync::LazyLock;

use baton_planetscale_fuzz::{TARGETS, Target};

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let wanted = std::env::var("FUZZ_TARGET").unwrap_or_default();
    match TARGETS.iter().find(|(name, _)| *name == wanted) {
        Some((_, target)) => *target,
        None => panic!("FUZZ_TARGET names none of the targets"),
    }
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| CHOSEN(bytes));
