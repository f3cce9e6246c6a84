//! Every way in which a run of the program ends without a result.
//!
//! Its text is what the user reads, its code what a script sees: the number of a gRPC status, as with the Go
//! connectors, so that one table of exit codes holds for all of a customer's connectors. Usage and config
//! mistakes have the words of those connectors too, because scripts match them.

use std::path::PathBuf;

use baton_host::contract;

use crate::name::called;
use crate::refusal::Refusal;
use crate::signal::Signal;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A mistake on the command line; the hint says where to read more.
    #[error("{0}\nRun '{program} --help' for usage.", program = called())]
    Usage(String),
    /// The same about one field, or several between commas.
    #[error("{text}\nRun '{program} --help' for usage.", program = called())]
    UsageOf {
        /// The field.
        field: String,
        /// What is wrong.
        text: String,
    },
    /// A field's value that cannot be used.
    #[error("{text}")]
    Field {
        /// The field, or several between commas.
        field: String,
        /// What is wrong, never with the value of a secret.
        text: String,
    },
    /// A value that cannot be used, or that is missing.
    #[error("{0}")]
    Setting(String),
    /// The library's own: loading, config, the API, the file.
    #[error("{}", of_library(.0))]
    Library(#[from] baton_host::Error),
    /// Working for C1 as a service could not begin, or had to end.
    #[error("{}", of_service(.0))]
    Service(#[from] baton_service::Error),
    /// A review that could not be made, or that was altered.
    #[error(transparent)]
    Review(#[from] baton_report::Error),
    /// Something was asked for that a connector which only reads does not do.
    #[error("{0}")]
    Refused(Refusal),
    /// Somebody stopped it.
    #[error("{signal}: {}", how_to_go_on(*kept))]
    Stopped {
        /// How.
        signal: Signal,
        /// Whether what was read is kept for the next run.
        kept: bool,
    },
    /// Another run is writing the same file.
    #[error("another run is writing {}; wait until it has ended, or give another file name with --file", .0.display())]
    Busy(PathBuf),
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] baton_c1z::ReadError),
    /// Nobody in a file is meant.
    #[error("{0}")]
    Nobody(String),
    /// Nobody answers health checks.
    #[error("{0}")]
    Unreachable(String),
    /// The machine refuses something without which nothing goes.
    #[error("{0}")]
    Machine(String),
    /// Something failed, and the config file could not be read, which may be why.
    #[error("{failure}\n{problem}")]
    WithoutFile {
        /// What failed.
        failure: Box<Failure>,
        /// What is wrong with the file.
        problem: String,
    },
    /// A file or the terminal.
    #[error("{what}: {error}")]
    Io {
        /// What was to be done, with the file's name.
        what: String,
        /// Why it could not be done.
        error: std::io::Error,
    },
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Usage(_) | Failure::UsageOf { .. } | Failure::Field { .. } => 2,
            Failure::Setting(_)
            | Failure::Machine(_)
            | Failure::Review(_)
            | Failure::Read(_)
            | Failure::Io { .. } => 2,
            Failure::Nobody(_) => 5,
            Failure::WithoutFile { failure, .. } => failure.code(),
            Failure::Library(error) => u8::try_from(error.code()).unwrap_or(2),
            Failure::Service(error) => u8::try_from(error.code()).unwrap_or(2),
            Failure::Unreachable(_) => 14,
            Failure::Refused(refusal) => refusal.code(),
            Failure::Stopped { signal, .. } => signal.code(),
            Failure::Busy(_) => 9,
        }
    }

    /// The field whose value is to blame, where one is.
    pub fn to_blame(&self) -> Option<&str> {
        use baton_host::Error as E;
        match self {
            Failure::UsageOf { field, .. } | Failure::Field { field, .. } => Some(field),
            Failure::WithoutFile { failure, .. } => failure.to_blame(),
            Failure::Library(E::Config { field, .. }) => Some(field),
            Failure::Library(E::Connector { error: contract::Error::Config(config), .. }) => {
                Some(&config.field)
            }
            Failure::Service(baton_service::Error::ClientId) => Some("client-id"),
            Failure::Service(baton_service::Error::ClientSecret) => Some("client-secret"),
            _ => None,
        }
    }

    /// A field's value that cannot be used.
    pub fn field(field: impl Into<String>, text: impl Into<String>) -> Failure {
        Failure::Field { field: field.into(), text: text.into() }
    }

    /// An error of the system, with what was being done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Failure {
        let what = what.into();
        move |error| Failure::Io { what, error }
    }
}

impl From<baton_run::Error> for Failure {
    fn from(error: baton_run::Error) -> Failure {
        match error {
            baton_run::Error::Busy(path) => Failure::Busy(path),
            baton_run::Error::Io { what, error } => Failure::Io { what, error },
            baton_run::Error::Library(error) => Failure::Library(error),
            other => Failure::Setting(other.to_string()),
        }
    }
}

fn how_to_go_on(kept: bool) -> &'static str {
    match kept {
        true => {
            "the sync is not complete and no file was written; what was read is kept: run the same command again \
             within an hour to go on from there"
        }
        false => "the sync is not complete and no file was written; run the command again",
    }
}

/// What C1 gives out is copied by hand, so the sentence says what to look at.
fn of_service(error: &baton_service::Error) -> String {
    use baton_service::Error as E;
    let copied = |what: &str, variable: &str, is: &str| {
        format!(
            "{error}: {variable} (or --{what}) is not {is}; copy it whole from C1, without quotes and blanks"
        )
    };
    match error {
        E::ClientId => copied("client-id", "BATON_CLIENT_ID", "of the form NAME@HOST/REST"),
        E::ClientSecret => copied("client-secret", "BATON_CLIENT_SECRET", "a secret as C1 shows it once"),
        other => other.to_string(),
    }
}

/// Bad credentials are told in the words that scripts around Go connectors look for.
fn of_library(error: &baton_host::Error) -> String {
    match error {
        baton_host::Error::Connector { error: contract::Error::Credentials(_), .. } => {
            let text = error.to_string();
            // It is where such an error most often comes from.
            let text = text.strip_prefix("validate failed: ").unwrap_or(&text);
            format!(
                "runner: error processing task: rpc error: code = Unauthenticated desc = validate failed: {text}"
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_connector(error: contract::Error) -> Failure {
        Failure::Library(baton_host::Error::Connector { place: "organizations".into(), error })
    }

    fn failure(status: u16) -> contract::Failure {
        contract::Failure { message: "no".into(), http_status: Some(status), request_id: None }
    }

    #[test]
    fn bad_credentials_end_with_16_and_the_words_of_the_go_connectors() {
        let failure = of_connector(contract::Error::Credentials(failure(401)));
        assert_eq!(failure.code(), 16);
        assert!(failure.to_string().starts_with(
            "runner: error processing task: rpc error: code = Unauthenticated desc = validate failed: "
        ));
        let place = "validate failed".into();
        let error = contract::Error::Credentials(contract::Failure {
            message: "no".into(),
            http_status: None,
            request_id: None,
        });
        let text = Failure::Library(baton_host::Error::Connector { place, error }).to_string();
        assert_eq!(text.matches("validate failed").count(), 1, "{text}");
    }

    #[test]
    fn other_errors_of_the_connector_are_one_plain_sentence() {
        let failure = of_connector(contract::Error::Access(failure(404)));
        assert_eq!(failure.code(), 7);
        assert_eq!(failure.to_string(), "organizations: no [HTTP 404]");
    }

    #[test]
    fn a_mistake_on_the_command_line_is_told_in_the_first_line() {
        let failure = Failure::Usage("unknown flag: --nope".into());
        assert_eq!(failure.code(), 2);
        assert_eq!(failure.to_string().lines().next(), Some("unknown flag: --nope"));
    }
}
