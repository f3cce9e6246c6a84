//! One scenario's double of the API, in this process, and what it counted of one run.

use std::path::PathBuf;

use baton_planetscale_demo::{Counters, InlineMembers, Manifest, Options, RateLimit, Scenario, Server};
use rustix::time::{ClockId, clock_gettime};

use crate::outcome::Result;
use crate::rows::Rows;

/// How the double is reached.
#[derive(Clone, Copy, Default)]
pub struct Manner {
    /// Encrypted.
    pub tls: bool,
    /// HTTP/2 is not offered, encrypted or not.
    pub http1: bool,
}

/// A running double.
pub struct Api {
    /// The scenario's name.
    pub name: String,
    pub server: Server,
    /// The fewest requests that show everything.
    pub bound: u64,
    /// The records that a sync has to give.
    pub rows: Rows,
    /// Of TLS: the certificate to trust, as a file.
    pub ca: Option<PathBuf>,
    /// Holds that file.
    _folder: tempfile::TempDir,
}

/// What the double has to say of one run.
#[derive(Clone, Copy, Default)]
pub struct Heard {
    pub counters: Counters,
    /// Requests that came over HTTP/2.
    pub http2: u64,
    /// What answering them took of this process, in seconds.
    pub cpu: f64,
}

impl Api {
    /// Start it.
    pub fn start(scenario: Scenario, manner: Manner) -> Result<Api> {
        let name = scenario.name.clone();
        let manifest = Manifest::of(&scenario);
        let (bound, rows) = (manifest.requests, Rows::expected(&manifest));
        drop(manifest);
        let options = Options { tls: manner.tls, http2: !manner.http1, ..Options::default() };
        let server = Server::start_with(scenario, options)?;
        let folder = tempfile::tempdir()?;
        let ca = match server.ca_pem() {
            Some(pem) => {
                let file = folder.path().join("ca.pem");
                std::fs::write(&file, pem)?;
                Some(file)
            }
            None => None,
        };
        Ok(Api { name, server, bound, rows, ca, _folder: folder })
    }

    /// Do something, and hear what it asked for.
    pub fn listen<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<(T, Heard)> {
        self.server.forget();
        let before = own_cpu();
        let result = work()?;
        let cpu = own_cpu() - before;
        let requests = self.server.requests();
        let http2 = requests.iter().filter(|request| request.http2).count();
        let http2 = u64::try_from(http2)?;
        Ok((result, Heard { counters: self.server.counters(), http2, cpu }))
    }
}

/// User and system time of this process, in seconds: while a child is measured, all it does is to answer.
fn own_cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// A scenario by its name: those of the double, and `10L`, which is L with ten times its grants.
pub fn scenario(name: &str) -> Result<Scenario> {
    if name != "10L" {
        return Ok(Scenario::named(name)?);
    }
    // 10 × (5,000 + 500 × 490) grants. The team list tells of as many members as that of L, so that its pages are
    // of the same size.
    Ok(Scenario {
        name: name.into(),
        inline_members: InlineMembers::AtMost(40),
        ..Scenario::sized(10, 5_000, 500, 490)
    })
}

/// What a scenario is, in words.
pub fn describe(scenario: &Scenario) -> String {
    let organizations = scenario.organizations.len();
    let first = scenario.organizations.first();
    let members = first.map_or(0, |organization| organization.members.len());
    let teams = first.map_or(0, |organization| organization.teams.len());
    let team = first.and_then(|organization| organization.teams.first()).map_or(0, |team| team.members.len());
    let latency = scenario.latency_ms;
    format!("{organizations} × ({members} members, {teams} teams of {team}), {latency} ms a reply")
}

/// One organization that takes so many requests, with a limit on them.
pub fn limited(requests: u64, limit: RateLimit) -> Scenario {
    let fits = |teams: &usize| {
        let asked = 1 + 10 + teams.div_ceil(100) + teams;
        u64::try_from(asked).is_ok_and(|asked| asked >= requests)
    };
    let teams = (1..).find(fits).unwrap_or(1);
    Scenario { name: "limited".into(), rate_limit: Some(limit), ..Scenario::sized(1, 1_000, teams, 5) }
}
