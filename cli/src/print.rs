//! Texts on stdout.

use std::io::Write;

use crate::failure::Failure;

/// Print on stdout. A reader that has gone away (`| head`) has read enough.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Io { what: "cannot write to stdout".into(), error })
        }
        _ => Ok(()),
    }
}
