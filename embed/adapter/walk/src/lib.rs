//! A whole sync of the connector that this is composed with, as JSON lines.
//!
//! Lines are written as the answers arrive, in the order resource types, resources, entitlements, grants; nothing
//! of a grant is kept past its list. What is kept is the name of each resource, because one that is listed in two places
//! is one record, and the records of those that are asked about again. So memory follows the number of resources, not
//! the number of grants. The last line of a complete sync is `complete` with the counts.
//!
//! A call is made again where the contract says so. What it says of a list that changed, to begin it again and drop
//! what came of it, cannot be done here, because the lines are gone: that sync ends with `changed`, and the caller
//! starts anew.

mod bindings;
pub mod json;
mod output;
mod overlap;
mod patience;

use std::collections::{BTreeMap, BTreeSet};

pub use bindings::syncer;
pub use output::Output;
use overlap::{Listed, Seen};
use serde_json::{Value, json};
use syncer::{Error, Failure, Resource, ResourceType, Warning};

/// So many lists may be left out, however few there are; of more, a tenth.
const FEW: usize = 10;

/// Why a sync ended before it was complete.
pub enum Stop<E> {
    /// The connector has no answer.
    Refused(Error),
    /// Nobody takes the lines.
    Output(E),
}

impl<E> From<Error> for Stop<E> {
    fn from(error: Error) -> Stop<E> {
        Stop::Refused(error)
    }
}

/// A page of any list.
struct Page<T> {
    items: Vec<T>,
    next: Vec<String>,
    warnings: Vec<Warning>,
}

/// What is still to be asked about, and what was seen.
struct Walk<'a, O: Output> {
    output: &'a mut O,
    types: BTreeMap<String, ResourceType>,
    known: BTreeSet<(String, String)>,
    /// Lists that were begun, and those of resources that were gone.
    lists: usize,
    gone: usize,
    counts: BTreeMap<&'static str, u64>,
}

/// Walk the connector through a whole sync.
pub fn sync<O: Output>(output: &mut O) -> Result<(), Stop<O::Error>> {
    let types = patience::ask(output, syncer::list_resource_types)?;
    let mut walk = Walk {
        output,
        types: BTreeMap::new(),
        known: BTreeSet::new(),
        lists: 1,
        gone: 0,
        counts: BTreeMap::new(),
    };
    let mut lists: Vec<(String, Option<Resource>)> = Vec::new();
    for kind in types {
        walk.write("resourceType", json::resource_type(&kind))?;
        lists.push((kind.id.clone(), None));
        walk.types.insert(kind.id.clone(), kind);
    }
    let mut holders = Vec::new();
    while let Some((kind, parent)) = lists.pop() {
        for resource in walk.resources(&kind, parent.as_ref())? {
            lists.extend(
                resource.child_resource_types.iter().map(|child| (child.clone(), Some(resource.clone()))),
            );
            if walk.types.get(&kind).is_some_and(|kind| kind.has_entitlements || kind.has_grants) {
                holders.push(resource);
            }
        }
    }
    for resource in &holders {
        walk.entitlements(resource)?;
    }
    for resource in &holders {
        walk.grants(resource)?;
    }
    if walk.gone > FEW && walk.gone * 10 > walk.lists {
        let message =
            format!("{} of {} lists had to be left out: the rest would mislead", walk.gone, walk.lists);
        return Err(Error::Changed(Failure { message, http_status: None, request_id: None }).into());
    }
    let counts = json!(walk.counts);
    walk.output.line(&json!({ "complete": counts })).map_err(Stop::Output)
}

impl<O: Output> Walk<'_, O> {
    /// Write the resources of a list; those that are asked about again come back.
    fn resources(&mut self, kind: &str, parent: Option<&Resource>) -> Result<Vec<Resource>, Stop<O::Error>> {
        let mut again = Vec::new();
        let asked = |token: Option<&str>| {
            let page = syncer::list_resources(kind, parent, token)?;
            Ok(Page { items: page.items, next: page.next, warnings: page.warnings })
        };
        self.list(parent, asked, |walk, resource: Resource| {
            let id = (resource.id.resource_type.clone(), resource.id.id.clone());
            if !walk.known.insert(id) {
                return Ok(());
            }
            walk.write("resource", json::resource(&resource))?;
            let kind = walk.types.get(&resource.id.resource_type);
            let holds = kind.is_some_and(|kind| kind.has_entitlements || kind.has_grants);
            if holds || !resource.child_resource_types.is_empty() {
                again.push(resource);
            }
            Ok(())
        })?;
        Ok(again)
    }

    fn entitlements(&mut self, resource: &Resource) -> Result<(), Stop<O::Error>> {
        if !self.types.get(&resource.id.resource_type).is_some_and(|kind| kind.has_entitlements) {
            return Ok(());
        }
        let asked = |token: Option<&str>| {
            let page = syncer::list_entitlements(resource, token)?;
            Ok(Page { items: page.items, next: page.next, warnings: page.warnings })
        };
        self.list(Some(resource), asked, |walk, item| walk.write("entitlement", json::entitlement(&item)))
    }

    fn grants(&mut self, resource: &Resource) -> Result<(), Stop<O::Error>> {
        if !self.types.get(&resource.id.resource_type).is_some_and(|kind| kind.has_grants) {
            return Ok(());
        }
        let asked = |token: Option<&str>| {
            let page = syncer::list_grants(resource, token)?;
            Ok(Page { items: page.items, next: page.next, warnings: page.warnings })
        };
        self.list(Some(resource), asked, |walk, item| walk.write("grant", json::grant(&item)))
    }

    /// Every page of a list, each asked for once. A resource that is gone meanwhile is left out, with a warning.
    fn list<T: Listed>(
        &mut self,
        of: Option<&Resource>,
        asked: impl Fn(Option<&str>) -> Result<Page<T>, Error>,
        mut take: impl FnMut(&mut Self, T) -> Result<(), Stop<O::Error>>,
    ) -> Result<(), Stop<O::Error>> {
        let mut tokens: Vec<Option<String>> = vec![None];
        let mut seen = Seen::default();
        self.lists += 1;
        let mut pages = 0_u64;
        while let Some(token) = tokens.pop() {
            let page = match patience::ask(self.output, || asked(token.as_deref())) {
                // Part of it is in the lines already, and cannot be taken back.
                Err(Error::Gone(failure)) if pages > 0 => return Err(Error::Changed(failure).into()),
                Err(Error::Gone(failure)) if of.is_some() => {
                    self.gone += 1;
                    let warning = Warning { message: failure.message, resource: of.map(|of| of.id.clone()) };
                    return self.write("warning", json::warning(&warning));
                }
                page => page?,
            };
            pages += 1;
            for warning in &page.warnings {
                self.write("warning", json::warning(warning))?;
            }
            for item in page.items {
                seen.note(&item)?;
                take(self, item)?;
            }
            for token in &page.next {
                seen.note(token)?;
            }
            tokens.extend(page.next.into_iter().map(Some));
        }
        Ok(())
    }

    fn write(&mut self, key: &'static str, record: Value) -> Result<(), Stop<O::Error>> {
        *self.counts.entry(key).or_default() += 1;
        self.output.line(&json!({ key: record })).map_err(Stop::Output)
    }
}
