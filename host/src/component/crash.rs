//! Why an instance crashed, for whoever has to mend the connector: the function that was called, what the engine says,
//! and the last lines on standard error, where a Rust panic has its message and Python its traceback.

use tracing::debug;
use wasmtime::WasmBacktrace;
use wasmtime_wasi::I32Exit;

use super::output::Output;
use crate::model::config::{Config, shown};
use crate::model::error::Error;

/// Characters of the engine's words.
const LONGEST: usize = 2_000;

/// The error for a trap in a call of `function`.
pub(super) fn report(
    place: String,
    function: &'static str,
    trap: &wasmtime::Error,
    output: &Output,
    config: Option<&Config>,
) -> Error {
    if let Some(backtrace) = trap.downcast_ref::<WasmBacktrace>() {
        debug!(function, "the connector crashed at: {}", shown(&frames(backtrace), config, LONGEST));
    }
    let message = match trap.downcast_ref::<I32Exit>() {
        Some(I32Exit(code)) => format!("it ended itself with exit code {code}"),
        None => shown(&trap.root_cause().to_string(), config, LONGEST),
    };
    Error::Trap { place, function, message, stderr: output.last_words() }
}

/// The functions that were active, the innermost first: by name, when the component has names.
fn frames(backtrace: &WasmBacktrace) -> String {
    let name = |frame: &wasmtime::FrameInfo| match frame.func_name() {
        Some(name) => name.to_owned(),
        None => format!("function {}", frame.func_index()),
    };
    backtrace.frames().iter().map(name).collect::<Vec<_>>().join(", called by ")
}
