//! A journal in a file: entries behind one another, each compressed.
//!
//! An entry goes to the file in one write, so a killed process leaves all but the last entry whole; what is not
//! whole is not found. Entries are not forced to the disk: after a power cut the file may lack some, which are
//! then asked for again. The file is readable by its owner alone, since it holds what will be in the output.
//!
//! It is taken up only for the same work ([`Fingerprint`]) and only for a week: what is older would mix two
//! states of the vendor in one file.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, UNIX_EPOCH};

use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zstd::bulk::Compressor;

use super::entries::{Journal, Kind};
use crate::model::clock;
use crate::model::lock::lock;

/// How long what was left is of use.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// The first bytes of the file, with the version of its layout.
const MAGIC: [u8; 8] = *b"bjourn\x00\x01";
/// The fastest level; pages are the same words over and over.
const LEVEL: i32 = 1;
/// No entry is larger: a page holds at most some thousand records.
const LARGEST: u64 = 256 << 20;

const PAGE: u8 = 1;
const REPLY: u8 = 2;
const FORGET_PAGES: u8 = 3;
const FORGET_REPLIES: u8 = 4;

/// What must be the same for a journal to be taken up.
#[derive(Clone, Default)]
pub struct Fingerprint {
    open: Vec<u8>,
    secret: Vec<u8>,
}

impl Fingerprint {
    /// A name for something, short enough for a file's.
    pub fn short(part: &[u8]) -> String {
        digest(&SHA256, part).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Add something that may be known: the component's bytes, an address, a version.
    pub fn add(&mut self, part: &[u8]) {
        self.open.extend((part.len() as u64).to_le_bytes());
        self.open.extend(digest(&SHA256, part).as_ref());
    }

    /// Add a secret. Of all secrets together only sixteen bits of a keyed digest are written down, under a key
    /// made for the file: enough to notice another secret, and no help to who wants to guess one, because every
    /// 65,536th guess fits.
    pub fn add_secret(&mut self, part: &[u8]) {
        self.secret.extend((part.len() as u64).to_le_bytes());
        self.secret.extend(part);
    }
}

/// What was there when the journal was opened.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// What an earlier run left.
    Entries {
        /// How many pages and replies.
        count: usize,
        /// How long ago that run began.
        age: Duration,
    },
    /// Something that is of no use here; it was thrown away. The text says why.
    Useless(&'static str),
}

/// A journal in a file.
pub struct FileJournal {
    state: Mutex<State>,
}

struct State {
    file: File,
    /// Made once: setting one up costs as much as packing a page.
    packer: Compressor<'static>,
    /// Where the entries of earlier runs are.
    index: HashMap<(u8, u128), (u64, usize)>,
    /// Whether entries can still be written.
    good: bool,
}

/// Magic, moment of the beginning, salt, digest of what is open, sixteen bits of the secrets.
const HEAD: usize = 8 + 8 + 16 + 32 + 2;
/// Kind, key, length.
const FRAME: usize = 1 + 16 + 4;

impl FileJournal {
    /// Open the journal at `path`, or begin one.
    pub fn open(path: &Path, fingerprint: &Fingerprint) -> io::Result<(FileJournal, Found)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let now = clock::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut head = Vec::new();
        (&file).take(HEAD as u64).read_to_end(&mut head)?;
        let found = match fits(&head, fingerprint, now) {
            _ if head.is_empty() => Err(Found::Nothing),
            Ok(age) => Ok(age),
            Err(why) => Err(Found::Useless(why)),
        };
        let (index, found) = match found {
            Ok(age) => {
                let (index, end) = scan(&file)?;
                file.set_len(end)?;
                file.seek(SeekFrom::End(0))?;
                let found = Found::Entries { count: index.len(), age };
                (index, found)
            }
            Err(found) => {
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(&new_head(fingerprint, now)?)?;
                (HashMap::new(), found)
            }
        };
        Ok((FileJournal { state: Mutex::new(State { file, packer: packer()?, index, good: true }) }, found))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Journal for FileJournal {
    fn find(&self, kind: Kind, key: u128) -> Option<Vec<u8>> {
        let mut state = self.lock();
        let (at, len) = *state.index.get(&(code(kind), key))?;
        let mut packed = vec![0; len];
        let read = state.file.seek(SeekFrom::Start(at)).and_then(|_| state.file.read_exact(&mut packed));
        state.file.seek(SeekFrom::End(0)).ok()?;
        read.ok()?;
        let mut entry = Vec::new();
        let unpacked = zstd::Decoder::with_buffer(packed.as_slice()).ok()?;
        unpacked.take(LARGEST).read_to_end(&mut entry).ok()?;
        Some(entry)
    }

    fn keep(&self, kind: Kind, key: u128, entry: &[u8]) {
        let mut state = self.lock();
        let Ok(packed) = state.packer.compress(entry) else { return };
        state.append(code(kind), key, &packed);
    }

    fn forget_pages(&self, keys: &[u128]) {
        let mut state = self.lock();
        for key in keys {
            state.index.remove(&(PAGE, *key));
            state.append(FORGET_PAGES, *key, &[]);
        }
    }

    fn forget_replies(&self) {
        let mut state = self.lock();
        state.index.retain(|(kind, _), _| *kind != REPLY);
        state.append(FORGET_REPLIES, 0, &[]);
    }
}

impl State {
    fn append(&mut self, kind: u8, key: u128, packed: &[u8]) {
        let Some(len) = u32::try_from(packed.len()).ok().filter(|_| self.good) else { return };
        let mut frame = Vec::with_capacity(FRAME + packed.len());
        frame.push(kind);
        frame.extend(key.to_le_bytes());
        frame.extend(len.to_le_bytes());
        frame.extend(packed);
        if let Err(error) = self.file.write_all(&frame) {
            // Half an entry may be there now: nothing may follow it.
            self.good = false;
            tracing::warn!(%error, "what was read cannot be kept for a later run; the sync goes on");
        }
    }
}

fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Page => PAGE,
        Kind::Reply => REPLY,
    }
}

fn packer() -> io::Result<Compressor<'static>> {
    let mut packer = Compressor::new(LEVEL)?;
    packer.include_checksum(true)?;
    Ok(packer)
}

/// How old a journal that fits is; else why it does not fit.
fn fits(head: &[u8], wanted: &Fingerprint, now: Duration) -> Result<Duration, &'static str> {
    let part = |from: usize, to: usize| head.get(from..to).unwrap_or_default();
    if head.len() != HEAD || part(0, 8) != MAGIC {
        return Err("it is not of this version");
    }
    let began = part(8, 16).try_into().map(u64::from_le_bytes).map(Duration::from_secs).unwrap_or_default();
    let Some(age) = now.checked_sub(began).filter(|age| *age <= LONGEST) else {
        return Err("it is older than 7 days");
    };
    let salt = part(16, 32);
    if part(32, 64) != digest(&SHA256, &wanted.open).as_ref() || part(64, 66) != short(&wanted.secret, salt) {
        return Err("the connector, its version or its config is another one");
    }
    Ok(age)
}

fn new_head(fingerprint: &Fingerprint, now: Duration) -> io::Result<Vec<u8>> {
    let mut salt = [0; 16];
    let random = SystemRandom::new();
    random.fill(&mut salt).map_err(|_| io::Error::other("the system gives no random numbers"))?;
    let mut head = MAGIC.to_vec();
    head.extend(now.as_secs().to_le_bytes());
    head.extend(salt);
    head.extend(digest(&SHA256, &fingerprint.open).as_ref());
    head.extend(short(&fingerprint.secret, &salt));
    Ok(head)
}

fn short(secret: &[u8], salt: &[u8]) -> [u8; 2] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), secret);
    match tag.as_ref() {
        [first, second, ..] => [*first, *second],
        _ => [0, 0],
    }
}

/// Where each entry is that still counts, and where the last whole one ends.
#[expect(clippy::type_complexity, reason = "an index and a position, used once")]
fn scan(file: &File) -> io::Result<(HashMap<(u8, u128), (u64, usize)>, u64)> {
    let total = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut index = HashMap::new();
    let mut end = reader.seek(SeekFrom::Start(HEAD as u64))?;
    let mut frame = [0; FRAME];
    while reader.read_exact(&mut frame).is_ok() {
        let [kind, rest @ ..] = frame;
        let (key, len) = rest.split_at(16);
        let key = key.try_into().map(u128::from_le_bytes).unwrap_or_default();
        let len = len.try_into().map(u32::from_le_bytes).unwrap_or_default();
        let at = end + FRAME as u64;
        if at + u64::from(len) > total {
            break;
        }
        match kind {
            PAGE | REPLY => drop(index.insert((kind, key), (at, len as usize))),
            FORGET_PAGES => drop(index.remove(&(PAGE, key))),
            FORGET_REPLIES => index.retain(|(kind, _), _| *kind != REPLY),
            _ => break,
        }
        end = at + u64::from(len);
        reader.seek_relative(i64::from(len))?;
    }
    Ok((index, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(secret: &str) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        fingerprint.add(b"component");
        fingerprint.add_secret(secret.as_bytes());
        fingerprint
    }

    #[test]
    fn entries_are_found_in_the_next_run_also_behind_half_a_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let (journal, found) = FileJournal::open(&path, &fingerprint("a:b")).expect("a journal");
        assert_eq!(found, Found::Nothing);
        journal.keep(Kind::Page, 1, b"one");
        journal.keep(Kind::Page, 2, b"two");
        journal.keep(Kind::Reply, 3, &[b'x'; 100_000]);
        journal.forget_pages(&[2]);
        assert_eq!(journal.find(Kind::Page, 1), None, "a run does not read what it wrote");
        drop(journal);
        let mut file = OpenOptions::new().append(true).open(&path).expect("the file");
        file.write_all(&[PAGE; FRAME + 3]).expect("half an entry");

        for _ in 0..2 {
            let (journal, found) = FileJournal::open(&path, &fingerprint("a:b")).expect("a journal");
            assert!(matches!(found, Found::Entries { count: 2, .. }), "{found:?}");
            assert_eq!(journal.find(Kind::Page, 1).as_deref(), Some(&b"one"[..]));
            assert_eq!(journal.find(Kind::Page, 2), None);
            assert_eq!(journal.find(Kind::Reply, 3).map(|entry| entry.len()), Some(100_000));
        }
        let (journal, _) = FileJournal::open(&path, &fingerprint("a:b")).expect("a journal");
        journal.forget_replies();
        assert_eq!(journal.find(Kind::Reply, 3), None);
    }

    #[test]
    fn a_journal_of_other_work_is_thrown_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let (journal, _) = FileJournal::open(&path, &fingerprint("a:b")).expect("a journal");
        journal.keep(Kind::Page, 1, b"one");
        drop(journal);
        // One secret in 65,536 looks the same.
        let others: Vec<Found> = ["a:c", "a:d"]
            .iter()
            .map(|other| FileJournal::open(&path, &fingerprint(other)).expect("a journal").1)
            .collect();
        assert!(others.contains(&Found::Useless("the connector, its version or its config is another one")));
        std::fs::write(&path, b"something else").expect("a file");
        let (_, found) = FileJournal::open(&path, &fingerprint("a:b")).expect("a journal");
        assert_eq!(found, Found::Useless("it is not of this version"));
    }

    #[test]
    fn a_week_is_the_limit() {
        let wanted = fingerprint("a:b");
        let week = LONGEST.as_secs();
        let head = new_head(&wanted, Duration::from_secs(1_000)).expect("random numbers");
        let at = |seconds| fits(&head, &wanted, Duration::from_secs(seconds));
        assert_eq!(at(1_000 + week), Ok(LONGEST));
        assert_eq!(at(1_001 + week), Err("it is older than 7 days"));
        assert_eq!(at(999), Err("it is older than 7 days"));
    }
}
