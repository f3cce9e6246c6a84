//! The way through a sync: what is still to be asked, one call at a time.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;
use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::bindings::syncer::{self, Error, RateLimit, Resource, ResourceType, Warning};
use crate::json as record;
use crate::overlap::{Listed, Seen};
use crate::parts::failure;
use crate::patience::{self, Patience};

/// So many lists may be left out, however few there are; of more, a tenth.
const FEW: usize = 10;

/// What one step of a sync gave.
pub enum Step {
    /// The lines of a page, maybe none.
    Lines(Vec<Value>),
    /// Nothing yet: go on after this time.
    Pause(Duration),
    /// The lines are all out, the last of them `complete`.
    End,
}

/// What is still to be asked about, and what was seen.
#[derive(Default)]
pub struct Walk {
    stage: Stage,
    types: BTreeMap<String, ResourceType>,
    /// What each resource's record said, by eight bytes; none when it was told that records differ.
    known: BTreeMap<(String, String), Option<u64>>,
    /// Lists of resources that are not begun.
    lists: Vec<(String, Option<Rc<Resource>>)>,
    /// Resources with entitlements or grants, and how many of each are begun.
    holders: Vec<Rc<Resource>>,
    begun: (usize, usize),
    open: Option<Open>,
    patience: Patience,
    owed: Option<Duration>,
    /// Lists that were begun, and those of resources that were gone.
    all: usize,
    gone: usize,
    counts: Counts,
}

#[derive(Default)]
enum Stage {
    #[default]
    Validate,
    Types,
    Lists,
    End,
}

#[derive(Default)]
struct Counts {
    resource_types: u64,
    resources: u64,
    entitlements: u64,
    grants: u64,
}

/// A list that is being read.
struct Open {
    what: What,
    tokens: Vec<Option<String>>,
    seen: Seen,
    pages: u64,
}

#[derive(Clone)]
enum What {
    Resources(String, Option<Rc<Resource>>),
    Entitlements(Rc<Resource>),
    Grants(Rc<Resource>),
}

impl Walk {
    /// Go one step on. After an error there is no further one.
    pub fn step(&mut self) -> Result<Step, Error> {
        if let Some(pause) = self.owed.take() {
            return Ok(Step::Pause(pause));
        }
        let answer = match self.stage {
            Stage::Validate => self.validate(),
            Stage::Types => self.types(),
            Stage::Lists => self.list(),
            Stage::End => return Ok(Step::End),
        };
        match answer {
            Ok(lines) => {
                self.patience = Patience::default();
                Ok(Step::Lines(lines))
            }
            Err(error) => self.patience.bear(error).map(Step::Pause),
        }
    }

    fn validate(&mut self) -> Result<Vec<Value>, Error> {
        let answer = syncer::validate()?;
        self.stage = Stage::Types;
        self.owed = patience::heed(answer.rate_limit);
        Ok(warnings(&answer.warnings))
    }

    fn types(&mut self) -> Result<Vec<Value>, Error> {
        let types = syncer::list_resource_types()?;
        self.stage = Stage::Lists;
        self.all = 1;
        let mut lines = Vec::new();
        for kind in types {
            self.counts.resource_types += 1;
            lines.push(json!({ "resourceType": record::resource_type(&kind) }));
            self.lists.push((kind.id.clone(), None));
            self.types.insert(kind.id.clone(), kind);
        }
        Ok(lines)
    }

    /// A page of the list that is open, or of the next one; without one, the end.
    fn list(&mut self) -> Result<Vec<Value>, Error> {
        let Some(mut open) = self.open.take().or_else(|| self.next_list()) else {
            return self.end();
        };
        let token = open.tokens.last().cloned().flatten();
        let answer = match open.what.clone() {
            What::Resources(kind, parent) => {
                syncer::list_resources(&kind, parent.as_deref(), token.as_deref()).map(|page| {
                    let page = (page.next, page.warnings, page.rate_limit, page.items);
                    self.page(&mut open, page, |walk, item| walk.resource(item))
                })
            }
            What::Entitlements(on) => syncer::list_entitlements(&on, token.as_deref()).map(|page| {
                let page = (page.next, page.warnings, page.rate_limit, page.items);
                self.page(&mut open, page, |walk, item| {
                    walk.counts.entitlements += 1;
                    Ok(Some(json!({ "entitlement": record::entitlement(&item, &on, &walk.types)? })))
                })
            }),
            What::Grants(on) => syncer::list_grants(&on, token.as_deref()).map(|page| {
                let page = (page.next, page.warnings, page.rate_limit, page.items);
                self.page(&mut open, page, |walk, item| {
                    walk.counts.grants += 1;
                    Ok(Some(json!({ "grant": record::grant(&item) })))
                })
            }),
        };
        match answer {
            Ok(lines) => {
                if !open.tokens.is_empty() {
                    self.open = Some(open);
                }
                lines
            }
            Err(Error::Gone(told)) => self.left_out(&open, told),
            Err(error) => {
                // It may be asked again.
                self.open = Some(open);
                Err(error)
            }
        }
    }

    /// The next list: resources first, then all entitlements, then all grants.
    fn next_list(&mut self) -> Option<Open> {
        let has = |holds: fn(&ResourceType) -> bool, of: &Resource| {
            self.types.get(&of.id.resource_type).is_some_and(holds)
        };
        let what = if let Some((kind, parent)) = self.lists.pop() {
            What::Resources(kind, parent)
        } else if let Some(at) = (self.begun.0..self.holders.len())
            .find(|at| self.holders.get(*at).is_some_and(|of| has(|kind| kind.has_entitlements, of)))
        {
            self.begun.0 = at + 1;
            What::Entitlements(self.holders.get(at)?.clone())
        } else {
            self.begun.0 = self.holders.len();
            let at = (self.begun.1..self.holders.len())
                .find(|at| self.holders.get(*at).is_some_and(|of| has(|kind| kind.has_grants, of)))?;
            self.begun.1 = at + 1;
            What::Grants(self.holders.get(at)?.clone())
        };
        self.all += 1;
        Some(Open { what, tokens: vec![None], seen: Seen::default(), pages: 0 })
    }

    /// Take in a page of a list.
    fn page<T: Listed>(
        &mut self,
        open: &mut Open,
        (next, told, limit, items): (Vec<String>, Vec<Warning>, Option<RateLimit>, Vec<T>),
        mut take: impl FnMut(&mut Self, T) -> Result<Option<Value>, Error>,
    ) -> Result<Vec<Value>, Error> {
        open.tokens.pop();
        open.pages += 1;
        self.owed = patience::heed(limit);
        let mut lines = warnings(&told);
        for item in items {
            open.seen.note(&item)?;
            lines.extend(take(self, item)?);
        }
        for token in next {
            open.seen.note(&token)?;
            open.tokens.push(Some(token));
        }
        Ok(lines)
    }

    /// The line of a resource that is new. Those that are asked about again are kept.
    fn resource(&mut self, resource: Resource) -> Result<Option<Value>, Error> {
        let line = json!({ "resource": record::resource(&resource)? });
        let mut said = DefaultHasher::new();
        line.to_string().hash(&mut said);
        let said = Some(said.finish());
        let id = (resource.id.resource_type.clone(), resource.id.id.clone());
        if let Some(known) = self.known.get_mut(&id) {
            let differs = known.is_some() && *known != said;
            return Ok(differs.then(|| {
                *known = None;
                differing(resource)
            }));
        }
        self.known.insert(id, said);
        self.counts.resources += 1;
        let kind = self.types.get(&resource.id.resource_type);
        let holds = kind.is_some_and(|kind| kind.has_entitlements || kind.has_grants);
        if holds || !resource.child_resource_types.is_empty() {
            let resource = Rc::new(resource);
            let children = resource.child_resource_types.iter();
            self.lists.extend(children.map(|child| (child.clone(), Some(resource.clone()))));
            if holds {
                self.holders.push(resource);
            }
        }
        Ok(Some(line))
    }

    /// A resource that is gone is left out with a warning; but not half of it, and not many.
    fn left_out(&mut self, open: &Open, told: syncer::Failure) -> Result<Vec<Value>, Error> {
        let of = match &open.what {
            What::Resources(_, parent) => parent.as_ref(),
            What::Entitlements(on) | What::Grants(on) => Some(on),
        };
        match of {
            // Part of it is in the lines already, and cannot be taken back.
            Some(_) if open.pages > 0 => Err(Error::Changed(told)),
            None => Err(Error::Gone(told)),
            Some(of) => {
                self.gone += 1;
                Ok(warnings(&[Warning { message: told.message, resource: Some(of.id.clone()) }]))
            }
        }
    }

    fn end(&mut self) -> Result<Vec<Value>, Error> {
        self.stage = Stage::End;
        if self.gone > FEW && self.gone * 10 > self.all {
            let message =
                format!("{} of {} lists had to be left out: the rest would mislead", self.gone, self.all);
            return Err(Error::Changed(failure(message)));
        }
        let Counts { resource_types, resources, entitlements, grants } = mem::take(&mut self.counts);
        Ok(vec![json!({ "complete": {
            "resourceType": resource_types,
            "resource": resources,
            "entitlement": entitlements,
            "grant": grants,
        } })])
    }
}

/// The first record is out and cannot be put together with this one, as the program does; so it is said.
fn differing(resource: Resource) -> Value {
    let message = format!(
        "{} '{}' is in several lists, which tell different things of it: the first one's record stands",
        resource.id.resource_type, resource.display_name
    );
    json!({ "warning": record::warning(&Warning { message, resource: Some(resource.id) }) })
}

fn warnings(told: &[Warning]) -> Vec<Value> {
    told.iter().map(|warning| json!({ "warning": record::warning(warning) })).collect()
}
