//! One run of a program against the double: what it cost, what it asked for, what it wrote.

use std::time::Duration;

use crate::api::{Api, Heard};
use crate::measured::{Cost, measure};
use crate::outcome::Result;
use crate::rows::Contents;
use crate::subject::Subject;

/// A run that takes longer has failed.
pub const LONGEST: Duration = Duration::from_secs(900);

/// Whether compiled code is found where an earlier run left it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    Warm,
    Cold,
}

/// What one run gave.
#[derive(Clone, Copy)]
pub struct Run {
    pub cost: Cost,
    pub heard: Heard,
    /// What is in the file, if it can be read here.
    pub contents: Option<Contents>,
}

/// How many connections so many workers may have. 0 leaves the number to the program.
pub fn most_connections(workers: u32) -> u64 {
    match workers {
        0 => u64::try_from(baton_host::SyncOptions::default().workers).unwrap_or(u64::MAX),
        some => some.into(),
    }
}

/// Run it once, in an empty folder.
pub fn run(subject: &Subject, api: &Api, workers: u32, cache: Cache) -> Result<Run> {
    let folder = tempfile::tempdir()?;
    let (file, log) = (folder.path().join("sync.c1z"), folder.path().join("log"));
    let fresh = folder.path().join("home");
    std::fs::create_dir(&fresh)?;
    let variables = subject.variables(api, (cache == Cache::Cold).then_some(fresh.as_path()));
    let command = subject.command(api, &file, workers);
    let (cost, heard) = api.listen(|| measure(&command, folder.path(), &variables, &log, LONGEST))?;
    if cost.code != Some(0) {
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        let mut last: Vec<&str> = log.lines().rev().take(20).collect();
        last.reverse();
        return Err(
            format!("{} ended with {:?} and said:\n{}", subject.name, cost.code, last.join("\n")).into()
        );
    }
    Ok(Run { cost, heard, contents: Contents::of(&file)? })
}

/// The least and the middle one of some numbers.
#[derive(Clone, Copy)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
}

impl Spread {
    /// Of these; they are not none.
    pub fn of(numbers: impl Iterator<Item = f64>) -> Spread {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
        Spread { least: at(0), median: at(sorted.len() / 2) }
    }
}
