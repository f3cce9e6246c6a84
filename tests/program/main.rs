//! The program as a user meets it: exit codes, output, files. Nothing here calls the library.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot start has failed")]

mod harness;
mod mount;

mod component;
mod disk;
mod elsewhere;
mod faces;
mod file;
mod matrix;
mod mistakes;
mod place;
mod resume;
mod secrets;
mod stock;
mod targeted;
