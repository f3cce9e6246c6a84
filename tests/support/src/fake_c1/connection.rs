//! Connections and calls.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use baton_service::messages::{
    Empty, FinishTaskRequest, GetTaskRequest, GetTaskResponse, HeartbeatRequest, HelloRequest,
    UploadAssetRequest, UploadPart,
};
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::checks;
use super::fault::{Kind, Method};
use super::grpc::{Body, Messages, half, plain, status, well};
use super::seen::{Answered, Event, Seen, Shared, Upload};

/// gRPC's number for a field that breaks a rule, and for a token that does not hold.
const INVALID: i32 = 3;
const UNAUTHENTICATED: i32 = 16;

/// Accept connections; none while it is away. Says each time that it went.
pub(super) async fn accept(
    listener: std::net::TcpListener,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    shared: Arc<Shared>,
    mut there: watch::Receiver<bool>,
    went: mpsc::Sender<()>,
) {
    let mut connections = JoinSet::new();
    let mut listener = TcpListener::from_std(listener).ok();
    let mut count = 0;
    loop {
        if !*there.borrow_and_update() {
            listener = None;
            connections.shutdown().await;
            let _ = went.send(());
            if there.changed().await.is_err() {
                return;
            }
            continue;
        }
        let Some(open) = &listener else {
            // The port may be held for a moment by connections that were just closed.
            match TcpListener::bind(address).await {
                Ok(again) => listener = Some(again),
                Err(_) => tokio::task::yield_now().await,
            }
            continue;
        };
        tokio::select! {
            _ = there.changed() => {}
            accepted = open.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let (shared, acceptor, connection) = (shared.clone(), acceptor.clone(), count);
                count += 1;
                connections.spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let gone = Arc::new(Notify::new());
                    let close = gone.clone();
                    let service = service_fn(move |request| {
                        let call = Call { shared: shared.clone(), connection, close: close.clone() };
                        async move { call.answer(request).await }
                    });
                    let serve = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                        .serve_connection(TokioIo::new(stream), service);
                    tokio::select! {
                        _ = serve => {}
                        () = gone.notified() => {}
                    }
                });
            }
        }
    }
}

struct Call {
    shared: Arc<Shared>,
    connection: usize,
    close: Arc<Notify>,
}

/// The connection goes away instead of an answer.
#[derive(Debug, thiserror::Error)]
#[error("gone")]
struct Gone;

impl Call {
    async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, Gone> {
        let header = |name| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (agent, authorization) = (header(http::header::USER_AGENT), header(http::header::AUTHORIZATION));
        let method = match request.uri().path() {
            "/auth/v1/token" => Method::Token,
            "/c1.connectorapi.baton.v1.BatonService/Hello" => Method::Hello,
            "/c1.connectorapi.baton.v1.BatonService/GetTask" => Method::GetTask,
            "/c1.connectorapi.baton.v1.BatonService/Heartbeat" => Method::Heartbeat,
            "/c1.connectorapi.baton.v1.BatonService/UploadAsset" => Method::Upload,
            "/c1.connectorapi.baton.v1.BatonService/FinishTask" => Method::Finish,
            _ => return Ok(status(12, "unknown method")),
        };
        let fault = self.shared.fault(method);
        let cut = match fault {
            Some(Kind::CutAfter(parts)) => Some(parts),
            _ => None,
        };
        let (event, mut checked) = self.read(method, request, cut).await;
        if method != Method::Token && !self.shared.holds(&authorization) {
            checked = Err((UNAUTHENTICATED, "the token does not hold".into()));
        }
        let (event, answered, response) = match (fault, checked) {
            (Some(kind), _) => {
                let response = match kind {
                    Kind::Status(code) => Some(status(code, "as the script says")),
                    Kind::Http(code) => Some(plain(code, "<html>as the script says</html>")),
                    Kind::CutAfter(_) => Some(status(14, "cut")),
                    Kind::Half => {
                        let close = self.close.clone();
                        // The head has to get out first.
                        tokio::spawn(async move {
                            tokio::time::sleep(Duration::from_millis(100)).await;
                            close.notify_one();
                        });
                        Some(half())
                    }
                    Kind::Gone | Kind::Silence => None,
                };
                (event, Answered::Fault(kind), response)
            }
            (None, Err((code, why))) => {
                let response = match method {
                    Method::Token => plain(401, "no"),
                    _ => status(code, &why),
                };
                (event, Answered::Refused(code, why), Some(response))
            }
            (None, Ok(())) => {
                let (event, response) = self.do_as_asked(event);
                (event, Answered::Well, Some(response))
            }
        };
        self.shared.note(Seen { connection: self.connection, agent, authorization, event, answered });
        if fault == Some(Kind::Silence) {
            return std::future::pending().await;
        }
        match response {
            Some(response) => Ok(response),
            None => {
                self.close.notify_one();
                Err(Gone)
            }
        }
    }

    /// Read what was sent, and check it.
    async fn read(
        &self,
        method: Method,
        request: Request<Incoming>,
        cut: Option<usize>,
    ) -> (Event, Result<(), (i32, String)>) {
        let invalid = |why: String| (INVALID, why);
        if method == Method::Token {
            let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
            let checked = checks::token(&form, &self.shared.public).map_err(|why| (UNAUTHENTICATED, why));
            return (Event::Token { form }, checked);
        }
        let mut messages = Messages::new(request.into_body());
        if method == Method::Upload {
            let (upload, checked) = read_upload(&mut messages, cut).await;
            return (Event::Upload(upload), checked.map_err(invalid));
        }
        macro_rules! one {
            ($kind:ty, $event:expr, $check:expr) => {{
                let message = messages.next::<$kind>().await.unwrap_or_else(|| Err("no message".into()));
                let checked = message.as_ref().map_err(Clone::clone).and_then($check);
                ($event(message.unwrap_or_default()), checked.map_err(invalid))
            }};
        }
        match method {
            Method::Hello => one!(HelloRequest, |hello| Event::Hello(Box::new(hello)), checks::hello),
            Method::Heartbeat => one!(HeartbeatRequest, Event::Heartbeat, |message: &HeartbeatRequest| {
                checks::host(&message.host_id)?;
                checks::task(&message.task_id)
            }),
            Method::Finish => one!(FinishTaskRequest, Event::Finish, checks::finish),
            _ => one!(
                GetTaskRequest,
                |message: GetTaskRequest| Event::GetTask { host_id: message.host_id, task: None },
                |message: &GetTaskRequest| checks::host(&message.host_id)
            ),
        }
    }

    fn do_as_asked(&self, event: Event) -> (Event, Response<Body>) {
        match event {
            Event::Token { form } => {
                let token = serde_json::json!({
                    "access_token": self.shared.issue(),
                    "token_type": "bearer",
                    "expires_in": self.shared.options.token_life,
                });
                (Event::Token { form }, plain(200, &token.to_string()))
            }
            Event::GetTask { host_id, .. } => {
                let reply: GetTaskResponse = self.shared.next_task();
                let response = well(&reply);
                (Event::GetTask { host_id, task: reply.task.map(Box::new) }, response)
            }
            Event::Heartbeat(beat) => {
                let response = well(&self.shared.heartbeat(&beat.task_id));
                (Event::Heartbeat(beat), response)
            }
            other => (other, well(&Empty {})),
        }
    }
}

/// Read the parts of a file, and check what they add up to.
async fn read_upload(messages: &mut Messages, cut: Option<usize>) -> (Upload, Result<(), String>) {
    let mut upload = Upload::default();
    let mut count = 0;
    loop {
        if cut == Some(count) {
            return (upload, Ok(()));
        }
        count += 1;
        let part = match messages.next::<UploadAssetRequest>().await {
            None => return (upload, Err("the stream ended before the file".into())),
            Some(Err(why)) => return (upload, Err(why)),
            Some(Ok(message)) => message.msg,
        };
        match (part, count) {
            (Some(UploadPart::Metadata(metadata)), 1) => {
                upload.host_id = metadata.host_id;
                upload.task_id = metadata.task_id;
            }
            (Some(UploadPart::Data(data)), 2..) => {
                upload.parts.push(data.data.len());
                upload.bytes.extend_from_slice(&data.data);
            }
            (Some(UploadPart::Eof(eof)), 2..) => {
                let checked = checks::upload(&upload, &eof.sha256_checksum);
                return (upload, checked);
            }
            (part, _) => return (upload, Err(format!("part {count} is not in its place: {part:?}"))),
        }
    }
}
