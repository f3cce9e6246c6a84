//! What a sync knows of itself, in a table of our own beside Baton's.
//!
//! Baton's tools know nothing of it: they leave the table alone where they write the same database again, and leave it
//! out where they make a file anew. So a file may have it or not, and a reader says which.

use rusqlite::{Connection, OptionalExtension, params};

use baton_host::Facts;

/// The table. Its name begins otherwise than Baton's do, so that the two never meet.
pub(super) const TABLE: &str = "baton_host_facts";

/// Keep the facts of a sync.
pub(super) fn keep(database: &Connection, sync: &str, facts: &Facts) -> rusqlite::Result<()> {
    // Texts and numbers alone: there is nothing in it that could not be written.
    let data = serde_json::to_string(facts)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    database
        .execute(
            &format!(
                "insert into {TABLE} (sync_id, data) values (?1, ?2)
                 on conflict (sync_id) do update set data = excluded.data"
            ),
            params![sync, data],
        )
        .map(drop)
}

/// The facts of a sync, if the file has any that can be read.
pub(super) fn read(database: &Connection, sync: &str) -> rusqlite::Result<Option<Facts>> {
    let there: bool = database.query_row(
        "select count(*) > 0 from sqlite_master where type = 'table' and name = ?1",
        [TABLE],
        |row| row.get(0),
    )?;
    if !there {
        return Ok(None);
    }
    let data: Option<String> = database
        .query_row(
            &format!("select data from {TABLE} where sync_id = ?1 and typeof(data) = 'text'"),
            [sync],
            |row| row.get(0),
        )
        .optional()?;
    Ok(data.and_then(|data| serde_json::from_str(&data).ok()))
}
