//! The program as a user meets it: exit codes, output, files. Nothing here calls the library.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot start has failed")]

mod harness;
mod mount;
#[cfg(target_os = "linux")]
mod sandbox;
mod somebody;

mod access;
mod changed;
mod component;
mod config_file;
mod disk;
mod durable;
mod elsewhere;
mod expanded;
mod faces;
mod file;
mod from_files;
mod last_line;
#[cfg(target_os = "linux")]
mod machine;
mod matrix;
mod misleading;
mod mistakes;
mod named;
#[cfg(unix)]
mod pages;
mod place;
mod resume;
mod review;
mod secrets;
mod shells;
#[cfg(target_os = "linux")]
mod smallest;
mod stock;
mod targeted;
#[cfg(target_os = "linux")]
mod volume;
