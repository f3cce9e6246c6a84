//! Connections, through a proxy where the environment says so.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tower_service::Service;

use super::connections::Connections;
use super::no_proxy::NoProxy;
use super::resolve::Checked;
use super::tunnel;

/// Reaching a server takes milliseconds; a dead one is found dead within this time.
const CONNECT: Duration = Duration::from_secs(30);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

fn tcp<R>(mut http: HttpConnector<R>) -> HttpConnector<R> {
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT));
    http
}

/// What the environment says of proxies.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The proxy for `http` addresses.
    pub http: String,
    /// The proxy for `https` addresses.
    pub https: String,
    /// What is reached without one; see `no_proxy.rs`.
    pub no: String,
    /// Whether this is a CGI program: then a header of a request may have set `HTTP_PROXY`.
    pub cgi: bool,
}

impl Settings {
    /// Those of this process, by the names and in the order of Go's: in upper case first, and one that is empty is
    /// as good as none.
    pub fn from_env() -> Settings {
        let value = |names: [&str; 2]| {
            let mut values = names.into_iter().filter_map(std::env::var_os).filter(|value| !value.is_empty());
            values.next().map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
        };
        Settings {
            http: value(["HTTP_PROXY", "http_proxy"]),
            https: value(["HTTPS_PROXY", "https_proxy"]),
            no: value(["NO_PROXY", "no_proxy"]),
            cgi: std::env::var_os("REQUEST_METHOD").is_some_and(|value| !value.is_empty()),
        }
    }
}

/// How a target is reached.
pub enum Way {
    /// Without a proxy.
    Direct,
    /// Through this one.
    Through(Intercept),
    /// Not at all, for this reason.
    Closed(&'static str),
}

/// Which proxy is asked for what: Go's rules, so that a machine's settings mean here what they mean to programs in Go.
#[derive(Clone)]
pub struct Proxies(Arc<Parts>);

struct Parts {
    http: Proxy,
    https: Proxy,
    no: NoProxy,
    cgi: bool,
}

/// What one of the settings names.
enum Proxy {
    Nothing,
    Http(Box<Intercept>),
    /// One that is spoken to in another way.
    Other,
}

impl Proxy {
    /// As Go does, what is no address at all is passed over. The matcher reads the rest, and is not asked for more.
    fn parse(address: &str) -> Proxy {
        let target = Uri::from_static("http://target.invalid/");
        match Matcher::builder().http(address).build().intercept(&target) {
            Some(proxy) if proxy.uri().scheme_str() == Some("http") => Proxy::Http(Box::new(proxy)),
            Some(_) => Proxy::Other,
            None if address.parse::<Uri>().is_ok_and(|uri| uri.scheme().is_some()) => Proxy::Other,
            None => Proxy::Nothing,
        }
    }
}

impl Proxies {
    /// Under these settings.
    pub fn new(settings: &Settings) -> Proxies {
        Proxies(Arc::new(Parts {
            http: Proxy::parse(&settings.http),
            https: Proxy::parse(&settings.https),
            no: NoProxy::parse(&settings.no),
            cgi: settings.cgi,
        }))
    }

    /// As the environment says.
    pub fn from_env() -> Proxies {
        Proxies::new(&Settings::from_env())
    }

    /// How a target is reached. This machine itself is never asked for through a proxy.
    pub fn way(&self, target: &Uri) -> Way {
        let (proxy, usual) = match target.scheme_str() {
            Some("http") => (&self.0.http, "80"),
            Some("https") => (&self.0.https, "443"),
            _ => return Way::Direct,
        };
        let Some(host) = target.host().filter(|_| !matches!(proxy, Proxy::Nothing)) else {
            return Way::Direct;
        };
        if usual == "80" && self.0.cgi {
            return Way::Closed(
                "HTTP_PROXY is not used where REQUEST_METHOD is set, as in a CGI program: who sends a request could set it",
            );
        }
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let local =
            host == "localhost" || host.parse::<IpAddr>().is_ok_and(|host| host.to_canonical().is_loopback());
        let port = target.port().map_or_else(|| usual.to_owned(), |port| port.as_str().to_owned());
        if local || self.0.no.holds(host, &port) {
            return Way::Direct;
        }
        match proxy {
            Proxy::Nothing => Way::Direct,
            Proxy::Http(proxy) => Way::Through((**proxy).clone()),
            Proxy::Other => {
                Way::Closed("only http:// proxies are supported; check HTTPS_PROXY and HTTP_PROXY")
            }
        }
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
        let way = self.proxies.way(&target);
        let (mut direct, mut to_proxy) = (self.direct.clone(), self.to_proxy.clone());
        Box::pin(async move {
            let place = match connections {
                Some(connections) => Some(connections.place(&target).await?),
                None => None,
            };
            let (io, proxied) = match way {
                Way::Direct => (direct.call(target).await?, false),
                Way::Closed(why) => return Err(BoxError::from(why)),
                Way::Through(proxy) if target.scheme_str() == Some("https") => {
                    let io = to_proxy.call(proxy.uri().clone()).await?;
                    (tunnel::open(io, &target, proxy.basic_auth()).await?, false)
                }
                Way::Through(proxy) => (to_proxy.call(proxy.uri().clone()).await?, true),
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
