//! The HTTP client of one sync: connections are pooled and kept alive, TLS trusts the platform's roots, and
//! the environment's proxy settings hold.
//!
//! The engine's own client opens a connection for every request, which costs more CPU than the request
//! itself; hence this one. It follows no redirects and decompresses nothing.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tower_service::Service;
use wasmtime_wasi_http::WasiBody;

use crate::allow_list::AllowList;
use crate::connections::{Connections, Open};
use crate::error::Error;
use crate::resolve::Checked;

/// A connection nobody uses is closed after this time. A sync never waits longer between requests unless it
/// was told to.
const IDLE: Duration = Duration::from_secs(90);

/// Reaching a server takes milliseconds; a dead one is found dead within this time.
const CONNECT: Duration = Duration::from_secs(30);

/// Where certificates to trust are named, in place of the system's: a file, and folders.
const CERTIFICATES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// What a connection reads ahead. A large reply is read as it is taken in, and not kept twice.
const READ_AHEAD: usize = 32 << 10;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A pool of connections.
pub(crate) struct HttpClient {
    client: Client<HttpsConnector<ProxyConnector>, WasiBody>,
    connections: Connections,
    proxies: std::sync::Arc<Matcher>,
}

impl HttpClient {
    /// A client for these origins. Trusted roots are read only when one of them is encrypted: that takes
    /// longer than a small sync.
    pub fn new(allowed: &AllowList, workers: usize) -> Result<HttpClient, Error> {
        let tls = if allowed.origins().any(crate::allow_list::Origin::is_https) {
            platform_roots()?
        } else {
            rustls::RootCertStore::empty()
        };
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Setup(format!("cannot set up TLS: {error}")))?
            .with_root_certificates(tls)
            .with_no_client_auth();
        let proxies = std::sync::Arc::new(Matcher::from_env());
        let direct = tcp(HttpConnector::new_with_resolver(Checked(GaiResolver::new())));
        let to_proxy = tcp(HttpConnector::new());
        let connections = Connections::default();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(ProxyConnector {
                direct,
                to_proxy,
                proxies: proxies.clone(),
                connections: Some(connections.clone()),
            });
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(hyper_util::rt::TokioTimer::new())
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
            && let Some(proxy) = intercept(&self.proxies, request.uri())
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

fn tcp<R>(mut http: HttpConnector<R>) -> HttpConnector<R> {
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT));
    http
}

/// The certificates this machine trusts: `SSL_CERT_FILE` and `SSL_CERT_DIR` if set, else the system's.
pub(crate) fn platform_roots() -> Result<rustls::RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = rustls::RootCertStore::empty();
    let (added, _ignored) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let named = CERTIFICATES.map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let why = found.errors.first().map(ToString::to_string);
        return Err(Error::Setup(without_certificates(&named, why.as_deref())));
    }
    Ok(roots)
}

/// Without a single certificate to trust: where it was looked, and what to do.
fn without_certificates(named: &[Option<String>; 2], why: Option<&str>) -> String {
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    let places: Vec<String> = CERTIFICATES
        .iter()
        .zip(named)
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_deref()?)))
        .collect();
    match places.as_slice() {
        [] => format!(
            "this machine has no CA certificates, so no https server can be trusted: there are none where systems \
             keep them, such as /etc/ssl/certs and /etc/pki/tls/certs{why}; install them (most systems call the \
             package ca-certificates), or name a PEM file of them in SSL_CERT_FILE"
        ),
        places => format!(
            "there are no CA certificates in {}{why}, so no https server can be trusted; name a PEM file or a folder \
             of them there, or unset it to use those of this machine",
            places.join(" and ")
        ),
    }
}

/// The proxy for a target, if any. As with other programs, this machine itself is never asked for through a
/// proxy.
fn intercept(proxies: &Matcher, target: &Uri) -> Option<hyper_util::client::proxy::matcher::Intercept> {
    let host = target.host()?.trim_start_matches('[').trim_end_matches(']');
    let local =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if local { None } else { proxies.intercept(target) }
}

/// Connects directly, through a proxy's tunnel (https), or to the proxy itself (http).
#[derive(Clone)]
pub(crate) struct ProxyConnector {
    direct: HttpConnector<Checked<GaiResolver>>,
    to_proxy: HttpConnector,
    proxies: std::sync::Arc<Matcher>,
    /// How many there may be; any number if not given.
    connections: Option<Connections>,
}

#[cfg(feature = "service")]
impl ProxyConnector {
    /// Connects as the environment's proxy settings say. A connection whose other end has gone away without a word
    /// is found out after this time.
    pub fn from_env(alive: Duration) -> ProxyConnector {
        fn watched<R>(mut http: HttpConnector<R>, alive: Duration) -> HttpConnector<R> {
            http.set_keepalive(Some(alive));
            #[cfg(target_os = "linux")]
            http.set_tcp_user_timeout(Some(alive));
            http
        }
        ProxyConnector {
            direct: watched(tcp(HttpConnector::new_with_resolver(Checked(GaiResolver::new()))), alive),
            to_proxy: watched(tcp(HttpConnector::new()), alive),
            proxies: std::sync::Arc::new(Matcher::from_env()),
            connections: None,
        }
    }
}

impl Service<Uri> for ProxyConnector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        ready!(self.direct.poll_ready(cx))?;
        self.to_proxy.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let connections = self.connections.clone();
        let proxy =
            intercept(&self.proxies, &target).map(|proxy| (proxy.uri().clone(), proxy.basic_auth().cloned()));
        let (mut direct, mut to_proxy) = (self.direct.clone(), self.to_proxy.clone());
        Box::pin(async move {
            let place = match connections {
                Some(connections) => Some(connections.place(&target).await?),
                None => None,
            };
            let (io, proxied) = match proxy {
                None => (direct.call(target).await?, false),
                Some((uri, _)) if uri.scheme_str() != Some("http") => {
                    return Err(BoxError::from(
                        "only http:// proxies are supported; check HTTPS_PROXY and HTTP_PROXY",
                    ));
                }
                Some((uri, _)) if target.scheme_str() != Some("https") => (to_proxy.call(uri).await?, true),
                Some((uri, auth)) => {
                    let mut tunnel = Tunnel::new(uri, to_proxy);
                    if let Some(auth) = auth {
                        tunnel = tunnel.with_auth(auth);
                    }
                    (tunnel.call(target).await?, false)
                }
            };
            Ok(Stream { io, proxied, _place: place })
        })
    }
}

/// A connection that knows whether its other end is a proxy, which has to be given whole URLs.
pub(crate) struct Stream {
    io: TokioIo<TcpStream>,
    proxied: bool,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.io.inner().connected().proxy(self.proxied)
    }
}

impl hyper::rt::Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl hyper::rt::Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, slices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_certificates_it_is_told_where_they_were_looked_for_and_what_to_do() {
        let nowhere = without_certificates(&[None, None], None);
        for part in
            ["this machine has no CA certificates", "/etc/ssl/certs", "ca-certificates", "SSL_CERT_FILE"]
        {
            assert!(nowhere.contains(part), "{part}: {nowhere}");
        }
        let named = [None, Some("/a:/b".to_owned())];
        let named = without_certificates(&named, Some("opening directory: no"));
        assert!(
            named.starts_with("there are no CA certificates in SSL_CERT_DIR=/a:/b (opening directory: no)")
        );
        assert!(!named.contains("SSL_CERT_FILE"), "{named}");
    }
}
