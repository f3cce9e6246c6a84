//! What one principal holds, and by which ways.
//!
//! What follows from a grant is worked out anew for this principal, so that a file says the same whether its writer
//! expanded grants or left that to somebody else. What the grants of the file say of themselves counts besides.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use rusqlite::{Connection, OptionalExtension, params};

use baton_host::contract::ResourceId;

use crate::baton::{self, Annotation, Entitlement, Grant, GrantImmutable, Kind, Resource};
use crate::expand::graph::Graph;
use crate::rows::Failed;
use crate::schema::Unusable;

/// Ways that are told of one entitlement.
const WAYS: usize = 10;
/// Entitlements that are looked at for them. In a file that contradicts itself, most could lead nowhere.
const LOOKS: u32 = 10_000;

/// Something that a resource offers, with its names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holding {
    /// The name of what contains the resource, if anything does.
    pub within: Option<String>,
    /// The resource's type.
    pub resource_type: String,
    /// The resource's name.
    pub resource: String,
    /// What it offers, for example `member`.
    pub slug: String,
    /// The entitlement's id.
    pub id: String,
}

/// Something that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What.
    pub holding: Holding,
    /// Whether by a grant of the person's own.
    pub direct: bool,
    /// Why nobody can take that one away, if that is so.
    pub immutable: Option<String>,
    /// The ways by which it follows from other grants: what is held directly first, then what follows from it.
    pub ways: Vec<Vec<Holding>>,
    /// Whether there are more ways than these.
    pub more: bool,
}

/// How an entitlement is held.
#[derive(Default)]
struct Held {
    direct: bool,
    immutable: Option<String>,
    /// What it follows from.
    from: BTreeSet<String>,
}

pub(super) fn of(database: &Connection, sync: &str, who: &ResourceId) -> Result<Vec<Access>, Failed> {
    let mut held = given(database, sync, who)?;
    follow(&Graph::read(database, sync)?, &who.resource_type, &mut held);
    let mut names = BTreeMap::new();
    for id in held.keys().chain(held.values().flat_map(|held| &held.from)) {
        if !names.contains_key(id) {
            names.insert(id.clone(), name(database, sync, id)?);
        }
    }
    let mut all: Vec<Access> = held
        .iter()
        .map(|(id, how)| {
            let mut found = Found { held: &held, trail: vec![id.as_str()], ways: Vec::new(), looks: LOOKS };
            for source in &how.from {
                found.lead(source);
            }
            let more = found.ways.len() > WAYS || found.looks == 0;
            let ways = found.ways.into_iter().take(WAYS);
            let named = |way: Vec<&str>| way.iter().filter_map(|id| names.get(*id)).cloned().collect();
            Access {
                holding: names.get(id).cloned().unwrap_or_else(|| unnamed(id)),
                direct: how.direct,
                immutable: how.immutable.clone(),
                ways: ways.map(named).collect(),
                more,
            }
        })
        .collect();
    all.sort_by(|one, other| one.holding.cmp(&other.holding));
    Ok(all)
}

/// What the grants of the file say.
fn given(database: &Connection, sync: &str, who: &ResourceId) -> Result<BTreeMap<String, Held>, Failed> {
    let mut select = database.prepare(
        "select entitlement_id, data from v1_grants
         where sync_id = ?1 and principal_resource_type_id = ?2 and principal_resource_id = ?3",
    )?;
    let mut rows = select.query(params![sync, who.resource_type, who.id])?;
    let mut held = BTreeMap::<String, Held>::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let grant = Grant::decode(row.get_ref(1)?.as_blob().unwrap_or_default())
            .map_err(|error| Unusable::Corrupt(format!("a grant of {id}: {error}")))?;
        let sources = grant.sources.unwrap_or_default().sources;
        let how = held.entry(id.clone()).or_default();
        if sources.is_empty() || sources.contains_key(&id) {
            how.direct = true;
            how.immutable = grant.annotations.iter().find_map(GrantImmutable::unpack).map(|why| reason(&why));
        }
        how.from.extend(sources.into_keys().filter(|source| *source != id));
    }
    Ok(held)
}

/// Why nobody can take a grant away, as our own files tell it.
fn reason(immutable: &GrantImmutable) -> String {
    let reason = immutable.metadata.as_ref().and_then(|metadata| metadata.fields.get("reason"));
    match reason.and_then(|reason| reason.kind.as_ref()) {
        Some(Kind::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Add what follows, by the rules of `expand`.
fn follow(graph: &Graph, kind: &str, held: &mut BTreeMap<String, Held>) {
    // A type that no way names is taken by those that name none.
    let kind = graph.kinds().get(kind).copied().unwrap_or(u32::MAX);
    for step in graph.steps() {
        let passes = step.ways.iter().filter(|(source, way)| {
            let how = held.get(graph.id(*source));
            how.is_some_and(|how| how.direct || !way.shallow) && way.takes(kind)
        });
        let from: BTreeSet<String> = passes.map(|(source, _)| graph.id(*source).to_owned()).collect();
        if !from.is_empty() {
            for destination in step.destinations {
                held.entry(graph.id(*destination).to_owned()).or_default().from.extend(from.clone());
            }
        }
    }
}

/// The ways to an entitlement.
struct Found<'a> {
    held: &'a BTreeMap<String, Held>,
    /// From the entitlement back to where the search is.
    trail: Vec<&'a str>,
    ways: Vec<Vec<&'a str>>,
    looks: u32,
}

impl<'a> Found<'a> {
    /// Every way from a direct grant to `id` and on along the trail; one more than are told.
    fn lead(&mut self, id: &'a str) {
        if self.looks == 0 || self.ways.len() > WAYS || self.trail.contains(&id) {
            return;
        }
        self.looks -= 1;
        self.trail.push(id);
        let how = self.held.get(id);
        // Of one that the person does not hold, the file says no more than that something follows from it.
        if how.is_none_or(|how| how.direct) {
            self.ways.push(self.trail.iter().skip(1).rev().copied().collect());
        }
        for source in how.into_iter().flat_map(|how| &how.from) {
            self.lead(source);
        }
        self.trail.pop();
    }
}

/// The names of an entitlement.
fn name(database: &Connection, sync: &str, id: &str) -> Result<Holding, Failed> {
    let data: Option<Vec<u8>> = database
        .prepare_cached("select data from v1_entitlements where external_id = ?1 and sync_id = ?2")?
        .query_row(params![id, sync], |row| row.get(0))
        .optional()?;
    let Some(data) = data else { return Ok(unnamed(id)) };
    let corrupt = |error| Unusable::Corrupt(format!("the entitlement {id}: {error}"));
    let entitlement = Entitlement::decode(data.as_slice()).map_err(corrupt)?;
    let offers = entitlement.resource.unwrap_or_default();
    let own = offers.id.clone().unwrap_or_default();
    // What stands in the table is newer than what the entitlement repeats.
    let whole = stored(database, sync, &own)?.unwrap_or(offers);
    let within = match &whole.parent_resource_id {
        Some(parent) => stored(database, sync, parent)?.map(|parent| parent.display_name),
        None => None,
    };
    let slug = match entitlement.slug {
        slug if slug.is_empty() => id.rsplit(':').next().unwrap_or_default().to_owned(),
        slug => slug,
    };
    let resource = if whole.display_name.is_empty() { own.resource } else { whole.display_name };
    Ok(Holding { within, resource_type: own.resource_type, resource, slug, id: id.to_owned() })
}

/// An entitlement that is not in the file; its id says what there is to say.
fn unnamed(id: &str) -> Holding {
    let (kind, rest) = id.split_once(':').unwrap_or(("", id));
    let (resource, slug) = rest.rsplit_once(':').unwrap_or((rest, ""));
    let text = str::to_owned;
    Holding {
        within: None,
        resource_type: text(kind),
        resource: text(resource),
        slug: text(slug),
        id: text(id),
    }
}

fn stored(database: &Connection, sync: &str, id: &baton::ResourceId) -> Result<Option<Resource>, Failed> {
    let joined = format!("{}:{}", id.resource_type, id.resource);
    let data: Option<Vec<u8>> = database
        .prepare_cached("select data from v1_resources where external_id = ?1 and sync_id = ?2")?
        .query_row([joined.as_str(), sync], |row| row.get(0))
        .optional()?;
    let corrupt = |error| Unusable::Corrupt(format!("the resource {joined}: {error}"));
    Ok(data.map(|data| Resource::decode(data.as_slice())).transpose().map_err(corrupt)?)
}
