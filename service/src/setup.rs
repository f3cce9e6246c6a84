//! What a service is started with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use baton_host::{Config, Connector, SyncOptions};

use crate::debug_log::DebugLog;
use crate::facts::Build;
use crate::identity::{ClientId, ClientSecret};

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
