//! What a sync needs of where it runs.

use std::time::Duration;

use serde_json::Value;

/// Where the lines go, and how time passes there.
pub trait Output {
    /// Why a line could not be written.
    type Error;

    /// Write a line, waiting until there is room for it.
    fn line(&mut self, line: &Value) -> Result<(), Self::Error>;

    /// Let time pass.
    fn pause(&mut self, time: Duration);
}
