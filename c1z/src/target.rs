//! The file a sync ends in, which appears only whole.
//!
//! Whatever is written goes to a temporary file beside it. `publish` makes that durable and renames it over the
//! target, so that at any moment, a power cut included, the name leads to the old file or to the new one. A
//! temporary file that is not published removes itself.

use std::fmt::Display;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use baton_host::SinkError;

/// Where the result goes.
pub(crate) struct Target {
    path: PathBuf,
    directory: PathBuf,
}

impl Target {
    /// The target, after a look at whether a file can appear there: better now than after an hour's sync.
    pub fn new(path: &Path) -> Result<Target, SinkError> {
        // A link is followed, so that the file it leads to is replaced and not the link.
        let resolved = match fs::canonicalize(path) {
            Ok(resolved) => resolved,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(failure("open", path, error)),
        };
        if !resolved.exists() && resolved.is_symlink() {
            return Err(SinkError(format!(
                "cannot write {}: it is a link to what is not there; remove it or make what it leads to",
                path.display()
            )));
        }
        if resolved.exists() && !resolved.is_file() {
            return Err(SinkError(format!(
                "cannot write {}: it is there and not a file; give another file name",
                path.display()
            )));
        }
        let directory = match resolved.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let target = Target { path: resolved, directory };
        drop(target.temporary()?);
        Ok(target)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// An empty file beside the target.
    pub fn temporary(&self) -> Result<NamedTempFile, SinkError> {
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(self.path.file_name().unwrap_or_default());
        prefix.push(".");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // No wider than the file that is there: its owner may have had a reason.
            let there = fs::metadata(&self.path).map_or(0o644, |there| there.permissions().mode());
            builder.permissions(fs::Permissions::from_mode(there & 0o644 | 0o600));
        }
        builder.tempfile_in(&self.directory).map_err(|error| self.cannot("write", error))
    }

    /// Make a complete temporary file the target.
    pub fn publish(&self, file: NamedTempFile) -> Result<(), SinkError> {
        let cannot = |error| self.cannot("write", error);
        // Whoever could read the file that is there can read this one, and nobody else.
        if let Ok(there) = fs::metadata(&self.path) {
            file.as_file().set_permissions(there.permissions()).map_err(cannot)?;
        }
        file.as_file().sync_all().map_err(cannot)?;
        file.persist(&self.path).map_err(|error| self.cannot("write", error.error))?;
        // The name is durable when the directory is. Other systems do not let a directory be opened.
        if cfg!(unix) {
            File::open(&self.directory).and_then(|directory| directory.sync_all()).map_err(cannot)?;
        }
        Ok(())
    }

    /// That something could not be done with the target.
    pub fn cannot(&self, what: &str, error: impl Display) -> SinkError {
        failure(what, &self.path, error)
    }
}

fn failure(what: &str, path: &Path, error: impl Display) -> SinkError {
    SinkError(format!("cannot {what} {}: {error}", path.display()))
}
