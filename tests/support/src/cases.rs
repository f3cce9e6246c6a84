//! The fault matrix: everything that can go wrong at every place, and what must come of it.
//!
//! A case is a fault at an endpoint, at the first, middle or last page, once or every time, and met by one, by two and
//! by eight workers, and by some that take members and databases from the list of teams. Cases are numbered in a fixed
//! order, so that one that failed is run again by its number. What
//! must come of a case is said beside the fault (`faults.rs`), from what the fault is, and judged against the
//! scenario's manifest (`verdict.rs`). There are three ways it can come out, and never a fourth: complete and equal
//! to the manifest; complete with what the fault makes unavoidable, and said; failed with the stated code.

mod changes;
mod expect;
mod faults;
mod kind;
mod values;
mod verdict;
mod world;

use std::collections::HashSet;
use std::time::Duration;

use baton_host::{Limits, Retry, SyncOptions};
use baton_planetscale_demo::{Fault, Manifest, PagePlace, Place, Scenario, Server};

use crate::harness::{DATABASES, FILE, INLINE, sync_into};
pub use expect::Expect;
use kind::{Kind, Needs};
pub use verdict::Outcome;

const PLACES: [PagePlace; 3] = [PagePlace::First, PagePlace::Middle, PagePlace::Last];
/// How many workers meet a case, and what they take from the list of teams: members, databases.
const WORKERS: [(usize, bool, bool); 6] = [
    (1, false, false),
    (2, false, false),
    (8, false, false),
    (2, true, false),
    (1, false, true),
    (8, true, true),
];

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its number.
    pub number: usize,
    /// What it is, in words.
    pub name: String,
    /// The API.
    pub scenario: Scenario,
    /// How many workers meet it.
    pub workers: usize,
    /// Whether members are taken from the list of teams.
    pub inline: bool,
    /// Whether databases are.
    pub databases: bool,
    /// What must come of it.
    pub expect: Expect,
    needs: Needs,
}

/// Every case, by number.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, scenario: Scenario, expect: Expect, needs: Needs| {
        for (workers, inline, databases) in WORKERS {
            let (name, scenario, mut expect) = (name.clone(), scenario.clone(), expect.clone());
            if let Expect::OfDatabases(of_them) = expect {
                expect = if databases { *of_them } else { Expect::Equal };
            }
            if let (true, Expect::Fails(codes)) = (inline, &expect) {
                // Members that are told elsewhere, too, may be read from there.
                expect = Expect::EqualOr(codes.clone());
            }
            let number = cases.len();
            cases.push(Case { number, name, scenario, workers, inline, databases, expect, needs });
        }
    };
    for Kind { name, kind, at, once, always, needs } in faults::all() {
        for endpoint in at {
            for place in PLACES {
                for (times, expect) in [(Some(1), &once), (None, &always)] {
                    let Some(expect) = expect(endpoint, place) else { continue };
                    let at = Place { endpoint: Some(endpoint), page: place, ..Place::default() };
                    let fault = Fault { at, times, kind: kind.clone() };
                    let often = if times.is_some() { "once" } else { "every time" };
                    let name = format!("{name} {often} at {endpoint:?}, {place:?} page");
                    add(name, Scenario { faults: vec![fault], ..world::small() }, expect, needs);
                }
            }
        }
    }
    for (name, scenario, codes) in changes::all() {
        add(name, scenario, Expect::Moments(codes), Needs::Nothing);
    }
    cases
}

/// So many of them, after a shuffle that is the same each time: one of each kind, then others.
#[must_use]
pub fn some(count: usize) -> Vec<Case> {
    let mut cases = all();
    fastrand::Rng::with_seed(20_261_124).shuffle(&mut cases);
    let mut kinds = HashSet::new();
    let (mut chosen, others): (Vec<Case>, Vec<Case>) =
        cases.into_iter().partition(|case| kinds.insert(case.kind().to_owned()));
    chosen.extend(others);
    chosen.truncate(count);
    chosen
}

impl Case {
    /// What goes wrong, without where and how often.
    #[must_use]
    pub fn kind(&self) -> &str {
        let ends = [" once at ", " every time at "];
        let end = ends.iter().find_map(|end| self.name.find(end));
        end.and_then(|end| self.name.get(..end)).unwrap_or(&self.name)
    }

    /// Run it, and judge what came of it; and whether the fault struck.
    ///
    /// # Errors
    /// It came out as it must not: in which way.
    pub async fn run(&self) -> Result<(Outcome, bool), String> {
        let of = if self.databases { Manifest::with_databases } else { Manifest::of };
        let (before, after) = (of(&self.scenario), of(&self.scenario.after_changes()));
        let server = Server::start(self.scenario.clone()).map_err(|error| error.to_string())?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (result, found) = sync_into(&server, self.options(), &self.further(), folder.path()).await;
        let struck = server.struck().iter().any(|times| *times > 0);
        // A fault that could not strike, because its place is not there, must have changed nothing.
        let expect = if self.scenario.faults.is_empty() || struck { &self.expect } else { &Expect::Equal };
        let file = folder.path().join(FILE);
        verdict::judge(expect, &result, &found, [&before, &after])
            .and_then(|outcome| verdict::judge_file(&file, result.is_ok()).map(|()| (outcome, struck)))
            .map_err(|wrong| {
                let further: Vec<_> = self.further().iter().map(|(name, _)| *name).collect();
                let Case { number, name, workers, .. } = self;
                format!("case {number} ({name}, {workers} workers, {further:?}): {wrong}")
            })
    }

    /// The connector's options that are on, each with its value.
    #[must_use]
    pub fn further(&self) -> Vec<(&'static str, &'static str)> {
        let all = [(self.inline, INLINE), (self.databases, DATABASES)];
        all.into_iter().filter(|(is_on, _)| *is_on).map(|(_, option)| option).collect()
    }

    /// Pauses are short and few. A request gets a moment only where nothing else ends it.
    fn options(&self) -> SyncOptions {
        let mut retry = Retry {
            attempts: 3,
            first: Duration::from_millis(5),
            longest: Duration::from_millis(20),
            waits: 2,
            wait_unknown: Duration::from_millis(5),
            ..Retry::default()
        };
        let mut limits = Limits::default();
        match self.needs {
            Needs::Nothing => {}
            Needs::Haste => limits.request = Duration::from_millis(1_500),
            Needs::Patience => {
                retry.attempts = 8;
                retry.first = Duration::from_millis(20);
                retry.longest = Duration::from_millis(200);
            }
        }
        SyncOptions { workers: self.workers, retry, limits, ..SyncOptions::default() }
    }
}
