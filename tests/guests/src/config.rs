//! Looks for values that are not its own.

use crate::bindings::syncer::Error;
use crate::order::{report, value};

const TRIED: [&str; 9] = [
    "",
    "PATH",
    "HOME",
    "path ",
    "planetscale-service-token",
    "BATON_PLANETSCALE_SERVICE_TOKEN",
    "../token",
    "TOKEN",
    "token\0",
];

pub fn act() -> Result<(), Error> {
    let found: Vec<_> = TRIED.iter().filter(|name| !value(name).is_empty()).collect();
    Err(report(format!("found: {found:?}")))
}
