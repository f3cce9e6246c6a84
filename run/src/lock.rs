//! The lock beside an output.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The path without links, also of a file that is not there yet.
pub(crate) fn resolved(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
            Ok(fs::canonicalize(parent)?.join(path.file_name().unwrap_or_default()))
        }
        other => other,
    }
}

/// What came of asking for a lock.
pub(crate) enum Lock {
    /// It is held as long as the file is open.
    Held(File),
    /// Somebody else has it.
    Busy,
    /// The volume has no locks.
    None(io::Error),
}

/// Ask for the lock.
pub(crate) fn lock(path: &Path) -> io::Result<Lock> {
    if path.is_symlink() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("{} is a link; remove it", path.display()),
        ));
    }
    loop {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Lock::Busy),
            Err(TryLockError::Error(error)) => {
                drop(file);
                fs::remove_file(path)?;
                return Ok(Lock::None(error));
            }
        }
        // Whoever had it before may have removed it after it was opened here: then it locks nothing.
        if is_at(&file, path)? {
            return Ok(Lock::Held(file));
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let held = file.metadata()?;
    Ok(fs::metadata(path).is_ok_and(|there| (there.dev(), there.ino()) == (held.dev(), held.ino())))
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    use super::*;

    #[test]
    fn of_many_who_race_for_it_one_has_it_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".sync.c1z.lock");
        let (taken, times) = (AtomicBool::new(false), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        match lock(&path).expect("a lock") {
                            Lock::Held(file) => {
                                assert!(!taken.swap(true, Ordering::SeqCst), "two have it");
                                times.fetch_add(1, Ordering::SeqCst);
                                std::thread::yield_now();
                                taken.store(false, Ordering::SeqCst);
                                // As a run ends: the file goes, and then the lock on it.
                                fs::remove_file(&path).expect("removed");
                                drop(file);
                            }
                            Lock::Busy => {}
                            Lock::None(error) => panic!("this volume has no locks: {error}"),
                        }
                    }
                });
            }
        });
        assert!(times.into_inner() > 0);
    }
}
