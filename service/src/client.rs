//! The HTTP client towards C1: it keeps its connection, and goes through the proxies and with the trust of everything else.

use std::time::Duration;

use baton_host::network::{ProxyConnector, client_config, innermost, platform_roots, to_wasi};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tonic::body::Body;
use wasmtime_wasi_http::Error as HttpError;

use crate::error::Error;

/// A connection that carries nothing is asked after this time whether it still stands. Below what routers forget.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Opens connections.
pub(crate) type Connector = HttpsConnector<ProxyConnector>;

/// An HTTP client that keeps its connection.
pub(crate) type Http = Client<Connector, Body>;

/// What opens its connections.
pub(crate) fn connector() -> Result<Connector, Error> {
    let tls = client_config(platform_roots()?)?;
    Ok(hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_only()
        .enable_http1()
        .enable_http2()
        .wrap_connector(ProxyConnector::from_env(KEEPALIVE)))
}

/// A client, with no connection yet.
pub(crate) fn http(connector: &Connector) -> Http {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(None)
        .retry_canceled_requests(true)
        .build(connector.clone())
}

/// What is told of a connection that failed, and what can be done here about it.
pub(crate) fn unreachable(error: &(dyn std::error::Error + 'static)) -> String {
    let why = innermost(error);
    // Some libraries end their sentences with a link to their manual.
    let why = why.split(": https://").next().unwrap_or_default();
    let advice = match to_wasi(error) {
        HttpError::TlsCertificateError => "; the authority that signed it has to be in SSL_CERT_FILE",
        HttpError::DnsError { .. } => "; look at the name servers, or set HTTPS_PROXY",
        _ => "",
    };
    format!("C1 cannot be reached: {why}{advice}")
}
