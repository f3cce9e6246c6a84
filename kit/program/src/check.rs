//! Which rules of the contract a component keeps.
//!
//! `plain` looks at what needs no config, `lists` reads every list again and elsewhere, `faults` puts failures between
//! the connector and its vendor; `report` says it all, a line a rule.

mod faults;
mod lists;
mod patience;
mod plain;
mod report;
mod reserved;
mod rules;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use baton_host::sink::Memory;
use baton_host::{Caller, Config, Connector, Error, SyncOptions};

use crate::failure::Failure;
use crate::print;
use crate::subject::{self, Typed};
use patience::Measured;
use report::Report;

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Lists of each type that are read again.
    pub lists: usize,
    /// What a call may take.
    pub seconds: u64,
    /// What an instance may take.
    pub mebibytes: usize,
}

/// Try all of it, and tell.
pub async fn all(typed: Typed, settings: &Settings, json: bool) -> Result<ExitCode, Failure> {
    let mut report = Report::default();
    let bytes = subject::read(&typed.component)?;
    match subject::load(&bytes) {
        Err(failure) => report.broken("loads", failure.to_string()),
        Ok(connector) => {
            report.kept("loads", format!("{} bytes", bytes.len()));
            plain::all(&connector, &mut report).await;
            with_config(&typed, settings, &connector, &mut report).await?;
        }
    }
    if json {
        print::json(&report.lines())?
    } else {
        print::text(&report.table())?
    }
    Ok(ExitCode::from(u8::from(report.is_broken())))
}

async fn with_config(
    typed: &Typed,
    settings: &Settings,
    connector: &Connector,
    report: &mut Report,
) -> Result<(), Failure> {
    let Ok(schema) = connector.config_schema().await else { return Ok(()) };
    let config = match typed.config(&schema)? {
        Ok(config) => config,
        Err(missing) => {
            report.rest(&format!("no config: --set {}", missing.join(", ")));
            return Ok(());
        }
    };
    let options = SyncOptions { allow: typed.allow()?, ..SyncOptions::default() };
    let mut measured = Measured::default();
    if let Err(why) = live(connector, &config, &options, settings, report, &mut measured).await {
        report.rest(&why);
    }
    measured.judge(Duration::from_secs(settings.seconds), settings.mebibytes, report);
    Ok(())
}

/// Everything against the system that the config names; or why it ended early.
async fn live(
    connector: &Connector,
    config: &Config,
    options: &SyncOptions,
    settings: &Settings,
    report: &mut Report,
    measured: &mut Measured,
) -> Result<(), String> {
    let told = |error: Error| error.to_string();
    let session = connector.session(config.clone(), options).await.map_err(told)?;
    let mut caller = session.caller();
    match measured
        .patiently(async |caller: &mut Caller| caller.validate().await, &mut caller, "validate")
        .await
    {
        Ok(Ok(validation)) => report.kept("validate", validation.identity.unwrap_or_default()),
        Ok(Err(error)) => {
            report.broken("validate", Error::Connector { place: "validate".into(), error }.to_string());
            return Err("validate failed".into());
        }
        Err(error) => {
            report.broken("validate", error.to_string());
            return Err("validate failed".into());
        }
    }
    let mut found = Memory::default();
    match connector.sync(config.clone(), &mut found, options.clone()).await {
        Ok(summary) => {
            let counts: BTreeMap<&str, u64> = [
                ("resources", summary.resources.values().sum()),
                ("entitlements", summary.entitlements.values().sum()),
                ("grants", summary.grants.values().sum()),
            ]
            .into();
            let counts: Vec<String> = counts.iter().map(|(what, many)| format!("{many} {what}")).collect();
            report.kept("sync", format!("{}, {} warnings", counts.join(", "), summary.warnings.len()));
            let many = found.grants.iter().filter(|grant| grant.expansion.is_some()).count();
            report.kept("expansion", format!("{many} grants expand"));
        }
        // The rules of expansions are the only ones that name it.
        Err(Error::Contract { place, rule }) if rule.contains(" expands ") => {
            report.broken("expansion", format!("{place}: {rule}"));
            return Err("the sync failed".into());
        }
        Err(error) => {
            report.broken("sync", error.to_string());
            return Err("the sync failed".into());
        }
    }
    let trial = lists::Trial { connector, config, options, most: settings.lists };
    let asked = lists::again(&trial, &found, report, measured).await?;
    lists::tokens(&trial, &asked, report).await?;
    faults::all(&trial, &found, report, measured).await
}
