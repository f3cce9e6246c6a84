//! Log lines: what a host shows to whoever runs the connector.
//!
//! It takes secrets out and has bounds; a line is one line, at most 2,000 characters of it are shown.

use alloc::string::String;

use crate::text::without_controls;

/// Something that an author looks for: level debug.
pub fn debug(line: &str) {
    write(&fit(line), false);
}

/// Something that an operator should look at: level warn. What belongs to the records is a warning of the page instead.
pub fn warn(line: &str) {
    write(&fit(line), true);
}

fn fit(line: &str) -> String {
    let mut line = without_controls(line);
    line.push('\n');
    line
}

#[cfg(target_arch = "wasm32")]
fn write(line: &str, to_stderr: bool) {
    use crate::bindings::wasi::cli::{stderr, stdout};
    let stream = if to_stderr { stderr::get_stderr() } else { stdout::get_stdout() };
    for piece in line.as_bytes().chunks(4_096) {
        // Nobody is there to be told that nobody listens.
        let _ = stream.blocking_write_and_flush(piece);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn write(line: &str, to_stderr: bool) {
    if to_stderr { std::eprint!("{line}") } else { std::print!("{line}") }
}
