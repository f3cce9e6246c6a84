//! Why there is no review.

use std::path::{Path, PathBuf};

/// Bad input, or a disk that failed. Each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file to review.
    #[error(transparent)]
    File(#[from] baton_c1z::Unreadable),
    /// There is nothing in it that could be reviewed, or what was asked for is not in it.
    #[error("{0}")]
    Nothing(String),
    /// The rules cannot be used.
    #[error("{0}")]
    Rules(String),
    /// The list of people cannot be used.
    #[error("{0}")]
    People(String),
    /// A key, or what was signed with it.
    #[error("{0}")]
    Key(String),
    /// The folder cannot be used.
    #[error("{0}")]
    Folder(String),
    /// Files of a review are not what they were.
    #[error("{0}")]
    Altered(String),
    /// A file or folder.
    #[error("cannot {what} {}: {error}", .path.display())]
    Io {
        /// What was to be done.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it could not be done.
        error: std::io::Error,
    },
    /// A page, workbook or table could not be made.
    #[error("cannot make {what}: {error}")]
    Make {
        /// Which.
        what: String,
        /// Why.
        error: String,
    },
}

impl Error {
    /// An error of the system, with what was being done.
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |error| Error::Io { what, path, error }
    }

    /// That an output could not be made.
    pub(crate) fn make(what: impl Into<String>, error: impl std::fmt::Display) -> Error {
        Error::Make { what: what.into(), error: error.to_string() }
    }
}
