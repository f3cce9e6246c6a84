//! The way to C1: one kept TLS connection over which both the token requests and the gRPC calls go.
//!
//! It is the crate's own HTTP client with tonic's gRPC on top, so that proxies, trusted roots and timeouts behave
//! as they do towards the API that is read. Every call has a limit of its own. After one that met it the
//! connection is not used again: an answer may be missing because the other end is gone without a word.

use std::pin::Pin;
use std::sync::RwLock;
use std::task::{Context, Poll};
use std::time::Duration;

use http::uri::{Authority, PathAndQuery};
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::BodyExt;
use http_body_util::combinators::MapErr;
use hyper::body::Incoming;
use prost::Message;
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::{Code, Status};
use tonic_prost::ProstCodec;
use tower_service::Service;

use crate::client::{Connector, Http, connector, http, unreachable};
use crate::error::Error;
use crate::identity::ClientId;
use crate::messages::{
    Empty, FinishTaskRequest, GetTaskRequest, GetTaskResponse, HeartbeatRequest, HeartbeatResponse,
    HelloRequest, UploadAssetRequest,
};
use crate::token::Tokens;

/// Most calls are answered at once.
const CALL: Duration = Duration::from_secs(30);
/// A request for a task may be held back by C1 until there is one.
const POLL: Duration = Duration::from_secs(120);

/// Calls to C1.
pub(super) struct Channel {
    http: RwLock<Http>,
    connector: Connector,
    origin: Uri,
    agent: HeaderValue,
    tokens: Tokens,
    host_id: String,
}

impl Channel {
    /// A channel to a host. It connects when it is first used.
    pub fn new(host: &str, client: &ClientId, tokens: Tokens, host_id: String) -> Result<Channel, Error> {
        let wrong = || {
            Error::Setup(format!(
                "'{host}' is not the name of a host; write HOST or HOST:PORT, without https:// and without a path"
            ))
        };
        let authority: Authority = host.parse().map_err(|_| wrong())?;
        if authority.host().is_empty() || host.contains('@') {
            return Err(wrong());
        }
        let origin = format!("https://{authority}").parse::<Uri>().map_err(|_| wrong())?;
        let agent = format!(
            "{} baton-planetscale/{version} tonic/0.14",
            client.name(),
            version = env!("CARGO_PKG_VERSION")
        );
        let agent = HeaderValue::from_str(&agent).map_err(|_| Error::ClientId)?;
        let connector = connector()?;
        let http = RwLock::new(http(&connector));
        Ok(Channel { http, connector, origin, agent, tokens, host_id })
    }

    /// What this process calls itself.
    pub fn host_id(&self) -> &str {
        &self.host_id
    }

    /// Say who we are.
    pub async fn hello(&self, hello: HelloRequest) -> Result<(), Status> {
        self.unary("Hello", HelloRequest { host_id: self.host_id.clone(), ..hello }, CALL).await.map(nothing)
    }

    /// Ask for something to do.
    pub async fn get_task(&self) -> Result<GetTaskResponse, Status> {
        self.unary("GetTask", GetTaskRequest { host_id: self.host_id.clone() }, POLL).await
    }

    /// Say that a task is being worked on.
    pub async fn heartbeat(&self, task_id: &str) -> Result<HeartbeatResponse, Status> {
        let request = HeartbeatRequest { host_id: self.host_id.clone(), task_id: task_id.to_owned() };
        self.unary("Heartbeat", request, CALL).await
    }

    /// Say how a task ended.
    pub async fn finish(&self, finish: FinishTaskRequest) -> Result<(), Status> {
        let finish = FinishTaskRequest { host_id: self.host_id.clone(), ..finish };
        self.unary("FinishTask", finish, CALL).await.map(nothing)
    }

    /// Send a file in parts. The caller watches over its progress.
    pub async fn upload<S>(&self, parts: S) -> Result<(), Status>
    where
        S: futures_util::Stream<Item = UploadAssetRequest> + Send + 'static,
    {
        let authorization = self.tokens.authorization(&self.http()).await?;
        let mut grpc = self.grpc(&authorization);
        let codec = ProstCodec::<UploadAssetRequest, Empty>::default();
        let result = grpc.client_streaming(tonic::Request::new(parts), path("UploadAsset"), codec).await;
        if result.as_ref().is_err_and(|status| status.code() == Code::Unauthenticated) {
            self.tokens.refused(&authorization);
        }
        result.map(|_| ())
    }

    /// Do not use the connection for anything new: whether it still stands is not known.
    pub fn renew(&self) {
        if let Ok(mut kept) = self.http.write() {
            *kept = http(&self.connector);
        }
    }

    /// One question, one answer. A token that C1 refuses although it should hold is replaced once.
    async fn unary<Q, A>(&self, method: &'static str, question: Q, limit: Duration) -> Result<A, Status>
    where
        Q: Message + Clone + 'static,
        A: Message + Default + 'static,
    {
        let call = async {
            let authorization = self.tokens.authorization(&self.http()).await?;
            match self.once(method, question.clone(), &authorization).await {
                Err(status) if status.code() == Code::Unauthenticated => {
                    tracing::debug!(method, "C1 wants a new access token");
                    self.tokens.refused(&authorization);
                    let authorization = self.tokens.authorization(&self.http()).await?;
                    self.once(method, question, &authorization).await
                }
                result => result,
            }
        };
        match tokio::time::timeout(limit, call).await {
            Ok(result) => result,
            Err(_) => {
                self.renew();
                Err(Status::deadline_exceeded(format!("{method}: no answer within {} s", limit.as_secs())))
            }
        }
    }

    async fn once<Q, A>(&self, method: &str, question: Q, authorization: &HeaderValue) -> Result<A, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let codec = ProstCodec::<Q, A>::default();
        let answer =
            self.grpc(authorization).unary(tonic::Request::new(question), path(method), codec).await?;
        Ok(answer.into_inner())
    }

    fn grpc(&self, authorization: &HeaderValue) -> Grpc<Signed> {
        let signed =
            Signed { http: self.http(), agent: self.agent.clone(), authorization: authorization.clone() };
        Grpc::with_origin(signed, self.origin.clone())
    }

    fn http(&self) -> Http {
        match self.http.read() {
            Ok(http) => http.clone(),
            // The lock is held for an assignment only: what it guards is whole.
            Err(poisoned) => Http::clone(&poisoned.into_inner()),
        }
    }
}

fn path(method: &str) -> PathAndQuery {
    // The methods are this file's own constants, which are paths.
    PathAndQuery::try_from(format!("/c1.connectorapi.baton.v1.BatonService/{method}"))
        .unwrap_or_else(|_| PathAndQuery::from_static("/"))
}

fn nothing(_: Empty) {}

/// An answer's body. That it was cut says nothing of what C1 thinks: it is as if C1 had not been reached.
type Whole = MapErr<Incoming, fn(hyper::Error) -> Status>;

fn cut(error: hyper::Error) -> Status {
    Status::unavailable(unreachable(&error))
}

/// The HTTP client with what every call carries.
struct Signed {
    http: Http,
    agent: HeaderValue,
    authorization: HeaderValue,
}

impl Service<Request<Body>> for Signed {
    type Response = Response<Whole>;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Whole>, Status>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let headers = request.headers_mut();
        headers.insert(http::header::USER_AGENT, self.agent.clone());
        headers.insert(http::header::AUTHORIZATION, self.authorization.clone());
        let sent = self.http.request(request);
        Box::pin(async move {
            let answer = sent.await.map_err(|error| Status::unavailable(unreachable(&error)))?;
            Ok(answer.map(|body| body.map_err(cut as fn(hyper::Error) -> Status)))
        })
    }
}
