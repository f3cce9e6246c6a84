//! How many records a `.c1z` holds, and how many it has to.

use std::fmt;
use std::io::Write;
use std::path::Path;

use baton_planetscale_demo::Manifest;
use rusqlite::{Connection, OpenFlags};

use crate::outcome::Result;

/// Numbers of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    pub resource_types: u64,
    pub resources: u64,
    pub entitlements: u64,
    pub grants: u64,
}

impl Rows {
    /// What a sync has to give.
    pub fn expected(manifest: &Manifest) -> Rows {
        let count = |records: usize| u64::try_from(records).unwrap_or(u64::MAX);
        Rows {
            resource_types: count(manifest.resource_types.len()),
            resources: count(manifest.resources.len()),
            entitlements: count(manifest.entitlements.len()),
            grants: count(manifest.grants.len()),
        }
    }

    /// What is in a file; none when there is none, or it is of an engine that is not read here.
    pub fn of(file: &Path) -> Result<Option<Rows>> {
        if !file.exists() {
            return Ok(None);
        }
        let bytes =
            std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let Some(packed) = bytes.strip_prefix(b"C1ZF\0") else { return Ok(None) };
        let mut database = tempfile::NamedTempFile::new()?;
        zstd::stream::copy_decode(packed, &mut database)?;
        database.flush()?;
        let sql = Connection::open_with_flags(database.path(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let count = |table: &str| -> Result<u64> {
            let select = format!("select count(*) from v1_{table}");
            Ok(u64::try_from(sql.query_row(&select, [], |row| row.get::<_, i64>(0))?)?)
        };
        Ok(Some(Rows {
            resource_types: count("resource_types")?,
            resources: count("resources")?,
            entitlements: count("entitlements")?,
            grants: count("grants")?,
        }))
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rows { resource_types, resources, entitlements, grants } = self;
        write!(f, "{resource_types} + {resources} + {entitlements} + {grants}")
    }
}
