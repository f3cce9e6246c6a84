//! A journal in a file: entries behind one another, each compressed.
//!
//! An entry goes to the file in one write, so a killed process leaves all but the last entry whole; what is not
//! whole is not found. Entries are not forced to the disk: after a power cut the file may lack some, which are
//! then asked for again. The file is readable by its owner alone, since it holds what will be in the output.
//!
//! It is taken up only for the same work ([`Fingerprint`]), and only while it is fresh: each entry has its moment, and
//! what is older would mix two states of the vendor in one file.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zstd::bulk::Compressor;

use super::entries::{Journal, Kind};
use super::fingerprint::{Fingerprint, PRINT};
use crate::model::clock;
use crate::model::lock::lock;

/// How long ago a stopped run may have read its last page. Somebody who runs the command again does it at once.
const SINCE_LAST: Duration = Duration::from_secs(3600);
/// The first bytes of the file, with the version of its layout.
const MAGIC: [u8; 8] = *b"bjourn\x00\x02";
/// The fastest level; pages are the same words over and over.
const LEVEL: i32 = 1;
/// No entry is larger: a page holds at most some thousand records.
const LARGEST: u64 = 256 << 20;

const PAGE: u8 = 1;
const REPLY: u8 = 2;
const FORGET_PAGES: u8 = 3;
const FORGET_REPLIES: u8 = 4;

/// What was there when the journal was opened.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// What an earlier run left.
    Entries {
        /// How many pages and replies.
        count: usize,
        /// When the first of them was read.
        first: SystemTime,
    },
    /// What is too old to go on with; it was thrown away.
    Old {
        /// How long ago the first entry was read.
        first: Duration,
        /// How long ago the last one was.
        last: Duration,
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
    index: Index,
    /// When the file was made, since 1970. Entries count from then.
    made: Duration,
    /// Whether entries can still be written.
    good: bool,
}

type Index = HashMap<(u8, u128), (u64, usize)>;

/// What lies in a file.
struct Scanned {
    index: Index,
    /// Where the last whole entry ends.
    end: u64,
    /// When the first and the last entry were read, in seconds since the file was made.
    moments: Option<(u32, u32)>,
}

/// Magic, moment of the beginning, and what must be the same.
const HEAD: usize = 8 + 8 + PRINT;
/// Kind, key, seconds since the beginning, length.
const FRAME: usize = 1 + 16 + 4 + 4;

impl FileJournal {
    /// Open the journal at `path`, or begin one. What is there is taken up if its first page was read `within` this time.
    pub fn open(
        path: &Path,
        fingerprint: &Fingerprint,
        within: Duration,
    ) -> io::Result<(FileJournal, Found)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        // To whole seconds, as it is written down.
        let now = Duration::from_secs(clock::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs());
        let mut head = Vec::new();
        (&file).take(HEAD as u64).read_to_end(&mut head)?;
        let (index, made, found) = match take_up(&file, &head, fingerprint, now, within)? {
            Ok((scanned, made)) => {
                file.set_len(scanned.end)?;
                file.seek(SeekFrom::End(0))?;
                let first = scanned.moments.map_or(now, |(first, _)| made + seconds(first));
                let found = Found::Entries { count: scanned.index.len(), first: UNIX_EPOCH + first };
                (scanned.index, made, found)
            }
            Err(found) => {
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(&[&MAGIC[..], &now.as_secs().to_le_bytes(), &fingerprint.print()?].concat())?;
                (Index::new(), now, found)
            }
        };
        let state = State { file, packer: packer()?, index, made, good: true };
        Ok((FileJournal { state: Mutex::new(state) }, found))
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
    /// Seconds since the file was made.
    fn moment(&self) -> u32 {
        let now = clock::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u32::try_from(now.saturating_sub(self.made).as_secs()).unwrap_or(u32::MAX)
    }

    fn append(&mut self, kind: u8, key: u128, packed: &[u8]) {
        let Some(len) = u32::try_from(packed.len()).ok().filter(|_| self.good) else { return };
        let mut frame = Vec::with_capacity(FRAME + packed.len());
        frame.push(kind);
        frame.extend(key.to_le_bytes());
        frame.extend(self.moment().to_le_bytes());
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

/// What is in the file, if it is of use; else why not.
fn take_up(
    file: &File,
    head: &[u8],
    wanted: &Fingerprint,
    now: Duration,
    within: Duration,
) -> io::Result<Result<(Scanned, Duration), Found>> {
    let useless = |why| Ok(Err(Found::Useless(why)));
    if head.is_empty() {
        return Ok(Err(Found::Nothing));
    }
    let rest = head.strip_prefix(&MAGIC).unwrap_or_default();
    let Some((made, print)) = rest.split_first_chunk().filter(|(_, print)| print.len() == PRINT) else {
        return useless("it is not of this version");
    };
    if !wanted.fits(print) {
        return useless("the connector, its version or its config is another one");
    }
    let made = Duration::from_secs(u64::from_le_bytes(*made));
    let scanned = scan(file)?;
    let Some((first, last)) = scanned.moments else { return Ok(Ok((scanned, made))) };
    let age = |moment| now.checked_sub(made.checked_add(seconds(moment))?);
    match (age(first), age(last)) {
        (Some(first), Some(last)) if first <= within && last <= SINCE_LAST => Ok(Ok((scanned, made))),
        (Some(first), Some(last)) => Ok(Err(Found::Old { first, last })),
        _ => useless("it is of a later time than it is now: a clock was wrong"),
    }
}

fn seconds(number: u32) -> Duration {
    Duration::from_secs(number.into())
}

/// Each entry that still counts.
fn scan(file: &File) -> io::Result<Scanned> {
    let total = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let end = reader.seek(SeekFrom::Start(HEAD as u64))?;
    let mut scanned = Scanned { index: HashMap::new(), end, moments: None };
    let mut frame = [0; FRAME];
    while reader.read_exact(&mut frame).is_ok() {
        let [kind, rest @ ..] = frame;
        let (key, rest) = rest.split_at(16);
        let (moment, len) = rest.split_at(4);
        let key = key.try_into().map(u128::from_le_bytes).unwrap_or_default();
        let number = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).unwrap_or_default();
        let (moment, len) = (number(moment), number(len));
        let at = scanned.end + FRAME as u64;
        if at + u64::from(len) > total {
            break;
        }
        match kind {
            PAGE | REPLY => {
                scanned.index.insert((kind, key), (at, len as usize));
                let (first, last) = scanned.moments.unwrap_or((moment, moment));
                scanned.moments = Some((first.min(moment), last.max(moment)));
            }
            FORGET_PAGES => drop(scanned.index.remove(&(PAGE, key))),
            FORGET_REPLIES => scanned.index.retain(|(kind, _), _| *kind != REPLY),
            _ => break,
        }
        scanned.end = at + u64::from(len);
        reader.seek_relative(i64::from(len))?;
    }
    Ok(scanned)
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
