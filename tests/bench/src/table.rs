//! The table: what a program costs in each scenario, the yardstick above it and the goals below.
//!
//! Beside ours stand the floor, unless the double speaks TLS, and a second program, if one is given. Runs alternate, and
//! every other round goes backwards: what else the machine does then strikes all alike.

use std::collections::BTreeMap;

use comfy_table::{Table, presets};

use crate::api::{Api, Manner, describe, scenario};
use crate::goal::{A_WORKER, Goals, Line, TEN_TIMES_THE_GRANTS, goals, lines};
use crate::outcome::Result;
use crate::run::{Cache, Run, Spread, most_connections, run};
use crate::subject::Subject;

/// What is to be measured.
pub struct Plan {
    pub scenarios: Vec<String>,
    pub workers: Vec<u32>,
    /// Of each program, scenario and worker count.
    pub runs: usize,
    pub manner: Manner,
    /// Also without compiled code in the cache, in every scenario.
    pub cold: bool,
}

/// Peaks by scenario and workers, in megabytes.
type Peaks = BTreeMap<(String, u32), f64>;

/// Of every table of runs.
pub const HEADER: [&str; 7] =
    ["who, workers", "requests", "connections", "wall s", "CPU s", "memory MB", "API µs a request"];

/// Measure, and print a table for each scenario.
pub fn table(ours: &Subject, others: &[Subject], plan: &Plan) -> Result {
    let mut peaks = Peaks::new();
    println!("Numbers are the least of {} runs, in brackets their median.", plan.runs);
    for name in &plan.scenarios {
        let scenario = scenario(name)?;
        let what = describe(&scenario);
        let api = Api::start(scenario, plan.manner)?;
        println!("\n{name}: {what}; {} requests, {} grants\n", api.bound, api.rows.grants);
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN).set_header(HEADER);
        lines(name).for_each(|line| yardstick(&mut table, line));
        for workers in &plan.workers {
            let found = measure(ours, others, &api, *workers, plan, Cache::Warm)?;
            let memory = Spread::of(found.ours.iter().map(megabytes));
            peaks.insert((name.clone(), *workers), memory.least);
            let label = format!("{}, {workers}", ours.name);
            report(&mut table, &label, &found.ours, &api, goals(name, true), *workers);
            for (other, runs) in others.iter().zip(&found.others) {
                compared(&mut table, &format!("{}, {workers}", other.name), &found.ours, runs);
            }
            if plan.cold || name == "S" {
                let found = measure(ours, &[], &api, *workers, plan, Cache::Cold)?;
                let label = format!("{label}, nothing compiled");
                report(&mut table, &label, &found.ours, &api, goals(name, false), *workers);
            }
        }
        println!("{table}");
    }
    memory(&peaks);
    Ok(())
}

/// Runs that were made in turn.
struct Found {
    ours: Vec<Run>,
    /// Of each other program.
    others: Vec<Vec<Run>>,
}

fn measure(
    ours: &Subject,
    others: &[Subject],
    api: &Api,
    workers: u32,
    plan: &Plan,
    cache: Cache,
) -> Result<Found> {
    let mut found = Found { ours: Vec::new(), others: vec![Vec::new(); others.len()] };
    if cache == Cache::Warm {
        // Not counted: it compiles, and brings programs and double into memory.
        for subject in std::iter::once(ours).chain(others) {
            run(subject, api, workers, cache)?;
        }
    }
    for round in 0..plan.runs {
        eprint!("\r{workers} workers, run {} of {} ", round + 1, plan.runs);
        let own = std::iter::once((ours, &mut found.ours));
        let mut turns: Vec<_> = own.chain(others.iter().zip(&mut found.others)).collect();
        if round % 2 == 1 {
            turns.reverse();
        }
        for (subject, runs) in turns {
            let run = run(subject, api, workers, cache)?;
            check(subject, &run, api)?;
            runs.push(run);
        }
    }
    eprint!("\r                              \r");
    same(&found, others)?;
    Ok(found)
}

/// A program that leaves something out is fast. What somebody else's writes may be of another kind.
fn check(subject: &Subject, run: &Run, api: &Api) -> Result {
    let rows = run.contents.map(|found| found.rows);
    if subject.is_foreign() || rows == Some(api.rows) {
        return Ok(());
    }
    let found = rows.map_or("no".to_owned(), |rows| rows.to_string());
    Err(format!("the file of {} has {found} records, {} are right", subject.name, api.rows).into())
}

/// The floor is one for the same file only.
fn same(found: &Found, others: &[Subject]) -> Result {
    let digest = |run: &Run| run.contents.map(|found| found.digest);
    let ours = found.ours.first().and_then(digest);
    for (subject, runs) in others.iter().zip(&found.others) {
        if !subject.is_foreign() && runs.iter().any(|run| digest(run) != ours) {
            return Err(format!("{} writes other records than ours", subject.name).into());
        }
    }
    Ok(())
}

fn yardstick(table: &mut Table, line: &Line) {
    table.add_row([
        format!("Go: {}", line.how),
        line.requests.to_string(),
        line.connections.to_string(),
        line.wall.to_string(),
        line.cpu.to_string(),
        line.memory.to_string(),
        String::new(),
    ]);
}

/// The numbers of some runs, and below them their goals.
fn report(table: &mut Table, label: &str, runs: &[Run], api: &Api, goals: Goals, workers: u32) {
    let row = Row::of(runs);
    table.add_row(row.cells(label));
    let most = most_connections(workers);
    let last = lines(&api.name).last();
    // The number's part of Go's, and the goal: as a part, and as the number it stands for.
    let goal = |found: f64, goal: Option<f64>, whole: Option<f64>| {
        let part = whole.map(|whole| format!("{:.2} of Go", found / whole));
        let goal = goal.map(|goal| {
            let of = whole.map(|whole| format!("{:.2} = ", goal / whole)).unwrap_or_default();
            format!("goal {of}{}: {}", short(goal), verdict(found <= goal))
        });
        part.into_iter().chain(goal).collect::<Vec<_>>().join(", ")
    };
    table.add_row([
        String::new(),
        format!("goal {}: {}", api.bound, verdict(row.requests == api.bound)),
        format!("goal ≤ {most}: {}", verdict(row.connections <= most)),
        goal(row.wall.least, goals.wall, last.map(|line| line.wall)),
        goal(row.cpu.least, goals.cpu, last.map(|line| line.cpu)),
        goal(row.memory.least, goals.memory, last.map(|line| line.memory)),
        String::new(),
    ]);
}

/// The numbers of another program, and what part of them ours are.
fn compared(table: &mut Table, label: &str, ours: &[Run], other: &[Run]) {
    let (ours, other) = (Row::of(ours), Row::of(other));
    table.add_row(other.cells(label));
    let ratio = |ours: Spread, other: Spread| {
        format!("ours {:.2} ({:.2}) of it", ours.least / other.least, ours.median / other.median)
    };
    let count = |ours: u64, other: u64| format!("ours {:.2} of it", ours as f64 / other as f64);
    table.add_row([
        String::new(),
        count(ours.requests, other.requests),
        count(ours.connections, other.connections),
        ratio(ours.wall, other.wall),
        ratio(ours.cpu, other.cpu),
        ratio(ours.memory, other.memory),
        String::new(),
    ]);
}

/// The numbers of some runs.
pub struct Row {
    /// The most of them all.
    requests: u64,
    connections: u64,
    http2: bool,
    wall: Spread,
    cpu: Spread,
    memory: Spread,
    /// What the double took to answer one request, in microseconds.
    api: Spread,
}

impl Row {
    /// Of these.
    pub fn of(runs: &[Run]) -> Row {
        let most = |count: fn(&Run) -> u64| runs.iter().map(count).max().unwrap_or(0);
        Row {
            requests: most(|run| run.heard.counters.requests),
            connections: most(|run| run.heard.counters.connections),
            http2: runs.iter().any(|run| run.heard.http2 > 0),
            wall: Spread::of(runs.iter().map(|run| run.cost.wall)),
            cpu: Spread::of(runs.iter().map(|run| run.cost.cpu)),
            memory: Spread::of(runs.iter().map(megabytes)),
            api: Spread::of(runs.iter().map(|run| 1e6 * run.heard.cpu / run.heard.counters.requests as f64)),
        }
    }

    /// A row of a table.
    pub fn cells(&self, label: &str) -> [String; 7] {
        let time = |spread: Spread| format!("{:.3} ({:.3})", spread.least, spread.median);
        let protocol = if self.http2 { ", came over HTTP/2" } else { "" };
        [
            format!("{label}{protocol}"),
            self.requests.to_string(),
            self.connections.to_string(),
            time(self.wall),
            time(self.cpu),
            format!("{:.1} ({:.1})", self.memory.least, self.memory.median),
            format!("{:.0}", self.api.least),
        ]
    }
}

/// The goals that are differences between two peaks.
fn memory(peaks: &Peaks) {
    let of = |name: &'static str| peaks.iter().filter(move |((scenario, _), _)| scenario == name);
    for ((_, workers), ten) in of("10L") {
        if let Some(one) = peaks.get(&("L".to_owned(), *workers)) {
            let added = ten - one;
            let met = verdict(added < TEN_TIMES_THE_GRANTS);
            println!(
                "\nTen times the grants of L, {workers} workers: {added:+.1} MB; goal {TEN_TIMES_THE_GRANTS}: {met}"
            );
        }
    }
    for name in ["S", "M", "L"] {
        let (Some(((_, few), small)), Some(((_, many), large))) = (of(name).next(), of(name).next_back())
        else {
            continue;
        };
        let (few, many) = ((*few).max(1), (*many).max(1));
        if many > few {
            let each = (large - small) / f64::from(many - few);
            let met = verdict(each <= A_WORKER);
            println!("\nA worker more in {name}, {few} to {many}: {each:+.2} MB; goal {A_WORKER}: {met}");
        }
    }
}

/// Without digits that say nothing.
fn short(number: f64) -> String {
    format!("{number:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

fn megabytes(run: &Run) -> f64 {
    run.cost.memory as f64 / f64::from(1 << 20)
}
