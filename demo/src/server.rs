//! The scenario on a port.
//!
//! A server has threads and a runtime of its own: it starts in a program without one, does not take
//! part in the caller's, and ends when it is dropped. It listens on a loopback port that the system
//! chooses. Well-behaved replies go through hyper; when a fault needs the wire itself, the connection
//! is taken out of hyper's hands and written to byte by byte.

mod connection;
mod edit;
mod log;
mod rate;
mod sabotage;
mod script;
mod shared;
mod start_error;
mod tls;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub use log::{Counters, Seen};
pub use start_error::StartError;

use crate::scenario::Scenario;
use shared::Shared;

/// How a server is reached.
#[derive(Clone)]
pub struct Options {
    /// Where it listens; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Whether it speaks TLS, with a certificate from an authority made for it alone.
    pub tls: bool,
    /// Names that its certificate is for, besides its address and `localhost`.
    pub names: Vec<String>,
    /// Whether it offers HTTP/2 over TLS.
    pub http2: bool,
    /// The token it accepts, `<id>:<value>`.
    pub service_token: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: false,
            names: Vec::new(),
            http2: true,
            // Opens nothing anywhere else; shorter than a real one, so that no scanner takes it for one.
            service_token: "demo0token0id:pscale_tkn_only_for_the_demo".into(),
        }
    }
}

/// A running API. It stops when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    url: String,
    address: SocketAddr,
    ca_pem: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts on a loopback port, without TLS.
    ///
    /// # Errors
    ///
    /// The scenario makes no sense, or the system lends no port or thread.
    pub fn start(scenario: Scenario) -> Result<Self, StartError> {
        Self::start_with(scenario, Options::default())
    }

    /// Starts as the options say.
    ///
    /// # Errors
    ///
    /// As [`Server::start`]; and the certificate cannot be made.
    pub fn start_with(scenario: Scenario, options: Options) -> Result<Self, StartError> {
        scenario.check()?;
        let listen = |source| StartError::Listen { address: options.listen, source };
        let listener = std::net::TcpListener::bind(options.listen).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let identity = match options.tls {
            true => Some(tls::Identity::new(address.ip(), options.names.clone(), options.http2)?),
            false => None,
        };
        let scheme = if options.tls { "https" } else { "http" };
        let origin = format!("{scheme}://{address}");
        let url = format!("{origin}{}", scenario.base_path);
        let shared = Arc::new(Shared::new(scenario, url.clone(), options.service_token)?);
        let (ca_pem, acceptor) = match identity {
            Some(identity) => (Some(identity.ca_pem), Some(identity.acceptor)),
            None => (None, None),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("api-double")
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let (stop, stopped) = oneshot::channel();
        let accept = connection::accept(listener, address, acceptor, Arc::clone(&shared), stopped);
        let thread = std::thread::Builder::new()
            .name("api-double".into())
            .spawn(move || {
                runtime.block_on(accept);
                runtime.shutdown_background();
            })
            .map_err(StartError::Threads)?;
        Ok(Self { shared, url, address, ca_pem, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL, without `/v1`: what the product's config wants.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The one token that it accepts.
    #[must_use]
    pub fn service_token(&self) -> &str {
        self.shared.service_token()
    }

    /// The certificate of its private authority, with TLS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Every request so far, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        self.shared.log.requests()
    }

    /// Numbers about requests and connections.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.log.counters()
    }

    /// Forgets the requests and connections so far, so that what comes now is counted alone. The scenario and its
    /// limit on requests know them still.
    pub fn forget(&self) {
        self.shared.log.forget();
    }

    /// How often each of the scenario's faults struck, in their order.
    #[must_use]
    pub fn struck(&self) -> Vec<u32> {
        self.shared.struck()
    }

    /// Stops, and waits until the port is closed. Not for async code: there, drop it.
    pub fn stop(mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            // The thread ends in every case; if it panicked there is nothing left to close.
            let _ = thread.join();
        }
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone only when the thread has ended already.
            let _ = stop.send(());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
