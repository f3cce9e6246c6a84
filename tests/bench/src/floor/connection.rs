//! Connections that are kept, one for each request that is open.

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, HOST};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::outcome::Result;

/// Where the API is, and what opens it.
pub struct Server {
    /// Host and port.
    authority: String,
    token: String,
}

impl Server {
    /// The one at this address, which is not encrypted.
    pub fn new(url: &str, token: &str) -> Result<Server> {
        let authority = url.strip_prefix("http://").ok_or("the floor speaks HTTP without TLS only")?;
        Ok(Server { authority: authority.trim_end_matches('/').to_owned(), token: token.to_owned() })
    }

    /// A new connection.
    pub async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Connection { sender })
    }
}

/// One connection.
pub struct Connection {
    sender: SendRequest<Empty<Bytes>>,
}

impl Connection {
    /// A reply's body.
    pub async fn get(&mut self, server: &Server, path: &str) -> Result<Bytes> {
        self.sender.ready().await?;
        let request = hyper::Request::get(path)
            .header(HOST, &server.authority)
            .header(AUTHORIZATION, &server.token)
            .body(Empty::new())?;
        let reply = self.sender.send_request(request).await?;
        if !reply.status().is_success() {
            return Err(format!("{path}: {}", reply.status()).into());
        }
        Ok(reply.into_body().collect().await?.to_bytes())
    }
}
