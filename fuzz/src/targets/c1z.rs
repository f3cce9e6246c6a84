//! A file that is there already, and to which a sync is added.
//!
//! What is tried is the file itself if it begins as one, a database that is packed into one if it begins as that, and
//! otherwise statements that make such a database, one a line: tables of an older writer, or of somebody who means
//! harm.
//!
//! Either the file is refused, in a sentence, and left as it was; or the sync is in it, whole.

use std::fs;
use std::path::Path;

use baton_c1z::{C1z, Options};
use baton_host::SinkError;
use baton_host::contract::{EntitlementId, Grant, Resource, ResourceId, ResourceType};
use baton_host::records::{List, Records};
use baton_host::sink::Sink;
use rusqlite::Connection;

/// The first bytes of a `.c1z`, and of a database.
const MAGIC: &[u8] = b"C1ZF\0";
const DATABASE: &[u8] = b"SQLite format 3\0";

/// Ids that a table could take for one another.
const IDS: [&str; 4] = ["a", "A", "1", "01"];

/// The words that statements may be made of: none that calls a function, or reads or writes another file.
const WORDS: &str = "\
    a after always and as asc autoincrement before begin binary blob by cascade check collate column conflict \
    content_type create data datetime default delete desc discovered_at each end ended_at entitlement_id \
    expansion external_id fail for foreign from full generated grants_backfilled id ignore index insert instead \
    integer into is key linked_sync_id needs_expansion nocase not null of on or order parent_resource_id \
    parent_resource_type_id parent_sync_id primary principal_resource_id principal_resource_type_id real \
    references replace resource_id resource_type_id rowid rtrim select set started_at stats stored strict \
    sync_id sync_token sync_type table text trigger unique update values view where";

/// Try it.
pub fn try_bytes(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("sync.c1z");
    let Some(before) = file(bytes, folder.path()) else { return };
    if fs::write(&path, &before).is_err() {
        return;
    }
    match add(&path) {
        Ok(sync) => is_whole(&path, &sync, folder.path()),
        Err(SinkError(sentence)) => {
            assert_eq!(fs::read(&path).ok(), Some(before), "the file was touched, then refused: {sentence}");
            assert!(sentence.contains("sync.c1z") && !sentence.contains('\n'), "no sentence: {sentence:?}");
        }
    }
    let left = fs::read_dir(folder.path()).map_or(0, |names| names.flatten().count());
    assert_eq!(left, 1, "something else is left");
}

/// Add a sync of a few records. Its id.
fn add(path: &Path) -> Result<String, SinkError> {
    let mut sink = C1z::create(path, Options::default())?;
    let kind = |id: &str| ResourceType {
        id: id.into(),
        display_name: id.into(),
        description: None,
        traits: Vec::new(),
        has_entitlements: true,
        has_grants: true,
        permissions: Vec::new(),
    };
    sink.write(&List::ResourceTypes, Records::ResourceTypes(vec![kind("thing")]))?;
    let list = List::Resources { resource_type: "thing".into(), parent: None };
    sink.write(&list, Records::Resources(IDS.map(thing).into()))?;
    let holder = thing("a");
    let grants = IDS.map(|id| Grant {
        entitlement: EntitlementId { resource: holder.id.clone(), slug: "use".into() },
        principal: thing(id).id,
        immutable: None,
        expansion: None,
    });
    sink.write(&List::Grants(holder), Records::Grants(grants.into()))?;
    sink.finish()?;
    Ok(sink.sync_id().to_owned())
}

fn thing(id: &str) -> Resource {
    Resource {
        id: ResourceId { resource_type: "thing".into(), id: id.into() },
        parent: None,
        display_name: "Thing".into(),
        description: None,
        child_resource_types: Vec::new(),
        external_link: None,
        created_at: None,
        profile: Vec::new(),
        traits: Vec::new(),
    }
}

/// The records of the sync are in the file, each once.
fn is_whole(path: &Path, sync: &str, folder: &Path) {
    let packed = fs::read(path).unwrap_or_default();
    let Some(Ok(bytes)) = packed.strip_prefix(MAGIC).map(zstd::decode_all) else { panic!("no c1z came out") };
    let count = |database: &Connection, table: &str, column: &str| -> rusqlite::Result<i64> {
        let text = format!("select count(distinct {column}) from {table} where sync_id = ?1");
        database.query_row(&text, [sync], |row| row.get(0))
    };
    let unpacked = folder.join("unpacked");
    let counts =
        fs::write(&unpacked, bytes).map_err(|_| rusqlite::Error::QueryReturnedNoRows).and_then(|()| {
            let database = Connection::open(&unpacked)?;
            Ok((
                count(&database, "v1_resource_types", "external_id")?,
                count(&database, "v1_resources", "external_id")?,
                count(&database, "v1_grants", "principal_resource_id")?,
                count(&database, "v1_sync_runs", "ended_at")?,
            ))
        });
    let _ = fs::remove_file(&unpacked);
    match counts {
        Ok(counts) => assert_eq!(counts, (1, 4, 4, 1), "records are missing"),
        Err(error) => panic!("the file that came out cannot be read: {error}"),
    }
}

/// The bytes of the file that is there. None: it would be none.
fn file(bytes: &[u8], folder: &Path) -> Option<Vec<u8>> {
    if bytes.starts_with(b"C1") {
        return Some(bytes.to_vec());
    }
    if bytes.starts_with(DATABASE) {
        return packed(bytes);
    }
    let path = folder.join("made");
    let database = Connection::open(&path).ok()?;
    database
        .execute_batch("pragma journal_mode = off; pragma synchronous = off; pragma page_size = 512")
        .ok()?;
    for statement in String::from_utf8_lossy(bytes).lines().filter(|line| is_plain(line)).take(40) {
        // One that cannot be carried out makes nothing.
        let _ = database.execute(statement, []);
    }
    database.close().ok()?;
    let made = fs::read(&path).ok()?;
    let _ = fs::remove_file(&path);
    packed(&made)
}

fn packed(database: &[u8]) -> Option<Vec<u8>> {
    let mut file = MAGIC.to_vec();
    file.extend(zstd::encode_all(database, 1).ok()?);
    Some(file)
}

fn is_plain(statement: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_word = |word: &str| {
        let number = word.len() < 9 && word.bytes().all(|byte| byte.is_ascii_digit());
        number
            || word.starts_with("v1_")
            || word.starts_with("idx_")
            || WORDS.split(' ').any(|known| known == word)
    };
    statement.split(|c| !letter(c)).filter(|word| !word.is_empty()).all(is_word)
        && statement.chars().all(|c| letter(c) || " ,()'=<>*;.".contains(c))
        && statement.starts_with(|c| "ci".contains(c))
}
