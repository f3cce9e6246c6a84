//! Grants that follow from others: whoever is a member of a group holds what the group was given.
//!
//! This works on the rows of the sync that is being written, when the last page is in. Readers of these files expect
//! the rules of Baton's own tools:
//!
//! - A grant that expands leads from each entitlement that it names, the source, to its own, the destination: who holds
//!   the source holds the destination as well. Groups in groups follow from that.
//! - A principal has one grant of an entitlement, whatever the number of ways. It says all of its sources, and of each
//!   whether the principal holds that one directly.
//! - A grant that the connector gave keeps its id and its annotations, and becomes its own source. One that only follows
//!   from others is immutable.
//! - A shallow way is taken by direct holders alone; a way with types by principals of these types.
//! - Two ways from one source to one destination are one, the wider of both: not shallow if either is not, and with types
//!   only if both have them, then with the types of both.
//! - Entitlements that follow from one another in a circle are one: what leads to any leads to each, and what follows
//!   from any follows from each. Among themselves they pass nothing on.
//!
//! One entitlement is worked out at a time, after all that it follows from. Who holds what lies in a database of its own
//! beside the working database, as numbers, so that memory does not grow with the grants.

mod derive;
pub(crate) mod graph;
mod holders;

use std::path::Path;

use rusqlite::Connection;

use self::derive::Deriver;
pub use self::derive::Expanded;
use self::graph::Graph;
use self::holders::Holders;
use crate::rows::{Failed, Rows};
use crate::runs;

/// Work out what follows in a sync. `scratch` is where a file may lie meanwhile.
pub(super) fn run(database: &Connection, sync: &str, scratch: &Path) -> Result<Expanded, Failed> {
    tracing::info!("Expanding grants...");
    let graph = Graph::read(database, sync)?;
    graph.warn();
    let holders = Holders::read(scratch, database, sync, &graph)?;
    let rows = Rows { database, sync, now: runs::now() };
    let mut deriver = Deriver::new(&graph, holders, rows);
    for step in graph.steps() {
        for destination in step.destinations {
            deriver.work_out(*destination, &step.ways, step.leads_on)?;
        }
    }
    let expanded = deriver.done();
    tracing::info!(derived = expanded.derived, also_direct = expanded.also_direct, "Expanded grants");
    Ok(expanded)
}
