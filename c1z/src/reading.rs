//! Reading a `.c1z`: its syncs, and the records of one.
//!
//! The file is unpacked into a temporary folder of one's own and never touched itself. Records come one after another,
//! so that a large file needs no more memory than what is kept of it. A record that cannot be decoded is an error, not
//! a gap: what is read here is shown to somebody who signs that it is right.

use std::fs::File;
use std::path::{Path, PathBuf};

use prost::Message;
use rusqlite::Connection;
use tempfile::TempDir;

use baton_host::{Facts, shown};

use crate::baton::{Annotation, Any, Entitlement, GrantExpandable, Resource, ResourceType};
use crate::envelope::{self, Unpackable};
use crate::{facts, open, schema};

/// Why a file cannot be read. The text is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// A file that is being read.
pub struct Reading {
    path: PathBuf,
    /// Before the folder, so that it is closed before that goes.
    database: Connection,
    _folder: TempDir,
}

/// A finished sync in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSync {
    /// Its id.
    pub id: String,
    /// `full`, `partial`, `resources_only`, or what another writer calls it.
    pub kind: String,
    /// When it began, as the file has it: UTC, `2026-11-28 14:05:11.25`.
    pub began: String,
    /// When it ended, likewise.
    pub ended: String,
}

/// A record of a sync.
pub enum Row {
    /// A kind of resource.
    ResourceType(ResourceType),
    /// A resource.
    Resource(Box<Resource>),
    /// An entitlement.
    Entitlement(Box<Entitlement>),
    /// A grant.
    Grant(StoredGrant),
}

/// A grant, with what a file says of it in columns.
pub struct StoredGrant {
    /// Its id.
    pub id: String,
    /// The entitlement's id.
    pub entitlement: String,
    /// The principal's type and id.
    pub principal: (String, String),
    /// How it reaches the members of its principal.
    pub expandable: Option<GrantExpandable>,
    /// Its annotations.
    pub annotations: Vec<Any>,
    /// The entitlements that it follows from, where a tool has expanded the file; its own among them when somebody
    /// gave it directly as well. None: it was given.
    pub sources: Vec<String>,
}

/// Of a grant's message what is not in columns.
#[derive(Clone, PartialEq, prost::Message)]
struct Rest {
    #[prost(message, repeated, tag = "4")]
    annotations: Vec<Any>,
    #[prost(message, optional, tag = "5")]
    sources: Option<Sources>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Sources {
    #[prost(btree_map = "string, message", tag = "1")]
    sources: std::collections::BTreeMap<String, Source>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Source {}

impl Reading {
    /// Open a file. Its database is unpacked into a folder in `temp_dir`.
    pub fn open(path: &Path, temp_dir: &Path) -> Result<Reading, Unreadable> {
        let name = path.display();
        let no_folder =
            |error: std::io::Error| Unreadable(format!("cannot make a temporary folder: {error}"));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".c1z-");
        // The database in it is all that the file holds.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir_in(temp_dir).map_err(no_folder)?;
        let file = folder.path().join("sync.db");
        let unread = |error: std::io::Error| Unreadable(format!("cannot read {name}: {error}"));
        let source = File::open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Unreadable(format!("there is no file {name}; check its name")),
            _ => unread(error),
        })?;
        let found = envelope::unpack_from(source, &file).map_err(|error| match error {
            Unpackable::Pebble => Unreadable(format!(
                "{name} is a c1z of the Pebble engine, which this program does not read; sync into a new file with \
                 --storage-engine sqlite, or take the file that it was converted from"
            )),
            Unpackable::Foreign => Unreadable(format!("{name} is not a c1z file; give one that a sync has written")),
            Unpackable::Damaged(error) => damaged(path, &error),
            Unpackable::Unreadable(error) => unread(error),
            Unpackable::NoRoom(error) => Unreadable(format!("cannot unpack {name} into a temporary folder: {error}")),
        })?;
        if !found {
            return Err(Unreadable(format!("{name} is empty; give a c1z with a finished sync")));
        }
        let database = open::open(&file).map_err(|error| damaged(path, &error.to_string()))?;
        schema::examine(&database).map_err(|error| damaged(path, &error.to_string()))?;
        Ok(Reading { path: path.to_owned(), database, _folder: folder })
    }

    /// The finished syncs, the one that ended last first.
    pub fn syncs(&self) -> Result<Vec<StoredSync>, Unreadable> {
        let columns = self.columns("v1_sync_runs")?;
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        // A file of an older writer knows full syncs alone.
        let kind = if columns.iter().any(|name| name == "sync_type") { "sync_type" } else { "'full'" };
        let text = format!(
            "select sync_id, {kind}, started_at, ended_at from v1_sync_runs where ended_at is not null
             order by ended_at desc, sync_id desc"
        );
        let read = || -> rusqlite::Result<Vec<StoredSync>> {
            let mut select = self.database.prepare(&text)?;
            let rows = select.query_map([], |row| {
                Ok(StoredSync { id: row.get(0)?, kind: row.get(1)?, began: row.get(2)?, ended: row.get(3)? })
            })?;
            rows.collect()
        };
        read().map_err(|error| damaged(&self.path, &error.to_string()))
    }

    /// What a sync knew of itself, if the file tells.
    pub fn facts(&self, sync: &str) -> Result<Option<Facts>, Unreadable> {
        facts::read(&self.database, sync).map_err(|error| damaged(&self.path, &error.to_string()))
    }

    /// Every record of a sync: resource types, resources, entitlements, grants.
    pub fn records(&self, sync: &str, mut take: impl FnMut(Row)) -> Result<(), Unreadable> {
        self.messages("v1_resource_types", sync, |message| take(Row::ResourceType(message)))?;
        self.messages("v1_resources", sync, |message| take(Row::Resource(Box::new(message))))?;
        self.messages("v1_entitlements", sync, |message| take(Row::Entitlement(Box::new(message))))?;
        self.grants(sync, |grant| take(Row::Grant(grant)))
    }

    fn messages<M: Message + Default>(
        &self,
        table: &str,
        sync: &str,
        mut take: impl FnMut(M),
    ) -> Result<(), Unreadable> {
        let mut read = || -> Result<(), Wrong> {
            let text = format!("select external_id, data from {table} where sync_id = ?1 order by id");
            let mut select = self.database.prepare(&text)?;
            let mut rows = select.query([sync])?;
            while let Some(row) = rows.next()? {
                let data = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                let message = M::decode(data).map_err(|error| Wrong::record(row, error))?;
                take(message);
            }
            Ok(())
        };
        read().map_err(|error| damaged(&self.path, &error.0))
    }

    fn grants(&self, sync: &str, mut take: impl FnMut(StoredGrant)) -> Result<(), Unreadable> {
        let columns = self.columns("v1_grants")?;
        let expansion = if columns.iter().any(|name| name == "expansion") { "expansion" } else { "null" };
        let text = format!(
            "select external_id, data, entitlement_id, principal_resource_type_id, principal_resource_id, {expansion}
             from v1_grants where sync_id = ?1 order by id"
        );
        let mut read = || -> Result<(), Wrong> {
            let mut select = self.database.prepare(&text)?;
            let mut rows = select.query([sync])?;
            while let Some(row) = rows.next()? {
                let data = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                let rest = Rest::decode(data).map_err(|error| Wrong::record(row, error))?;
                let expansion = row.get_ref(5)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
                let expandable = match expansion {
                    Some(bytes) => {
                        Some(GrantExpandable::decode(bytes).map_err(|error| Wrong::record(row, error))?)
                    }
                    // An older writer leaves it among the annotations.
                    None => rest.annotations.iter().find_map(GrantExpandable::unpack),
                };
                take(StoredGrant {
                    id: row.get(0)?,
                    entitlement: row.get(2)?,
                    principal: (row.get(3)?, row.get(4)?),
                    expandable,
                    annotations: rest.annotations,
                    sources: rest.sources.map(|all| all.sources.into_keys().collect()).unwrap_or_default(),
                });
            }
            Ok(())
        };
        read().map_err(|error| damaged(&self.path, &error.0))
    }

    /// The columns of a table; none when there is no such table.
    fn columns(&self, table: &str) -> Result<Vec<String>, Unreadable> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut select = self.database.prepare("select name from pragma_table_info(?1)")?;
            let rows = select.query_map([table], |row| row.get(0))?;
            rows.collect()
        };
        read().map_err(|error| damaged(&self.path, &error.to_string()))
    }
}

/// What is wrong in a table.
struct Wrong(String);

impl Wrong {
    fn record(row: &rusqlite::Row<'_>, error: impl std::fmt::Display) -> Wrong {
        let id: String = row.get(0).unwrap_or_default();
        Wrong(format!("the record {id} cannot be decoded: {error}"))
    }
}

impl From<rusqlite::Error> for Wrong {
    fn from(error: rusqlite::Error) -> Wrong {
        Wrong(error.to_string())
    }
}

/// That a file cannot be used as it is. The error may name what is in the file.
fn damaged(path: &Path, error: &str) -> Unreadable {
    let error = shown(error, None, 300);
    Unreadable(format!("{} is damaged ({error}); sync again, or take an earlier copy of it", path.display()))
}
