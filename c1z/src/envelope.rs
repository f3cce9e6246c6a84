//! The envelope: five bytes that say what it is, then the database, compressed in one zstd frame.
//!
//! Packing streams from disk to disk. Unpacking believes nothing: a file that is not a `.c1z` of this format is
//! refused and left as it is, and so is one that is damaged or unpacks to more than Baton's readers take.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use baton_host::{SinkError, shown};

use crate::target::Target;

/// The first bytes of a file whose payload is a SQLite database.
const MAGIC: [u8; 5] = *b"C1ZF\0";
/// The first bytes of one that holds another kind of database, Pebble.
const PEBBLE: [u8; 5] = *b"C1Z3\0";
/// The largest database that Baton's readers take.
const LARGEST: u64 = 10 << 30;
/// The fastest level, which the Go writer knows as well: a tenth larger than the next, for half the time.
const LEVEL: i32 = 1;

/// How large a finished file is.
#[derive(Clone, Copy, Default)]
pub(super) struct Sizes {
    pub decompressed: u64,
    pub compressed: u64,
}

/// Why there is no database in a file.
pub(super) enum Unpackable {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is of the Pebble engine.
    Pebble,
    /// It is something else.
    Foreign,
    /// What is in it is not whole.
    Damaged(String),
    /// There is no room for the database.
    NoRoom(io::Error),
}

/// Put the target's database into `file`. Returns whether there is one.
pub(super) fn unpack(target: &Target, file: &Path) -> Result<bool, SinkError> {
    let source = match File::open(target.path()) {
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(target.cannot("read", error)),
    };
    unpack_from(source, file).map_err(|error| match error {
        Unpackable::Unreadable(error) => target.cannot("read", error),
        Unpackable::Pebble => SinkError(format!(
            "{} is a c1z of the Pebble engine, to which this program cannot add a sync; it was left as it \
             is, give another file name",
            target.path().display()
        )),
        Unpackable::Foreign => SinkError(format!(
            "{} is there and is not a c1z file; it was left as it is, give another file name",
            target.path().display()
        )),
        Unpackable::Damaged(error) => damaged(target, error),
        Unpackable::NoRoom(error) => target.cannot("unpack", error),
    })
}

/// Put the database of an open file into `file`. Returns whether there is one: an empty file has none.
pub(super) fn unpack_from(source: File, file: &Path) -> Result<bool, Unpackable> {
    let damaged = |error: io::Error| Unpackable::Damaged(error.to_string());
    let mut source = BufReader::new(source);
    let mut start = Vec::new();
    source.by_ref().take(MAGIC.len() as u64).read_to_end(&mut start).map_err(Unpackable::Unreadable)?;
    if start.is_empty() {
        return Ok(false);
    }
    if start == PEBBLE {
        return Err(Unpackable::Pebble);
    }
    if start != MAGIC {
        return Err(Unpackable::Foreign);
    }
    let mut database = File::create(file).map_err(Unpackable::NoRoom)?;
    let mut payload = zstd::Decoder::with_buffer(source).map_err(damaged)?.take(LARGEST + 1);
    let mut buffer = vec![0; 1 << 17];
    let mut size = 0;
    loop {
        // Two different things can fail here: the file is bad, or the disk of the working database is full.
        let read = payload.read(&mut buffer).map_err(damaged)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        database.write_all(part).map_err(Unpackable::NoRoom)?;
        size += read as u64;
    }
    match size {
        0 => Err(Unpackable::Damaged("it holds nothing".into())),
        size if size > LARGEST => Err(Unpackable::Damaged("it unpacks to more than 10 GiB".into())),
        _ => Ok(true),
    }
}

/// That the target cannot be used as it is. The error may name what is in the file.
pub(super) fn damaged(target: &Target, error: impl Display) -> SinkError {
    let error = shown(&error.to_string(), None, 300);
    SinkError(format!(
        "{} is damaged ({error}); it was left as it is, move it away or give another file name",
        target.path().display()
    ))
}

/// Make the database the target.
pub(super) fn pack(target: &Target, database: &Path) -> Result<Sizes, SinkError> {
    let cannot = |error: io::Error| target.cannot("write", error);
    let mut source = File::open(database).map_err(cannot)?;
    let decompressed = source.metadata().map_err(cannot)?.len();
    let mut file = BufWriter::new(target.temporary()?);
    file.write_all(&MAGIC).map_err(cannot)?;
    let mut encoder = zstd::Encoder::new(file, LEVEL).map_err(cannot)?;
    encoder.include_checksum(true).map_err(cannot)?;
    encoder.set_pledged_src_size(Some(decompressed)).map_err(cannot)?;
    io::copy(&mut source, &mut encoder).map_err(cannot)?;
    let file = encoder.finish().map_err(cannot)?;
    let file = file.into_inner().map_err(|error| cannot(error.into_error()))?;
    let compressed = file.as_file().metadata().map_err(cannot)?.len();
    target.publish(file)?;
    Ok(Sizes { decompressed, compressed })
}
