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
        if is_mounted(&resolved) {
            return Err(SinkError(format!(
                "cannot write {}: it is mounted by itself, and what is mounted cannot be replaced; mount the folder it \
                 lies in",
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
            self.open_to(&file, there.permissions());
        }
        file.as_file().sync_all().map_err(cannot)?;
        file.persist(&self.path).map_err(|error| self.cannot("write", error.error))?;
        // The name is durable when the directory is. Other systems do not let a directory be opened.
        if cfg!(unix) {
            File::open(&self.directory).and_then(|directory| directory.sync_all()).map_err(cannot)?;
        }
        Ok(())
    }

    /// Let the same people read a file. It is open to fewer until then, so that a volume which knows no permissions, or
    /// lets nobody change them, is no reason to lose a sync.
    fn open_to(&self, file: &NamedTempFile, wanted: fs::Permissions) {
        let done = match file.as_file().metadata() {
            Ok(found) if found.permissions() == wanted => Ok(()),
            _ => file.as_file().set_permissions(wanted),
        };
        if let Err(error) = done {
            tracing::warn!(
                "who may read {} may have changed: the volume lets nobody set permissions ({error})",
                self.path.display()
            );
        }
    }

    /// That something could not be done with the target.
    pub fn cannot(&self, what: &str, error: impl Display) -> SinkError {
        failure(what, &self.path, error)
    }
}

fn failure(what: &str, path: &Path, error: impl Display) -> SinkError {
    SinkError(format!("cannot {what} {}: {error}", path.display()))
}

/// Whether a file is a mount of its own, as containers are given single files. Known on Linux alone.
fn is_mounted(path: &Path) -> bool {
    let Ok(table) = fs::read_to_string("/proc/self/mountinfo") else { return false };
    let path = path.as_os_str().as_encoded_bytes();
    table.lines().filter_map(|line| line.split(' ').nth(4)).any(|place| unescaped(place) == path)
}

/// A path as the table of mounts has it: what would end a field is written as three octal digits.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let number = behind.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = number.and_then(|digits| u8::from_str_radix(digits, 8).ok()).filter(|_| *first == b'\\');
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { behind.get(3..).unwrap_or_default() } else { behind };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_table_of_mounts_is_read_back() {
        assert_eq!(unescaped("/out/a\\040b\\134c.c1z"), b"/out/a b\\c.c1z");
        assert_eq!(unescaped("/out/\\04"), b"/out/\\04");
        assert!(is_mounted(Path::new("/proc")) || !Path::new("/proc/self").exists());
        assert!(!is_mounted(Path::new("/proc/self")));
    }
}
