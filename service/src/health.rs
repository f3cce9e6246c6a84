//! Health checks over HTTP, for whoever starts and stops containers.
//!
//! | path | 200 when |
//! |---|---|
//! | `/live` | the process answers |
//! | `/ready` | C1 knows this connector |
//! | `/health` | the connector's own check of config and access is good, or a sync waits because the vendor said so |
//! | `/metrics` | always: numbers in the text form of Prometheus |
//!
//! Anything else is 404. The port is open before C1 has heard the first Hello: whoever restarts what does not answer must
//! not do so because C1 is away. A check of config and access asks
//! the vendor's API, so checks that come close together share one, and while the vendor wants to be left alone there is
//! none: the answer says until when, and why.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use baton_host::{SyncOptions, clock};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore};

use crate::error::Error;
use crate::metrics::{CONTENT_TYPE, Metrics};
use crate::setup::Setup;
use crate::waits::{Wait, Waits};

/// The longest check of config and access.
const CHECK: Duration = Duration::from_secs(30);
/// How long a check counts.
const FRESH: Duration = Duration::from_secs(2);
/// Connections at a time. Probes come one by one.
const CONNECTIONS: usize = 32;
/// The longest wait for a request's head.
const HEAD: Duration = Duration::from_secs(2);

/// An open port.
pub(super) struct Health {
    listener: TcpListener,
    checks: Arc<Checks>,
}

impl Health {
    /// Open the port.
    pub async fn open(address: SocketAddr, checks: Checks) -> Result<Health, Error> {
        let listener = TcpListener::bind(address).await.map_err(|error| Error::Health { address, error })?;
        if let Ok(address) = listener.local_addr() {
            tracing::info!(%address, "answering health checks");
        }
        Ok(Health { listener, checks: Arc::new(checks) })
    }

    /// Answer, until this is dropped.
    pub async fn serve(self) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = tokio::task::JoinSet::new();
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            while connections.try_join_next().is_some() {}
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::debug!(%error, "a health check could not connect");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let checks = self.checks.clone();
            connections.spawn(async move {
                let service = service_fn(move |request| {
                    let checks = checks.clone();
                    async move { Ok::<_, Infallible>(checks.answer(&request).await) }
                });
                let served = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD)
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
                if let Err(error) = served {
                    tracing::debug!(%error, "a health check broke off");
                }
                drop(place);
            });
        }
    }
}

/// What came of a check: nothing, or a sentence.
type Checked = Result<(), String>;

/// What is asked for an answer.
pub(super) struct Checks {
    setup: Arc<Setup>,
    waits: Arc<Waits>,
    metrics: Arc<Metrics>,
    known: Arc<AtomicBool>,
    last: Mutex<Option<(Instant, Checked)>>,
}

impl Checks {
    /// `known` says whether C1 knows this connector.
    pub fn new(
        setup: Arc<Setup>,
        waits: Arc<Waits>,
        metrics: Arc<Metrics>,
        known: Arc<AtomicBool>,
    ) -> Checks {
        Checks { setup, waits, metrics, known, last: Mutex::new(None) }
    }

    async fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return plain(StatusCode::METHOD_NOT_ALLOWED);
        }
        match request.uri().path() {
            "/live" => reply("alive", Said::Nothing),
            "/ready" if self.known.load(Ordering::Relaxed) => reply("ready", Said::Nothing),
            "/ready" => reply("not ready", Said::Unknown),
            "/metrics" => typed(self.metrics.text(), CONTENT_TYPE),
            "/health" => match self.waits.now() {
                Some(wait) => reply("healthy", Said::Waiting(wait)),
                None => match self.check().await {
                    Ok(()) => reply("healthy", Said::Nothing),
                    Err(message) => reply("unhealthy", Said::Wrong(message)),
                },
            },
            _ => plain(StatusCode::NOT_FOUND),
        }
    }

    async fn check(&self) -> Checked {
        let mut last = self.last.lock().await;
        if let Some((_, checked)) = last.as_ref().filter(|(when, _)| when.elapsed() < FRESH) {
            return checked.clone();
        }
        let Setup { connector, config, sync, .. } = &*self.setup;
        let sync = SyncOptions { observer: Some(self.metrics.follow(None)), ..sync.clone() };
        let checked = match tokio::time::timeout(CHECK, connector.validate(config.clone(), &sync)).await {
            Ok(result) => result.map(drop).map_err(|error| error.to_string()),
            Err(_) => Err(format!("the check took longer than {} s", CHECK.as_secs())),
        };
        *last = Some((Instant::now(), checked.clone()));
        checked
    }
}

/// What an answer says beside its status.
enum Said {
    Nothing,
    /// Why nothing goes on, though all is well.
    Waiting(Wait),
    Wrong(String),
    /// C1 has not heard of this connector yet.
    Unknown,
}

fn reply(status: &str, said: Said) -> Response<Full<Bytes>> {
    let mut body = Map::new();
    body.insert("status".into(), status.into());
    body.insert("timestamp".into(), moment(clock::now()).into());
    let code = match said {
        Said::Nothing => StatusCode::OK,
        Said::Waiting(Wait { until, reason }) => {
            let waiting = json!({ "until": moment(until), "reason": reason });
            body.insert("details".into(), json!({ "waiting": waiting }));
            StatusCode::OK
        }
        Said::Wrong(message) => {
            body.insert("details".into(), json!({ "validation_error": message }));
            StatusCode::SERVICE_UNAVAILABLE
        }
        Said::Unknown => {
            let message = "C1 does not know this connector yet; the log says what became of the first Hello";
            body.insert("details".into(), json!({ "c1": message }));
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let mut response = typed(Value::Object(body).to_string(), "application/json");
    *response.status_mut() = code;
    response
}

fn typed(body: String, content_type: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(http::header::CONTENT_TYPE, content_type);
    response
}

/// A moment to the second, as RFC 3339 writes it.
fn moment(time: SystemTime) -> String {
    let time = OffsetDateTime::from(time);
    time.replace_nanosecond(0).unwrap_or(time).format(&Rfc3339).unwrap_or_default()
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
