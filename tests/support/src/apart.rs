//! A test in a process of its own: its program starts itself again for that one test.

use std::process::Command;

/// This program, to be started for the test with this name and nothing else.
///
/// A name that is no test's ends well, too: whoever starts it has to see that something was done.
///
/// # Errors
/// The system does not say where this program is.
pub fn again(test: &str) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([test, "--exact", "--nocapture"]);
    Ok(command)
}
