//! The records of one sync, found by one another.
//!
//! Records are kept by number: a file of 250,000 grants is walked many times, and by number that takes next to nothing.
//! Nothing here depends on what a resource type is called. What it is follows from its trait and its place: people
//! have the trait of a user, groups that of a group, and what has no parent and offers something contains the rest.

use std::collections::{BTreeMap, HashMap};

use baton_c1z::StoredSync;

/// The number of a resource, an entitlement or a grant.
pub type Id = u32;

/// What a resource type is to a reviewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It contains the rest.
    Whole,
    /// It has members.
    Group,
    /// Something that somebody may reach.
    Thing,
    /// Somebody.
    Person,
    /// It offers nothing.
    Other,
}

/// A resource type.
pub struct Type {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub part: Part,
}

/// A resource.
pub struct Resource {
    /// Its type, by its place in the list of types.
    pub kind: usize,
    /// Its own id.
    pub id: String,
    /// Its name; the id when it is not in the file.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// What contains it.
    pub parent: Option<Id>,
    /// Whether the file has it. Who holds a grant may be missing in a file of single resources.
    pub is_there: bool,
    /// When it was made, in seconds since 1970.
    pub made: Option<i64>,
    /// Its profile, as far as it holds texts, numbers, and yes or no.
    pub profile: BTreeMap<String, String>,
    /// What is known of an account.
    pub account: Option<Box<Account>>,
    /// Who keeps a group, where the file says so.
    pub source: String,
}

/// What is known of an account.
#[derive(Default)]
pub struct Account {
    /// Its addresses, the primary one first.
    pub emails: Vec<String>,
    /// Whether a second factor is set up, if that can be known.
    pub second_factor: Option<bool>,
    /// Whether it signs in through single sign-on, if that is known.
    pub sso: Option<bool>,
    /// Whether a person is behind it, as far as is known.
    pub is_human: bool,
    /// Its state, unless it is in use.
    pub state: Option<&'static str>,
}

/// An entitlement.
pub struct Entitlement {
    /// Its id.
    pub id: String,
    /// What offers it.
    pub resource: Id,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: String,
}

/// A grant.
pub struct Grant {
    /// What is held.
    pub entitlement: Id,
    /// Who holds it.
    pub principal: Id,
    /// Whether a tool worked it out from others; then nobody gave it.
    pub derived: bool,
    /// Why nobody can revoke it in the product.
    pub immutable: Option<Box<str>>,
    /// How it reaches the members of its principal.
    pub reach: Option<Box<Reach>>,
}

/// How a grant reaches the members of its principal.
pub struct Reach {
    /// Only those who hold the membership directly.
    pub shallow: bool,
    /// Only principals of these types, by their ids; empty: of any.
    pub kinds: Vec<String>,
}

/// All of it.
pub struct Model {
    /// The sync.
    pub sync: StoredSync,
    /// Resource types, in the file's order.
    pub types: Vec<Type>,
    /// Resources.
    pub resources: Vec<Resource>,
    /// Entitlements.
    pub entitlements: Vec<Entitlement>,
    /// Grants.
    pub grants: Vec<Grant>,
    pub(crate) by_id: HashMap<(usize, String), Id>,
    pub(crate) held: Vec<Vec<Id>>,
    pub(crate) holders: Vec<Vec<Id>>,
    pub(crate) over: Vec<Vec<Id>>,
    pub(crate) offered: Vec<Vec<Id>>,
    pub(crate) within: Vec<Vec<Id>>,
}

impl Model {
    /// A resource.
    pub fn resource(&self, id: Id) -> &Resource {
        &self.resources[id as usize]
    }

    /// An entitlement.
    pub fn entitlement(&self, id: Id) -> &Entitlement {
        &self.entitlements[id as usize]
    }

    /// A grant.
    pub fn grant(&self, id: Id) -> &Grant {
        &self.grants[id as usize]
    }

    /// The type of a resource.
    pub fn kind(&self, resource: Id) -> &Type {
        &self.types[self.resource(resource).kind]
    }

    /// What a resource is to a reviewer.
    pub fn part(&self, resource: Id) -> Part {
        self.kind(resource).part
    }

    /// The resource with a type's id and an id of its own.
    pub fn find(&self, kind: &str, id: &str) -> Option<Id> {
        let kind = self.types.iter().position(|known| known.id == kind)?;
        self.by_id.get(&(kind, id.to_owned())).copied()
    }

    /// `type:id` of a resource.
    pub fn joined(&self, id: Id) -> String {
        [self.kind(id).id.as_str(), ":", &self.resource(id).id].concat()
    }

    /// Grants that a principal holds.
    pub fn held_by(&self, principal: Id) -> &[Id] {
        &self.held[principal as usize]
    }

    /// Grants of an entitlement.
    pub fn grants_of(&self, entitlement: Id) -> &[Id] {
        &self.holders[entitlement as usize]
    }

    /// Grants that reach whoever holds an entitlement.
    pub fn over(&self, entitlement: Id) -> &[Id] {
        &self.over[entitlement as usize]
    }

    /// What a resource offers.
    pub fn offered_by(&self, resource: Id) -> &[Id] {
        &self.offered[resource as usize]
    }

    /// What lies within a resource.
    pub fn within(&self, resource: Id) -> &[Id] {
        &self.within[resource as usize]
    }

    /// What contains a resource, and is itself in nothing.
    pub fn root(&self, resource: Id) -> Id {
        let mut at = resource;
        // A file that says that two things contain each other has no root; it is not walked for ever.
        for _ in 0..self.resources.len() {
            match self.resource(at).parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// Resources of a part, by the names of what contains them, then their own.
    pub fn of(&self, part: Part) -> Vec<Id> {
        let mut all: Vec<Id> = (0..self.resources.len() as Id).filter(|id| self.part(*id) == part).collect();
        all.sort_by_cached_key(|id| (self.resource(self.root(*id)).name.to_lowercase(), self.sort_key(*id)));
        all
    }

    /// By what a resource stands in a list: its name, then its id.
    pub fn sort_key(&self, id: Id) -> (String, String) {
        (self.resource(id).name.to_lowercase(), self.resource(id).id.clone())
    }
}
