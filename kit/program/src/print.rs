//! Texts on stdout.

use std::io::Write;

use serde::Serialize;

use crate::failure::Failure;

/// Print a text as it is.
pub fn text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::io("cannot write to stdout"))
}

/// Print a value as JSON for people and programs.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    let json =
        serde_json::to_string_pretty(value).map_err(|error| Failure::usage(format!("no JSON: {error}")))?;
    text(&format!("{json}\n"))
}
