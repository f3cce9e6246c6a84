//! Connections, through a proxy where the environment says so.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tower_service::Service;

use super::connections::Connections;
use super::resolve::Checked;

/// Reaching a server takes milliseconds; a dead one is found dead within this time.
const CONNECT: Duration = Duration::from_secs(30);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

fn tcp<R>(mut http: HttpConnector<R>) -> HttpConnector<R> {
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT));
    http
}

/// Which proxy is asked for what.
#[derive(Clone)]
pub(crate) struct Proxies(Arc<Matcher>);

impl Proxies {
    /// As the environment says.
    pub fn from_env() -> Proxies {
        Proxies(Arc::new(Matcher::from_env()))
    }

    /// The proxy for a target, if any. As with other programs, this machine itself is never asked for through a
    /// proxy.
    pub fn intercept(&self, target: &Uri) -> Option<Intercept> {
        let host = target.host()?.trim_start_matches('[').trim_end_matches(']');
        let local = host == "localhost"
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if local { None } else { self.0.intercept(target) }
    }
}

/// Connects directly, through a proxy's tunnel (https), or to the proxy itself (http).
#[derive(Clone)]
pub struct ProxyConnector {
    direct: HttpConnector<Checked<GaiResolver>>,
    to_proxy: HttpConnector,
    proxies: Proxies,
    /// How many there may be; any number if not given.
    connections: Option<Connections>,
}

impl ProxyConnector {
    /// Connects through these proxies, to no more places at once than there may be.
    pub(crate) fn new(proxies: Proxies, connections: Option<Connections>) -> ProxyConnector {
        let direct = tcp(HttpConnector::new_with_resolver(Checked(GaiResolver::new())));
        ProxyConnector { direct, to_proxy: tcp(HttpConnector::new()), proxies, connections }
    }

    /// Connects as the environment's proxy settings say. A connection whose other end has gone away without a word
    /// is found out after this time.
    pub fn from_env(alive: Duration) -> ProxyConnector {
        fn watched<R>(mut http: HttpConnector<R>, alive: Duration) -> HttpConnector<R> {
            http.set_keepalive(Some(alive));
            #[cfg(target_os = "linux")]
            http.set_tcp_user_timeout(Some(alive));
            http
        }
        let ProxyConnector { direct, to_proxy, proxies, connections } =
            ProxyConnector::new(Proxies::from_env(), None);
        let (direct, to_proxy) = (watched(direct, alive), watched(to_proxy, alive));
        ProxyConnector { direct, to_proxy, proxies, connections }
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
            self.proxies.intercept(&target).map(|proxy| (proxy.uri().clone(), proxy.basic_auth().cloned()));
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
pub struct Stream {
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
