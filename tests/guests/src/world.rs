//! Looks for a way out through what a toolchain brings of WASI: sockets, names, files, environment, and things without
//! end.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};

use crate::bindings::syncer::Error;
use crate::bindings::wasi::clocks::monotonic_clock;
use crate::order::{report, value};

#[allow(unsafe_code, missing_docs, clippy::all, reason = "generated")]
mod random {
    wit_bindgen::generate!({
        inline: "
            package wasi:random@0.2.10;
            interface random {
                get-random-bytes: func(len: u64) -> list<u8>;
                get-random-u64: func() -> u64;
            }
            world wanted {
                import random;
            }
        ",
    });
}

/// Everything at once, and what came of each: words for a way that is open, nothing for one that is not.
pub fn look() -> Result<(), Error> {
    let target = value("authority");
    let mut open = Vec::new();
    let mut tried = |what: &str, worked: bool| {
        if worked {
            open.push(what.to_owned());
        }
    };
    tried("a connection", TcpStream::connect(target.as_str()).is_ok());
    tried("a listener", TcpListener::bind("127.0.0.1:0").is_ok());
    tried("a datagram", UdpSocket::bind("127.0.0.1:0").is_ok());
    tried("a name", ("localhost", 80).to_socket_addrs().is_ok_and(|mut found| found.next().is_some()));
    tried("a file", std::fs::read("/etc/passwd").is_ok());
    tried("a new file", std::fs::write("left-behind", "x").is_ok());
    tried("a folder", ["/", ".", ".."].iter().any(|path| std::fs::read_dir(path).is_ok()));
    tried("a variable", std::env::vars().next().is_some());
    tried("an argument", std::env::args().next().is_some());
    let mut text = String::new();
    tried("standard input", std::io::stdin().read_to_string(&mut text).is_ok_and(|read| read > 0));
    Err(report(format!("open: {open:?}")))
}

/// Random bytes for ever.
pub fn random() -> Result<(), Error> {
    let mut sum = 0_u64;
    loop {
        sum += random::wasi::random::random::get_random_bytes(1 << 12).len() as u64;
        std::hint::black_box(sum);
    }
}

/// More random bytes in one call than a host gives.
pub fn gigabyte() -> Result<(), Error> {
    Err(report(random::wasi::random::random::get_random_bytes(1 << 30).len().to_string()))
}

/// A clock, asked a million times.
pub fn clock() -> Result<(), Error> {
    let mut last = monotonic_clock::now();
    for _ in 0..1_000_000 {
        let now = monotonic_clock::now();
        if now < last {
            return Err(report("the clock went back"));
        }
        last = now;
    }
    Err(report("asked a million times"))
}

/// A million moments to wait for, all of them kept.
pub fn moments() -> Result<(), Error> {
    let kept: Vec<_> = (0..1_000_000).map(monotonic_clock::subscribe_duration).collect();
    Err(report(format!("{} moments", kept.len())))
}

/// Lines on standard error for ever.
pub fn flood() -> Result<(), Error> {
    loop {
        eprintln!("{}", "flood ".repeat(1_000));
    }
}

/// So many lines, and then goes on as if nothing was.
pub fn lines() -> Result<(), Error> {
    let mut err = std::io::stderr();
    for number in 0..20_000 {
        let _ = writeln!(err, "line {number}");
    }
    println!("to standard output");
    Ok(())
}

/// The credential and what moves a cursor on both streams.
pub fn secret() -> Result<(), Error> {
    let token = value("token");
    eprintln!(
        "the token is {token}, \u{1b}[2J\u{202e}and {}",
        token.split_once(':').map_or("", |(_, half)| half)
    );
    println!("the token is {token}");
    eprint!("without an end: {token}");
    Ok(())
}

/// Crashes as Rust does, behind a few words.
#[allow(clippy::panic, reason = "it is what this behaviour is")]
pub fn panic() -> Result<(), Error> {
    eprintln!("about to fail with {}", value("token"));
    panic!("the reason that its author looks for");
}

/// Leaves.
pub fn exit() -> Result<(), Error> {
    std::process::exit(3);
}
