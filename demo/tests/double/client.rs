//! A client that shows everything: one request, one connection, the raw bytes and how they ended.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use baton_planetscale_demo::{Fault, FaultKind, Place, Scenario, Server};
use serde_json::Value;

/// What came back.
pub struct Got {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    pub ended: Ended,
}

/// How the connection ended.
#[derive(Debug, PartialEq)]
pub enum Ended {
    Closed,
    Reset,
    /// Nothing more came for longer than the client waits.
    Silent,
    Refused,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e} in {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
    }
}

/// Long enough for a busy machine; only requests that are to stay silent wait so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// GET with the good token.
pub fn get(server: &Server, path: &str) -> Got {
    ask(server, "GET", path, &[("authorization", server.service_token())], PATIENCE)
}

/// GET with the good token by a client that gives up soon.
pub fn get_impatiently(server: &Server, path: &str) -> Got {
    let patience = Duration::from_millis(300);
    ask(server, "GET", path, &[("authorization", server.service_token())], patience)
}

/// Any request.
pub fn ask(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], patience: Duration) -> Got {
    let nothing = |ended| Got { status: 0, head: String::new(), body: Vec::new(), ended };
    let Ok(mut stream) = TcpStream::connect(server.address()) else {
        return nothing(Ended::Refused);
    };
    stream.set_read_timeout(Some(patience)).unwrap();
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", server.address());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let mut piece = [0; 65_536];
    let ended = loop {
        match stream.read(&mut piece) {
            Ok(0) => break Ended::Closed,
            Ok(n) => bytes.extend_from_slice(&piece[..n]),
            Err(e) if e.kind() == ErrorKind::ConnectionReset => break Ended::Reset,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break Ended::Silent,
            Err(e) => panic!("{e}"),
        }
    };
    let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else {
        return Got { head: String::from_utf8_lossy(&bytes).into_owned(), ..nothing(ended) };
    };
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    Got { status, head, body: bytes[at + 4..].to_vec(), ended }
}

/// A server for a scenario with one organization, `organization-01`, of 7 members and 3 teams, whose
/// pages hold 3 items, and with these faults.
pub fn small(faults: Vec<Fault>) -> Server {
    let mut scenario = Scenario::sized(1, 7, 3, 4);
    scenario.max_per_page = 3;
    scenario.faults = faults;
    Server::start(scenario).unwrap()
}

/// A small server where one kind of thing goes wrong everywhere, always.
pub fn broken(kind: FaultKind) -> Server {
    small(vec![Fault { at: Place::default(), times: None, kind }])
}

pub const ORGANIZATIONS: &str = "/v1/organizations";
pub const MEMBERS: &str = "/v1/organizations/organization-01/members";
pub const TEAMS: &str = "/v1/organizations/organization-01/teams";

/// The ids of a page's items.
pub fn ids(page: &Value) -> Vec<String> {
    let items = page["data"].as_array().unwrap();
    let id = |item: &Value| item.pointer("/user/id").or_else(|| item.get("id")).unwrap().clone();
    items.iter().map(|item| id(item).as_str().unwrap().to_owned()).collect()
}
