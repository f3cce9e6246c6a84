//! A connector as a command: a whole sync on standard output as JSON lines, an error on standard error.
//!
//! It exports `wasi:cli/run`, because it is an ordinary program built for `wasm32-wasip2`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::thread;

use baton_walk::{Step, Walk, told};

fn main() -> ExitCode {
    // Not a terminal's line buffer: a line at a time would be a call to the host each.
    let mut lines = BufWriter::with_capacity(16 << 10, io::stdout());
    let mut walk = Walk::default();
    loop {
        let written = match walk.step() {
            Ok(Step::Lines(page)) => page.iter().try_for_each(|line| {
                serde_json::to_writer(&mut lines, line)?;
                lines.write_all(b"\n")
            }),
            Ok(Step::Pause(time)) => lines.flush().map(|()| thread::sleep(time)),
            Ok(Step::End) => match lines.flush() {
                Ok(()) => return ExitCode::SUCCESS,
                failed => failed,
            },
            Err(error) => {
                // What was read so far is out; without the line `complete` it is not a sync.
                let _ = lines.flush();
                eprintln!("{}", told::error(&error));
                return ExitCode::FAILURE;
            }
        };
        if let Err(error) = written {
            eprintln!("cannot write to standard output: {error}");
            return ExitCode::FAILURE;
        }
    }
}
