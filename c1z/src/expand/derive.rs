//! The grants of one entitlement that follow from others.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use prost::Message;
use rusqlite::params;

use super::graph::{Graph, Way, offered};
use super::holders::{Holder, Holders};
use crate::baton::{self, Entitlement, GrantSource, GrantSources, Resource};
use crate::rows::{Failed, Rows};
use crate::schema::{self, Unusable};

/// What came of expanding grants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// Grants that follow from others alone.
    pub derived: u64,
    /// Grants that the connector gave and that follow from others besides.
    pub also_direct: u64,
}

/// Holders of sources that are in memory at once, about. There are more at once only of an entitlement that so many lead
/// to, and then its principals are done in parts.
const AT_ONCE: u64 = 1 << 19;

/// That a principal holds a destination because of a source.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Reason {
    principal: u32,
    source: u32,
    direct: bool,
}

/// What one entitlement is worked out with.
struct Destination<'a> {
    number: u32,
    entitlement: Entitlement,
    ways: &'a [(u32, &'a Way)],
    leads_on: bool,
}

/// Writes the grants that follow.
pub(super) struct Deriver<'a> {
    graph: &'a Graph,
    holders: Holders,
    rows: Rows<'a>,
    /// Whether ids are known to be unique, whatever is in them.
    unique: bool,
    expanded: Expanded,
}

impl<'a> Deriver<'a> {
    pub fn new(graph: &'a Graph, holders: Holders, rows: Rows<'a>) -> Deriver<'a> {
        Deriver { graph, holders, rows, unique: false, expanded: Expanded::default() }
    }

    /// What came of it.
    pub fn done(self) -> Expanded {
        self.expanded
    }

    /// Work out one entitlement.
    pub fn work_out(&mut self, number: u32, ways: &[(u32, &Way)], leads_on: bool) -> Result<(), Failed> {
        let (id, resource) = offered(self.graph, number, self.rows.database, self.rows.sync)?;
        let resource = Resource { id: Some(resource), ..Resource::default() };
        let entitlement = Entitlement { resource: Some(resource), id, ..Entitlement::default() };
        let destination = Destination { number, entitlement, ways, leads_on };
        let reasons: u64 = ways.iter().map(|(source, _)| self.holders.count(*source)).sum();
        let parts = u32::try_from(reasons.div_ceil(AT_ONCE)).unwrap_or(u32::MAX).max(1);
        let size = self.holders.principals().div_ceil(parts).max(1);
        let mut first = 1;
        while first <= self.holders.principals() {
            let last = first.saturating_add(size - 1);
            self.part(&destination, &(first..=last))?;
            first = last.saturating_add(1);
        }
        Ok(())
    }

    fn part(&mut self, destination: &Destination<'_>, range: &RangeInclusive<u32>) -> Result<(), Failed> {
        let mut reasons = Vec::new();
        for (source, way) in destination.ways {
            self.holders.each(*source, range, |holder| {
                let direct = holder.row != 0;
                if (direct || !way.shallow) && way.takes(holder.kind) {
                    reasons
                        .push((Reason { principal: holder.principal, source: *source, direct }, holder.kind));
                }
            })?;
        }
        reasons.sort_unstable();
        let mut given = HashMap::new();
        self.holders.each(destination.number, range, |holder| {
            given.insert(holder.principal, holder.row);
        })?;
        for same in reasons.chunk_by(|(one, _), (other, _)| one.principal == other.principal) {
            let Some((Reason { principal, .. }, kind)) = same.first() else { continue };
            let each = same.iter().map(|(reason, _)| {
                let source = GrantSource { is_direct: reason.direct };
                (self.graph.id(reason.source).to_owned(), source)
            });
            let sources = GrantSources { sources: each.collect() };
            match given.get(principal) {
                Some(row) => self.add_sources(*row, &destination.entitlement.id, sources)?,
                None => self.derive(destination, *principal, *kind, sources)?,
            }
        }
        Ok(())
    }

    /// A grant that the connector gave follows from others, too.
    fn add_sources(&mut self, row: i64, own: &str, sources: GrantSources) -> Result<(), Failed> {
        let mut select = self.rows.database.prepare_cached("select data from v1_grants where id = ?1")?;
        let data: Vec<u8> = select.query_row([row], |row| row.get(0))?;
        let mut grant = baton::Grant::decode(data.as_slice())
            .map_err(|error| Unusable::Corrupt(format!("a grant of {own}: {error}")))?;
        let known = grant.sources.get_or_insert_default();
        known.sources.insert(own.to_owned(), GrantSource { is_direct: true });
        known.sources.extend(sources.sources);
        let mut update = self.rows.database.prepare_cached("update v1_grants set data = ?1 where id = ?2")?;
        update.execute(params![grant.encode_to_vec(), row])?;
        self.expanded.also_direct += 1;
        Ok(())
    }

    /// A grant that only follows from others.
    fn derive(
        &mut self,
        destination: &Destination<'_>,
        principal: u32,
        kind: u32,
        sources: GrantSources,
    ) -> Result<(), Failed> {
        let to = self.holders.who(principal)?;
        let of = destination.entitlement.resource.as_ref().and_then(|resource| resource.id.as_ref());
        let colons = to.resource.contains(':') || of.is_some_and(|of| of.resource.contains(':'));
        if colons && !self.unique {
            schema::ids_are_unique(self.rows.database)?;
            self.unique = true;
        }
        self.rows.grant(&baton::derived(&destination.entitlement, to, sources)?, None)?;
        if destination.leads_on {
            self.holders.add(destination.number, &Holder { principal, kind, row: 0 })?;
        }
        self.expanded.derived += 1;
        Ok(())
    }
}
