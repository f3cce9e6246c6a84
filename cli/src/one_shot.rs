//! One sync into one file, until it is complete, failed, or somebody stops it.

use std::time::Instant;

use baton_host::journal::Fingerprint;
use baton_host::{Config, Connector, SyncOptions};
use baton_run::{Ended, Run};

use crate::failure::Failure;
use crate::review;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::summary::Told;

/// Sync, and say how it went.
pub async fn run(
    connector: &Connector,
    config: Config,
    settings: Settings,
    same: &Fingerprint,
    told: Told<'_>,
    stop: &Stop,
) -> Result<(), Failure> {
    let started = Instant::now();
    stop.syncing();
    let sync = SyncOptions { observer: told.display.observer(), ..settings.sync };
    let run =
        Run { connector, config, sync, place: &settings.place, same, resume_within: settings.resume_within };
    let ended = run.until(stop.told(), || stop.keeps()).await;
    told.display.clear();
    match ended {
        Ended::Complete(found, written) => {
            told.of(&found, &written, started.elapsed());
            if let Some(output) = &settings.review {
                let made = review::of_sync(written.path, output, review::rules()?)?;
                told.display.print(review::told(&made).trim_end());
            }
            Ok(())
        }
        Ended::Failed { error, kept } => {
            if kept {
                tracing::info!(
                    "What was read is kept: run the same command again within an hour to go on from there"
                );
            }
            Err(error.into())
        }
        Ended::Stopped { by, kept } => Err(Failure::Stopped { signal: by, kept }),
    }
}
