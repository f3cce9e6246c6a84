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

use crate::model::bid::Target;
use crate::model::contract::{Resource, ResourceId};
use crate::model::identity::identity;
use crate::model::records::List;

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
    /// Lists within resources that were met.
    children: HashSet<u128>,
}

/// What a resource on the way means.
pub(super) struct Met {
    /// It is one that was asked for, seen for the first time.
    pub found: bool,
    /// It belongs to what was asked for, and did not before.
    pub new: bool,
    /// What is to be read now.
    pub lists: Vec<List>,
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

    /// Look from these lists on.
    pub fn begin(&mut self, roots: impl Iterator<Item = List>) {
        self.later = roots.collect();
    }

    /// The lists to read next: the likeliest of those that are left.
    pub fn next(&mut self) -> Vec<List> {
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

    /// A resource came in a list that lies within `parent`.
    pub fn meet(
        &mut self,
        resource: &Resource,
        parent: Option<&ResourceId>,
        selects: impl Fn(&str) -> bool,
    ) -> Met {
        let id = identity(&resource.id);
        let before = self.missing.len();
        self.missing.retain(|target| {
            let within = target.parent.as_ref();
            let fits = within.is_none() || within == parent || within == resource.parent.as_ref();
            target.id != resource.id || !fits
        });
        let found = self.missing.len() < before && self.found.insert(id);
        let within = parent.is_some_and(|parent| self.kept.contains(&identity(parent)));
        let keep = self.found.contains(&id) || self.kept.contains(&id) || within;
        let keep = keep && selects(&resource.id.resource_type);
        let new = keep && self.kept.insert(id);
        let mut lists = Vec::new();
        for child in &resource.child_resource_types {
            let now = keep && selects(child);
            // What was read on the way is read once more when it turns out to be wanted.
            if !self.children.insert(identity(&(&resource.id, child, now))) {
                continue;
            }
            let list = List::Resources { resource_type: child.clone(), parent: Some(resource.clone()) };
            match now {
                true => lists.push(list),
                false => self.later.push(list),
            }
        }
        Met { found, new, lists }
    }

    /// Whether a resource belongs to what was asked for.
    pub fn keeps(&self, id: &ResourceId) -> bool {
        self.kept.contains(&identity(id))
    }

    /// The search is over. What was not found?
    pub fn end(&mut self) -> Vec<Target> {
        std::mem::take(&mut self.missing)
    }

    /// Whether none was found.
    pub fn found_nothing(&self) -> bool {
        self.found.is_empty()
    }
}
