//! Why a sync, or a call, has no result.
//!
//! Every variant says what failed, where, and what to do, in one sentence (`Display`), and knows its
//! exit code: the number of the gRPC status that the Go connectors end with in the same case.

use super::contract;

/// A failure of the host, of the component it runs, or of what the component talks to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The component cannot be used: it is none, of another world, or of another contract version.
    #[error("cannot load the connector: {0}")]
    Load(String),
    /// A field of the config has an unusable value.
    #[error("field {field}: {message}")]
    Config {
        /// The field's name.
        field: String,
        /// What is wrong with it, never with the value of a secret.
        message: String,
    },
    /// An unknown resource type was asked for.
    #[error("invalid resource type '{0}' in filter")]
    UnknownType(String),
    /// A resource was asked for whose type was not.
    #[error("sync-resources asks for {target}, but sync-resource-types leaves out the type '{kind}'")]
    TargetLeftOut {
        /// The resource's Baton id.
        target: String,
        /// Its type.
        kind: String,
    },
    /// None of the resources that were asked for is there.
    #[error(
        "none of the resources asked for was found ({0}): they were deleted, are called otherwise, or are out of reach \
         of these credentials; nothing was written"
    )]
    NoTarget(String),
    /// Of the resource types that were asked for there is nothing.
    #[error(
        "no resource of the types asked for was found ({0}); what lies within a resource of another type is found only \
         when that type is asked for as well; nothing was written"
    )]
    NothingOfTypes(String),
    /// The connector answered with an error of the contract, after every retry it allows.
    #[error("{place}: {}", describe(error))]
    Connector {
        /// What was asked.
        place: String,
        /// The answer.
        error: contract::Error,
    },
    /// The component trapped: a fault in it.
    #[error(
        "{place}: the connector crashed in {function} ({message}); report this to its authors{}",
        words(stderr)
    )]
    Trap {
        /// What was asked.
        place: String,
        /// The function of the contract that was called.
        function: &'static str,
        /// What the engine says.
        message: String,
        /// The last lines that the connector wrote to standard error.
        stderr: Vec<String>,
    },
    /// A call took longer than it may.
    #[error(
        "{place}: the connector gave no answer within {seconds} s; the API may be very slow, or the connector hangs"
    )]
    Deadline {
        /// What was asked.
        place: String,
        /// The limit.
        seconds: u64,
    },
    /// The component wanted more memory than it may have.
    #[error("{place}: the connector wanted more than {mebibytes} MiB of memory and was stopped")]
    Memory {
        /// What was asked.
        place: String,
        /// The limit.
        mebibytes: usize,
    },
    /// The component tried to send what it may not.
    #[error("{place}: the connector {what}")]
    Denied {
        /// What was asked.
        place: String,
        /// What it did or wants that it may not, to be read behind "the connector"; and the flag that would allow it, if
        /// there is one.
        what: String,
    },
    /// The component broke a rule of the contract.
    #[error("{place}: {rule} - likely a connector bug")]
    Contract {
        /// What was asked.
        place: String,
        /// The rule and how it was broken.
        rule: String,
    },
    /// So much had to be left out that the rest would mislead.
    #[error("too many warnings: {skipped} of {lists} lists had to be left out")]
    TooManyWarnings {
        /// Lists left out.
        skipped: usize,
        /// Lists asked for.
        lists: usize,
    },
    /// The records could not be written.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The engine or the network client could not be set up.
    #[error("{0}")]
    Setup(String),
}

/// Why a sink could not take or keep records. The text is one sentence that names the file.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);

impl Error {
    /// The exit code: a gRPC status number.
    pub fn code(&self) -> i32 {
        use contract::Error as C;
        match self {
            Error::Config { .. } => 3,
            Error::Connector { error, .. } => match error {
                C::Config(_) => 3,
                C::Credentials(_) => 16,
                C::Access(_) => 7,
                C::Gone(_) => 5,
                C::Wait(_) | C::Again(_) => 14,
                C::Changed(_) => 10,
                C::Reply(_) | C::Internal(_) => 13,
            },
            Error::Deadline { .. } => 4,
            Error::Memory { .. } => 8,
            Error::Denied { .. } => 7,
            Error::Trap { .. } | Error::Contract { .. } => 13,
            Error::NoTarget(_) | Error::NothingOfTypes(_) => 5,
            Error::TooManyWarnings { .. } | Error::TargetLeftOut { .. } => 2,
            Error::Load(_) | Error::UnknownType(_) | Error::Sink(_) | Error::Setup(_) => 2,
        }
    }
}

/// The last lines of a connector that crashed, each on its own.
fn words(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("\n  {line}")).collect();
    if lines.is_empty() { String::new() } else { format!(". Before that it wrote:{}", lines.concat()) }
}

/// The sentence of a connector's error, with what the vendor said of it.
fn describe(error: &contract::Error) -> String {
    use contract::Error as C;
    match error {
        C::Config(config) => format!("field {}: {}", config.field, config.message),
        C::Wait(passing) | C::Again(passing) => with_vendor(&passing.failure),
        C::Reply(reply) if !reply.path.is_empty() => {
            format!("{} (at {})", with_vendor(&reply.failure), reply.path)
        }
        C::Reply(reply) => with_vendor(&reply.failure),
        C::Credentials(failure)
        | C::Access(failure)
        | C::Gone(failure)
        | C::Changed(failure)
        | C::Internal(failure) => with_vendor(failure),
    }
}

fn with_vendor(failure: &contract::Failure) -> String {
    match (&failure.http_status, &failure.request_id) {
        (Some(status), Some(id)) => format!("{} [HTTP {status}, request {id}]", failure.message),
        (Some(status), None) => format!("{} [HTTP {status}]", failure.message),
        (None, Some(id)) => format!("{} [request {id}]", failure.message),
        (None, None) => failure.message.clone(),
    }
}
