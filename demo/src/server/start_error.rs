//! Why a server did not start.

use std::io;
use std::net::SocketAddr;

use crate::scenario::ScenarioError;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The scenario makes no sense.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The scenario cannot be written as JSON.
    #[error("the scenario's people cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// No thread or runtime could be started.
    #[error("cannot start the server's threads: {0}")]
    Threads(#[source] io::Error),
    /// The private authority or the certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[source] Box<dyn std::error::Error + Send + Sync>),
}
