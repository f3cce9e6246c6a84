//! What the lists told of each resource.
//!
//! A resource may be listed under several parents, and each may tell it differently. In memory is of each resource a
//! fingerprint of what was told first and the place of what was told last; what was told lies in the sink's scratch. Each
//! entry there names the one before it of the same resource, so that of those that differ, and of no others, everything
//! can be looked at again when all lists were read.

mod together;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hasher};

use crate::model::contract::{Resource, ResourceId};
use crate::model::error::SinkError;
use crate::model::identity::identity;
use crate::sink::Scratch;

pub(super) use together::Together;

/// Everything that was told.
#[derive(Default)]
pub(crate) struct Told {
    /// The fingerprint of what was told first, and where what was told last is.
    resources: HashMap<u128, (u64, u64)>,
    differing: BTreeSet<u128>,
    scratch: Scratch,
    failed: Option<SinkError>,
}

/// Where the entry before is, who the parent was, and the record; none when it was the same as the first one.
type Entry<P, R> = (Option<u64>, Option<P>, Option<R>);

impl Told {
    /// Keep what is told in there.
    pub fn keep_in(&mut self, scratch: Scratch) {
        self.scratch = scratch;
    }

    pub fn has(&self, resource: u128) -> bool {
        self.resources.contains_key(&resource)
    }

    /// A list of this parent told a resource. Whether it was told for the first time.
    pub fn add(&mut self, parent: Option<&ResourceId>, resource: &Resource) -> bool {
        let key = identity(&resource.id);
        let told = fingerprint(resource);
        let before = self.resources.get(&key).copied();
        let is_new = before.is_none();
        let first = before.map_or(told, |(first, _)| first);
        let record = (is_new || told != first).then_some(resource);
        let entry: Entry<&ResourceId, &Resource> = (before.map(|(_, last)| last), parent, record);
        let written = postcard::to_stdvec(&entry)
            .map_err(|error| SinkError(format!("a resource cannot be kept ({error})")))
            .and_then(|entry| self.scratch.append(&entry));
        match written {
            Ok(last) => drop(self.resources.insert(key, (first, last))),
            Err(error) => self.failed = Some(error),
        }
        if told != first {
            self.differing.insert(key);
        }
        is_new
    }

    /// Why something could not be kept.
    pub fn failure(&mut self) -> Option<SinkError> {
        self.failed.take()
    }

    /// The next resource that was told differently: what is told of it together.
    pub fn next(&mut self) -> Result<Option<Together>, SinkError> {
        let Some(key) = self.differing.pop_first() else {
            self.scratch = Scratch::default();
            return Ok(None);
        };
        let mut at = self.resources.get(&key).map(|(_, last)| *last);
        let mut each = Vec::new();
        while let Some(place) = at {
            let entry = self.scratch.read(place)?;
            let (before, parent, record): Entry<ResourceId, Resource> = postcard::from_bytes(&entry)
                .map_err(|error| SinkError(format!("what was told of a resource is damaged ({error})")))?;
            each.push((parent, record));
            at = before;
        }
        let first = each.last().and_then(|(_, record)| record.clone());
        let mut told = BTreeMap::new();
        // A list that was read again told it later, and that counts.
        for (parent, record) in each {
            if let Some(record) = record.or_else(|| first.clone()) {
                let parent = parent.map(|parent| (parent.resource_type, parent.id));
                told.entry(parent).or_insert(record);
            }
        }
        Ok(together::of(told))
    }
}

/// A fingerprint of a record's content.
fn fingerprint(resource: &Resource) -> u64 {
    struct Fingerprint(DefaultHasher);
    impl Extend<u8> for Fingerprint {
        fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
            bytes.into_iter().for_each(|byte| self.0.write_u8(byte));
        }
    }
    // Nothing in the contract's types cannot be written down.
    postcard::to_extend(resource, Fingerprint(DefaultHasher::new())).map_or(0, |found| found.0.finish())
}
