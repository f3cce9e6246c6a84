//! Compiled code between runs: a folder with one file for each component and each way of compiling it.
//!
//! Compiled code is run as it is, so nothing counts that somebody else could have put there, and nothing that a disk
//! or a stopped copy has damaged. The folder and its files belong to our user, nobody else may look in, and none of
//! them is a link; else there is no cache. A file begins with the SHA-256 of all that follows, which is compared before
//! any of it is used; what does not fit is thrown away. Without a cache the program is slower, not broken.

use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_lc_rs::digest::{Context, SHA256, digest};

/// The folder among those of other programs.
const FOLDER: &str = "baton-compiled";
/// The length of a SHA-256.
const SUM: usize = 32;
/// The fastest level: the code of a component becomes a third as large.
const LEVEL: i32 = 1;
/// No compiled component is larger.
const LARGEST: u64 = 1 << 30;
/// Files that stay. A user has one or two connectors, and a new version of the program makes each anew.
const KEPT: usize = 16;

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

/// What code is kept under: the component, and everything that its code depends on.
pub(crate) struct Key(String);

impl Key {
    pub fn new(wasm: &[u8], compiler: impl Hash) -> Key {
        let mut sum = Sum(Context::new(&SHA256));
        digest(&SHA256, wasm).as_ref().hash(&mut sum);
        compiler.hash(&mut sum);
        Key(sum.0.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// What is hashed goes into a SHA-256.
struct Sum(Context);

impl Hasher for Sum {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Nobody asks for the short form.
    fn finish(&self) -> u64 {
        0
    }
}

impl Cache {
    /// The user's, made if it is not there yet.
    pub fn of_user() -> io::Result<Cache> {
        let beside =
            caches().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no home folder"))?;
        Cache::within(&beside)
    }

    fn within(beside: &Path) -> io::Result<Cache> {
        let folder = beside.join(FOLDER);
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(beside)?;
        builder.recursive(false);
        match builder.create(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
        let found = fs::symlink_metadata(&folder)?;
        if !found.is_dir() || !is_ours_alone(&found) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("{} is a link, or of somebody else, or open to others", folder.display()),
            ));
        }
        Ok(Cache { folder })
    }

    /// The code under a key, as it was kept.
    pub fn find(&self, key: &Key) -> Option<Vec<u8>> {
        let path = self.folder.join(&key.0);
        match read(&path) {
            Ok(code) => Some(code),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::debug!(%error, path = %path.display(), "compiled code is thrown away");
                let _ = fs::remove_file(&path);
                None
            }
        }
    }

    /// Keep code. It appears whole or not at all.
    pub fn keep(&self, key: &Key, code: &[u8]) {
        let path = self.folder.join(&key.0);
        // Who compiles at the same time has a file of his own.
        let half = self.folder.join(format!("{}.{:016x}.tmp", key.0, fastrand::u64(..)));
        let kept = write(&half, code).and_then(|()| fs::rename(&half, &path));
        if let Err(error) = kept {
            tracing::debug!(%error, path = %path.display(), "compiled code is not kept");
            let _ = fs::remove_file(&half);
        }
        if let Err(error) = self.tidy() {
            tracing::debug!(%error, "old compiled code stays");
        }
    }

    /// Throw away what no code came of, and the oldest of all others.
    fn tidy(&self) -> io::Result<()> {
        let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            found.push((entry.metadata()?.modified()?, entry.path()));
        }
        found.sort();
        let over = found.len().saturating_sub(KEPT);
        for (_, path) in found.into_iter().take(over) {
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let unfit = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why);
    let found = fs::symlink_metadata(path)?;
    if !found.is_file() || !is_ours_alone(&found) {
        return Err(unfit("it is a link, or of somebody else, or open to others"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    let (sum, packed) = bytes.split_at_checked(SUM).ok_or_else(|| unfit("it is cut"))?;
    if digest(&SHA256, packed).as_ref() != sum {
        return Err(unfit("it is damaged"));
    }
    let mut code = Vec::new();
    zstd::Decoder::with_buffer(packed)?.take(LARGEST).read_to_end(&mut code)?;
    Ok(code)
}

fn write(path: &Path, code: &[u8]) -> io::Result<()> {
    let packed = zstd::bulk::compress(code, LEVEL)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(digest(&SHA256, &packed).as_ref())?;
    file.write_all(&packed)
}

/// Whether it belongs to our user, and nobody else may do anything with it.
#[cfg(unix)]
fn is_ours_alone(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o077 == 0
}

/// Elsewhere a user's folder is closed to others by where it lies.
#[cfg(not(unix))]
fn is_ours_alone(_: &fs::Metadata) -> bool {
    true
}

/// Where a user's programs keep what they can make anew.
fn caches() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return folder("LOCALAPPDATA");
    }
    folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (tempfile::TempDir, Cache) {
        let home = tempfile::tempdir().expect("a folder");
        let cache = Cache::within(&home.path().join("caches")).expect("a cache");
        (home, cache)
    }

    #[test]
    fn code_is_found_under_its_own_key_alone() {
        let (_home, cache) = cache();
        let code = b"code ".repeat(1_000);
        cache.keep(&Key::new(b"one", 1), &code);
        assert_eq!(cache.find(&Key::new(b"one", 1)), Some(code));
        assert_eq!(cache.find(&Key::new(b"one", 2)), None);
        assert_eq!(cache.find(&Key::new(b"two", 1)), None);
    }

    #[test]
    fn whatever_byte_of_an_entry_is_changed_or_lost_it_is_not_used() {
        let (_home, cache) = cache();
        let key = Key::new(b"one", 1);
        cache.keep(&key, &b"code ".repeat(50));
        let path = cache.folder.join(&key.0);
        let whole = fs::read(&path).expect("the entry");
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            for damaged in [flipped, whole[..at].to_vec()] {
                fs::write(&path, damaged).expect("written");
                assert_eq!(cache.find(&key), None, "byte {at}");
                assert!(!path.exists(), "it is thrown away");
                fs::write(&path, &whole).expect("written");
                #[cfg(unix)]
                fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                    .expect("closed");
            }
        }
        assert!(cache.find(&key).is_some());
    }

    #[test]
    fn the_oldest_goes_when_there_are_many() {
        let (_home, cache) = cache();
        for number in 0..KEPT + 3 {
            cache.keep(&Key::new(b"one", number), b"code");
        }
        assert_eq!(fs::read_dir(&cache.folder).expect("the folder").count(), KEPT);
        assert!(cache.find(&Key::new(b"one", KEPT + 2)).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn what_others_could_have_put_there_is_not_used() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (home, cache) = cache();
        let key = Key::new(b"one", 1);
        cache.keep(&key, b"code");
        let path = cache.folder.join(&key.0);
        assert_eq!(fs::metadata(&path).expect("the entry").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&cache.folder).expect("the folder").permissions().mode() & 0o777, 0o700);

        let elsewhere = home.path().join("elsewhere");
        fs::rename(&path, &elsewhere).expect("moved");
        symlink(&elsewhere, &path).expect("a link");
        assert_eq!(cache.find(&key), None);
        assert!(elsewhere.exists() && !path.is_symlink(), "the link goes, not what it leads to");

        cache.keep(&key, b"code");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("opened");
        assert_eq!(cache.find(&key), None);

        let beside = home.path().join("caches");
        fs::set_permissions(&cache.folder, fs::Permissions::from_mode(0o755)).expect("opened");
        assert!(Cache::within(&beside).is_err());
        fs::rename(&cache.folder, &elsewhere).expect_err("a file is there");
        fs::remove_file(&elsewhere).expect("removed");
        fs::rename(&cache.folder, &elsewhere).expect("moved");
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o700)).expect("closed");
        symlink(&elsewhere, &cache.folder).expect("a link");
        assert!(Cache::within(&beside).is_err());
    }
}
