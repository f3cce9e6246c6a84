//! Many tenants of size S: all in one process that uses the library, and in a process each.
//!
//! Each tenant has an API of its own. In one process they share the engine and the compiled component, and nothing
//! else.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use baton_c1z::{C1z, Options};
use baton_host::{Config, Engine, EngineOptions, Secret, SyncOptions};
use baton_planetscale_component::PLANETSCALE;
use comfy_table::{Table, presets};
use serde::{Deserialize, Serialize};

use crate::api::{Api, Manner, scenario};
use crate::measured::{Cost, measure};
use crate::outcome::Result;
use crate::rows::Contents;
use crate::run::{LONGEST, Spread};

/// What a process has to know of a tenant.
#[derive(Clone, Serialize, Deserialize)]
struct Tenant {
    url: String,
    token: String,
    file: PathBuf,
}

/// Measure both, and print what each costs a tenant.
pub fn tenants(program: &Path, tenants: usize, at_once: usize, runs: usize) -> Result {
    let folder = tempfile::tempdir()?;
    let apis =
        (0..tenants).map(|_| Api::start(scenario("S")?, Manner::default())).collect::<Result<Vec<_>>>()?;
    let list = folder.path().join("tenants.json");
    let own = std::env::current_exe()?.display().to_string();
    let variables = [("HOME".to_owned(), folder.path().display().to_string())];
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header([
        "how",
        "requests a tenant",
        "wall s",
        "CPU ms a tenant",
        "memory MB",
        "memory MB a sync that runs",
    ]);
    let program = program.display().to_string();
    let ways: [(&str, usize, Vec<&str>); 3] = [
        ("one process, one at a time", 1, vec!["tenants-here"]),
        ("one process", at_once, vec!["tenants-here"]),
        ("a process each", at_once, vec!["tenants-apart", "--program", &program]),
    ];
    for (name, at_once, way) in ways {
        let mut costs: Vec<Cost> = Vec::new();
        let mut requests = 0;
        // The first one compiles, and is not counted.
        for round in 0..=runs {
            let all: Vec<Tenant> = apis
                .iter()
                .enumerate()
                .map(|(number, api)| Tenant {
                    url: api.server.url().to_owned(),
                    token: api.server.service_token().to_owned(),
                    file: folder.path().join(format!("{number}.c1z")),
                })
                .collect();
            std::fs::write(&list, serde_json::to_vec(&all)?)?;
            apis.iter().for_each(|api| api.server.forget());
            let mut command = vec![own.clone()];
            command.extend(way.iter().map(|&word| word.to_owned()));
            command.extend(["--list".to_owned(), list.display().to_string()]);
            command.extend(["--at-once".to_owned(), at_once.to_string()]);
            let log = folder.path().join("log");
            let cost = measure(&command, folder.path(), &variables, &log, LONGEST)?;
            if cost.code != Some(0) {
                return Err(std::fs::read_to_string(&log)?.into());
            }
            for (tenant, api) in all.iter().zip(&apis) {
                if Contents::of(&tenant.file)?.map(|found| found.rows) != Some(api.rows) {
                    return Err(format!("{} does not hold what it should", tenant.file.display()).into());
                }
                std::fs::remove_file(&tenant.file)?;
            }
            requests = apis.iter().map(|api| api.server.counters().requests).sum();
            if round > 0 {
                costs.push(cost);
            }
        }
        let count = tenants as f64;
        let cpu = Spread::of(costs.iter().map(|cost| 1e3 * cost.cpu / count));
        let wall = Spread::of(costs.iter().map(|cost| cost.wall));
        let memory = Spread::of(costs.iter().map(|cost| cost.memory as f64 / f64::from(1 << 20)));
        table.add_row([
            format!("{name}, {at_once} at a time"),
            format!("{:.2}", requests as f64 / count),
            format!("{:.2} ({:.2})", wall.least, wall.median),
            format!("{:.2} ({:.2})", cpu.least, cpu.median),
            format!("{:.1} ({:.1})", memory.least, memory.median),
            format!("{:.1}", memory.least / at_once as f64),
        ]);
    }
    println!("{tenants} tenants of size S; least of {runs} runs (median)\n\n{table}");
    Ok(())
}

/// Be the one process.
pub fn here(list: &Path, at_once: usize) -> Result {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let connector = Engine::new(EngineOptions::default())?.load(PLANETSCALE)?;
        let turns = Arc::new(tokio::sync::Semaphore::new(at_once));
        let mut running = tokio::task::JoinSet::new();
        for tenant in read(list)? {
            let (connector, turns) = (connector.clone(), turns.clone());
            running.spawn(async move {
                let _turn = turns.acquire().await?;
                let schema = connector.config_schema().await?;
                let values = [
                    ("planetscale-service-token".to_owned(), Secret::from(tenant.token)),
                    ("planetscale-api-url".to_owned(), Secret::from(tenant.url)),
                ];
                let mut sink = C1z::create(&tenant.file, Options::default())?;
                connector.sync(Config::new(&schema, values)?, &mut sink, SyncOptions::default()).await?;
                Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
            });
        }
        while let Some(ended) = running.join_next().await {
            ended??;
        }
        Ok(())
    })
}

/// Start a process for each; this one's few megabytes count among theirs.
pub fn apart(list: &Path, at_once: usize, program: &Path) -> Result {
    let tenants = std::sync::Mutex::new(read(list)?);
    let next = || tenants.lock().ok().and_then(|mut left| left.pop());
    let one = || -> Result {
        while let Some(tenant) = next() {
            let status = Command::new(program)
                .arg("--file")
                .arg(&tenant.file)
                .env("BATON_PLANETSCALE_API_URL", tenant.url)
                .env("BATON_PLANETSCALE_SERVICE_TOKEN", tenant.token)
                .stdin(Stdio::null())
                .status()?;
            if !status.success() {
                return Err(format!("a process ended with {status}").into());
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..at_once).map(|_| scope.spawn(one)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread panicked")?)
    })
}

fn read(list: &Path) -> Result<Vec<Tenant>> {
    Ok(serde_json::from_slice(&std::fs::read(list)?)?)
}
