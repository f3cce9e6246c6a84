//! Reviews of files that are written here by the same writer as every sync, looked at from outside.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot start has failed")]

mod world;

mod access;
mod expanded;
mod findings;
mod folder;
mod outputs;
mod pages;
mod scale;
