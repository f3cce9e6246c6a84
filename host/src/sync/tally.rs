//! What a sync tells: how it goes, what to know, and in the end what it did.

use tracing::warn;

use super::options::{Event, Observer, Summary, SyncOptions};
use crate::component::instance::Source;
use crate::model::config::{Config, shown};
use crate::model::contract::{Resource, Warning};
use crate::model::records::{List, joined};

/// Counts and warnings of a sync, and who hears of them.
pub(super) struct Tally {
    pub summary: Summary,
    most_warnings: usize,
    observer: Option<Observer>,
    config: Option<std::sync::Arc<Config>>,
}

impl Tally {
    pub fn new(source: &Source, options: &SyncOptions) -> Tally {
        Tally {
            summary: Summary::default(),
            most_warnings: options.limits.warnings,
            observer: options.observer.clone(),
            config: source.config.clone(),
        }
    }

    /// Make a warning fit to be shown.
    pub fn clean(&self, warning: &mut Warning) {
        let config = self.config.as_deref();
        warning.message = shown(&warning.message, config, 1_000);
        if let Some(resource) = &mut warning.resource {
            resource.resource_type = shown(&resource.resource_type, config, 128);
            resource.id = shown(&resource.id, config, 1_024);
        }
    }

    /// The operator should know.
    pub fn warn(&mut self, mut warning: Warning) {
        if self.summary.warnings.len() >= self.most_warnings {
            self.summary.more_warnings += 1;
            return;
        }
        self.clean(&mut warning);
        let resource = warning.resource.as_ref().map(joined).unwrap_or_default();
        warn!(resource, "{}", warning.message);
        self.tell(&Event::Warning(&warning));
        self.summary.warnings.push(warning);
    }

    /// One more resource of a type.
    pub fn count_resource(&mut self, kind: &str) {
        *self.summary.resources.entry(kind.to_owned()).or_default() += 1;
    }

    /// A list is at its end, with so many entitlements or grants.
    pub fn count_list(&mut self, list: &List, slugs: u64, grants: u64) {
        let of = |resource: &Resource| resource.id.resource_type.clone();
        match list {
            List::Entitlements(resource) if slugs > 0 => {
                *self.summary.entitlements.entry(of(resource)).or_default() += slugs;
            }
            List::Grants(resource) => *self.summary.grants.entry(of(resource)).or_default() += grants,
            _ => {}
        }
    }

    /// Tell whoever listens.
    pub fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }
}
