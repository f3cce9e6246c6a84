//! Connections: accepting them, serving them, and taking them away from hyper when a script says so.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::sabotage::Answer;
use super::script::{Script, Step};
use super::shared::Shared;
use crate::api::Reply;

/// An order to the accepting loop: refuse connections for a time, or for ever.
type Refusal = Option<Duration>;

/// Accepts connections until it is told to stop.
pub(super) async fn accept(
    listener: std::net::TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(mut listener) = TcpListener::from_std(listener) else {
        return;
    };
    let (refuse, mut refusals) = mpsc::unbounded_channel::<Refusal>();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            Some(refusal) = refusals.recv() => {
                drop(listener);
                connections.shutdown().await;
                let again = async {
                    match refusal {
                        Some(pause) => tokio::time::sleep(pause).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    _ = &mut stopped => return,
                    () = again => {}
                }
                // Nobody else is given the port in between, unless the system has run out of them.
                let Ok(bound) = TcpListener::bind(address).await else { return };
                listener = bound;
            }
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => {
                // A failed accept concerns the one connection, which the client sees failing.
                let Ok((stream, _)) = accepted else { continue };
                connections.spawn(serve(stream, tls.clone(), Arc::clone(&shared), refuse.clone()));
            }
        }
    }
}

async fn serve(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    refuse: mpsc::UnboundedSender<Refusal>,
) {
    // Small replies must not wait for more to send. Where it cannot be had, replies are slower.
    let _ = stream.set_nodelay(true);
    let present = shared.log.connection();
    let number = present.1;
    let io = match tls {
        None => Io::Plain(stream),
        Some(acceptor) => match acceptor.accept(stream).await {
            Ok(stream) => Io::Tls(Box::new(stream)),
            Err(_) => return,
        },
    };
    if io.is_http2() {
        serve_http2(io, &shared, number).await;
    } else {
        serve_http1(io, &shared, number, &refuse).await;
    }
}

async fn serve_http1(io: Io, shared: &Arc<Shared>, number: u64, refuse: &mpsc::UnboundedSender<Refusal>) {
    let (order, mut orders) = mpsc::unbounded_channel::<Script>();
    let service = service_fn(|request: Request<Incoming>| {
        let (shared, order) = (Arc::clone(shared), order.clone());
        async move {
            let (parts, _body) = request.into_parts();
            match shared.answer(&parts, number).await {
                Answer::Reply(reply) => response(reply),
                Answer::Script(script, _) => {
                    // The connection is on its way out of hyper's hands: this reply never comes.
                    let _ = order.send(script);
                    std::future::pending().await
                }
            }
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(io), service);
    let script = tokio::select! {
        _ = Pin::new(&mut connection) => None,
        script = orders.recv() => script,
    };
    if let Some(script) = script {
        let io = connection.into_parts().io.into_inner();
        // A client that went away in the middle has seen what it was to see.
        let _ = perform(script, io, refuse).await;
    }
}

/// HTTP/2 has no wire that could be written to for one request alone: a script's pauses are kept, and
/// then the stream is reset, or the reply sent if the script is only a slow way of sending it.
async fn serve_http2(io: Io, shared: &Arc<Shared>, number: u64) {
    let shared = Arc::clone(shared);
    let service = service_fn(move |request: Request<Incoming>| {
        let shared = Arc::clone(&shared);
        async move {
            let (parts, _body) = request.into_parts();
            match shared.answer(&parts, number).await {
                Answer::Reply(reply) => response(reply),
                Answer::Script(script, whole) => {
                    for step in script.0 {
                        match step {
                            Step::Wait(pause) => tokio::time::sleep(pause).await,
                            Step::WaitForClient => std::future::pending().await,
                            Step::Send(_) | Step::Reset | Step::Refuse(_) => {}
                        }
                    }
                    match whole {
                        Some(reply) => response(reply),
                        None => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                    }
                }
            }
        }
    });
    let connection = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(io), service);
    // How it ended is the client's to know.
    let _ = connection.await;
}

fn response(reply: Reply) -> io::Result<Response<Full<Bytes>>> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(reply.body)).map_err(io::Error::other)
}

async fn perform(script: Script, mut io: Io, refuse: &mpsc::UnboundedSender<Refusal>) -> io::Result<()> {
    for step in script.0 {
        match step {
            Step::Send(bytes) => {
                io.write_all(&bytes).await?;
                io.flush().await?;
            }
            Step::Wait(pause) => tokio::time::sleep(pause).await,
            Step::WaitForClient => while io.read(&mut [0; 64]).await? > 0 {},
            Step::Reset => return io.reset(),
            Step::Refuse(refusal) => {
                // The loop that takes it ends this task too.
                let _ = refuse.send(refusal);
                std::future::pending().await
            }
        }
    }
    io.shutdown().await
}

/// A connection with or without TLS.
enum Io {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Io {
    fn is_http2(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(stream) => stream.get_ref().1.alpn_protocol() == Some(b"h2"),
        }
    }

    /// Drops the connection so that the other side sees a reset.
    fn reset(self) -> io::Result<()> {
        match &self {
            Self::Plain(stream) => stream.set_zero_linger(),
            Self::Tls(stream) => stream.get_ref().0.set_zero_linger(),
        }
    }
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
