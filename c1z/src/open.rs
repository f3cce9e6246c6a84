//! The working database, opened.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Open the working database. It is lost with the process anyway, so nothing in it needs to reach the disk; and
/// one that came from a file may hold anything, so what it could execute is off.
pub(super) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let database = Connection::open(file)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;
         PRAGMA cache_size = -8192; PRAGMA foreign_keys = OFF;",
    )?;
    Ok(database)
}
