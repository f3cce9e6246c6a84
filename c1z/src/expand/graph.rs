//! Which entitlements follow from which, and in what order they are worked out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use prost::Message;
use rusqlite::{Connection, OptionalExtension, params};

use crate::baton::{GrantExpandable, ResourceId};
use crate::rows::Failed;
use crate::schema::Unusable;

/// Ids that a warning names.
const EXAMPLES: usize = 5;

/// Who goes from a source to a destination.
#[derive(Clone)]
pub(crate) struct Way {
    /// Direct holders alone.
    pub shallow: bool,
    /// Principals of these types alone, by their numbers. None: of any.
    types: Option<BTreeSet<u32>>,
}

impl Way {
    /// Whether principals of this type go it.
    pub fn takes(&self, kind: u32) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(&kind))
    }

    /// Let through whoever either lets through.
    fn widen(&mut self, other: Way) {
        self.shallow &= other.shallow;
        self.types = match (self.types.take(), other.types) {
            (Some(mut types), Some(others)) => {
                types.extend(others);
                Some(types)
            }
            _ => None,
        };
    }
}

/// Entitlements that are worked out with one another, and what they follow from.
pub(crate) struct Step<'a> {
    /// One, or those of a circle.
    pub destinations: &'a [u32],
    /// All that leads to each of them.
    pub ways: Vec<(u32, &'a Way)>,
    /// Whether anything follows from them.
    pub leads_on: bool,
}

/// Entitlements with what leads from one to another. They are numbers here, from 0 on, and so are types of principals.
#[derive(Default)]
pub(crate) struct Graph {
    ids: Vec<Rc<str>>,
    numbers: HashMap<Rc<str>, u32>,
    kinds: HashMap<String, u32>,
    /// Circles are one group; what a group follows from has a smaller number.
    groups: Vec<Vec<u32>>,
    /// By destination and source, both groups.
    ways: BTreeMap<(usize, usize), Way>,
    /// Groups from which others follow.
    sources: BTreeSet<usize>,
    /// Ways that lead nowhere, and entitlements that are not there.
    lost: u64,
    missing: BTreeSet<String>,
}

impl Graph {
    /// Read it from the grants of a sync.
    pub fn read(database: &Connection, sync: &str) -> Result<Graph, Failed> {
        let mut graph = Graph::default();
        let mut between = BTreeMap::<(u32, u32), Way>::new();
        let mut select = database.prepare(
            "select external_id, entitlement_id, principal_resource_type_id, principal_resource_id, expansion
             from v1_grants where sync_id = ?1 and expansion is not null",
        )?;
        let mut rows = select.query([sync])?;
        while let Some(row) = rows.next()? {
            let (grant, to): (String, String) = (row.get(0)?, row.get(1)?);
            let principal = ResourceId { resource_type: row.get(2)?, resource: row.get(3)? };
            let expandable = GrantExpandable::decode(row.get_ref(4)?.as_blob().unwrap_or_default())
                .map_err(|error| Unusable::Corrupt(format!("how the grant {grant} expands: {error}")))?;
            let types: BTreeSet<u32> =
                expandable.resource_type_ids.iter().map(|kind| graph.kind(kind)).collect();
            let way = Way { shallow: expandable.shallow, types: (!types.is_empty()).then_some(types) };
            for from in &expandable.entitlement_ids {
                let ends = [resource_of(database, sync, from)?, resource_of(database, sync, &to)?];
                let [Some(source), Some(_)] = &ends else {
                    graph.lost += 1;
                    let absent = [from, &to].into_iter().zip(&ends).filter(|(_, end)| end.is_none());
                    graph.missing.extend(absent.map(|(id, _)| id.clone()).take(EXAMPLES));
                    continue;
                };
                if *source != principal {
                    return Err(Failed::Contradiction(format!(
                        "the grant {grant} expands over {from}, which is no entitlement of its principal; report this \
                         to the connector's authors"
                    )));
                }
                let ends = (graph.number(from), graph.number(&to));
                match between.get_mut(&ends) {
                    Some(known) => known.widen(way.clone()),
                    None => drop(between.insert(ends, way.clone())),
                }
            }
        }
        graph.order(between);
        Ok(graph)
    }

    /// Make groups, and put them in order.
    fn order(&mut self, between: BTreeMap<(u32, u32), Way>) {
        let mut plain = DiGraph::<(), ()>::with_capacity(self.ids.len(), between.len());
        for _ in &self.ids {
            plain.add_node(());
        }
        for (from, to) in between.keys() {
            plain.add_edge(NodeIndex::from(*from), NodeIndex::from(*to), ());
        }
        // They come with what follows first.
        let mut group_of = vec![0; self.ids.len()];
        for (group, members) in kosaraju_scc(&plain).iter().rev().enumerate() {
            members.iter().for_each(|member| group_of[member.index()] = group);
            // Numbers of the graph are 32 bits.
            let mut members: Vec<u32> = members.iter().map(|member| member.index() as u32).collect();
            members.sort_unstable();
            self.groups.push(members);
        }
        for ((from, to), way) in between {
            let (from, to) = (group_of[from as usize], group_of[to as usize]);
            if from == to {
                continue;
            }
            self.sources.insert(from);
            match self.ways.get_mut(&(to, from)) {
                Some(known) => known.widen(way),
                None => drop(self.ways.insert((to, from), way)),
            }
        }
    }

    /// What is to be worked out, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.groups.iter().enumerate().filter_map(|(group, destinations)| {
            let into = self.ways.range((group, 0)..(group + 1, 0));
            let ways: Vec<_> = into
                .flat_map(|((_, from), way)| self.groups[*from].iter().map(move |source| (*source, way)))
                .collect();
            let leads_on = self.sources.contains(&group);
            (!ways.is_empty()).then_some(Step { destinations, ways, leads_on })
        })
    }

    /// How many entitlements there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of an entitlement.
    pub fn id(&self, number: u32) -> &str {
        &self.ids[number as usize]
    }

    /// The number of an entitlement, if it is in the graph.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// The types that ways name, with their numbers.
    pub fn kinds(&self) -> &HashMap<String, u32> {
        &self.kinds
    }

    fn kind(&mut self, name: &str) -> u32 {
        let next = self.kinds.len() as u32;
        *self.kinds.entry(name.to_owned()).or_insert(next)
    }

    fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.find(id) {
            return number;
        }
        let (id, number) = (Rc::<str>::from(id), self.ids.len() as u32);
        self.ids.push(id.clone());
        self.numbers.insert(id, number);
        number
    }

    /// Say what somebody who reads the file should know.
    pub fn warn(&self) {
        if self.lost > 0 {
            let missing: Vec<_> = self.missing.iter().take(EXAMPLES).map(String::as_str).collect();
            tracing::warn!(
                ways = self.lost,
                "grants that should reach the members of a group do not, because entitlements were not read: {}",
                missing.join(", ")
            );
        }
        for circle in self.groups.iter().filter(|group| group.len() > 1) {
            let ids: Vec<_> = circle.iter().take(EXAMPLES).map(|member| self.id(*member)).collect();
            tracing::warn!(
                entitlements = circle.len(),
                "entitlements follow from one another in a circle, and pass nothing on among themselves: {}",
                ids.join(", ")
            );
        }
    }
}

/// What offers an entitlement, if that is in the file.
fn resource_of(database: &Connection, sync: &str, entitlement: &str) -> rusqlite::Result<Option<ResourceId>> {
    database
        .prepare_cached(
            "select resource_type_id, resource_id from v1_entitlements where external_id = ?1 and sync_id = ?2",
        )?
        .query_row(params![entitlement, sync], |row| {
            Ok(ResourceId { resource_type: row.get(0)?, resource: row.get(1)? })
        })
        .optional()
}

/// The entitlement of a number, as grants name it.
pub(super) fn offered(
    graph: &Graph,
    number: u32,
    database: &Connection,
    sync: &str,
) -> Result<(String, ResourceId), Failed> {
    let id = graph.id(number).to_owned();
    match resource_of(database, sync, &id)? {
        Some(resource) => Ok((id, resource)),
        None => Err(Unusable::Corrupt(format!("the entitlement {id} is gone")).into()),
    }
}
