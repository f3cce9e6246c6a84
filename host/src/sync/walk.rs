//! The order of one sync: types, then resources with their children, then entitlements, then grants.
//!
//! One coordinator hands the pages that are to be asked (`agenda.rs`) out to the workers, and gives each that came to the
//! intake (`intake.rs`), which says what is to be asked next.

use std::sync::Arc;

use tokio::task::JoinSet;
use tracing::{Instrument, info};

use super::agenda::Step;
use super::facts;
use super::intake::Intake;
use super::options::{Event, Summary, SyncOptions};
use super::worker::Worker;
use crate::component::instance::Source;
use crate::model::bid::Target;
use crate::model::contract::{ConnectorMetadata, Resource, Warning};
use crate::model::error::Error;
use crate::model::facts::Facts;
use crate::model::records::{List, Page};
use crate::sink::Sink;

/// Lists that may be left out before their share counts, as the Go syncer has it.
const FEW_SKIPPED: usize = 10;

type Done = (Worker, Step, Result<Page, Error>);

/// A sync on its way.
pub(crate) struct Walk<'a> {
    workers: Vec<Worker>,
    intake: Intake<'a>,
    metadata: ConnectorMetadata,
}

impl<'a> Walk<'a> {
    pub fn new(
        workers: Vec<Worker>,
        source: Source,
        metadata: ConnectorMetadata,
        sink: &'a mut dyn Sink,
        options: &'a SyncOptions,
    ) -> Walk<'a> {
        Walk { workers, intake: Intake::new(source, sink, options), metadata }
    }

    pub async fn run(mut self) -> Result<Summary, Error> {
        let (identity, warnings) = match self.workers.first_mut() {
            Some(worker) => worker.validate().await?,
            None => Default::default(),
        };
        warnings.into_iter().for_each(|warning| self.intake.tally.warn(warning));

        info!("Syncing resource types...");
        self.phase("resource types");
        self.intake.agenda.begin(List::ResourceTypes);
        let types = self.read().await?;
        info!(count = types, "Synced resource types");

        info!("Syncing resources...");
        self.phase("resources");
        let kinds = self.selected_types()?;
        let scratch = self.intake.sink.scratch()?;
        self.intake.known.told.keep_in(scratch);
        if self.intake.is_targeted() {
            self.reach().await?;
        } else {
            for kind in kinds {
                self.intake.agenda.begin(List::Resources { resource_type: kind, parent: None });
            }
            self.read().await?;
        }
        self.intake.end_resources()?;
        for (kind, count) in &self.intake.tally.summary.resources {
            info!(resource_type_id = %kind, count, "Synced resources");
        }

        if !self.intake.options.skip_entitlements_and_grants {
            let offering = std::mem::take(&mut self.intake.offering);
            info!("Syncing entitlements...");
            self.phase("entitlements");
            for resource in &offering {
                if self.intake.known.type_of(&resource.id.resource_type).is_some_and(|t| t.has_entitlements) {
                    self.intake.agenda.begin(List::Entitlements(Resource::clone(resource)));
                }
            }
            let count = self.read().await?;
            info!(count, total = offering.len(), "Synced entitlements");

            if !self.intake.options.skip_grants {
                self.grants(&offering).await?;
            }
        }
        if self.intake.skipped > FEW_SKIPPED && self.intake.skipped * 10 > self.intake.agenda.lists {
            return Err(Error::TooManyWarnings {
                skipped: self.intake.skipped,
                lists: self.intake.agenda.lists,
            });
        }
        // Nothing at all would be told as everybody having lost access.
        if self.intake.tally.summary.resources.values().all(|count| *count == 0)
            && !self.intake.options.resource_types.is_empty()
        {
            return Err(Error::NothingOfTypes(self.intake.options.resource_types.join(", ")));
        }
        // In an order that the order of replies does not decide.
        self.intake.tally.summary.warnings.sort_by(|one, other| one.message.cmp(&other.message));
        if let Some(egress) = &self.intake.source.egress {
            self.intake.tally.summary.requests = egress.pace.requests();
            self.intake.tally.summary.waited = egress.pace.waited();
        }
        let facts = self.facts(identity.as_deref());
        self.intake.sink.note(&facts)?;
        self.intake.sink.finish()?;
        Ok(self.intake.tally.summary)
    }

    /// What the sync knows of itself, all records being in.
    fn facts(&self, identity: Option<&str>) -> Facts {
        let Intake { source, tally, options, .. } = &self.intake;
        let config = source.config.as_deref();
        let summary = &tally.summary;
        Facts {
            requests: summary.requests,
            pages: self.intake.pages as u64,
            pages_taken_up: summary.taken_up,
            lists: tally.lists,
            lists_left_out: self.intake.skipped as u64,
            counts: tally.counts(),
            warnings: facts::notes(summary),
            more_warnings: summary.more_warnings,
            cannot_see: facts::cannot_see(&self.metadata, summary, config),
            ..facts::before(&self.metadata, source.connector.digest(), identity, config, options)
        }
    }

    async fn grants(&mut self, offering: &[Arc<Resource>]) -> Result<(), Error> {
        info!("Syncing grants...");
        self.phase("grants");
        for resource in offering {
            if self.intake.known.type_of(&resource.id.resource_type).is_some_and(|t| t.has_grants) {
                self.intake.agenda.begin(List::Grants(Resource::clone(resource)));
            }
        }
        let count = self.read().await?;
        info!(count, total = offering.len(), "Synced grants");
        self.intake.known.strangers().for_each(|warning| self.intake.tally.warn(warning));
        if self.intake.left_out > 0 {
            let message = format!(
                "{} grants to principals of resource types that were not asked for were left out",
                self.intake.left_out
            );
            self.intake.tally.warn(Warning { message, resource: None });
        }
        Ok(())
    }

    /// The types to list: all of them, or those asked for.
    fn selected_types(&self) -> Result<Vec<String>, Error> {
        for wanted in &self.intake.options.resource_types {
            if self.intake.known.type_of(wanted).is_none() {
                return Err(Error::UnknownType(wanted.clone()));
            }
        }
        Ok(self.intake.tally.summary.resources.keys().cloned().collect())
    }

    /// Find the targets, and read what lies within them.
    async fn reach(&mut self) -> Result<(), Error> {
        for target in &self.intake.options.targets {
            let kind = &target.id.resource_type;
            if self.intake.known.type_of(kind).is_none() {
                return Err(Error::UnknownType(kind.clone()));
            }
            if !self.intake.options.selects(kind) {
                return Err(Error::TargetLeftOut { target: target.to_string(), kind: kind.clone() });
            }
        }
        // Also types that were not asked for may lead to a target.
        let root = |resource_type| List::Resources { resource_type, parent: None };
        self.intake.search.begin(self.intake.known.types().into_iter().map(root));
        loop {
            let lists = self.intake.search.next();
            if lists.is_empty() {
                break;
            }
            lists.into_iter().for_each(|list| self.intake.agenda.begin(list));
            self.read().await?;
        }
        let missing = self.intake.search.end();
        if self.intake.search.found_nothing() {
            let targets: Vec<String> = missing.iter().map(Target::to_string).collect();
            return Err(Error::NoTarget(targets.join(", ")));
        }
        for target in missing {
            self.intake.tally.warn(Warning {
                message: format!(
                    "{target} was not found: it was deleted, is not what it was called, or is out of reach of these \
                     credentials; the rest was read"
                ),
                resource: Some(target.id),
            });
        }
        Ok(())
    }

    /// Ask for everything that is queued and what comes of it. Returns how many records came.
    async fn read(&mut self) -> Result<u64, Error> {
        let mut running: JoinSet<Done> = JoinSet::new();
        let mut records = 0;
        loop {
            while let Some((step, list, place)) = self.intake.agenda.next() {
                let journal = self.intake.journal.as_ref();
                if let Some(page) = journal.and_then(|journal| journal.find(&list, step.token.as_deref())) {
                    self.intake.tally.summary.taken_up += 1;
                    records += self.intake.take(step, Ok(page), true)?;
                    continue;
                }
                let Some(mut worker) = self.workers.pop() else {
                    self.intake.agenda.put_back(step);
                    break;
                };
                let page = async move {
                    let page = worker.page(&place, &list, step.token.as_deref()).await;
                    (worker, step, page)
                };
                // Its log lines belong to the caller's span, wherever it runs.
                running.spawn(page.in_current_span());
            }
            let Some(done) = running.join_next().await else { break };
            let (worker, step, page) = done.map_err(|error| {
                Error::Setup(format!("a worker of the sync stopped unexpectedly ({error})"))
            })?;
            self.workers.push(worker);
            records += self.intake.take(step, page, false)?;
        }
        self.intake.agenda.clear();
        Ok(records)
    }

    fn phase(&self, name: &'static str) {
        self.intake.tally.tell(&Event::Phase(name));
    }
}
