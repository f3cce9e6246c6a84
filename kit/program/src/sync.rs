//! A whole sync into a file.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use baton_host::{Event, SyncOptions};
use baton_run::{Ended, Place, Run};

use crate::failure::Failure;
use crate::print;
use crate::subject::{self, Typed};

/// The exit code of a program that SIGINT ended.
const INTERRUPTED: u8 = 130;

/// Sync, and say what came.
pub async fn whole(typed: Typed, file: PathBuf, workers: usize) -> Result<ExitCode, Failure> {
    let bytes = subject::read(&typed.component)?;
    let connector = subject::load(&bytes)?;
    let schema = connector.config_schema().await?;
    let config = typed.whole_config(&schema)?;
    let same = baton_run::fingerprint(&bytes, &schema, &typed.values(&schema)?);
    let observer = |event: &Event<'_>| match event {
        Event::Warning(warning) => tracing::warn!("{}", warning.message),
        Event::Waiting { seconds, reason, .. } => tracing::warn!(seconds, "waiting: {reason}"),
        _ => {}
    };
    let sync = SyncOptions {
        workers,
        allow: typed.allow()?,
        observer: Some(std::sync::Arc::new(observer)),
        ..SyncOptions::default()
    };
    let place = Place { file, temp_dir: None, keep: Some(2) };
    // Who writes a connector wants what it gives now.
    let run = Run {
        connector: &connector,
        config,
        sync,
        place: &place,
        same: &same,
        resume_within: Duration::ZERO,
    };
    match run.until(tokio::signal::ctrl_c(), || ()).await {
        Ended::Complete(found, written) => {
            let count = |of: &std::collections::BTreeMap<String, u64>| of.values().sum::<u64>();
            print::text(&format!(
                "{}: {} resource types, {} resources, {} entitlements, {} grants, {} warnings, {} requests\n",
                written.path.display(),
                found.resource_types,
                count(&found.resources),
                count(&found.entitlements),
                count(&found.grants),
                found.warnings.len(),
                found.requests
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Ended::Failed { error, .. } => Err(error.into()),
        Ended::Stopped { .. } => Ok(ExitCode::from(INTERRUPTED)),
    }
}
