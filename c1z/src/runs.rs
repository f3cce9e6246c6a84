//! The syncs in a file: how one begins and ends, and which earlier ones go.
//!
//! A sync is finished when it has an end time, and nothing else says so: that is why the time is written last and
//! in a transaction of its own. Times are text in UTC, in the layout that Go's database layer writes, because
//! readers compare them as text.

use std::collections::BTreeMap;
use std::time::SystemTime;

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use svix_ksuid::{Ksuid, KsuidLike};
use time::OffsetDateTime;
use time::macros::format_description;

use baton_host::clock;

use crate::schema;
use crate::sync_type::SyncType;

/// The sync that is being written.
pub(super) struct Run {
    /// Its id: a KSUID, which begins with its time.
    pub id: String,
    kind: SyncType,
}

impl Run {
    /// Enter a new sync, which began at that time, and open the transaction that its rows go into.
    pub fn begin(database: &Connection, kind: SyncType, began: SystemTime) -> rusqlite::Result<Run> {
        let began = OffsetDateTime::from(began);
        let seconds = began.unix_timestamp();
        let run = Run { id: Ksuid::from_seconds(Some(seconds), None).to_string(), kind };
        database.execute_batch("begin")?;
        database.execute(
            "insert into v1_sync_runs (sync_id, started_at, sync_token, sync_type, grants_backfilled,
                 parent_sync_id)
             values (?1, ?2, '', ?3, 1, coalesce((select sync_id from v1_sync_runs
                 where ?3 = 'partial' and sync_type = 'full' and ended_at is not null
                 order by ended_at desc, sync_id desc limit 1), ''))",
            params![run.id, text(began), kind.name()],
        )?;
        Ok(run)
    }

    /// Keep the rows, and say that the sync is finished.
    pub fn end(&self, database: &Connection) -> rusqlite::Result<()> {
        let stats = self.stats(database)?.to_string();
        database.execute_batch("commit; begin")?;
        database.execute(
            "update v1_sync_runs set ended_at = ?1, supports_diff = ?2, stats = ?3 where sync_id = ?4",
            params![now(), self.kind == SyncType::Full, stats, self.id],
        )?;
        database.execute_batch("commit")
    }

    /// Delete the syncs that nobody needs when this one is finished: full ones past the number to keep, with them
    /// others from before the earliest kept one, and those that never ended. Returns whether there were any.
    pub fn prune(&self, database: &Connection, keep: usize) -> rusqlite::Result<bool> {
        let room = keep.max(1).saturating_sub(usize::from(self.kind == SyncType::Full));
        let mut earlier = database.prepare(
            "select sync_id, started_at from v1_sync_runs
             where sync_type = 'full' and ended_at is not null and sync_id <> ?1
             order by ended_at desc, sync_id desc",
        )?;
        let earlier: Vec<(String, String)> =
            earlier.query_map([&self.id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let (kept, past) = earlier.split_at(room.min(earlier.len()));
        let mut doomed: Vec<String> = past.iter().map(|(id, _)| id.clone()).collect();
        let since = kept.iter().map(|(_, started)| started.as_str()).min();
        let mut others = database.prepare(
            "select sync_id from v1_sync_runs where sync_id <> ?1 and (ended_at is null or
                 (?3 and sync_type <> 'full' and ended_at <
                     coalesce(?2, (select started_at from v1_sync_runs where sync_id = ?1))))",
        )?;
        for id in others.query_map(params![self.id, since, !past.is_empty()], |row| row.get(0))? {
            doomed.push(id?);
        }
        remove(database, &doomed)?;
        Ok(!doomed.is_empty())
    }

    /// How many records of each kind there are. Zeros are left out, as in Go, but for types without resources.
    fn stats(&self, database: &Connection) -> rusqlite::Result<Value> {
        let mut stats = serde_json::Map::new();
        let mut add = |key: &str, count: i64| {
            if count > 0 {
                stats.insert(key.to_owned(), count.into());
            }
        };
        let types: i64 = database.query_row(
            "select count(*) from v1_resource_types where sync_id = ?1",
            [&self.id],
            |row| row.get(0),
        )?;
        add("resource_types", types);
        let mut by_type = Vec::new();
        for kind in ["resources", "entitlements", "grants"] {
            let mut counts = BTreeMap::new();
            if kind == "resources" {
                let mut types =
                    database.prepare("select external_id from v1_resource_types where sync_id = ?1")?;
                for id in types.query_map([&self.id], |row| row.get::<_, String>(0))? {
                    counts.insert(id?, 0);
                }
            }
            let mut select = database.prepare(&format!(
                "select resource_type_id, count(*) from v1_{kind} where sync_id = ?1 group by 1"
            ))?;
            for row in select.query_map([&self.id], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))? {
                let (id, count): (String, i64) = row?;
                counts.insert(id, count);
            }
            add(kind, counts.values().sum());
            by_type.push((format!("{kind}_by_resource_type"), counts));
        }
        for (key, counts) in by_type.into_iter().filter(|(_, counts)| !counts.is_empty()) {
            stats.insert(key, json!(counts));
        }
        Ok(Value::Object(stats))
    }
}

/// Delete finished syncs that ended more than a day from now. The clock was wrong then, and readers, who take the sync
/// that ended last, would show none that comes after. Returns how many there were.
pub(super) fn remove_ahead(database: &Connection) -> rusqlite::Result<usize> {
    let tomorrow = text(OffsetDateTime::from(clock::now()) + time::Duration::DAY);
    let mut select = database.prepare("select sync_id from v1_sync_runs where ended_at > ?1")?;
    let ids = select.query_map([tomorrow], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    remove(database, &ids)?;
    Ok(ids.len())
}

fn remove(database: &Connection, syncs: &[String]) -> rusqlite::Result<()> {
    for (id, table) in syncs.iter().flat_map(|id| schema::tables().map(move |table| (id, table))) {
        database.execute(&format!("delete from {table} where sync_id = ?1"), [id])?;
    }
    Ok(())
}

/// The resource types of the newest sync that was finished before this one, sorted.
pub(super) fn types_before(database: &Connection, sync: &str) -> rusqlite::Result<Vec<String>> {
    let mut select = database.prepare(
        "select external_id from v1_resource_types where sync_id = (select sync_id from v1_sync_runs
             where sync_id <> ?1 and ended_at is not null order by ended_at desc, sync_id desc limit 1)
         order by 1",
    )?;
    select.query_map([sync], |row| row.get(0))?.collect()
}

/// How many other syncs there are without this resource, by its joined id.
pub(super) fn without(database: &Connection, sync: &str, resource: &str) -> rusqlite::Result<u64> {
    let text = "select count(*) from v1_sync_runs run where sync_id <> ?1 and not exists
        (select 1 from v1_resources where sync_id = run.sync_id and external_id = ?2)";
    database.query_row(text, [sync, resource], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
}

/// The present time as Go writes it: without a zone, the fraction without trailing zeros.
pub(super) fn now() -> String {
    text(OffsetDateTime::from(clock::now()))
}

fn text(moment: OffsetDateTime) -> String {
    let layout = format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:9]");
    let whole = moment.format(layout).unwrap_or_default();
    whole.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_layout_that_go_writes() {
        let at = |nanos| text(OffsetDateTime::from_unix_timestamp_nanos(nanos).expect("a moment"));
        assert_eq!(at(1_700_000_000_120_000_000), "2023-11-14 22:13:20.12");
        assert_eq!(at(1_700_000_000_000_000_000), "2023-11-14 22:13:20");
        assert_eq!(at(1_700_000_000_000_000_007), "2023-11-14 22:13:20.000000007");
    }
}
