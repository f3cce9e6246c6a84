//! The program's name, and the one that it was called by.

use std::path::Path;
use std::sync::LazyLock;

use baton_host::shown;

/// Its own name.
pub const PROGRAM: &str = "baton-planetscale";

/// The longest name that is shown, in characters.
const LONGEST: usize = 100;

/// The name that this process was called by: that of a link to it, for example. Hints have it, so that they can be
/// followed.
pub fn called() -> &'static str {
    static CALLED: LazyLock<String> = LazyLock::new(|| of(std::env::args().next().as_deref()));
    &CALLED
}

/// The name in a command as it was typed, without the folder.
pub fn of(command: Option<&str>) -> String {
    let name = command.and_then(|command| Path::new(command).file_name()?.to_str()).unwrap_or_default();
    let name = shown(name.strip_suffix(".exe").unwrap_or(name), None, LONGEST);
    if name.is_empty() { PROGRAM.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_called_by_the_last_part_of_the_command() {
        for (command, name) in [
            (Some("/usr/bin/baton-acme"), "baton-acme"),
            (Some("./baton-acme.exe"), "baton-acme"),
            (Some("baton-acme"), "baton-acme"),
            (Some(""), PROGRAM),
            (Some("/"), PROGRAM),
            (None, PROGRAM),
        ] {
            assert_eq!(of(command), name);
        }
    }
}
