//! One sync into one file, until it is complete, failed, or somebody stops it.
//!
//! The file appears only at the very end. Whatever ends a run before that leaves the earlier file as it was: the
//! output puts its records into a temporary file, and takes that away when it is dropped.

use std::sync::Arc;
use std::time::{Duration, Instant};

use baton_host::journal::{Fingerprint, Journal};
use baton_host::sink::Sink;
use baton_host::{Config, Connector, Limits, Summary, SyncOptions};

use super::failure::Failure;
use super::logs::Format;
use super::output::Output;
use super::progress::Display;
use super::settings::Settings;
use super::stop::Stop;
use super::summary;
use super::work::Work;

/// Sync, and say how it went.
pub async fn run(
    connector: &Connector,
    config: Config,
    settings: &Settings,
    same: &Fingerprint,
    format: Format,
    display: &Display,
    stop: &Stop,
) -> Result<(), Failure> {
    let started = Instant::now();
    stop.syncing();
    let mut work = Work::begin(settings)?;
    let mut output = Output::create(settings, &work)?;
    // Who asks for single resources wants them as they are now.
    match settings.targets.is_empty() {
        true => {
            work.open_journal(same);
            if work.journal().is_some() {
                stop.keeps();
            }
        }
        false => work.leave_journal(),
    }
    let found = sync(connector, config, output.sink(), settings, work.journal(), display, stop).await;
    let found = match found {
        Err(failure) if failure.passes() => {
            // Its files go before the lock does.
            drop(output);
            return Err(failure.kept(work.keep()));
        }
        found => found?,
    };
    summary::tell(format, display, &found, &output.written(), started.elapsed());
    Ok(())
}

/// Sync into a sink.
pub async fn sync(
    connector: &Connector,
    config: Config,
    sink: &mut dyn Sink,
    settings: &Settings,
    journal: Option<Arc<dyn Journal>>,
    display: &Display,
    stop: &Stop,
) -> Result<Summary, Failure> {
    let options = SyncOptions { observer: display.observer(), journal, ..options(settings) };
    let result = tokio::select! {
        // A sync that came to its end has its result, also when the signal came at the same moment.
        biased;
        result = connector.sync(config, sink, options) => result.map_err(Failure::Library),
        signal = stop.told() => Err(Failure::Stopped { signal, kept: false }),
    };
    display.clear();
    result
}

/// What the settings say of a sync.
pub fn options(settings: &Settings) -> SyncOptions {
    SyncOptions {
        workers: settings.workers,
        limits: limits(settings.http_timeout),
        resource_types: settings.resource_types.clone(),
        targets: settings.targets.clone(),
        skip_entitlements_and_grants: settings.skip_entitlements_and_grants,
        skip_grants: settings.skip_grants,
        requests_per_minute: settings.requests_per_minute,
        ..SyncOptions::default()
    }
}

/// A call may take as long as one request of it may.
fn limits(http_timeout: Duration) -> Limits {
    let limits = Limits::default();
    Limits { request: http_timeout, call: limits.call.max(http_timeout), ..limits }
}
