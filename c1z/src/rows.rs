//! Records as rows: the message, and the columns that Baton's readers search by.
//!
//! An id is one row in a sync. What comes again replaces message and columns both, so that the two never tell
//! different stories, and the row keeps its place.

use std::collections::BTreeMap;

use prost::Message;
use rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE;
use rusqlite::{Connection, OptionalExtension, params};

use baton_host::contract::{Entitlement, Grant, Resource, ResourceType};
use baton_host::records::{List, joined, joined_entitlement};

use crate::baton::{self, Unfit};
use crate::schema::{self, Unusable};

/// Why a record did not become a row.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error(transparent)]
    Unfit(Unfit),
    /// Another grant has the same id, which joins what may hold colons itself.
    #[error(
        "two different grants have the one id {0}, because there are colons in their parts, and a c1z cannot hold both"
    )]
    SameId(String),
    /// Grants that contradict one another in how they expand.
    #[error("{0}")]
    Contradiction(String),
    #[error(transparent)]
    Database(Unusable),
}

impl From<Unfit> for Failed {
    fn from(error: Unfit) -> Self {
        Failed::Unfit(error)
    }
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Failed::Database(error.into())
    }
}

impl From<Unusable> for Failed {
    fn from(error: Unusable) -> Self {
        Failed::Database(error)
    }
}

/// Writes the rows of one page.
pub(super) struct Rows<'a> {
    pub database: &'a Connection,
    pub sync: &'a str,
    pub now: String,
}

impl Rows<'_> {
    pub fn resource_types(&self, items: &[ResourceType]) -> Result<(), Failed> {
        let mut insert = self.database.prepare_cached(
            "insert into v1_resource_types (external_id, data, sync_id, discovered_at)
             values (?1, ?2, ?3, ?4)
             on conflict (external_id, sync_id) do update set data = excluded.data",
        )?;
        for item in items {
            let data = baton::resource_type(item).encode_to_vec();
            insert.execute(params![item.id, data, self.sync, self.now])?;
        }
        Ok(())
    }

    pub fn resources(&self, items: &[Resource]) -> Result<(), Failed> {
        let mut insert = self.database.prepare_cached(
            "insert into v1_resources (resource_type_id, external_id, parent_resource_type_id,
                 parent_resource_id, data, sync_id, discovered_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             on conflict (external_id, sync_id) do update set data = excluded.data,
                 parent_resource_type_id = excluded.parent_resource_type_id,
                 parent_resource_id = excluded.parent_resource_id",
        )?;
        for item in items {
            insert.execute(params![
                item.id.resource_type,
                joined(&item.id),
                item.parent.as_ref().map(|parent| &parent.resource_type),
                item.parent.as_ref().map(|parent| &parent.id),
                baton::resource(item)?.encode_to_vec(),
                self.sync,
                self.now,
            ])?;
        }
        Ok(())
    }

    /// An entitlement holds its resource whole, as it stands in the file.
    pub fn entitlements(
        &self,
        list: &List,
        items: &[Entitlement],
        types: &BTreeMap<String, baton::ResourceType>,
    ) -> Result<(), Failed> {
        let mut insert = self.database.prepare_cached(
            "insert into v1_entitlements (resource_type_id, resource_id, external_id, data, sync_id,
                 discovered_at)
             values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (external_id, sync_id) do update set data = excluded.data",
        )?;
        let List::Entitlements(resource) = list else { return Ok(()) };
        let whole = match self.stored(resource)? {
            Some(stored) => stored,
            None => baton::resource(resource)?,
        };
        for item in items {
            insert.execute(params![
                item.id.resource.resource_type,
                item.id.resource.id,
                joined_entitlement(&item.id),
                baton::entitlement(item, whole.clone(), types)?.encode_to_vec(),
                self.sync,
                self.now,
            ])?;
        }
        Ok(())
    }

    fn stored(&self, resource: &Resource) -> Result<Option<baton::Resource>, Failed> {
        let data: Option<Vec<u8>> = self
            .database
            .prepare_cached("select data from v1_resources where external_id = ?1 and sync_id = ?2")?
            .query_row(params![joined(&resource.id), self.sync], |row| row.get(0))
            .optional()?;
        Ok(data.and_then(|data| baton::Resource::decode(data.as_slice()).ok()))
    }

    /// How a grant expands is a column; readers put it back among the annotations.
    ///
    /// The id joins its parts by colons. Where a part has one itself, two grants could have the same id.
    pub fn grants(&self, items: &[Grant]) -> Result<(), Failed> {
        let colons =
            |item: &Grant| item.principal.id.contains(':') || item.entitlement.resource.id.contains(':');
        if items.iter().any(colons) {
            schema::ids_are_unique(self.database)?;
        }
        for item in items {
            let expansion = baton::expandable(item).map(|expandable| expandable.encode_to_vec());
            self.grant(&baton::grant(item)?, expansion)?;
        }
        Ok(())
    }

    /// A grant as it stands in the file.
    pub fn grant(&self, message: &baton::Grant, expansion: Option<Vec<u8>>) -> Result<(), Failed> {
        let mut insert = self.database.prepare_cached(
            "insert into v1_grants (resource_type_id, resource_id, entitlement_id,
                 principal_resource_type_id, principal_resource_id, external_id, expansion,
                 needs_expansion, data, sync_id, discovered_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        let entitlement = message.entitlement.as_ref();
        let of = entitlement.and_then(|entitlement| entitlement.resource.as_ref()?.id.as_ref());
        let to = message.principal.as_ref().and_then(|principal| principal.id.as_ref());
        let inserted = insert.execute(params![
            of.map(|id| &id.resource_type),
            of.map(|id| &id.resource),
            entitlement.map(|entitlement| &entitlement.id),
            to.map(|id| &id.resource_type),
            to.map(|id| &id.resource),
            message.id,
            expansion,
            expansion.is_some(),
            message.encode_to_vec(),
            self.sync,
            self.now,
        ]);
        match inserted {
            Ok(_) => Ok(()),
            // Not any constraint: one in a file of somebody else's making can be about anything.
            Err(error) => match error.sqlite_error() {
                Some(cause) if cause.extended_code == SQLITE_CONSTRAINT_UNIQUE => {
                    Err(Failed::SameId(message.id.clone()))
                }
                _ => Err(error.into()),
            },
        }
    }
}

/// Delete what a list of entitlements or grants gave to this sync.
///
/// The index on `external_id` finds the rows: all begin with the resource's id and a colon, and `;` is the
/// character after the colon. Ids may hold colons themselves, so the resource's own columns decide.
pub(super) fn take_back(database: &Connection, sync: &str, list: &List) -> Result<(), Unusable> {
    let (table, resource) = match list {
        List::ResourceTypes | List::Resources { .. } => return Ok(()),
        List::Entitlements(resource) => ("v1_entitlements", resource),
        List::Grants(resource) => {
            // Grants are not looked up otherwise, and few lists ever begin again.
            schema::ids_are_unique(database)?;
            ("v1_grants", resource)
        }
    };
    let id = joined(&resource.id);
    database
        .prepare_cached(&format!(
            "delete from {table} where external_id >= ?1 and external_id < ?2 and sync_id = ?3
                 and resource_type_id = ?4 and resource_id = ?5"
        ))?
        .execute(params![
            format!("{id}:"),
            format!("{id};"),
            sync,
            resource.id.resource_type,
            resource.id.id
        ])?;
    Ok(())
}
