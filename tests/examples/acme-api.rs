//! Acme as a program of its own, for whoever tries a connector by hand and for tests in other languages.
//!
//! It prints one line of JSON when it is ready, and serves until its standard input is closed:
//!
//! ```text
//! {"url":"http://127.0.0.1:40123","id":"client","secret":"…"}
//! ```
//!
//! With `--broken` its pages lack their records. With `--write-connector FILE` it writes the connector in Rust, as plain
//! cargo makes it, and ends.

use std::env::args;
use std::io;

use baton_planetscale_support::acme::{Acme, CLIENT, SECRET};
use baton_planetscale_support::guests::STOCK_RUST;
use tokio::io::AsyncReadExt;

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments: Vec<String> = args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let acme = match arguments.as_slice() {
        [] => Acme::start().await?,
        ["--broken"] => Acme::start_broken().await?,
        ["--write-connector", file] => return std::fs::write(file, STOCK_RUST),
        _ => return Err(io::Error::other("usage: acme-api [--broken | --write-connector FILE]")),
    };
    println!("{}", serde_json::json!({ "url": acme.url(), "id": CLIENT, "secret": SECRET }));
    let mut rest = Vec::new();
    tokio::io::stdin().read_to_end(&mut rest).await?;
    Ok(())
}
