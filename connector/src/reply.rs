//! The sentence for a reply whose body is not what the API documents.

use alloc::format;

use baton_planetscale_api::{self as read, Fault, What};

use crate::bindings::syncer::Error;
use crate::error::Exchange;

/// What a body holds, or the error for it.
pub fn understood<T>(read: read::Result<T>, body: &[u8], exchange: &Exchange) -> Result<T, Error> {
    read.map_err(|fault| misunderstood(*fault, body.len() as u64, exchange))
}

/// No value of the body is repeated.
#[inline(never)]
fn misunderstood(fault: Fault, bytes: u64, exchange: &Exchange) -> Error {
    const FORM: &str = "PlanetScale's reply has not the documented form";
    let path = &fault.path;
    let what = match fault.what {
        What::Utf8(at) => format!("PlanetScale's reply is not valid UTF-8, from byte {at} on"),
        What::Syntax(at) => format!("PlanetScale's reply is not valid JSON, from byte {at} on"),
        What::Cut => {
            format!("PlanetScale's reply ends in the middle, after {bytes} bytes; run the sync again")
        }
        What::Longer => "PlanetScale's reply goes on after its end".into(),
        What::Kind { expected, found } => format!("{FORM}: expected {expected} at {path}, found {found}"),
        What::Large => format!("{FORM}: the number at {path} is out of range"),
        What::Missing => format!("{FORM}: missing field {path}"),
        What::Twice => format!("{FORM}: duplicate field {path}"),
        What::Deep => format!("{FORM}: it nests too deeply"),
    };
    exchange.reply(what, fault.path)
}
