//! Who holds the entitlements that follow from one another, in a database that lasts as long as the work.
//!
//! Principals are numbers, in the order in which they are met, so that a holder takes twenty bytes on the disk and twelve
//! in memory.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::Path;

use rusqlite::{Connection, params};

use super::graph::Graph;
use crate::baton::ResourceId;
use crate::rows::Failed;

/// One who holds an entitlement.
pub(super) struct Holder {
    /// Who it is.
    pub principal: u32,
    /// The number of the type.
    pub kind: u32,
    /// The row of the grant that the connector gave; 0 if there is none.
    pub row: i64,
}

/// All of them.
pub(super) struct Holders {
    database: Connection,
    /// The numbers of types, those that no way names among them.
    kinds: HashMap<String, u32>,
    /// How many there are of each entitlement.
    counts: Vec<u64>,
    principals: u32,
}

impl Holders {
    /// Read them from the grants of a sync.
    pub fn read(scratch: &Path, database: &Connection, sync: &str, graph: &Graph) -> Result<Holders, Failed> {
        let own = Connection::open(scratch)?;
        own.execute_batch(
            "pragma locking_mode = exclusive; pragma journal_mode = off; pragma synchronous = off;
             pragma cache_size = -8192;
             create table principal (number integer primary key, kind text not null, id text not null,
                 unique (kind, id));
             create table holder (entitlement integer, principal integer, kind integer not null,
                 grant_row integer not null, primary key (entitlement, principal)) without rowid;
             begin",
        )?;
        let mut holders = Holders {
            database: own,
            kinds: graph.kinds().clone(),
            counts: vec![0; graph.len()],
            principals: 0,
        };
        let mut select = database.prepare(
            "select id, entitlement_id, principal_resource_type_id, principal_resource_id
             from v1_grants where sync_id = ?1",
        )?;
        let mut rows = select.query([sync])?;
        while let Some(row) = rows.next()? {
            let text = |at| row.get_ref(at).map(|found| found.as_str().unwrap_or_default());
            if let Some(entitlement) = graph.find(text(1)?) {
                let kind = text(2)?;
                let next = holders.kinds.len() as u32;
                let number = match holders.kinds.get(kind) {
                    Some(number) => *number,
                    None => *holders.kinds.entry(kind.to_owned()).or_insert(next),
                };
                let principal = holders.principal(kind, text(3)?)?;
                holders.add(entitlement, &Holder { principal, kind: number, row: row.get(0)? })?;
            }
        }
        Ok(holders)
    }

    /// The number of a principal.
    fn principal(&mut self, kind: &str, id: &str) -> rusqlite::Result<u32> {
        let number = self
            .database
            .prepare_cached(
                "insert into principal (kind, id) values (?1, ?2) on conflict do update set id = id returning number",
            )?
            .query_row([kind, id], |row| row.get(0))?;
        self.principals = self.principals.max(number);
        Ok(number)
    }

    /// Somebody holds an entitlement.
    pub fn add(&mut self, entitlement: u32, holder: &Holder) -> rusqlite::Result<()> {
        self.counts[entitlement as usize] += 1;
        self.database
            .prepare_cached(
                "insert into holder (entitlement, principal, kind, grant_row) values (?1, ?2, ?3, ?4)",
            )?
            .execute(params![entitlement, holder.principal, holder.kind, holder.row])?;
        Ok(())
    }

    /// Those of an entitlement, as far as their numbers are in the range.
    pub fn each(
        &self,
        entitlement: u32,
        range: &RangeInclusive<u32>,
        mut take: impl FnMut(Holder),
    ) -> rusqlite::Result<()> {
        let mut select = self.database.prepare_cached(
            "select principal, kind, grant_row from holder
             where entitlement = ?1 and principal between ?2 and ?3",
        )?;
        let mut rows = select.query(params![entitlement, range.start(), range.end()])?;
        while let Some(row) = rows.next()? {
            take(Holder { principal: row.get(0)?, kind: row.get(1)?, row: row.get(2)? });
        }
        Ok(())
    }

    /// How many hold an entitlement.
    pub fn count(&self, entitlement: u32) -> u64 {
        self.counts[entitlement as usize]
    }

    /// How many principals there are; their numbers are 1 to that.
    pub fn principals(&self) -> u32 {
        self.principals
    }

    /// Who has a number.
    pub fn who(&self, principal: u32) -> rusqlite::Result<ResourceId> {
        self.database
            .prepare_cached("select kind, id from principal where number = ?1")?
            .query_row([principal], |row| {
                Ok(ResourceId { resource_type: row.get(0)?, resource: row.get(1)? })
            })
    }
}
