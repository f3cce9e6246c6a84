//! The short form: counts only, never times, so that it says the same on every machine. It fails when a page was
//! asked for that need not have been, when there are more connections than workers, or when a record is missing.

use std::process::ExitCode;

use comfy_table::{Table, presets};

use crate::api::{Api, Manner, scenario};
use crate::outcome::Result;
use crate::run::{Cache, most_connections, run};
use crate::subject::Subject;

/// Each scenario shows something: one page a list; several, at the same time; the same people everywhere.
const CASES: [(&str, &[u32]); 3] = [("S", &[0, 8]), ("M", &[0, 32]), ("shared", &[8])];

/// Run it.
pub fn counts(subject: &Subject, manner: Manner) -> Result<ExitCode> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["scenario", "workers", "requests", "lower bound", "connections", "records", "wrong"]);
    let mut good = true;
    for (name, workers) in CASES {
        let mut scenario = scenario(name)?;
        // How long replies take changes no count, if there is time for all workers to have one open.
        scenario.latency_ms = scenario.latency_ms.min(5);
        let api = Api::start(scenario, manner)?;
        for workers in workers {
            let run = run(subject, &api, *workers, Cache::Warm)?;
            let counters = run.heard.counters;
            let mut wrong = Vec::new();
            if counters.requests != api.bound || counters.repeated > 0 {
                wrong.push(format!("{} repeated", counters.repeated));
            }
            if counters.connections > most_connections(*workers) {
                wrong.push("more connections than workers".to_owned());
            }
            let rows = run.contents.map(|found| found.rows);
            if rows != Some(api.rows) {
                wrong.push(format!("{} records", api.rows));
            }
            good &= wrong.is_empty();
            table.add_row([
                name.to_owned(),
                workers.to_string(),
                counters.requests.to_string(),
                api.bound.to_string(),
                counters.connections.to_string(),
                rows.map_or("–".to_owned(), |rows| rows.to_string()),
                wrong.join(", "),
            ]);
        }
    }
    println!("{table}");
    println!("Records are resource types + resources + entitlements + grants.");
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
