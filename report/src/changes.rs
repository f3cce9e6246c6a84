//! What is otherwise than in an earlier sync: who came and went, who rose and fell, and who reaches more or less.
//!
//! What somebody reaches is compared, on whichever way, and not single grants: who is moved from one group into another
//! that holds the same has lost nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::look::Look;
use crate::model::{Id, Part};

/// How two syncs differ. Ids of the earlier one are apart from those of the later one.
pub struct Changes {
    /// Where the earlier sync is, in words.
    pub from: String,
    /// When that ended, as its file has it.
    pub ended: String,
    /// Everybody who is otherwise, by name.
    pub people: Vec<Person>,
    /// What else came.
    pub came: Vec<Id>,
    /// What else went: its type's name and its own.
    pub went: Vec<(String, String)>,
}

/// How somebody changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Administers something that they did not before.
    Rose,
    /// Was not there before.
    Came,
    /// Administers less, and nothing new.
    Fell,
    /// Is not there any more.
    Went,
    /// Reaches something else, but administers neither more nor less.
    Moved,
}

impl Turn {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Turn::Rose => "rose",
            Turn::Came => "came",
            Turn::Fell => "fell",
            Turn::Went => "went",
            Turn::Moved => "moved",
        }
    }
}

/// Somebody who is otherwise.
pub struct Person {
    /// How.
    pub turn: Turn,
    /// Their number, unless they went.
    pub id: Option<Id>,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they reach now and did not before.
    pub gained: Vec<What>,
    /// What they reached before and do not now.
    pub lost: Vec<What>,
}

/// Something that is reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct What {
    /// Whether who holds it is an administrator; those first.
    pub ordinary: bool,
    /// In words: `administrator of orders`.
    pub text: String,
    /// What contains it.
    pub place: String,
}

impl Changes {
    /// Compare an earlier sync with a later one.
    pub fn between(earlier: Look<'_>, later: Look<'_>, from: String) -> Changes {
        let (before, after) = (all(earlier), all(later));
        let mut people = Vec::new();
        for (key, now) in &after {
            let was = before.get(key);
            let turn_of = |gained: &[What], lost: &[What]| match was {
                None => Turn::Came,
                _ if gained.iter().any(|what| !what.ordinary) => Turn::Rose,
                _ if lost.iter().any(|what| !what.ordinary) => Turn::Fell,
                _ => Turn::Moved,
            };
            let none = BTreeMap::new();
            let held = was.map_or(&none, |one| &one.held);
            let (gained, lost) = (difference(&now.held, held), difference(held, &now.held));
            if was.is_some() && gained.is_empty() && lost.is_empty() {
                continue;
            }
            let turn = turn_of(&gained, &lost);
            people.push(Person { turn, id: Some(now.id), gained, lost, ..person(later, now.id) });
        }
        for (_, was) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            let lost = difference(&was.held, &BTreeMap::new());
            people.push(Person { turn: Turn::Went, lost, ..person(earlier, was.id) });
        }
        people.sort_by_cached_key(|one| (one.turn, one.name.to_lowercase(), one.email.clone()));
        let (was, is) = (things(earlier), things(later));
        let came = is.iter().filter(|(key, _)| !was.contains_key(*key)).map(|(_, id)| *id).collect();
        let went = was.iter().filter(|(key, _)| !is.contains_key(*key));
        let name = |id: Id| (earlier.model.kind(id).name.clone(), earlier.model.resource(id).name.clone());
        let ended = earlier.model.sync.ended.clone();
        Changes { from, ended, people, came, went: went.map(|(_, id)| name(*id)).collect() }
    }

    /// Whether nothing is otherwise.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.came.is_empty() && self.went.is_empty()
    }

    /// How many people turned this way.
    pub fn count(&self, turn: Turn) -> usize {
        self.people.iter().filter(|one| one.turn == turn).count()
    }
}

struct One {
    id: Id,
    held: BTreeMap<String, What>,
}

/// Everybody, by id, with what they reach by the entitlement's id.
fn all(look: Look<'_>) -> BTreeMap<String, One> {
    let speaker = look.speaker();
    let mut all = BTreeMap::new();
    for id in look.model.of(Part::Person) {
        let held = look.access.of_person(id).iter().map(|held| {
            let entitlement = look.model.entitlement(held.entitlement);
            let what = What {
                ordinary: !speaker.is_privileged(held.entitlement),
                text: format!(
                    "{} {}",
                    speaker.words(held.entitlement).person,
                    look.model.resource(entitlement.resource).name
                ),
                place: speaker.place(entitlement.resource),
            };
            (entitlement.id.clone(), what)
        });
        all.insert(look.model.joined(id), One { id, held: held.collect() });
    }
    all
}

fn difference(of: &BTreeMap<String, What>, without: &BTreeMap<String, What>) -> Vec<What> {
    let left: BTreeSet<&What> =
        of.iter().filter(|(key, _)| !without.contains_key(*key)).map(|(_, what)| what).collect();
    left.into_iter().cloned().collect()
}

fn person(look: Look<'_>, id: Id) -> Person {
    Person {
        turn: Turn::Moved,
        id: None,
        name: look.model.resource(id).name.clone(),
        email: look.speaker().email(id).to_owned(),
        gained: Vec::new(),
        lost: Vec::new(),
    }
}

/// Everything that is no person, by its id.
fn things(look: Look<'_>) -> BTreeMap<String, Id> {
    let all = 0..look.model.resources.len() as Id;
    let things = all.filter(|id| look.model.part(*id) != Part::Person && look.model.resource(*id).is_there);
    things.map(|id| (look.model.joined(id), id)).collect()
}
