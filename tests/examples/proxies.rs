//! Which proxy is asked for an address, as a program: for comparing with others that read the same variables.
//!
//!     cargo run -p baton-planetscale-tests --example proxies
//!
//! Each line of standard input is a JSON object with `http`, `https`, `no`, `cgi` and `url`; each line of standard
//! output says of it `direct`, `closed`, or host and port of the proxy.
#![allow(clippy::expect_used, reason = "a program for tests")]

use baton_host::network::{Proxies, ProxySettings, Way};
use serde_json::Value;

fn main() {
    for line in std::io::stdin().lines() {
        let case: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let text = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
        let settings = ProxySettings {
            http: text("http"),
            https: text("https"),
            no: text("no"),
            cgi: case["cgi"].as_bool().unwrap_or_default(),
        };
        let target = text("url").parse().expect("an address");
        match Proxies::new(&settings).way(&target) {
            Way::Direct => println!("direct"),
            Way::Closed(_) => println!("closed"),
            Way::Through(proxy) => println!("{}", proxy.uri().authority().expect("an authority")),
        }
    }
}
