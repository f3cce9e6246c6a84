//! Who reaches what, and on which ways.
//!
//! A person holds an entitlement because somebody gave it, or because a grant to a group reaches the group's members, or
//! through several such steps. Each way is told, since taking one away leaves the others. Ways are worked out from what
//! was given alone: in a file that a tool has expanded, what the tool worked out is passed over, and only looked at to
//! see that nothing is missing here.

use std::collections::VecDeque;
use std::ops::Range;

use crate::model::{Grant, Id, Model, Part};

/// Ways that are told of one person to one entitlement.
pub const MOST_WAYS: usize = 12;
/// Steps that are tried for one person before no further ways are looked for. What somebody reaches is known before.
const MOST_STEPS: usize = 20_000;
/// Steps of a way that is looked for. Where groups lie deeper in one another, the nearest way is told alone.
const LONGEST_WAY: usize = 32;

/// That somebody holds an entitlement.
pub struct Held {
    /// Who.
    pub person: Id,
    /// What.
    pub entitlement: Id,
    /// Whether there are more ways than those that are told.
    pub more: bool,
    ways: Range<u32>,
}

/// What everybody holds.
pub struct Access {
    held: Vec<Held>,
    /// Of each way, where its steps are.
    ways: Vec<Range<u32>>,
    /// Grants, way after way: the person's own first, that of the entitlement last.
    steps: Vec<Id>,
    by_person: Vec<Range<u32>>,
    by_entitlement: Vec<Vec<u32>>,
}

impl Access {
    /// Work it out.
    pub fn of(model: &Model) -> Access {
        let mut access = Access {
            held: Vec::new(),
            ways: Vec::new(),
            steps: Vec::new(),
            by_person: vec![0..0; model.resources.len()],
            by_entitlement: vec![Vec::new(); model.entitlements.len()],
        };
        let mut walk = Walk::new(model);
        for person in 0..model.resources.len() as Id {
            if model.part(person) == Part::Person {
                let first = access.held.len() as u32;
                walk.of(person, &mut access);
                access.by_person[person as usize] = first..access.held.len() as u32;
            }
        }
        for (number, held) in access.held.iter().enumerate() {
            access.by_entitlement[held.entitlement as usize].push(number as u32);
        }
        access
    }

    /// What somebody holds.
    pub fn of_person(&self, person: Id) -> &[Held] {
        let Range { start, end } = self.by_person[person as usize];
        &self.held[start as usize..end as usize]
    }

    /// Who holds an entitlement.
    pub fn of_entitlement(&self, entitlement: Id) -> impl ExactSizeIterator<Item = &Held> {
        self.by_entitlement[entitlement as usize].iter().map(|held| &self.held[*held as usize])
    }

    /// All of it.
    pub fn all(&self) -> &[Held] {
        &self.held
    }

    /// The ways on which somebody holds it, the shortest first: grants, the person's own first.
    pub fn ways<'a>(&'a self, held: &Held) -> impl ExactSizeIterator<Item = &'a [Id]> + use<'a> {
        let ways = &self.ways[held.ways.start as usize..held.ways.end as usize];
        ways.iter().map(|way| &self.steps[way.start as usize..way.end as usize])
    }

    fn put(&mut self, person: Id, entitlement: Id, mut ways: Vec<Vec<Id>>, more: bool) {
        ways.sort_by_key(Vec::len);
        let first = self.ways.len() as u32;
        for way in ways {
            let start = self.steps.len() as u32;
            self.steps.extend(way);
            self.ways.push(start..self.steps.len() as u32);
        }
        self.held.push(Held { person, entitlement, more, ways: first..self.ways.len() as u32 });
    }
}

/// Goes from one person to all that is reached.
struct Walk<'a> {
    model: &'a Model,
    /// Of each entitlement: for which person it was last reached, and as which of those reached.
    reached: Vec<(Id, u32)>,
}

/// An entitlement that is reached.
struct Reached {
    entitlement: Id,
    /// Somebody gave it to this person.
    direct: bool,
    /// The grant that leads to it, and what it leads from.
    from: (Id, Option<u32>),
    ways: Vec<Vec<Id>>,
    more: bool,
}

const NOBODY: Id = Id::MAX;

impl<'a> Walk<'a> {
    fn new(model: &'a Model) -> Walk<'a> {
        Walk { model, reached: vec![(NOBODY, 0); model.entitlements.len()] }
    }

    fn of(&mut self, person: Id, access: &mut Access) {
        let mut all = self.reach(person);
        self.find_ways(person, &mut all);
        // What a tool worked out and is not reached here was lost on the way into the file: it is held all the same.
        for id in self.model.held_by(person) {
            let grant = self.model.grant(*id);
            if grant.derived && self.place(person, grant.entitlement).is_none() {
                let from = (*id, None);
                let ways = vec![vec![*id]];
                self.reached[grant.entitlement as usize] = (person, all.len() as u32);
                all.push(Reached { entitlement: grant.entitlement, direct: false, from, ways, more: false });
            }
        }
        for reached in all {
            access.put(person, reached.entitlement, reached.ways, reached.more);
        }
    }

    fn place(&self, person: Id, entitlement: Id) -> Option<u32> {
        let (of, place) = self.reached[entitlement as usize];
        (of == person).then_some(place)
    }

    /// Everything that is reached, each once, nearest first.
    fn reach(&mut self, person: Id) -> Vec<Reached> {
        let mut all: Vec<Reached> = Vec::new();
        let mut waiting = VecDeque::new();
        for id in self.model.held_by(person) {
            let grant = self.model.grant(*id);
            if !grant.derived && self.place(person, grant.entitlement).is_none() {
                waiting.push_back(all.len() as u32);
                self.reached[grant.entitlement as usize] = (person, all.len() as u32);
                let ways = Vec::new();
                all.push(Reached {
                    entitlement: grant.entitlement,
                    direct: true,
                    from: (*id, None),
                    ways,
                    more: false,
                });
            }
        }
        while let Some(at) = waiting.pop_front() {
            let Some((entitlement, direct)) = all.get(at as usize).map(|one| (one.entitlement, one.direct))
            else {
                break;
            };
            for id in self.model.over(entitlement) {
                let grant = self.model.grant(*id);
                if self.reaches(grant, person, direct) && self.place(person, grant.entitlement).is_none() {
                    waiting.push_back(all.len() as u32);
                    self.reached[grant.entitlement as usize] = (person, all.len() as u32);
                    let from = (*id, Some(at));
                    all.push(Reached {
                        entitlement: grant.entitlement,
                        direct: false,
                        from,
                        ways: Vec::new(),
                        more: false,
                    });
                }
            }
        }
        all
    }

    /// Whether a grant reaches a person who holds a membership of its principal, directly or not.
    fn reaches(&self, grant: &Grant, person: Id, direct: bool) -> bool {
        let Some(reach) = grant.reach.as_ref().filter(|_| !grant.derived) else { return false };
        (direct || !reach.shallow)
            && (reach.kinds.is_empty() || reach.kinds.contains(&self.model.kind(person).id))
    }

    /// The ways to all that is reached, none of which meets an entitlement twice.
    fn find_ways(&self, person: Id, all: &mut [Reached]) {
        let mut left = MOST_STEPS;
        for id in self.model.held_by(person) {
            if !self.model.grant(*id).derived {
                self.go(person, &mut vec![*id], all, &mut left);
            }
        }
        // Where there may be ways that nobody looked for, at least the nearest is told.
        for at in 0..all.len() {
            let way = nearest(all, at as u32);
            let Some(reached) = all.get_mut(at).filter(|one| left == 0 || one.ways.is_empty()) else {
                continue;
            };
            reached.more = true;
            if !reached.ways.contains(&way) {
                reached.ways.truncate(MOST_WAYS - 1);
                reached.ways.push(way);
            }
        }
    }

    fn go(&self, person: Id, way: &mut Vec<Id>, all: &mut [Reached], left: &mut usize) {
        let Some(last) = way.last().map(|id| self.model.grant(*id).entitlement) else { return };
        if *left == 0 || way.len() > LONGEST_WAY {
            return;
        }
        *left -= 1;
        let place = self.place(person, last);
        if let Some(reached) = place.and_then(|place| all.get_mut(place as usize)) {
            match reached.ways.len() < MOST_WAYS {
                true => reached.ways.push(way.clone()),
                false => reached.more = true,
            }
        }
        let direct = way.len() == 1;
        for id in self.model.over(last) {
            let grant = self.model.grant(*id);
            let again = way.iter().any(|step| self.model.grant(*step).entitlement == grant.entitlement);
            if !again && self.reaches(grant, person, direct) {
                way.push(*id);
                self.go(person, way, all, left);
                way.pop();
            }
        }
    }
}

/// The nearest way to what is reached.
fn nearest(all: &[Reached], at: u32) -> Vec<Id> {
    let mut way = Vec::new();
    let mut next = Some(at);
    while let Some(reached) = next.and_then(|at| all.get(at as usize)) {
        way.push(reached.from.0);
        next = reached.from.1;
    }
    way.reverse();
    way
}
