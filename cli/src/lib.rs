//! `baton-planetscale`: one command that reads who has access to what in PlanetScale, into a file that the
//! `baton` tools read.
//!
//! This file is a contents page. The program is a layer on the library: it takes values for the connector's
//! fields from flags, environment and a file, runs one sync, and says how it went. It names no field of any
//! vendor (the demo excepted): flags, variables and the `config` output follow from the component's own schema.
//!
//! The way of one run: `cli` (what was typed) → `settings` (flag, variable, file, default: which one counts) →
//! `start` (which component, which command) → `one_shot` (the sync, and what may end it) → `summary`. With a client id
//! and secret it is `service` in place of the last two.

/// What one person holds, from a file.
pub mod access;
/// What the program prints about the connector: its capabilities, as catalogs keep them.
pub mod capabilities;
/// The command line: flags, subcommands, and the words in which a mistake is told.
pub mod cli;
/// What the program prints about the connector: its config, as forms are built from it.
pub mod config_schema;
/// The embedded example.
pub mod demo;
/// Every way in which a run ends without a result, with its exit code.
pub mod failure;
/// The YAML config file.
pub mod file;
/// The flags that every connector has.
pub mod flags;
/// Values that stand in files.
pub mod from_files;
/// What a value is called, and what was typed for it.
pub mod given;
/// Asking a running service whether it is well.
pub mod health_check;
/// The line with which a run ends that has no result.
pub mod last_line;
/// One line of the log.
pub mod line;
/// Where log lines go.
pub mod log_file;
/// Log lines on stderr.
pub mod logs;
/// The program's name.
pub mod name;
/// One sync into one file.
pub mod one_shot;
/// Texts on stdout.
pub mod print;
/// The line that moves while a sync runs.
pub mod progress;
/// Flags that ask for what a reading connector does not do.
pub mod refusal;
/// Names that no connector's field may have.
pub mod reserved;
/// Reviews of files.
pub mod review;
/// Working for C1.
pub mod service;
/// The values that count.
pub mod settings;
/// What shells and manual readers want to know of the command line.
pub mod shells;
/// What stops a program.
pub mod signal;
/// Which component, which command.
pub mod start;
/// Signals.
pub mod stop;
/// What is said at the end.
pub mod summary;
/// The demo's tables.
pub mod tables;
/// The program's threads.
pub mod threads;
