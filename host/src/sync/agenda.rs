//! What is still to be asked: lists that are being read, and their pages in order.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::checks::Missing;
use crate::model::contract::{Resource, Warning};
use crate::model::records::{List, joined};

/// One page to ask for.
pub(super) struct Step {
    pub list: usize,
    pub reading: u32,
    pub token: Option<String>,
}

/// A list that is being read.
pub(super) struct Open {
    pub list: Arc<List>,
    pub place: String,
    /// Which reading of it this is: 0, or 1 after it changed underneath.
    pub reading: u32,
    /// Pages asked for or to be asked for, of any reading.
    pub pending: usize,
    pub pages: usize,
    pub tokens: HashSet<u128>,
    /// Resources or grants of this reading. One that comes twice says that pages overlap.
    pub seen: HashSet<u128>,
    pub twice: Option<String>,
    pub slugs: HashSet<String>,
    /// Parents that did not come before their children in this reading.
    pub missing: Missing,
    /// Records of this reading, and the lowest and highest of the numbers that its pages told for the whole list.
    pub came: u64,
    pub told: Option<(u32, u32)>,
    pub gone: bool,
}

impl Open {
    /// So many records came on a page, which told so many of the whole list.
    pub fn count(&mut self, came: u64, total: Option<u32>) {
        self.came += came;
        if let Some(total) = total {
            self.told =
                Some(self.told.map_or((total, total), |(low, high)| (low.min(total), high.max(total))));
        }
    }

    /// At its end: a warning when a number that was told is another than what came.
    pub fn difference(&self) -> Option<Warning> {
        let (low, high) = self.told?;
        let told = [low, high].into_iter().find(|told| u64::from(*told) != self.came)?;
        let message = format!(
            "{}: {} records came, where the vendor tells {told}; it may have changed while it was read",
            self.place.trim_end_matches(" failed"),
            self.came
        );
        Some(Warning { message, resource: subject(&self.list).map(|resource| resource.id.clone()) })
    }
}

/// Lists and pages.
#[derive(Default)]
pub(super) struct Agenda {
    open: Vec<Option<Open>>,
    queue: VecDeque<Step>,
    /// Lists that were ever begun.
    pub lists: usize,
}

impl Agenda {
    /// Ask for a list, from its first page on.
    pub fn begin(&mut self, list: List) {
        let place = describe(&list);
        self.queue.push_back(Step { list: self.open.len(), reading: 0, token: None });
        self.lists += 1;
        self.open.push(Some(Open {
            list: Arc::new(list),
            place,
            reading: 0,
            pending: 1,
            pages: 0,
            tokens: HashSet::new(),
            seen: HashSet::new(),
            twice: None,
            slugs: HashSet::new(),
            came: 0,
            missing: Missing::new(),
            told: None,
            gone: false,
        }));
    }

    /// The next page to ask for, with its list and the words for it.
    pub fn next(&mut self) -> Option<(Step, Arc<List>, String)> {
        while let Some(step) = self.queue.pop_front() {
            if let Some(Some(open)) = self.open.get(step.list) {
                return Some((step, open.list.clone(), open.place.clone()));
            }
        }
        None
    }

    /// Not now: it stays the next one.
    pub fn put_back(&mut self, step: Step) {
        self.queue.push_front(step);
    }

    /// Take a list out, to work on it.
    pub fn take(&mut self, list: usize) -> Option<Open> {
        self.open.get_mut(list).and_then(Option::take)
    }

    /// Give it back: it is not at its end.
    pub fn give_back(&mut self, list: usize, open: Open) {
        if let Some(place) = self.open.get_mut(list) {
            *place = Some(open);
        }
    }

    /// Ask for another page of a list, too.
    pub fn follow(&mut self, open: &mut Open, list: usize, token: String) {
        open.pending += 1;
        self.queue.push_back(Step { list, reading: open.reading, token: Some(token) });
    }

    /// Ask for a list from its first page on again, and for nothing else of it.
    pub fn again(&mut self, open: &mut Open, list: usize) {
        let before = self.queue.len();
        self.queue.retain(|queued| queued.list != list);
        open.pending -= before - self.queue.len();
        open.reading += 1;
        open.pages = 0;
        open.tokens.clear();
        open.seen.clear();
        open.missing.clear();
        (open.came, open.told) = (0, None);
        open.pending += 1;
        self.queue.push_back(Step { list, reading: open.reading, token: None });
    }

    /// Pages known to be left.
    pub fn left(&self) -> usize {
        self.queue.len()
    }

    /// Every list is at its end.
    pub fn clear(&mut self) {
        self.open.clear();
    }
}

/// The resource a list is about.
pub(super) fn subject(list: &List) -> Option<&Resource> {
    match list {
        List::ResourceTypes => None,
        List::Resources { parent, .. } => parent.as_ref(),
        List::Entitlements(resource) | List::Grants(resource) => Some(resource),
    }
}

/// What a list is, for messages.
fn describe(list: &List) -> String {
    match list {
        List::ResourceTypes => "listing resource types failed".to_owned(),
        List::Resources { resource_type, parent: None } => {
            format!("listing resources of type {resource_type} failed")
        }
        List::Resources { resource_type, parent: Some(parent) } => format!(
            "listing resources of type {resource_type} in {} ({}) failed",
            joined(&parent.id),
            parent.display_name
        ),
        List::Entitlements(resource) => {
            format!("listing entitlements of {} ({}) failed", joined(&resource.id), resource.display_name)
        }
        List::Grants(resource) => {
            format!("listing grants of {} ({}) failed", joined(&resource.id), resource.display_name)
        }
    }
}
