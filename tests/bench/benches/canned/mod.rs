//! Replies of the double, taken down once, and given again as fast as a thread can write them: what is measured then
//! is not the double.

#![allow(dead_code, reason = "each benchmark takes a part")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use baton_host::SinkError;
use baton_host::records::{List, Records};
use baton_host::sink::Sink;
use baton_host::{Config, Connector, Engine, EngineOptions, Secret, Summary, SyncOptions};
use baton_planetscale_component::PLANETSCALE;
use baton_planetscale_demo::{Scenario, Server};

/// What only a broken benchmark shows.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The bodies of all replies that a sync of a scenario asks for, by address.
pub type Bodies = HashMap<String, Vec<u8>>;

/// Everything that was written into a sink.
#[derive(Clone)]
pub enum Call {
    Write(List, Records),
    Complete(List),
}

/// A sink that keeps the calls, in their order.
#[derive(Default)]
pub struct Tape(pub Vec<Call>);

impl Sink for Tape {
    fn write(&mut self, list: &List, records: Records) -> std::result::Result<(), SinkError> {
        self.0.push(Call::Write(list.clone(), records));
        Ok(())
    }

    fn complete(&mut self, list: &List) -> std::result::Result<(), SinkError> {
        self.0.push(Call::Complete(list.clone()));
        Ok(())
    }

    fn restart(&mut self, _list: &List) -> std::result::Result<(), SinkError> {
        Err(SinkError("nothing changes here".into()))
    }

    fn finish(&mut self) -> std::result::Result<(), SinkError> {
        Ok(())
    }
}

/// A sink that forgets.
pub struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, _list: &List, records: Records) -> std::result::Result<(), SinkError> {
        std::hint::black_box(records);
        Ok(())
    }

    fn restart(&mut self, _list: &List) -> std::result::Result<(), SinkError> {
        Ok(())
    }

    fn finish(&mut self) -> std::result::Result<(), SinkError> {
        Ok(())
    }
}

/// The component, compiled.
pub fn connector() -> Result<Connector> {
    Ok(Engine::new(EngineOptions::default())?.load(PLANETSCALE)?)
}

/// One sync of an address.
pub async fn sync(connector: &Connector, url: &str, token: &str, sink: &mut dyn Sink) -> Result<Summary> {
    let values = [
        ("planetscale-service-token".to_owned(), Secret::from(token)),
        ("planetscale-api-url".to_owned(), Secret::from(url)),
    ];
    let config = Config::new(&connector.config_schema().await?, values)?;
    Ok(connector.sync(config, sink, SyncOptions::default()).await?)
}

/// Everything that a sync of a scenario writes.
pub async fn tape(scenario: Scenario) -> Result<Vec<Call>> {
    let server = Server::start(scenario)?;
    let mut tape = Tape::default();
    sync(&connector()?, server.url(), server.service_token(), &mut tape).await?;
    Ok(tape.0)
}

/// Everything that a sync of a scenario reads.
pub async fn bodies(scenario: Scenario) -> Result<Bodies> {
    let server = Server::start(scenario)?;
    sync(&connector()?, server.url(), server.service_token(), &mut Nowhere).await?;
    let asked = server.requests().into_iter().map(|seen| format!("{}?{}", seen.path, seen.query));
    asked.map(|address| Ok((address.clone(), get(&server, &address)?))).collect()
}

fn get(server: &Server, address: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server.address())?;
    let token = server.service_token();
    write!(
        stream,
        "GET {address} HTTP/1.1\r\nhost: it\r\nauthorization: {token}\r\nconnection: close\r\n\r\n"
    )?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    let head =
        reply.windows(4).position(|four| four == b"\r\n\r\n").ok_or("a reply without an end of its head")?;
    Ok(reply.split_off(head + 4))
}

/// Gives the bodies again, on a port, as long as the process lives.
pub fn serve(bodies: &Bodies) -> Result<SocketAddr> {
    let replies: HashMap<String, Vec<u8>> = bodies
        .iter()
        .map(|(address, body)| {
            let kind = "content-type: application/json; charset=utf-8";
            let mut reply =
                format!("HTTP/1.1 200 OK\r\n{kind}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
            reply.extend(body);
            (address.clone(), reply)
        })
        .collect();
    let replies = Arc::new(replies);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let replies = replies.clone();
            std::thread::spawn(move || answer(stream, &replies));
        }
    });
    Ok(address)
}

/// Until the other side has enough.
fn answer(stream: TcpStream, replies: &HashMap<String, Vec<u8>>) -> Result {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let address = line.split(' ').nth(1).unwrap_or_default().to_owned();
        while line.trim_end() != "" {
            line.clear();
            reader.read_line(&mut line)?;
        }
        line.clear();
        writer.write_all(replies.get(&address).ok_or("an address that nobody asked for before")?)?;
    }
    Ok(())
}
