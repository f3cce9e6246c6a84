//! The line with which a run ends that has no result. Where logs are JSON it is one of their lines, with the exit code
//! and the field that is to blame, so that whoever collects them reads all of stderr in one way.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_host::clock;
use time::OffsetDateTime;

use crate::failure::Failure;
use crate::line::{Format, Named, Parts, written};

/// As global as stderr.
static JSON: AtomicBool = AtomicBool::new(false);

static NAMED: OnceLock<Named> = OnceLock::new();

/// It says whose log it is, as every other line does.
pub fn is_of(named: &Named) {
    // The first one stays: a process runs one connector.
    let _ = NAMED.set(named.clone());
}

/// From now on it is written in this way.
pub fn looks(format: Format) {
    JSON.store(format == Format::Json, Ordering::Relaxed);
}

/// Write it. A closed stderr leaves the exit code.
pub fn tell(failure: &Failure) {
    let line = match JSON.load(Ordering::Relaxed) {
        true => as_json(failure),
        false => failure.to_string(),
    };
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn as_json(failure: &Failure) -> String {
    let mut parts = Parts { message: failure.to_string(), ..Parts::default() };
    parts.fields.insert("exit_code".into(), failure.code().into());
    if let Some(field) = failure.to_blame() {
        parts.fields.insert("field".into(), field.into());
    }
    let now = OffsetDateTime::from(clock::now());
    written(Format::Json, now, "error", concat!("src/last_line.rs:", line!()), NAMED.get(), &parts)
}
