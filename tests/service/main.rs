//! The program working for C1, as a process of its own against a C1 of this machine. Nothing here calls the library.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod harness;

mod cancel;
mod deploy;
mod faults;
mod health;
mod life;
mod memory;
mod options;
mod stop;
mod tasks;
mod watched;
