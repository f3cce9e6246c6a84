//! Acme, the made-up system that the connectors in `stock/` read.
//!
//! It has what is common elsewhere: access tokens for a client's id and secret (by POST, as a form), pages behind
//! opaque cursors, groups in groups, roles held by users and by groups, accounts of services, invitations,
//! credentials that expire, and a limit: the third page of any list is refused once, with 429 and a time to wait.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The client that may read.
pub const CLIENT: &str = "client";
/// Its secret.
pub const SECRET: &str = "acme-secret-of-the-client";

/// How many records a page has.
const PAGE: usize = 2;
/// The request that is refused once.
const REFUSED: usize = 3;

/// A running Acme; it ends when this is dropped.
pub struct Acme {
    address: SocketAddr,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    tokens: Mutex<Vec<String>>,
    broken: bool,
}

impl Acme {
    /// Start it on a free port of this machine.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start() -> std::io::Result<Acme> {
        Acme::with(Seen::default()).await
    }

    /// Start one whose pages lack their records, which no connector is written for.
    ///
    /// # Errors
    /// As `start`.
    pub async fn start_broken() -> std::io::Result<Acme> {
        Acme::with(Seen { broken: true, ..Seen::default() }).await
    }

    async fn with(seen: Seen) -> std::io::Result<Acme> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(seen);
        let task = tokio::spawn(serve(listener, seen.clone()));
        Ok(Acme { address, seen, task })
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked, method and path with query, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.seen.requests).clone()
    }

    /// The access tokens that it gave.
    #[must_use]
    pub fn tokens(&self) -> Vec<String> {
        lock(&self.seen.tokens).clone()
    }
}

impl Drop for Acme {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, seen: Arc<Seen>) {
    while let Ok((stream, _)) = listener.accept().await {
        let seen = seen.clone();
        let answer = service_fn(move |request| {
            let seen = seen.clone();
            async move { Ok::<_, Infallible>(answer(&seen, request).await) }
        });
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer),
        );
    }
}

async fn answer(seen: &Seen, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let form = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let asked = format!("{} {}", head.method, head.uri);
    let number = {
        let mut requests = lock(&seen.requests);
        requests.push(asked);
        requests.iter().filter(|asked| asked.starts_with("GET")).count()
    };
    if (head.method.clone(), head.uri.path()) == (Method::POST, "/oauth/token") {
        return token(seen, &form);
    }
    let bearer =
        head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if !bearer.is_some_and(|bearer| lock(&seen.tokens).iter().any(|token| token == bearer)) {
        return reply(StatusCode::UNAUTHORIZED, &json!({ "error": "unknown token" }));
    }
    if number == REFUSED {
        let mut refusal = reply(StatusCode::TOO_MANY_REQUESTS, &json!({ "error": "slow down" }));
        refusal.headers_mut().insert(RETRY_AFTER, 1.into());
        return refusal;
    }
    if seen.broken {
        return reply(StatusCode::OK, &json!({ "next": null, "total": 0 }));
    }
    match (head.method == Method::GET).then(|| list(head.uri.path())).flatten() {
        Some(items) => page(&items, head.uri.path(), head.uri.query()),
        None => reply(StatusCode::NOT_FOUND, &json!({ "error": "no such list" })),
    }
}

/// An access token for the client's id and secret.
fn token(seen: &Seen, form: &[u8]) -> Response<Full<Bytes>> {
    let wanted = [("grant_type", "client_credentials"), ("client_id", CLIENT), ("client_secret", SECRET)];
    let given: Vec<(String, String)> = url::form_urlencoded::parse(form).into_owned().collect();
    if !wanted.iter().all(|(name, value)| given.iter().any(|pair| pair.0 == *name && pair.1 == *value)) {
        return reply(StatusCode::UNAUTHORIZED, &json!({ "error": "unknown client" }));
    }
    let mut tokens = lock(&seen.tokens);
    let token = format!("acme-access-token-{}", tokens.len() + 1);
    tokens.push(token.clone());
    reply(StatusCode::OK, &json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3_600 }))
}

/// A page from the cursor on. A cursor names its list, so that another list's is refused.
fn page(items: &[Value], path: &str, query: Option<&str>) -> Response<Full<Bytes>> {
    let begin = match query {
        None => Some(0),
        Some(query) => query.strip_prefix("cursor=").and_then(|cursor| read(cursor, path)),
    };
    let Some(begin) = begin.filter(|begin| *begin <= items.len()) else {
        return reply(StatusCode::BAD_REQUEST, &json!({ "error": "no cursor of this list" }));
    };
    let end = (begin + PAGE).min(items.len());
    let next = (end < items.len())
        .then(|| data_encoding::BASE64URL_NOPAD.encode(format!("{path} {end}").as_bytes()));
    reply(StatusCode::OK, &json!({ "items": items[begin..end], "next": next, "total": items.len() }))
}

fn read(cursor: &str, path: &str) -> Option<usize> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    String::from_utf8(bytes).ok()?.strip_prefix(path)?.trim_start().parse().ok()
}

fn reply(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    response
}

/// What Acme has.
fn list(path: &str) -> Option<Vec<Value>> {
    let user = |id: &str, name: &str, email: Option<&str>, state: &str, logins: u64| json!({ "id": id, "name": name, "email": email, "state": state, "service": email.is_none(), "logins": logins });
    let named = |id: &str, name: &str| json!({ "id": id, "name": name });
    let holds = |kind: &str, id: &str| json!({ "kind": kind, "id": id });
    let credential = |id: &str, name: &str, user: &str| json!({ "id": id, "name": name, "user": user, "expires": 1_900_000_000 });
    let (ada, bob) = (Some("ada@acme.example"), Some("bob@acme.example"));
    let (eve, grace) = (Some("eve@acme.example"), Some("grace@acme.example"));
    Some(match path {
        "/api/users" => vec![
            user("u1", "Ada Lovelace", ada, "active", 4_294_967_297),
            user("u2", "Bob", bob, "invited", 0),
            user("u3", "Eve", eve, "suspended", 3),
            user("u4", "Grace Hopper", grace, "active", 12),
            user("u5", "Deployer", None, "active", 0),
        ],
        "/api/groups" => vec![named("g1", "Everyone"), named("g2", "Engineering"), named("g3", "Platform")],
        "/api/groups/g1/members" => vec![holds("group", "g2"), holds("user", "u3")],
        "/api/groups/g2/members" => vec![holds("user", "u1"), holds("group", "g3"), holds("user", "u2")],
        "/api/groups/g3/members" => vec![holds("user", "u4"), holds("user", "u5")],
        "/api/roles" => vec![named("r1", "Owner"), named("r2", "Deployer"), named("r3", "Reader")],
        "/api/roles/r1/assignments" => vec![holds("user", "u1")],
        "/api/roles/r2/assignments" => vec![holds("group", "g3"), holds("user", "u5")],
        "/api/roles/r3/assignments" => vec![holds("group", "g1")],
        "/api/credentials" => vec![credential("c1", "Deploy key", "u5"), credential("c2", "Laptop", "u1")],
        _ => return None,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
