//! Working for C1 as a service: take sync tasks, read, upload, say how it went.
//!
//! C1 cannot reach a self-hosted connector, so the connector asks. A layer on the library: it knows of a sync only
//! what every caller knows. The way of a task:
//!
//! `identity` → `token` → `channel` (one kept connection) → `hello` (C1 knows us) → `run` (poll, several tasks at a
//! time) → `task` (what is wanted) → `answer`, or `sync_task` with its `heartbeat` and `upload` → `outcome` (C1 is
//! told how it ended).
//!
//! Differences to the Go connectors, all of which C1 can act on:
//!
//! - One connection is kept, and the access token is renewed ahead of time.
//! - Every task that ends is finished towards C1, also a cancelled one and one whose heartbeat was lost.
//! - An empty sync is never uploaded: not with `skip-full-sync`, and not when nothing was found.
//! - Files are stored as SQLite. A task that asks for another storage engine is done all the same: a `.c1z` says in
//!   its first bytes how it is stored, and C1's readers know both. To fail the task would leave C1 with nothing.
//! - A token endpoint that answers with a server error is asked again; only a refusal ends the process.

mod answer;
mod channel;
mod client;
mod debug_log;
mod error;
mod facts;
pub mod foreign;
mod health;
mod heartbeat;
mod hello;
mod identity;
pub mod messages;
mod metrics;
mod outcome;
mod run;
mod setup;
mod sync_task;
mod task;
mod token;
mod upload;
mod waits;

pub use debug_log::DebugLog;
pub use error::Error;
pub use facts::{Build, host_name};
pub use identity::{ClientId, ClientSecret};
pub use run::run;
pub use setup::{Setup, Timings};
