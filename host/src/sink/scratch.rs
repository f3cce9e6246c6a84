//! Room for the time of a sync: what may be looked at once more, and is no part of the result.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use crate::model::error::SinkError;

/// Bytes that are gathered before they are written.
const BUFFER: usize = 64 << 10;

/// Entries behind one another, in a file that nobody else sees, or in memory.
#[derive(Default)]
pub struct Scratch {
    end: u64,
    kept: Kept,
    /// What to say when it fails, before the reason.
    failure: String,
}

enum Kept {
    Memory(Vec<u8>),
    File(BufWriter<File>),
}

impl Default for Kept {
    fn default() -> Kept {
        Kept::Memory(Vec::new())
    }
}

impl Scratch {
    /// In an empty file, which may be read and is gone with the handle. `failure` is what failed when that fails: the
    /// reason is put behind it.
    pub fn file(file: File, failure: impl Into<String>) -> Scratch {
        let kept = Kept::File(BufWriter::with_capacity(BUFFER, file));
        Scratch { end: 0, kept, failure: failure.into() }
    }

    /// Put an entry behind the others. Returns where it is.
    pub(crate) fn append(&mut self, entry: &[u8]) -> Result<u64, SinkError> {
        let at = self.end;
        let length = u64::try_from(entry.len()).unwrap_or(u64::MAX);
        let written = match &mut self.kept {
            Kept::Memory(bytes) => {
                bytes.extend(length.to_le_bytes());
                bytes.extend(entry);
                Ok(())
            }
            Kept::File(file) => file.write_all(&length.to_le_bytes()).and_then(|()| file.write_all(entry)),
        };
        written.map_err(|error| self.failed(&error))?;
        self.end += 8 + length;
        Ok(at)
    }

    /// The entry that is there.
    pub(crate) fn read(&mut self, at: u64) -> Result<Vec<u8>, SinkError> {
        let read = match &mut self.kept {
            Kept::Memory(bytes) => usize::try_from(at)
                .ok()
                .and_then(|at| bytes.get(at..))
                .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
                .and_then(entry),
            Kept::File(file) => file
                .flush()
                .and_then(|()| file.get_mut().seek(SeekFrom::Start(at)))
                .and_then(|_| entry(file.get_ref()))
                .and_then(|entry| file.get_mut().seek(SeekFrom::End(0)).map(|_| entry)),
        };
        read.map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> SinkError {
        let failure =
            if self.failure.is_empty() { "records cannot be kept in memory" } else { &self.failure };
        SinkError(format!("{failure}: {error}"))
    }
}

/// The next entry of what is read.
fn entry(mut from: impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut entry = Vec::new();
    from.take(length).read_to_end(&mut entry)?;
    match u64::try_from(entry.len()) == Ok(length) {
        true => Ok(entry),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_where_they_were_put_while_others_come() {
        let file = tempfile::tempfile().expect("a file");
        for mut scratch in [Scratch::default(), Scratch::file(file, "cannot write sync.c1z")] {
            let long = vec![b'x'; 3 * BUFFER];
            let mut places = Vec::new();
            for entry in [&b"one"[..], b"", &long, b"two"] {
                let at = scratch.append(entry).expect("room");
                places.push((at, entry));
                for (at, entry) in &places {
                    assert_eq!(scratch.read(*at).expect("an entry"), *entry);
                }
            }
            let error = scratch.read(1 << 40).expect_err("nothing is there").to_string();
            assert!(error.contains("cannot"), "{error}");
        }
    }
}
