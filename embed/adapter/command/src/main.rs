//! A connector as a command: a whole sync on standard output as JSON lines, an error on standard error.
//!
//! It exports `wasi:cli/run`, because it is an ordinary program built for `wasm32-wasip2`.

use std::io::{self, BufWriter, Stdout, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use baton_walk::{Output, Stop, json, sync};
use serde_json::Value;

/// Standard output. It is not a terminal's line buffer: a line at a time would be a call to the host each.
struct Lines(BufWriter<Stdout>);

impl Output for Lines {
    type Error = io::Error;

    fn line(&mut self, line: &Value) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, line)?;
        self.0.write_all(b"\n")
    }

    fn pause(&mut self, time: Duration) {
        thread::sleep(time);
    }
}

fn main() -> ExitCode {
    let mut lines = Lines(BufWriter::with_capacity(16 << 10, io::stdout()));
    let result = sync(&mut lines).and_then(|()| lines.0.flush().map_err(Stop::Output));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Refused(error)) => {
            // What was read so far is out; without the line `complete` it is not a sync.
            let _ = lines.0.flush();
            eprintln!("{}", json::error(&error));
            ExitCode::FAILURE
        }
        Err(Stop::Output(error)) => {
            eprintln!("cannot write to standard output: {error}");
            ExitCode::FAILURE
        }
    }
}
