//! What a `.c1z` holds: how many records, and a digest of what they say.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;

use baton_planetscale_demo::Manifest;
use rusqlite::types::ValueRef;
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
}

/// What is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    pub rows: Rows,
    /// Of all columns of all records, but those that every sync makes anew; whatever the order of the rows.
    pub digest: u64,
}

impl Contents {
    /// None when there is no file, or it is of an engine that is not read here.
    pub fn of(file: &Path) -> Result<Option<Contents>> {
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
        let mut digest = 0;
        let mut count = |table: &str| -> Result<u64> {
            let (count, of_table) = table_of(&sql, table)?;
            digest = of_table.wrapping_add(digest);
            Ok(count)
        };
        let rows = Rows {
            resource_types: count("resource_types")?,
            resources: count("resources")?,
            entitlements: count("entitlements")?,
            grants: count("grants")?,
        };
        Ok(Some(Contents { rows, digest }))
    }
}

/// How many rows a table has, and the sum of their digests.
fn table_of(sql: &Connection, table: &str) -> Result<(u64, u64)> {
    let mut select = sql.prepare(&format!("select * from v1_{table}"))?;
    let names: Vec<String> = select.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = select.query([])?;
    let (mut count, mut sum) = (0, 0_u64);
    while let Some(row) = rows.next()? {
        let mut hasher = DefaultHasher::new();
        table.hash(&mut hasher);
        for (at, name) in names.iter().enumerate() {
            if ["id", "sync_id", "discovered_at"].contains(&name.as_str()) {
                continue;
            }
            name.hash(&mut hasher);
            match row.get_ref(at)? {
                ValueRef::Null => 0_u8.hash(&mut hasher),
                ValueRef::Integer(number) => number.hash(&mut hasher),
                ValueRef::Real(number) => number.to_bits().hash(&mut hasher),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.hash(&mut hasher),
            }
        }
        count += 1;
        sum = sum.wrapping_add(hasher.finish());
    }
    Ok((count, sum))
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rows { resource_types, resources, entitlements, grants } = self;
        write!(f, "{resource_types} + {resources} + {entitlements} + {grants}")
    }
}
