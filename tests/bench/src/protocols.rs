//! The same program over plain HTTP/1.1, over TLS with HTTP/1.1, and over TLS with HTTP/2 on offer, in turn.

use comfy_table::{Table, presets};

use crate::api::{Api, Manner, describe, scenario};
use crate::outcome::Result;
use crate::run::{Cache, Run, run};
use crate::subject::Subject;
use crate::table::{HEADER, Row};

const WAYS: [(&str, Manner); 3] = [
    ("HTTP/1.1, not encrypted", Manner { tls: false, http1: true }),
    ("TLS, HTTP/1.1", Manner { tls: true, http1: true }),
    ("TLS, HTTP/2 on offer", Manner { tls: true, http1: false }),
];

/// Measure, and print a table for each scenario.
pub fn protocols(subject: &Subject, scenarios: &[String], workers: &[u32], runs: usize) -> Result {
    println!("Numbers are the least of {runs} runs, in brackets their median.");
    for name in scenarios {
        let what = describe(&scenario(name)?);
        let apis = WAYS
            .iter()
            .map(|(_, manner)| Api::start(scenario(name)?, *manner))
            .collect::<Result<Vec<_>>>()?;
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN).set_header(HEADER);
        for workers in workers {
            let mut found: Vec<Vec<Run>> = vec![Vec::new(); apis.len()];
            for round in 0..=runs {
                eprint!("\r{workers} workers, run {round} of {runs} ");
                for (api, found) in apis.iter().zip(&mut found) {
                    let run = run(subject, api, *workers, Cache::Warm)?;
                    // The first one brings program and double into memory.
                    if round > 0 {
                        found.push(run);
                    }
                }
            }
            eprint!("\r                              \r");
            for ((way, _), runs) in WAYS.iter().zip(&found) {
                table.add_row(Row::of(runs).cells(&format!("{way}, {workers}")));
            }
        }
        println!("\n{name}: {what}\n\n{table}");
    }
    Ok(())
}
