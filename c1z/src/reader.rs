//! A file that is there, read: who is in it, and what a person holds by which ways.
//!
//! It is whatever program wrote it. The file itself is only opened for reading: its database is unpacked into a folder
//! that nobody else can look into, and goes with the reader.

mod access;
mod people;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};
use tempfile::TempDir;

use baton_host::contract::ResourceId;
use baton_host::shown;

use crate::envelope::{self, Unpackable};
use crate::rows::Failed;
use crate::{open, schema};

pub use access::{Access, Holding};
pub use people::Person;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not there.
    #[error("{} is not there; run a sync first, or give another file name", .0.display())]
    Missing(PathBuf),
    /// It is something else.
    #[error("{} is not a c1z file; give another file name", .0.display())]
    Foreign(PathBuf),
    /// It is of an engine that is not read.
    #[error("{} is a c1z of the Pebble engine, which this program does not read; sync into a new file, stored as sqlite", .0.display())]
    Pebble(PathBuf),
    /// What is in it is not whole, or contradicts itself.
    #[error("{} is damaged ({why}); run a sync into a new file", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// No sync of everything in it came to its end.
    #[error("{} holds no finished sync of everything; run one, or give another file name", .0.display())]
    NoSync(PathBuf),
    /// The system.
    #[error("cannot read {}: {error}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// The newest finished full sync of a file.
pub struct Reader {
    path: PathBuf,
    /// Before `_work`, so that it is closed before its folder goes.
    database: Connection,
    sync: String,
    ended: String,
    _work: TempDir,
}

impl Reader {
    /// Read the file at `path`. Its database is unpacked in `temp_dir`, or where the system has temporary files.
    pub fn open(path: &Path, temp_dir: Option<&Path>) -> Result<Reader, ReadError> {
        let of = || path.to_owned();
        let unreadable = |error| ReadError::Io { path: of(), error };
        let source = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ReadError::Missing(of()),
            _ => unreadable(error),
        })?;
        let mut builder = tempfile::Builder::new();
        builder.prefix("baton-read-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let work = match temp_dir {
            Some(folder) => builder.tempdir_in(folder),
            None => builder.tempdir(),
        };
        let work = work.map_err(unreadable)?;
        let file = work.path().join("sync.db");
        let found = envelope::unpack_from(source, &file).map_err(|error| match error {
            Unpackable::Unreadable(error) | Unpackable::NoRoom(error) => unreadable(error),
            Unpackable::Pebble => ReadError::Pebble(of()),
            Unpackable::Foreign => ReadError::Foreign(of()),
            Unpackable::Damaged(why) => damaged(path, &why),
        })?;
        if !found {
            return Err(ReadError::NoSync(of()));
        }
        let (database, newest) = newest(&file).map_err(|error| damaged(path, &error.to_string()))?;
        let Some((sync, ended)) = newest else { return Err(ReadError::NoSync(of())) };
        Ok(Reader { path: of(), database, sync, ended, _work: work })
    }

    /// When the sync ended, as the file has it.
    pub fn ended(&self) -> &str {
        &self.ended
    }

    /// The people in it who are meant by a word: an e-mail address, a login, a name, or an id, in whatever case. If it is
    /// none of these in full, those whose name has it within.
    pub fn people(&self, word: &str) -> Result<Vec<Person>, ReadError> {
        people::find(&self.database, &self.sync, word).map_err(|error| self.damaged(error))
    }

    /// What somebody holds, and by which ways, ordered by name.
    pub fn access(&self, who: &ResourceId) -> Result<Vec<Access>, ReadError> {
        access::of(&self.database, &self.sync, who).map_err(|error| self.damaged(error))
    }

    fn damaged(&self, error: Failed) -> ReadError {
        damaged(&self.path, &error.to_string())
    }
}

fn damaged(path: &Path, why: &str) -> ReadError {
    ReadError::Damaged { path: path.to_owned(), why: shown(why, None, 300) }
}

/// The database in a file, and its newest finished full sync with the time of its end.
fn newest(file: &Path) -> Result<(Connection, Option<(String, String)>), schema::Unusable> {
    let database = open::open(file)?;
    // What an older or a smaller writer left out is made in the copy.
    schema::prepare(&database)?;
    schema::runs_are_readable(&database)?;
    let newest = database
        .query_row(
            "select sync_id, ended_at from v1_sync_runs where sync_type = 'full' and ended_at is not null
             order by ended_at desc, sync_id desc limit 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok((database, newest))
}
