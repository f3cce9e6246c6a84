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
mod debug_log;
mod facts;
mod health;
mod heartbeat;
mod hello;
mod identity;
pub mod messages;
mod outcome;
mod run;
mod sync_task;
mod task;
mod token;
mod upload;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use debug_log::DebugLog;
pub use facts::{Build, host_name};
pub use identity::{ClientId, ClientSecret};
pub use run::run;

use crate::{Config, Connector, SyncOptions};

/// What a service is started with.
pub struct Setup {
    /// Who it is.
    pub client: ClientId,
    /// The proof of that. It is taken out when the service starts.
    pub secret: Option<ClientSecret>,
    /// Where C1 is, a host or a host and a port; the client id's own host if not given.
    pub api_host: Option<String>,
    /// What this process calls itself towards C1, 1 to 256 bytes.
    pub host_id: String,
    /// The connector.
    pub connector: Connector,
    /// Its config.
    pub config: Config,
    /// How it syncs, where a task does not say otherwise.
    pub sync: SyncOptions,
    /// Where files are put together; the system's place if not given.
    pub temp_dir: Option<PathBuf>,
    /// Tasks at the same time; 0 counts as 1.
    pub tasks: usize,
    /// Do no full syncs.
    pub skip_full_sync: bool,
    /// Whether writing was asked for. Nothing is written; only the words of the refusal differ.
    pub provisioning: bool,
    /// Where health checks are answered.
    pub health: Option<SocketAddr>,
    /// What this program was built from.
    pub build: Build,
    /// Where the log of a task comes from, when C1 wants it.
    pub debug_log: Option<Arc<DebugLog>>,
    /// The protocol's pauses.
    pub timings: Timings,
}

/// The protocol's pauses. The default is what C1 expects; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Timings {
    /// Between the first Hello and the second. It doubles from one to the next.
    pub hello_first: Duration,
    /// The longest pause between two.
    pub hello_longest: Duration,
    /// After a poll that failed, times the square of the failures in a row.
    pub poll_failed: Duration,
    /// Between heartbeats, when C1 does not say.
    pub heartbeat: Duration,
    /// The shortest pause between heartbeats, whatever C1 says.
    pub heartbeat_shortest: Duration,
    /// The longest.
    pub heartbeat_longest: Duration,
    /// Before the third attempt of an upload; the second follows the first at once. It doubles from there.
    pub upload: Duration,
    /// How long an upload and the message that a task ended are repeated, while C1 cannot be reached.
    pub finish: Duration,
    /// How long a service that was told to stop tries to end its tasks in good order.
    pub stop: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Timings {
            hello_first: seconds(1),
            hello_longest: seconds(300),
            poll_failed: seconds(1),
            heartbeat: seconds(30),
            heartbeat_shortest: seconds(1),
            heartbeat_longest: seconds(300),
            upload: seconds(1),
            finish: seconds(90),
            stop: seconds(8),
        }
    }
}

/// Why a service did not start, or had to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client id is none.
    #[error("invalid client id")]
    ClientId,
    /// The client secret is none.
    #[error("invalid client secret")]
    ClientSecret,
    /// C1 will not have this connector.
    #[error("C1 did not accept this connector: {message}")]
    Hello {
        /// Why, as the number of a gRPC status.
        code: i32,
        /// Why, in words.
        message: String,
    },
    /// The port for health checks cannot be opened.
    #[error("cannot answer health checks on {address}: {error}")]
    Health {
        /// Where.
        address: SocketAddr,
        /// Why not.
        error: std::io::Error,
    },
    /// The connector cannot be asked who it is, or there are no trusted certificates.
    #[error(transparent)]
    Library(#[from] crate::Error),
    /// The way to C1 cannot be set up.
    #[error("{0}")]
    Setup(String),
}

impl Error {
    /// The exit code: the number of a gRPC status.
    pub fn code(&self) -> i32 {
        match self {
            Error::Hello { code, .. } => *code,
            Error::Library(error) => error.code(),
            Error::ClientId | Error::ClientSecret | Error::Health { .. } | Error::Setup(_) => 2,
        }
    }
}
