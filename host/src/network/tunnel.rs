//! A proxy's tunnel to a target: `CONNECT`, and whatever the proxy has to say to it.

use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::heads;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Have a proxy, to which this is a connection, open a tunnel to the target.
pub(super) async fn open(
    proxy: TokioIo<TcpStream>,
    target: &Uri,
    authorization: Option<&HeaderValue>,
) -> Result<TokioIo<TcpStream>, BoxError> {
    let host = target.host().unwrap_or_default();
    let place = format!("{host}:{}", target.port_u16().unwrap_or(443));
    let mut request = Request::builder().method(Method::CONNECT).uri(&place).header(HOST, &place);
    if let Some(authorization) = authorization {
        request = request.header(PROXY_AUTHORIZATION, authorization);
    }
    let (mut sender, connection) = http1::Builder::new()
        .max_headers(heads::COUNT)
        .max_buf_size(heads::BYTES)
        .handshake::<_, Empty<Bytes>>(proxy)
        .await?;
    // It ends with the tunnel, or when the sender is dropped.
    let connection = tokio::spawn(connection.with_upgrades());
    let reply = sender.send_request(request.body(Empty::new())?).await?;
    match reply.status() {
        status if status.is_success() => {}
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            return Err(
                "the proxy wants to know who asks (407): put user and password into HTTPS_PROXY".into()
            );
        }
        status => return Err(format!("the proxy does not open a tunnel to {place}: HTTP {status}").into()),
    }
    let tunnel = hyper::upgrade::on(reply).await?;
    drop(connection);
    // What the target sent before it was spoken to would be in the way of TLS, in which the client speaks first.
    match tunnel.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => Ok(parts.io),
        Err(_) => Err("the tunnel is not made of the connection to the proxy".into()),
    }
}
