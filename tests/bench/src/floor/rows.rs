//! Messages as rows of a database, and the database as a file.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write, copy};
use std::path::Path;

use baton_host::baton::{Entitlement, Grant, Resource, ResourceId, ResourceType};
use prost::Message;
use rusqlite::{CachedStatement, Connection, params};
use svix_ksuid::{Ksuid, KsuidLike};
use time::OffsetDateTime;
use time::macros::format_description;
use tokio::sync::mpsc::Receiver;

use super::records::{Record, Sent};
use crate::outcome::Result;

/// The tables, without an index: readers make those that they miss.
const TABLES: &str = "
create table v1_resource_types (id integer primary key, external_id text not null, data blob not null,
    sync_id text not null, discovered_at datetime not null);
create table v1_resources (id integer primary key, resource_type_id text not null, external_id text not null,
    parent_resource_type_id text, parent_resource_id text, data blob not null, sync_id text not null,
    discovered_at datetime not null);
create table v1_entitlements (id integer primary key, resource_type_id text not null, resource_id text not null,
    external_id text not null, data blob not null, sync_id text not null, discovered_at datetime not null);
create table v1_grants (id integer primary key, resource_type_id text not null, resource_id text not null,
    entitlement_id text not null, principal_resource_type_id text not null, principal_resource_id text not null,
    external_id text not null, expansion blob, needs_expansion integer not null default 0, data blob not null,
    sync_id text not null, discovered_at datetime not null);
create table v1_assets (id integer primary key, external_id text not null, content_type text not null,
    data blob not null, sync_id text not null, discovered_at datetime not null);
create table v1_connector_sessions (id integer primary key, sync_id text not null, key text not null,
    value blob not null);
create table v1_sync_runs (id integer primary key, sync_id text not null, started_at datetime not null,
    ended_at datetime, sync_token text not null, sync_type text not null default 'full',
    parent_sync_id text not null default '', linked_sync_id text not null default '',
    supports_diff integer not null default 0, grants_backfilled integer not null default 0, stats text,
    ingest_invariant_generation text not null default '', ingest_invariant_coverage text not null default '',
    ingest_invariant_mode text not null default '');";

/// Write the rows of all pages, and pack them when the last one was there.
pub fn write(file: &Path, mut pages: Receiver<Sent>) -> Result {
    let folder = file.parent().ok_or("the file has no folder")?;
    let work = tempfile::tempdir_in(folder)?;
    let path = work.path().join("sync.db");
    let database = Connection::open(&path)?;
    database.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; begin;",
    )?;
    database.execute_batch(TABLES)?;
    let sync = Ksuid::from_seconds(None, None).to_string();
    database.execute(
        "insert into v1_sync_runs (sync_id, started_at, sync_token, grants_backfilled, supports_diff)
         values (?1, ?2, '', 1, 1)",
        params![sync, now()?],
    )?;
    let mut rows = Rows::new(&database, &sync)?;
    loop {
        let page = match pages.blocking_recv() {
            Some(Sent::Page(page)) => page,
            Some(Sent::End) => break,
            None => return Err("reading ended before the end".into()),
        };
        let now = now()?;
        for record in page {
            rows.insert(record, &now)?;
        }
    }
    drop(rows);
    database.execute("update v1_sync_runs set ended_at = ?1", [now()?])?;
    database.execute_batch("commit")?;
    database.close().map_err(|(_, error)| error)?;
    pack(&path, &work.path().join("packed"), file)
}

/// One compressed frame behind the magic number, with its size ahead and a checksum, on the disk before it has its name.
fn pack(database: &Path, packed: &Path, file: &Path) -> Result {
    let mut database = File::open(database)?;
    let mut out = BufWriter::new(File::create(packed)?);
    out.write_all(b"C1ZF\0")?;
    let mut encoder = zstd::Encoder::new(out, 1)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(Some(database.metadata()?.len()))?;
    copy(&mut database, &mut encoder)?;
    encoder.finish()?.into_inner()?.sync_all()?;
    Ok(std::fs::rename(packed, file)?)
}

/// The statements.
struct Rows<'a> {
    sync: &'a str,
    types: CachedStatement<'a>,
    resources: CachedStatement<'a>,
    entitlements: CachedStatement<'a>,
    grants: CachedStatement<'a>,
    /// Users that are there: somebody in two organizations is one.
    users: HashSet<String>,
}

impl<'a> Rows<'a> {
    fn new(database: &'a Connection, sync: &'a str) -> Result<Rows<'a>> {
        Ok(Rows {
            sync,
            types: database.prepare_cached(
                "insert into v1_resource_types (external_id, data, sync_id, discovered_at) values (?1, ?2, ?3, ?4)",
            )?,
            resources: database.prepare_cached(
                "insert into v1_resources (resource_type_id, external_id, parent_resource_type_id,
                     parent_resource_id, data, sync_id, discovered_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?,
            entitlements: database.prepare_cached(
                "insert into v1_entitlements (resource_type_id, resource_id, external_id, data, sync_id,
                     discovered_at) values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?,
            grants: database.prepare_cached(
                "insert into v1_grants (resource_type_id, resource_id, entitlement_id,
                     principal_resource_type_id, principal_resource_id, external_id, data, sync_id,
                     discovered_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?,
            users: HashSet::new(),
        })
    }

    fn insert(&mut self, record: Record, now: &str) -> Result {
        match record {
            Record::Type(kind) => self.kind(&kind, now),
            Record::Resource(resource) => self.resource(&resource, now),
            Record::Entitlement(entitlement) => self.entitlement(&entitlement, now),
            Record::Grant(grant) => self.grant(&grant, now),
        }
    }

    fn kind(&mut self, kind: &ResourceType, now: &str) -> Result {
        self.types.execute(params![kind.id, kind.encode_to_vec(), self.sync, now])?;
        Ok(())
    }

    fn resource(&mut self, resource: &Resource, now: &str) -> Result {
        let id = id_of(Some(resource))?;
        if id.resource_type == "user" && !self.users.insert(id.resource.clone()) {
            return Ok(());
        }
        let parent = resource.parent_resource_id.as_ref();
        self.resources.execute(params![
            id.resource_type,
            format!("{}:{}", id.resource_type, id.resource),
            parent.map(|parent| &parent.resource_type),
            parent.map(|parent| &parent.resource),
            resource.encode_to_vec(),
            self.sync,
            now,
        ])?;
        Ok(())
    }

    fn entitlement(&mut self, entitlement: &Entitlement, now: &str) -> Result {
        let of = id_of(entitlement.resource.as_ref())?;
        let data = entitlement.encode_to_vec();
        self.entitlements.execute(params![
            of.resource_type,
            of.resource,
            entitlement.id,
            data,
            self.sync,
            now
        ])?;
        Ok(())
    }

    fn grant(&mut self, grant: &Grant, now: &str) -> Result {
        let entitlement = grant.entitlement.as_ref().ok_or("a grant without an entitlement")?;
        let of = id_of(entitlement.resource.as_ref())?;
        let principal = id_of(grant.principal.as_ref())?;
        self.grants.execute(params![
            of.resource_type,
            of.resource,
            entitlement.id,
            principal.resource_type,
            principal.resource,
            grant.id,
            grant.encode_to_vec(),
            self.sync,
            now,
        ])?;
        Ok(())
    }
}

fn id_of(resource: Option<&Resource>) -> Result<&ResourceId> {
    Ok(resource.and_then(|resource| resource.id.as_ref()).ok_or("a record without an id")?)
}

/// The present time, as Baton's tools write it.
fn now() -> Result<String> {
    let layout = format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:9]");
    Ok(OffsetDateTime::now_utc().format(layout)?)
}
