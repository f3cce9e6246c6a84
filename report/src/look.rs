//! What the checks look at, and what several of them ask.

use std::collections::BTreeSet;

use baton_host::Facts;

use crate::model::{Id, Model, Part};
use crate::paths::{Access, Held};
use crate::rules::Rules;
use crate::words::Speaker;

/// Everything that is known of one sync.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Its records.
    pub model: &'a Model,
    /// Who reaches what.
    pub access: &'a Access,
    /// What it is looked at by.
    pub rules: &'a Rules,
    /// What the sync knew of itself.
    pub facts: Option<&'a Facts>,
}

impl<'a> Look<'a> {
    /// Its words.
    pub fn speaker(&self) -> Speaker<'a> {
        Speaker { model: self.model, rules: self.rules }
    }

    /// What somebody holds as an administrator.
    pub fn privileges(&self, person: Id) -> impl Iterator<Item = &'a Held> {
        let speaker = self.speaker();
        self.access.of_person(person).iter().filter(move |held| speaker.is_privileged(held.entitlement))
    }

    /// Administrators, by name.
    pub fn administrators(&self) -> Vec<Id> {
        let all = self.model.of(Part::Person).into_iter();
        all.filter(|person| self.privileges(*person).next().is_some()).collect()
    }

    /// Who holds anything that a resource offers, each once; with `privileged`, as an administrator.
    pub fn holders(&self, resource: Id, privileged: bool) -> BTreeSet<Id> {
        let speaker = self.speaker();
        let offered = self.model.offered_by(resource).iter();
        let offered = offered.filter(|entitlement| !privileged || speaker.is_privileged(**entitlement));
        offered
            .flat_map(|entitlement| self.access.of_entitlement(*entitlement).map(|held| held.person))
            .collect()
    }

    /// Whether a resource has anybody who administers it, or could have.
    pub fn can_be_administered(&self, resource: Id) -> bool {
        let speaker = self.speaker();
        self.model.offered_by(resource).iter().any(|entitlement| speaker.is_privileged(*entitlement))
    }

    /// What a group administers.
    pub fn administered_by(&self, group: Id) -> Vec<Id> {
        let speaker = self.speaker();
        let grants = self.model.held_by(group).iter().map(|id| self.model.grant(*id));
        let privileged =
            grants.filter(|grant| grant.reach.is_some() && speaker.is_privileged(grant.entitlement));
        let all: BTreeSet<Id> =
            privileged.map(|grant| self.model.entitlement(grant.entitlement).resource).collect();
        all.into_iter().collect()
    }

    /// What contains what somebody holds, each once, by name.
    pub fn wholes_of(&self, person: Id) -> Vec<Id> {
        let held = self.access.of_person(person).iter();
        let all: BTreeSet<Id> =
            held.map(|held| self.model.root(self.model.entitlement(held.entitlement).resource)).collect();
        let mut all: Vec<Id> = all.into_iter().collect();
        all.sort_by_cached_key(|id| self.model.sort_key(*id));
        all
    }

    /// A value of a profile, if its key is known and there.
    pub fn told(&self, resource: Id, key: &str) -> Option<&'a str> {
        self.model.resource(resource).profile.get(key).map(String::as_str)
    }

    /// Names, one after another.
    pub fn names(&self, resources: &[Id]) -> String {
        let names: Vec<&str> = resources.iter().map(|id| self.model.resource(*id).name.as_str()).collect();
        names.join(", ")
    }
}
