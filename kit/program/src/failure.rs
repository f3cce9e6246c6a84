//! Why a command has no result.

use std::fmt;

/// One sentence, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// The exit code: as the program that syncs has them.
    pub code: u8,
    text: String,
}

impl Failure {
    /// What was typed, or a file, cannot be used.
    pub fn usage(text: impl Into<String>) -> Failure {
        Failure { code: 2, text: text.into() }
    }

    /// A failure of the system's.
    pub fn io(what: impl fmt::Display) -> impl FnOnce(std::io::Error) -> Failure {
        move |error| Failure::usage(format!("{what}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl From<baton_host::Error> for Failure {
    fn from(error: baton_host::Error) -> Failure {
        Failure { code: u8::try_from(error.code()).unwrap_or(2), text: error.to_string() }
    }
}

impl From<baton_run::Error> for Failure {
    fn from(error: baton_run::Error) -> Failure {
        match error {
            baton_run::Error::Library(error) => error.into(),
            other => Failure::usage(other.to_string()),
        }
    }
}
