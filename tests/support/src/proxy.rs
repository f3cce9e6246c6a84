//! An HTTP proxy on this machine, through which every name leads to one server.
//!
//! It forwards plain requests, opens tunnels for CONNECT, and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does with what it is asked.
#[derive(Clone, Copy)]
pub enum Manner {
    /// Forward it.
    Open,
    /// Forward it for who sends these credentials, as `Basic` writes them; else answer 407.
    Credentials(&'static str),
    /// Answer 403.
    Closed,
}

/// The head of a request to the proxy.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and target.
    pub line: String,
    /// The header that is for the proxy alone.
    pub authorization: Option<String>,
}

/// A running proxy. It stops when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Start one that leads to a server.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(to: SocketAddr, manner: Manner) -> std::io::Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // How a connection ends is the client's to see.
                tokio::spawn(serve(stream, to, manner, log.clone()));
            }
        });
        Ok(Proxy { address, asked, accepting })
    }

    /// Its host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything it was asked.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(
    mut client: TcpStream,
    to: SocketAddr,
    manner: Manner,
    log: Arc<Mutex<Vec<Asked>>>,
) -> std::io::Result<()> {
    let head = head(&mut client).await?;
    let (line, rest) = head.split_once("\r\n").unwrap_or_default();
    let own = |header: &&str| header.to_ascii_lowercase().starts_with("proxy-authorization:");
    let authorization =
        rest.lines().find(own).and_then(|h| h.split_once(": ")).map(|(_, value)| value.to_owned());
    let words: Vec<&str> = line.split(' ').collect();
    let (method, target) = (words.first().copied().unwrap_or(""), words.get(1).copied().unwrap_or(""));
    let asked = Asked { line: format!("{method} {target}"), authorization: authorization.clone() };
    log.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    let refusal = match manner {
        Manner::Closed => Some("403 Forbidden"),
        Manner::Credentials(right) if authorization.as_deref() != Some(right) => {
            Some("407 Proxy Authentication Required")
        }
        _ => None,
    };
    if let Some(refusal) = refusal {
        let reply = format!("HTTP/1.1 {refusal}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        return client.write_all(reply.as_bytes()).await;
    }
    let mut server = TcpStream::connect(to).await?;
    if method == "CONNECT" {
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    } else {
        // One request a connection: the server ends it, so nothing has to be counted here.
        let path = target.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
        let kept: String =
            rest.split_inclusive("\r\n").filter(|header| !own(header) && *header != "\r\n").collect();
        let head = format!("{method} {} HTTP/1.1\r\n{kept}connection: close\r\n\r\n", path.unwrap_or("/"));
        server.write_all(head.as_bytes()).await?;
    }
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// A request's head, up to and with the empty line.
async fn head(client: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
