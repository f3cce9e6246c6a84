//! Why a run has no result.

use std::path::PathBuf;

/// A run that did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name of the file cannot be used.
    #[error("field file: {0}")]
    Name(String),
    /// Another run is writing the same file.
    #[error("another run is writing {}; wait until it has ended, or give another file name", .0.display())]
    Busy(PathBuf),
    /// A file or folder.
    #[error("{what}: {error}")]
    Io {
        /// What was to be done, with the file's name.
        what: String,
        /// Why it could not be done.
        error: std::io::Error,
    },
    /// The sync, or the file it is written to.
    #[error(transparent)]
    Library(#[from] baton_host::Error),
}

impl Error {
    /// Whether the same run may succeed a little later: then what it read is worth keeping.
    pub fn passes(&self) -> bool {
        matches!(self, Error::Library(error) if matches!(error.code(), 4 | 14))
    }

    /// An error of the system, with what was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Error {
        let what = what.into();
        move |error| Error::Io { what, error }
    }
}

impl From<baton_host::SinkError> for Error {
    fn from(error: baton_host::SinkError) -> Error {
        Error::Library(error.into())
    }
}
