//! The working folder of one output: what a run leaves if it is stopped, and what keeps two runs apart.
//!
//! Beside the output lies a lock, held while a run is on. The folder holds the working database and the journal
//! of what was read; it lies beside the output too, or in `--c1z-temp-dir`. A run that was killed could not tidy
//! up, so the next one does: it throws away all but the journal. Both are gone when a run has its result.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton_host::journal::{FileJournal, Fingerprint, Found, Journal};

use crate::error::Error;
use crate::lock::{lock, resolved};
use crate::place::{Form, Place};

/// The working folder of a run, locked.
pub struct Work {
    output: PathBuf,
    lock_path: PathBuf,
    /// Held until the run ends.
    _lock: File,
    folder: PathBuf,
    /// Whether the folder is known to be this run's.
    is_ours: bool,
    journal: Option<Arc<dyn Journal>>,
    keep: bool,
}

impl Work {
    /// Lock the output, and find or make its folder.
    pub fn begin(place: &Place) -> Result<Work, Error> {
        // A name that will be refused must not lead to what somebody else has under such a name.
        Form::of(&place.file)?;
        let output = resolved(&place.file).map_err(cannot_write(&place.file))?;
        let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let beside = output.parent().unwrap_or(Path::new("")).to_owned();
        let lock_path = beside.join(format!(".{name}.lock"));
        let lock = lock(&lock_path).map_err(cannot_write(&place.file))?;
        let Some(lock) = lock else { return Err(Error::Busy(place.file.clone())) };
        let folder = match &place.temp_dir {
            None => beside.join(format!(".{name}.work")),
            Some(dir) => {
                dir.join(format!("baton-{}", Fingerprint::short(output.as_os_str().as_encoded_bytes())))
            }
        };
        let mut work =
            Work { output, lock_path, _lock: lock, folder, is_ours: false, journal: None, keep: false };
        let tidy = |work: &mut Work| -> io::Result<()> {
            remove(&beside, |found| found.starts_with(&format!(".{name}.")) && found.ends_with(".tmp"))?;
            own(&work.folder)?;
            work.is_ours = true;
            remove(&work.folder, |found| found != JOURNAL)
        };
        let what = format!("cannot use the working folder {}", work.folder.display());
        tidy(&mut work).map_err(Error::io(what))?;
        Ok(work)
    }

    /// Take up what an earlier run left, and leave this run's for a later one.
    pub fn open_journal(&mut self, same: &Fingerprint) {
        let path = self.folder.join(JOURNAL);
        match FileJournal::open(&path, same) {
            Ok((journal, found)) => {
                match found {
                    Found::Entries { count, age } if count > 0 => tracing::info!(
                        pages = count,
                        begun_minutes_ago = age.as_secs() / 60,
                        "Going on where an earlier run was stopped"
                    ),
                    Found::Entries { .. } | Found::Nothing => {}
                    Found::Useless(why) => tracing::warn!(
                        "what an earlier run left for {} was thrown away: {why}",
                        self.output.display()
                    ),
                }
                self.journal = Some(Arc::new(journal));
            }
            Err(error) => tracing::warn!(
                "what is read cannot be kept in {}, so a run that is stopped begins anew: {error}",
                path.display()
            ),
        }
    }

    /// Do without a journal, and leave one that is there for the run that it belongs to.
    pub fn leave_journal(&mut self) {
        self.keep = true;
    }

    /// The journal, for the sync.
    pub fn journal(&self) -> Option<Arc<dyn Journal>> {
        self.journal.clone()
    }

    /// Where the working database goes.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leave the journal for a later run. Returns whether there is one.
    pub fn keep(&mut self) -> bool {
        self.keep |= self.journal.is_some();
        self.journal.is_some()
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run. A folder of somebody else's stays as it is.
        if self.keep && self.is_ours {
            let _ = remove(&self.folder, |found| found != JOURNAL);
            // Only an empty one goes.
            let _ = fs::remove_dir(&self.folder);
        } else if self.is_ours {
            let _ = fs::remove_dir_all(&self.folder);
        }
        let _ = fs::remove_file(&self.lock_path);
    }
}

const JOURNAL: &str = "journal";

/// Make a folder that nobody else can look into, or make sure that one which is there is such a folder: what is in it is
/// removed, and in a directory that is shared anybody could have put it there.
fn own(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    let found = fs::symlink_metadata(folder)?;
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    if !found.is_dir() {
        return refused("it is there and not a folder; remove it");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        if found.uid() != rustix::process::geteuid().as_raw() {
            return refused("it belongs to another user; give another --c1z-temp-dir");
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Remove what has a name that is meant, files and folders.
fn remove(folder: &Path, meant: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(&meant) {
            match entry.file_type()?.is_dir() {
                true => fs::remove_dir_all(entry.path())?,
                false => fs::remove_file(entry.path())?,
            }
        }
    }
    Ok(())
}

fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> Error {
    Error::io(format!("cannot write {}", path.display()))
}
