//! The tables of the database, as Baton's tools make them, one of our own, and of the indexes those that writing needs.
//!
//! Names and columns are Baton's, and one of its index names stands on another's columns; it is kept that way, since a
//! reader goes by the name. The indexes that only searching needs are left to the readers, each of which makes what is
//! missing in the copy that it unpacks: for 250,000 grants they were two thirds of the file, a quarter of the CPU time
//! of a sync, and 30 MB of memory.
//!
//! A database that came from a file is only used when it is sound and its tables have no rules of their own: by one, SQLite could leave
//! rows out, or take two ids for one, without an error.

use rusqlite::Connection;

use crate::facts;

/// A table: its columns after `id`, and its indexes.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, &'static str)],
    /// What keeps an id unique: the index's name, and what it is on.
    unique: &'static str,
    /// Whether rows are found by their id while the file is written. A grant never is: it comes once.
    looked_up: bool,
    /// The names of the others, which a file of another writer may have.
    others: &'static [&'static str],
}

impl Table {
    /// The name of the index that keeps an id unique.
    fn unique_name(&self) -> &'static str {
        self.unique.split(' ').next().unwrap_or_default()
    }
}

/// The tables whose rows belong to a sync, and the table of the syncs last.
#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table {
        name: "v1_resource_types",
        columns: &[
            ("external_id", "text not null"), ("data", "blob not null"), ("sync_id", "text not null"),
            ("discovered_at", "datetime not null"),
        ],
        unique: "idx_resource_types_external_sync_v1 on v1_resource_types (external_id, sync_id)",
        looked_up: true,
        others: &[],
    },
    Table {
        name: "v1_resources",
        columns: &[
            ("resource_type_id", "text not null"), ("external_id", "text not null"),
            ("parent_resource_type_id", "text"), ("parent_resource_id", "text"), ("data", "blob not null"),
            ("sync_id", "text not null"), ("discovered_at", "datetime not null"),
        ],
        unique: "idx_resources_parent_resource_id_v1 on v1_resources (external_id, sync_id)",
        looked_up: true,
        others: &[
            "idx_resources_resource_type_id_v1",
            "idx_resources_external_sync_v1",
        ],
    },
    Table {
        name: "v1_entitlements",
        columns: &[
            ("resource_type_id", "text not null"), ("resource_id", "text not null"),
            ("external_id", "text not null"), ("data", "blob not null"), ("sync_id", "text not null"),
            ("discovered_at", "datetime not null"),
        ],
        unique: "idx_entitlements_external_sync_v1 on v1_entitlements (external_id, sync_id)",
        looked_up: true,
        others: &[
            "idx_entitlements_resource_id_v1",
        ],
    },
    Table {
        name: "v1_grants",
        columns: &[
            ("resource_type_id", "text not null"), ("resource_id", "text not null"),
            ("entitlement_id", "text not null"), ("principal_resource_type_id", "text not null"),
            ("principal_resource_id", "text not null"), ("external_id", "text not null"), ("expansion", "blob"),
            ("needs_expansion", "integer not null default 0"), ("data", "blob not null"),
            ("sync_id", "text not null"), ("discovered_at", "datetime not null"),
        ],
        unique: "idx_grants_external_sync_v1 on v1_grants (external_id, sync_id)",
        looked_up: false,
        others: &[
            "idx_grants_resource_type_id_resource_id_v1",
            "idx_grants_principal_id_v1",
            "idx_grants_entitlement_id_principal_id_v1",
            "idx_grants_entitlement_sync_grant_v1",
            "idx_grants_sync_expansion_v1",
            "idx_grants_sync_needs_expansion_v1",
        ],
    },
    Table {
        name: "v1_assets",
        columns: &[
            ("external_id", "text not null"), ("content_type", "text not null"), ("data", "blob not null"),
            ("sync_id", "text not null"), ("discovered_at", "datetime not null"),
        ],
        unique: "idx_assets_external_sync_v1 on v1_assets (external_id, sync_id)",
        looked_up: true,
        others: &[],
    },
    Table {
        name: "v1_connector_sessions",
        columns: &[("sync_id", "text not null"), ("key", "text not null"), ("value", "blob not null")],
        unique: "idx_session_store_sync_key_v1 on v1_connector_sessions (sync_id, key)",
        looked_up: true,
        others: &[],
    },
    Table {
        name: facts::TABLE,
        columns: &[("sync_id", "text not null"), ("data", "text not null")],
        unique: "idx_baton_host_facts_sync on baton_host_facts (sync_id)",
        looked_up: true,
        others: &[],
    },
    Table {
        name: "v1_sync_runs",
        columns: &[
            ("sync_id", "text not null"), ("started_at", "datetime not null"), ("ended_at", "datetime"),
            ("sync_token", "text not null"), ("sync_type", "text not null default 'full'"),
            ("parent_sync_id", "text not null default ''"), ("linked_sync_id", "text not null default ''"),
            ("supports_diff", "integer not null default 0"),
            ("grants_backfilled", "integer not null default 0"), ("stats", "text"),
            ("ingest_invariant_generation", "text not null default ''"),
            ("ingest_invariant_coverage", "text not null default ''"),
            ("ingest_invariant_mode", "text not null default ''"),
        ],
        unique: "idx_sync_runs_sync_id_v1 on v1_sync_runs (sync_id)",
        looked_up: true,
        others: &[],
    },
];

/// The names of the tables in which a sync has rows, that of the syncs included.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// Why the database of a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    /// It is damaged, or the disk is full.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// Parts of it contradict one another.
    #[error("{0}")]
    Corrupt(String),
    /// A table is not as Baton's tools make it.
    #[error("its table {table} has rules of its own for {what}")]
    Foreign { table: &'static str, what: String },
}

/// Look at all of a database that came from a file. What is written into one whose parts contradict one another may be
/// lost without an error.
pub(super) fn examine(database: &Connection) -> Result<(), Unusable> {
    let found: String = database.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(Unusable::Corrupt(found)) }
}

/// That the syncs of a file can be told apart and put in order, which is done at the end of the next one.
pub(super) fn runs_are_readable(database: &Connection) -> Result<(), Unusable> {
    let odd: i64 = database.query_row(
        "select count(*) from v1_sync_runs where typeof(sync_id) <> 'text' or typeof(started_at) <> 'text'
             or typeof(sync_type) <> 'text' or typeof(ended_at) not in ('text', 'null')",
        [],
        |row| row.get(0),
    )?;
    if odd == 0 {
        Ok(())
    } else {
        Err(Unusable::Corrupt("a sync in it has no readable id, time or type".into()))
    }
}

/// Make what is missing, and take away what would slow down writing. A file of an older writer lacks later columns;
/// each has a default.
pub(super) fn prepare(database: &Connection) -> Result<(), Unusable> {
    for table in TABLES {
        let columns: String = table.columns.iter().map(|(name, kind)| format!(", {name} {kind}")).collect();
        database.execute_batch(&format!(
            "create table if not exists {} (id integer primary key{columns})",
            table.name
        ))?;
        let mut known = database.prepare("select name from pragma_table_info(?1)")?;
        let known: Vec<String> =
            known.query_map([table.name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for (name, kind) in table.columns {
            if !known.iter().any(|column| column == name) {
                database.execute_batch(&format!("alter table {} add column {name} {kind}", table.name))?;
            }
        }
        let unique = (!table.looked_up).then(|| table.unique_name());
        for name in table.others.iter().copied().chain(unique) {
            database.execute_batch(&format!("drop index if exists {name}"))?;
        }
        if table.looked_up {
            make_unique(database, table)?;
        }
        check(database, table)?;
    }
    Ok(())
}

/// Make sure that no two rows of a sync have the same id, also in the tables where nobody looked.
pub(super) fn ids_are_unique(database: &Connection) -> Result<(), Unusable> {
    TABLES.iter().filter(|table| !table.looked_up).try_for_each(|table| {
        make_unique(database, table)?;
        check_letters(database, table)
    })
}

fn make_unique(database: &Connection, table: &Table) -> rusqlite::Result<()> {
    database.execute_batch(&format!("create unique index if not exists {}", table.unique))
}

/// That rows of a table are kept as they are written, or refused: no other types, no columns that are computed or
/// wanted where there is nothing, no rows that exclude one another but by our index, and that letter by letter.
fn check(database: &Connection, table: &Table) -> Result<(), Unusable> {
    let foreign = |what: String| Err(Unusable::Foreign { table: table.name, what });
    let mut columns = database
        .prepare(r#"select name, type, "notnull", hidden, dflt_value from pragma_table_xinfo(?1)"#)?;
    let mut rows = columns.query([table.name])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let must_be_there: bool = row.get(2)?;
        let Some((_, wanted)) = table.columns.iter().find(|(known, _)| *known == name) else {
            // A newer writer's, then, which is filled in by itself.
            let default: Option<String> = row.get(4)?;
            if must_be_there && !default.is_some_and(|default| is_value(&default)) {
                return foreign(name);
            }
            continue;
        };
        let kind: String = row.get(1)?;
        let is_computed: bool = row.get(3)?;
        let same = wanted.split(' ').next().is_some_and(|wanted| kind.eq_ignore_ascii_case(wanted));
        if !same || is_computed || (must_be_there && !wanted.contains("not null")) {
            return foreign(name);
        }
    }
    let ours = table.unique_name();
    let mut indexes = database.prepare(r#"select name from pragma_index_list(?1) where "unique""#)?;
    let indexes: Vec<String> =
        indexes.query_map([table.name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if let Some(other) = indexes.into_iter().find(|name| name != ours) {
        return foreign(other);
    }
    if table.looked_up { check_letters(database, table) } else { Ok(()) }
}

/// Whether a column's default is a plain value: an expression may be null, and with it the row be left out.
fn is_value(default: &str) -> bool {
    let quoted = default.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    default.parse::<i64>().is_ok() || quoted.is_some_and(|text| !text.contains('\''))
}

/// That the index which keeps an id unique compares letter by letter, which it has from the columns.
fn check_letters(database: &Connection, table: &Table) -> Result<(), Unusable> {
    let ours = table.unique_name();
    let by_letter: bool = database.query_row(
        "select min(coll = 'BINARY') from pragma_index_xinfo(?1) where key",
        [ours],
        |row| row.get(0),
    )?;
    if by_letter { Ok(()) } else { Err(Unusable::Foreign { table: table.name, what: ours.to_owned() }) }
}
