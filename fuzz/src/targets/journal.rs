//! The journal that a stopped run left, taken up by the next one.
//!
//! Its head is made here, because it holds a salt and the present time: what is tried are the entries behind it. With
//! `H` before them the head is tried as well.
//!
//! Whatever it holds, it opens; what is found in it is what was written whole; and what is written then is found by the
//! run after this one.

use std::fs;
use std::time::Duration;

use baton_host::journal::{FileJournal, Fingerprint, Found, Journal, Kind};

/// How much of the file is the head.
const HEAD: usize = 66;
/// What is tried may be of any time.
const WITHIN: Duration = Duration::MAX;
/// A key that what is tried does not have by accident.
const KEY: u128 = 0x5eed_5eed_5eed_5eed_5eed_5eed_5eed_5eed;

/// Try it.
pub fn try_bytes(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("journal");
    let mut same = Fingerprint::default();
    same.add(b"component");
    same.add_secret(b"an-id:a-secret-value");
    drop(FileJournal::open(&path, &same, WITHIN));
    let mut file = fs::read(&path).unwrap_or_default();
    assert_eq!(file.len(), HEAD, "an empty journal is its head");
    match bytes.strip_prefix(b"H") {
        Some(whole) => file = whole.to_vec(),
        None => file.extend_from_slice(bytes),
    }
    if fs::write(&path, &file).is_err() {
        return;
    }
    let found = {
        let Ok((journal, found)) = FileJournal::open(&path, &same, WITHIN) else {
            panic!("it does not open")
        };
        for kind in [Kind::Page, Kind::Reply] {
            for key in 0..4 {
                drop(journal.find(kind, key));
            }
        }
        journal.keep(Kind::Page, KEY, b"what this run read");
        found
    };
    let before = match found {
        Found::Entries { count, .. } => count,
        Found::Nothing | Found::Old { .. } | Found::Useless(_) => 0,
    };
    let Ok((journal, again)) = FileJournal::open(&path, &same, WITHIN) else {
        panic!("it does not open again")
    };
    let Found::Entries { count, .. } = again else { panic!("what was written is gone: {again:?}") };
    assert!(count == before + 1 || count == before, "{before} entries became {count}");
    assert_eq!(journal.find(Kind::Page, KEY).as_deref(), Some(&b"what this run read"[..]));
}
