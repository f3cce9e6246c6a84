//! `bench`: what a sync costs, measured from outside, with the goals beside the numbers.
//!
//! The double of the API runs in this process and counts requests and connections. The program that is measured
//! runs as a child of a small process of its own (`measured`), which asks the operating system for its time and
//! memory: a child's peak begins with that of whoever started it, and this process holds whole scenarios.
//!
//! `cli` says what is asked for; `table`, `protocols`, `counts`, `limit`, `tenants` and `expansion` are what it does; `api`,
//! `subject`, `run` and `rows` are what they are made of; `floor` is the least that a program can do, and `goal` holds
//! the yardstick.

mod api;
mod cli;
mod counts;
mod expansion;
mod floor;
mod goal;
mod limit;
mod measured;
mod outcome;
mod protocols;
mod rows;
mod run;
mod subject;
mod table;
mod tenants;
mod tree;

use std::process::ExitCode;

/// The floor stands on the same allocator as what is measured beside it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
