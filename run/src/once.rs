//! One sync into one file, until it is complete, has failed, or is ended by whoever called it.
//!
//! The file appears only at the very end. Whatever ends a run before that leaves the earlier file as it was: the output
//! puts its records into a temporary file, and takes that away when it is dropped.

use baton_host::journal::Fingerprint;
use baton_host::{Config, Connector, Summary, SyncOptions};

use crate::error::Error;
use crate::output::{Output, Written};
use crate::place::Place;
use crate::work::Work;

/// What a run is made of.
pub struct Run<'a> {
    /// The connector.
    pub connector: &'a Connector,
    /// Its config.
    pub config: Config,
    /// How it syncs. The journal is the run's own.
    pub sync: SyncOptions,
    /// Where the result goes.
    pub place: &'a Place,
    /// What must be the same for a later run to go on where this one was stopped.
    pub same: &'a Fingerprint,
}

/// How a run ended.
pub enum Ended<T> {
    /// The file is there.
    Complete(Box<Summary>, Written),
    /// It failed.
    Failed {
        /// Why.
        error: Error,
        /// Whether what was read is kept for a later run.
        kept: bool,
    },
    /// It was ended.
    Stopped {
        /// By whom or what.
        by: T,
        /// Whether what was read is kept for a later run.
        kept: bool,
    },
}

impl Run<'_> {
    /// Sync, until `stop` resolves. `keeps` is called when from now on what was read survives the run.
    pub async fn until<T>(self, stop: impl Future<Output = T>, keeps: impl FnOnce()) -> Ended<T> {
        match self.sync(stop, keeps).await {
            Ok(ended) => ended,
            Err(error) => Ended::Failed { error, kept: false },
        }
    }

    async fn sync<T>(self, stop: impl Future<Output = T>, keeps: impl FnOnce()) -> Result<Ended<T>, Error> {
        let mut work = Work::begin(self.place)?;
        let mut output = Output::create(self.place, &self.sync, &work)?;
        // Who asks for single resources wants them as they are now.
        match self.sync.targets.is_empty() {
            true => {
                work.open_journal(self.same);
                if work.journal().is_some() {
                    keeps();
                }
            }
            false => work.leave_journal(),
        }
        let options = SyncOptions { journal: work.journal(), ..self.sync };
        let result = tokio::select! {
            // A sync that came to its end has its result, also when the signal came at the same moment.
            biased;
            result = self.connector.sync(self.config, output.sink(), options) => Ok(result.map_err(Error::from)),
            by = stop => Err(by),
        };
        let written = output.written();
        // Its files go before the lock does.
        let ended = match result {
            Ok(Ok(summary)) => return Ok(Ended::Complete(Box::new(summary), written)),
            Ok(Err(error)) => {
                drop(output);
                let kept = error.passes() && work.keep();
                Ended::Failed { error, kept }
            }
            Err(by) => {
                drop(output);
                Ended::Stopped { by, kept: work.keep() }
            }
        };
        Ok(ended)
    }
}
