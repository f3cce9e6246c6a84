//! Health checks over HTTP, for whoever starts and stops containers.
//!
//! | path | 200 when |
//! |---|---|
//! | `/live` | the process answers |
//! | `/ready` | C1 knows this connector |
//! | `/health` | the connector's own check of config and access is good |
//!
//! Anything else is 404. The port is opened when C1 has heard the first Hello. A check of config and access asks
//! the vendor's API, so checks that come close together share one.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baton_host::clock;
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
use crate::setup::Setup;

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
    setup: Arc<Setup>,
}

impl Health {
    /// Open the port.
    pub async fn open(address: SocketAddr, setup: Arc<Setup>) -> Result<Health, Error> {
        let listener = TcpListener::bind(address).await.map_err(|error| Error::Health { address, error })?;
        if let Ok(address) = listener.local_addr() {
            tracing::info!(%address, "answering health checks");
        }
        Ok(Health { listener, setup })
    }

    /// Answer, until this is dropped.
    pub async fn serve(self) {
        let checks = Arc::new(Checks { setup: self.setup, last: Mutex::new(None) });
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
            let checks = checks.clone();
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

struct Checks {
    setup: Arc<Setup>,
    last: Mutex<Option<(Instant, Checked)>>,
}

impl Checks {
    async fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return plain(StatusCode::METHOD_NOT_ALLOWED);
        }
        match request.uri().path() {
            "/live" => reply("alive", Ok(())),
            "/ready" => reply("ready", Ok(())),
            "/health" => match self.check().await {
                Ok(()) => reply("healthy", Ok(())),
                Err(message) => reply("unhealthy", Err(message)),
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
        let checked = match tokio::time::timeout(CHECK, connector.validate(config.clone(), sync)).await {
            Ok(result) => result.map(drop).map_err(|error| error.to_string()),
            Err(_) => Err(format!("the check took longer than {} s", CHECK.as_secs())),
        };
        *last = Some((Instant::now(), checked.clone()));
        checked
    }
}

fn reply(status: &str, checked: Checked) -> Response<Full<Bytes>> {
    let mut body = Map::new();
    body.insert("status".into(), status.into());
    let now = OffsetDateTime::from(clock::now());
    let now = now.replace_nanosecond(0).unwrap_or(now);
    body.insert("timestamp".into(), now.format(&Rfc3339).unwrap_or_default().into());
    let code = match checked {
        Ok(()) => StatusCode::OK,
        Err(message) => {
            body.insert("details".into(), json!({ "validation_error": message }));
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let mut response = Response::new(Full::from(Value::Object(body).to_string()));
    *response.status_mut() = code;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
