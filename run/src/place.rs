//! Where the result of a run goes, by the extension of its name: `.c1z` for the baton tools, `.jsonl` for everything else.
//!
//! Another extension is refused: a file that is not what its name says would be found out by the next program.

use std::path::{Path, PathBuf, is_separator};

use crate::error::Error;

/// Where a run writes.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Where a database is put together; beside the file if not given.
    pub temp_dir: Option<PathBuf>,
    /// Finished full syncs to keep in a `.c1z`, the new one included; all of them if not given.
    pub keep: Option<usize>,
}

/// What a file name asks for.
pub enum Form {
    /// A file for the baton tools.
    C1z,
    /// A JSON object a line.
    JsonLines,
}

impl Form {
    /// What this name asks for. Looked at before anything is made or removed beside it.
    pub fn of(path: &Path) -> Result<Form, Error> {
        let refused = |why: &str| Err(Error::Name(format!("{} {why}", path.display())));
        if path.as_os_str().is_empty() {
            return Err(Error::Name("the name is empty".into()));
        }
        if path.is_dir() || path.as_os_str().to_string_lossy().ends_with(is_separator) {
            return refused("is a folder; give the name of a file in it");
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match name.rsplit_once('.') {
            Some(("", "c1z" | "jsonl")) => refused("needs a name before its extension"),
            Some((_, "c1z")) => Ok(Form::C1z),
            Some((_, "jsonl")) => Ok(Form::JsonLines),
            _ => refused("must end in .c1z (for the baton tools) or .jsonl (one JSON object a line)"),
        }
    }
}
