//! Asks an address of the test's choice, and says what came of it.

use crate::bindings::syncer::Error;
use crate::http;
use crate::order::{report, value};

pub fn act() -> Result<(), Error> {
    let outcome = http::outcome(&value("method"), &value("scheme"), &value("authority"), &value("path"), &[]);
    Err(report(format!("outcome: {outcome}")))
}
