//! A sync of single resources: the way to them, and what of it is kept.
//!
//! The contract has no question for one resource, so it is looked for where it can be: first in the lists of its
//! own type, then in those of the parent it was given with, then everywhere else. The search ends as soon as all
//! are found. What is kept is what the Go syncer keeps: the resource, all resources within it, its entitlements
//! and its grants; of a resource within it neither, and nothing of what only lay on the way.
//!
//! A resource that is not there is a warning, as in Go, as long as another one is. A sync that found none of them
//! is an error: its file would say nothing, and look finished.

use std::collections::HashSet;
use std::sync::Arc;

use super::Walk;
use crate::bid::Target;
use crate::checks::identity;
use crate::contract::{Resource, ResourceId, Warning};
use crate::error::Error;
use crate::sink::List;

/// The search.
#[derive(Default)]
pub(super) struct Search {
    missing: Vec<Target>,
    /// Targets that were found, and what lies within them.
    kept: HashSet<u128>,
    /// Targets that were found.
    found: HashSet<u128>,
    /// Lists that may lead to what is missing.
    later: Vec<List>,
}

impl Search {
    pub fn new(targets: &[Target]) -> Search {
        let mut missing: Vec<Target> = Vec::new();
        for target in targets {
            if !missing.contains(target) {
                missing.push(target.clone());
            }
        }
        Search { missing, ..Search::default() }
    }

    /// The lists to read next: the likeliest of those that are left.
    fn next(&mut self) -> Vec<List> {
        if self.missing.is_empty() {
            return Vec::new();
        }
        let may_hold = |list: &List, id: &ResourceId, within: Option<&ResourceId>| match list {
            List::Resources { resource_type, parent } => {
                let fits = match (parent, within) {
                    (Some(parent), Some(within)) => parent.id == *within,
                    _ => true,
                };
                *resource_type == id.resource_type && fits
            }
            _ => false,
        };
        let missing = &self.missing;
        let own =
            |list: &List| missing.iter().any(|target| may_hold(list, &target.id, target.parent.as_ref()));
        let parents =
            |list: &List| missing.iter().filter_map(|t| t.parent.as_ref()).any(|id| may_hold(list, id, None));
        let later = std::mem::take(&mut self.later);
        let (chosen, rest): (Vec<_>, Vec<_>) = if later.iter().any(own) {
            later.into_iter().partition(own)
        } else if later.iter().any(parents) {
            later.into_iter().partition(parents)
        } else {
            (later, Vec::new())
        };
        self.later = rest;
        chosen
    }
}

impl Walk<'_> {
    /// Whether single resources were asked for.
    pub(super) fn is_targeted(&self) -> bool {
        !self.options.targets.is_empty()
    }

    /// Find the targets, and read what lies within them.
    pub(super) async fn reach(&mut self) -> Result<(), Error> {
        for target in &self.options.targets {
            let kind = &target.id.resource_type;
            if self.known.type_of(kind).is_none() {
                return Err(Error::UnknownType(kind.clone()));
            }
            if !self.selects(kind) {
                return Err(Error::TargetLeftOut { target: target.to_string(), kind: kind.clone() });
            }
        }
        // Also types that were not asked for may lead to a target.
        let root = |resource_type| List::Resources { resource_type, parent: None };
        self.search.later = self.known.types().into_iter().map(root).collect();
        loop {
            let lists = self.search.next();
            if lists.is_empty() {
                break;
            }
            lists.into_iter().for_each(|list| self.begin(list));
            self.read().await?;
        }
        let missing = std::mem::take(&mut self.search.missing);
        if self.search.found.is_empty() {
            let targets: Vec<String> = missing.iter().map(Target::to_string).collect();
            return Err(Error::NoTarget(targets.join(", ")));
        }
        for target in missing {
            self.warn(Warning {
                message: format!(
                    "{target} was not found: it was deleted, is not what it was called, or is out of reach of these \
                     credentials; the rest was read"
                ),
                resource: Some(target.id),
            });
        }
        Ok(())
    }

    /// Whether a resource belongs to what was asked for; what it leads to is read, now or when it has to be.
    pub(super) fn take_on_the_way(&mut self, list: &List, resource: &Resource) -> bool {
        let List::Resources { parent, .. } = list else { return false };
        let id = identity(&resource.id);
        let parent = parent.as_ref().map(|parent| &parent.id);
        let before = self.search.missing.len();
        self.search.missing.retain(|target| {
            let within = target.parent.as_ref();
            let fits = within.is_none() || within == parent || within == resource.parent.as_ref();
            target.id != resource.id || !fits
        });
        if self.search.missing.len() < before && self.search.found.insert(id) {
            self.offer(resource);
        }
        let within = parent.is_some_and(|parent| self.search.kept.contains(&identity(parent)));
        let keeps = self.search.found.contains(&id) || self.search.kept.contains(&id) || within;
        let keeps = keeps && self.selects(&resource.id.resource_type);
        if keeps && self.search.kept.insert(id) {
            *self.summary.resources.entry(resource.id.resource_type.clone()).or_default() += 1;
        }
        for child in &resource.child_resource_types {
            let now = keeps && self.selects(child);
            // What was read on the way is read once more when it turns out to be wanted.
            if !self.children.insert(identity(&(&resource.id, child, now))) {
                continue;
            }
            let list = List::Resources { resource_type: child.clone(), parent: Some(resource.clone()) };
            match now {
                true => self.begin(list),
                false => self.search.later.push(list),
            }
        }
        keeps
    }

    /// Ask later for the entitlements and grants of a resource that can have any.
    pub(super) fn offer(&mut self, resource: &Resource) {
        let kind = self.known.type_of(&resource.id.resource_type);
        if kind.is_some_and(|kind| kind.has_entitlements || kind.has_grants) {
            self.offering.push(Arc::new(resource.clone()));
        }
    }
}
