//! Why there is no service.

use std::net::SocketAddr;

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
    Library(#[from] baton_host::Error),
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
