//! The HTTP client of one sync: connections are pooled and kept alive, TLS trusts the platform's roots, and
//! the environment's proxy settings hold.
//!
//! The engine's own client opens a connection for every request, which costs more CPU than the request
//! itself; hence this one. It follows no redirects and decompresses nothing.

use std::time::Duration;

use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use wasmtime_wasi_http::WasiBody;

use super::allow_list::AllowList;
use super::connections::{Connections, Open};
use super::proxy::{Proxies, ProxyConnector};
use super::tls;
use crate::model::error::Error;

/// A connection nobody uses is closed after this time. A sync never waits longer between requests unless it
/// was told to.
const IDLE: Duration = Duration::from_secs(90);

/// What a connection reads ahead. A large reply is read as it is taken in, and not kept twice.
const READ_AHEAD: usize = 32 << 10;

/// A pool of connections.
pub(crate) struct HttpClient {
    client: Client<HttpsConnector<ProxyConnector>, WasiBody>,
    connections: Connections,
    proxies: Proxies,
}

impl HttpClient {
    /// A client for these origins. Trusted roots are read only when one of them is encrypted: that takes
    /// longer than a small sync.
    pub fn new(allowed: &AllowList, workers: usize) -> Result<HttpClient, Error> {
        let roots = if allowed.has_https() { tls::platform_roots()? } else { rustls::RootCertStore::empty() };
        let proxies = Proxies::from_env();
        let connections = Connections::default();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls::client_config(roots)?)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(ProxyConnector::new(proxies.clone(), Some(connections.clone())));
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(workers.max(1))
            .http1_max_buf_size(READ_AHEAD)
            .retry_canceled_requests(true)
            .build(connector);
        Ok(HttpClient { client, connections, proxies })
    }

    /// Send one request and wait for the head of its reply. The request is open as long as what comes with it is kept.
    pub async fn send(
        &self,
        mut request: http::Request<WasiBody>,
    ) -> Result<(http::Response<hyper::body::Incoming>, Open), hyper_util::client::legacy::Error> {
        let open = self.connections.open(request.uri());
        // Through a tunnel the proxy is told who we are by the tunnel; without one, by each request.
        if request.uri().scheme_str() == Some("http")
            && let Some(proxy) = self.proxies.intercept(request.uri())
            && let Some(auth) = proxy.basic_auth()
        {
            request.headers_mut().insert(http::header::PROXY_AUTHORIZATION, auth.clone());
        }
        Ok((self.client.request(request).await?, open))
    }
}

impl Drop for HttpClient {
    fn drop(&mut self) {
        self.connections.close();
    }
}
