//! The API double as a program of its own, for clients in other languages and processes.
//!
//! It prints one line of JSON when it is ready and serves until its standard input is closed, so that
//! it cannot outlive whoever started it:
//!
//! ```text
//! $ cargo run -p baton-planetscale-demo --example planetscale-api -- --scenario demo
//! {"url":"http://127.0.0.1:40123","token":"…"}
//! ```
//!
//! `GET /_double/log` tells how many requests and connections there were.

use std::error::Error;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use baton_planetscale_demo::{Form, Manifest, Options, RateLimit, Scenario, Server};
use clap::{Arg, ArgAction, Command, value_parser};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("planetscale-api: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let given = command().get_matches();
    let text = |name: &str| given.get_one::<String>(name);
    let mut scenario = match text("scenario") {
        Some(name) => load(name)?,
        None => Scenario::demo(),
    };
    if let Some(latency) = given.get_one::<u64>("latency-ms") {
        scenario.latency_ms = *latency;
    }
    if let Some(requests) = given.get_one::<u32>("rate-limit") {
        let window_ms = given.get_one("rate-window-ms").copied().unwrap_or(60_000);
        let form = if given.get_flag("rate-advice") { Form::RetryAfterSeconds } else { Form::None };
        scenario.rate_limit = Some(RateLimit { requests: *requests, window_ms, form, told: false });
    }
    if given.get_flag("print-manifest") {
        let manifest = match given.get_flag("databases") {
            true => Manifest::with_databases(&scenario),
            false => Manifest::of(&scenario),
        };
        println!("{}", serde_json::to_string_pretty(&manifest)?);
        return Ok(());
    }
    if given.get_flag("print-scenario") {
        println!("{}", serde_json::to_string_pretty(&scenario)?);
        return Ok(());
    }
    let tls = given.get_one::<PathBuf>("tls");
    let mut options = Options { tls: tls.is_some(), http2: !given.get_flag("http1"), ..Options::default() };
    if let Some(listen) = given.get_one::<SocketAddr>("listen") {
        options.listen = *listen;
    }
    let server = Server::start_with(scenario, options)?;
    let ca = match tls {
        Some(directory) => Some(write_authority(directory, server.ca_pem().unwrap_or_default())?),
        None => None,
    };
    let mut ready = serde_json::json!({ "url": server.url(), "token": server.service_token() });
    if let (Some(ca), Some(map)) = (ca, ready.as_object_mut()) {
        map.insert("ca".into(), ca.into());
    }
    println!("{ready}");
    // Whatever comes is of no interest; the end of it is.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    server.stop();
    Ok(())
}

fn command() -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
    };
    let value = |name: &'static str, kind: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(kind).help(help)
    };
    Command::new("planetscale-api")
        .about("Answers as the PlanetScale API does, for a scenario")
        .arg(value(
            "scenario",
            "NAME|FILE.json",
            "demo (default), S, M, L, thousand, shared, scripts, empty-organization, random:SEED, or a file",
        ))
        .arg(
            value("listen", "ADDRESS", "Where to listen [default: 127.0.0.1:0]")
                .value_parser(value_parser!(SocketAddr)),
        )
        .arg(value("latency-ms", "MS", "Hold each reply back").value_parser(value_parser!(u64)))
        .arg(
            value("rate-limit", "N", "Answer 429 beyond N requests in a window")
                .value_parser(value_parser!(u32)),
        )
        .arg(
            value("rate-window-ms", "MS", "The window's length [default: 60000]")
                .value_parser(value_parser!(u64)),
        )
        .arg(flag("rate-advice", "Send Retry-After with a 429"))
        .arg(
            value("tls", "DIR", "Speak TLS and write the authority's certificate to DIR/ca.pem")
                .value_parser(value_parser!(PathBuf)),
        )
        .arg(flag("http1", "Do not offer HTTP/2 over TLS"))
        .arg(flag("print-manifest", "Print the records a sync must give, and end"))
        .arg(flag("databases", "Those of a sync that reads databases, too"))
        .arg(flag("print-scenario", "Print the scenario, and end"))
}

/// A scenario from a file if the name ends like one, else by name.
fn load(name: &str) -> Result<Scenario, Box<dyn Error>> {
    if name.ends_with(".json") {
        let file = std::fs::read(name).map_err(|e| format!("cannot read {name}: {e}"))?;
        let read = serde_json::from_slice(&file);
        return Ok(read.map_err(|e| format!("{name} holds no scenario: {e}"))?);
    }
    Ok(Scenario::named(name)?)
}

fn write_authority(directory: &Path, pem: &str) -> Result<String, Box<dyn Error>> {
    std::fs::create_dir_all(directory)?;
    let file = directory.join("ca.pem");
    std::fs::write(&file, pem)?;
    Ok(file.display().to_string())
}
