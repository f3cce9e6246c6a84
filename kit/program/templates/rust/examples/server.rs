//! A server that stands in for {{Name}} on this machine: three users, two groups, one in the other, two records a page.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

const USERS: &[&str] = &[
    r#"{"id":"u1","name":"Ada Lovelace","email":"ada@example.com","active":true}"#,
    r#"{"id":"u2","name":"Bob","email":"bob@example.com","active":false}"#,
    r#"{"id":"u3","name":"Grace Hopper","email":null,"active":true}"#,
];
const GROUPS: &[&str] = &[
    r#"{"id":"g1","name":"Everyone"}"#,
    r#"{"id":"g2","name":"Engineering"}"#,
    r#"{"id":"g3","name":"Nobody"}"#,
];
const EVERYONE: &[&str] = &[
    r#"{"kind":"group","id":"g2"}"#,
    r#"{"kind":"user","id":"u2"}"#,
    r#"{"kind":"user","id":"u3"}"#,
];
const ENGINEERING: &[&str] = &[r#"{"kind":"user","id":"u1"}"#];

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:8017")?;
    println!("listening on http://127.0.0.1:8017");
    for stream in listener.incoming() {
        let stream = stream?;
        // Who goes away in the middle has no reply.
        std::thread::spawn(move || drop(serve(stream)));
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut authorized = false;
    while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
        authorized |= line.eq_ignore_ascii_case("authorization: Bearer a-token-for-tests");
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (status, body) = if authorized {
        answer(path)
    } else {
        ("401 Unauthorized", r#"{"message":"no token"}"#.into())
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

fn answer(path: &str) -> (&'static str, String) {
    let (list, cursor) = path.split_once("?cursor=").unwrap_or((path, "0"));
    let items = match list {
        "/users" => USERS,
        "/groups" => GROUPS,
        "/groups/g1/members" => EVERYONE,
        "/groups/g2/members" => ENGINEERING,
        "/groups/g3/members" => &[],
        _ => return ("404 Not Found", r#"{"message":"no such list"}"#.into()),
    };
    let begin = cursor.parse().unwrap_or(0).min(items.len());
    let end = (begin + 2).min(items.len());
    let next = if end < items.len() {
        format!("\"{end}\"")
    } else {
        "null".into()
    };
    (
        "200 OK",
        format!(
            r#"{{"items":[{}],"next":{next}}}"#,
            items[begin..end].join(",")
        ),
    )
}
