//! The program for authors of connectors, from outside: what it prints, and its exit code.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod begin;
mod harness;
mod right;
mod tells;
mod wrong;
