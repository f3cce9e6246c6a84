//! What a sync tells: how it goes, what to know, and in the end what it did.

use std::collections::BTreeMap;

use tracing::warn;

use super::agenda::Open;
use super::options::{Event, Observer, Summary, SyncOptions};
use crate::component::instance::Source;
use crate::model::config::{Config, shown};
use crate::model::contract::{Resource, Warning};
use crate::model::facts::Count;
use crate::model::records::{List, joined};

/// Counts and warnings of a sync, and who hears of them.
pub(super) struct Tally {
    pub summary: Summary,
    /// Lists that came to their end.
    pub lists: u64,
    /// What came in them, by kind and type.
    read: BTreeMap<(&'static str, String), Count>,
    most_warnings: usize,
    observer: Option<Observer>,
    config: Option<std::sync::Arc<Config>>,
}

impl Tally {
    pub fn new(source: &Source, options: &SyncOptions) -> Tally {
        Tally {
            summary: Summary::default(),
            lists: 0,
            read: BTreeMap::new(),
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

    /// A list is at its end: what came, beside what the vendor told of it.
    pub fn count_read(&mut self, open: &Open) {
        self.lists += 1;
        let (kind, of) = match &*open.list {
            List::ResourceTypes => return,
            List::Resources { resource_type, .. } => ("resources", resource_type),
            List::Entitlements(resource) => ("entitlements", &resource.id.resource_type),
            List::Grants(resource) => ("grants", &resource.id.resource_type),
        };
        // What came of a list that is gone was taken back.
        if open.gone {
            return;
        }
        let count = self.read.entry((kind, of.clone())).or_default();
        count.lists += 1;
        count.came += open.came;
        if let Some((_, told)) = open.told {
            count.lists_told += 1;
            count.told += u64::from(told);
            count.came_of_told += open.came;
        }
    }

    /// All that came, by kind and type.
    pub fn counts(&self) -> Vec<Count> {
        let named = |((kind, of), count): (&(&str, String), &Count)| Count {
            kind: (*kind).to_owned(),
            resource_type: of.clone(),
            ..count.clone()
        };
        self.read.iter().map(named).collect()
    }

    /// Tell whoever listens.
    pub fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }
}
