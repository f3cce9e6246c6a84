//! JSON Lines: one record a line, for `jq` and for whatever reads JSON.
//!
//! A line is an object with one key, `resourceType`, `resource`, `entitlement` or `grant`, and the record in
//! Baton's own JSON under it. Lines come in that order of kinds, and the last one, `complete`, has their numbers. A record
//! is in the file once: what a list gave before it began again is taken back, and what lists told of a resource together
//! stands in the place of the record that came first. `docs/json-lines.md` has the form.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use baton_host::contract::ResourceType;
use baton_host::records::{List, Records, joined};
use baton_host::sink::{Scratch, Sink};
use baton_host::{SinkError, identity};

use crate::baton::{self, Annotation};
use crate::target::Target;

/// A JSON Lines file in the making.
pub struct JsonLines {
    target: Target,
    /// None once it is finished.
    file: Option<BufWriter<NamedTempFile>>,
    /// How many lines there are.
    lines: u64,
    types: BTreeMap<String, baton::ResourceType>,
    /// For each resource its line.
    resources: HashMap<u128, u64>,
    /// Lines that are replaced, and by what.
    replaced: BTreeMap<u64, String>,
    /// Lines of lists that are not complete: of a resource, its entitlements or its grants.
    open: HashMap<(bool, String), Waiting>,
    entitlements: u64,
    grants: u64,
}

/// What a list gave so far.
#[derive(Default)]
struct Waiting {
    ids: HashSet<String>,
    lines: Vec<String>,
}

impl JsonLines {
    /// Begin the file at `path`, which appears when the sync is complete and replaces one that is there.
    pub fn create(path: &Path) -> Result<JsonLines, SinkError> {
        let target = Target::new(path)?;
        let file = BufWriter::new(target.temporary()?);
        Ok(JsonLines {
            target,
            file: Some(file),
            lines: 0,
            types: BTreeMap::new(),
            resources: HashMap::new(),
            replaced: BTreeMap::new(),
            open: HashMap::new(),
            entitlements: 0,
            grants: 0,
        })
    }

    fn line(&mut self, line: &str) -> Result<(), SinkError> {
        let Some(file) = &mut self.file else {
            return Err(self.target.cannot("write", "it is finished already"));
        };
        writeln!(file, "{line}").map_err(|error| self.target.cannot("write", error))?;
        self.lines += 1;
        Ok(())
    }

    fn resource(&mut self, id: u128, line: String) -> Result<(), SinkError> {
        match self.resources.get(&id) {
            None => {
                self.resources.insert(id, self.lines);
                self.line(&line)
            }
            Some(number) => {
                self.replaced.insert(*number, line);
                Ok(())
            }
        }
    }

    fn hold(&mut self, list: &List, id: String, line: impl FnOnce() -> Value) {
        if let Some(key) = key(list) {
            let waiting = self.open.entry(key).or_default();
            if waiting.ids.insert(id) {
                waiting.lines.push(line().to_string());
            }
        }
    }

    /// The same lines with others in the place of those that are replaced.
    fn with_replaced(&self, mut old: NamedTempFile) -> Result<NamedTempFile, SinkError> {
        let cannot = |error| self.target.cannot("write", error);
        old.rewind().map_err(cannot)?;
        let mut new = BufWriter::new(self.target.temporary()?);
        for (number, line) in (0_u64..).zip(BufReader::new(old).lines()) {
            let line = line.map_err(cannot)?;
            let line = self.replaced.get(&number).unwrap_or(&line);
            writeln!(new, "{line}").map_err(cannot)?;
        }
        new.into_inner().map_err(|error| cannot(error.into_error()))
    }
}

impl Sink for JsonLines {
    fn know(&mut self, types: &[ResourceType]) {
        self.types.extend(types.iter().map(|kind| (kind.id.clone(), baton::resource_type(kind))));
    }

    fn write(&mut self, list: &List, records: Records) -> Result<(), SinkError> {
        let unfit = |error: baton::Unfit| SinkError(error.to_string());
        match records {
            Records::ResourceTypes(items) => {
                for item in &items {
                    let message = baton::resource_type(item);
                    self.line(&json!({ "resourceType": message.to_json() }).to_string())?;
                }
                self.know(&items);
            }
            Records::Resources(items) => {
                for item in &items {
                    let message = baton::resource(item).map_err(unfit)?;
                    self.resource(identity(&item.id), json!({ "resource": message.to_json() }).to_string())?;
                }
            }
            Records::Entitlements(items) => {
                let List::Entitlements(resource) = list else { return Err(mismatch(&self.target)) };
                let resource = baton::resource(resource).map_err(unfit)?;
                for item in &items {
                    let message = baton::entitlement(item, resource.clone(), &self.types).map_err(unfit)?;
                    self.hold(list, message.id.clone(), || json!({ "entitlement": message.to_json() }));
                }
            }
            Records::Grants(items) => {
                for item in &items {
                    let mut message = baton::grant(item).map_err(unfit)?;
                    message.annotations.extend(baton::expandable(item).map(|expandable| expandable.pack()));
                    self.hold(list, message.id.clone(), || json!({ "grant": message.to_json() }));
                }
            }
        }
        Ok(())
    }

    fn scratch(&mut self) -> Result<Scratch, SinkError> {
        let file = tempfile::tempfile_in(self.target.directory());
        let file = file.map_err(|error| self.target.cannot("write", error))?;
        Ok(Scratch::file(file, format!("cannot write {}", self.target.path().display())))
    }

    fn complete(&mut self, list: &List) -> Result<(), SinkError> {
        let waiting = key(list).and_then(|key| self.open.remove(&key)).unwrap_or_default();
        let lines = waiting.lines.len() as u64;
        match list {
            List::Entitlements(_) => self.entitlements += lines,
            List::Grants(_) => self.grants += lines,
            List::ResourceTypes | List::Resources { .. } => {}
        }
        waiting.lines.iter().try_for_each(|line| self.line(line))
    }

    fn restart(&mut self, list: &List) -> Result<(), SinkError> {
        if let Some(key) = key(list) {
            self.open.remove(&key);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        if !self.open.is_empty() {
            return Err(self.target.cannot("write", "a list was not read to its end"));
        }
        let resources = self.resources.len() as u64;
        let types = self.lines - resources - self.entitlements - self.grants;
        let complete = json!({ "complete": {
            "resourceType": types,
            "resource": resources,
            "entitlement": self.entitlements,
            "grant": self.grants,
        } });
        self.line(&complete.to_string())?;
        let Some(file) = self.file.take() else {
            return Err(self.target.cannot("write", "it is finished already"));
        };
        let file = file.into_inner().map_err(|error| self.target.cannot("write", error.into_error()))?;
        let file = if self.replaced.is_empty() { file } else { self.with_replaced(file)? };
        self.target.publish(file)
    }
}

/// A list whose records wait until it is complete: whether of grants, and of which resource.
fn key(list: &List) -> Option<(bool, String)> {
    match list {
        List::ResourceTypes | List::Resources { .. } => None,
        List::Entitlements(resource) => Some((false, joined(&resource.id))),
        List::Grants(resource) => Some((true, joined(&resource.id))),
    }
}

fn mismatch(target: &Target) -> SinkError {
    target.cannot("write", "records came in a list of another kind")
}
