//! What is checked on every page before a sink sees it: the rules of the contract that keep a file whole.
//!
//! What a record alone tells is in `shape.rs`; here is what it takes the others for. Identities are kept as 128-bit
//! hashes, so that the memory of a sync grows with the resources by some dozens of bytes each, and not with the grants:
//! those are compared within their own list only, which is enough, since a grant belongs to the list of its entitlement's
//! resource.

mod shape;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::told::Told;
use crate::model::contract::{
    Entitlement, EntitlementId, Expansion, Grant, Resource, ResourceId, ResourceType, Warning,
};
use crate::model::identity::identity;
use crate::model::records::{joined, joined_entitlement, joined_grant};

/// Principals that were not listed and are remembered: a hundred times as many as warnings are shown.
const MOST_STRANGERS: usize = 100_000;

/// What is known so far.
#[derive(Default)]
pub(crate) struct Known {
    types: HashMap<String, ResourceType>,
    /// The resources, and what was told of them.
    pub told: Told,
    /// Parents that lists at their end named, and that had not come then.
    missing: Missing,
    /// The entitlements, each with the types that it is grantable to.
    entitlements: HashMap<u128, Arc<[String]>>,
    /// Every set of types that is in there, once.
    grantable: HashSet<Arc<[String]>>,
    /// Resources whose entitlements were left out, since they are gone.
    gone: HashSet<u128>,
    /// Principals that were not listed, by their joined ids, each with the smallest of its grants.
    strangers: BTreeMap<String, (ResourceId, String)>,
}

/// Parents that were named and have not come, each with the smallest of its children: both as they are told.
pub(crate) type Missing = HashMap<u128, (String, String)>;

/// A rule that was broken, as a sentence.
pub(crate) type Broken = String;

impl Known {
    /// The types, which are on one page.
    pub fn add_types(&mut self, kinds: &[ResourceType]) -> Result<(), Broken> {
        if kinds.is_empty() {
            return Err("there are no resource types".to_owned());
        }
        for kind in kinds {
            shape::resource_type(kind)?;
            if self.types.insert(kind.id.clone(), kind.clone()).is_some() {
                return Err(format!("resource type '{}' came twice", kind.id));
            }
        }
        Ok(())
    }

    pub fn type_of(&self, id: &str) -> Option<&ResourceType> {
        self.types.get(id)
    }

    /// The ids of all types, sorted.
    pub fn types(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.types.keys().cloned().collect();
        ids.sort();
        ids
    }

    /// Whether the resource, which came in a list of this parent, is new. Its own parent goes to those that are `missing`
    /// in its list, unless it came already.
    pub fn add_resource(
        &mut self,
        listed_as: &str,
        listed_under: Option<&ResourceId>,
        resource: &Resource,
        missing: &mut Missing,
    ) -> Result<bool, Broken> {
        let name = joined(&resource.id);
        shape::id(&resource.id)?;
        if resource.id.resource_type != listed_as {
            return Err(format!("resource {name} came in the list of type '{listed_as}'"));
        }
        let kind = self.types.get(listed_as).ok_or_else(|| format!("unknown resource type '{listed_as}'"))?;
        shape::resource(resource, &kind.traits)?;
        if let Some(child) =
            resource.child_resource_types.iter().find(|child| !self.types.contains_key(*child))
        {
            return Err(format!("resource {name} has children of the unknown type '{child}'"));
        }
        self.check_parent(&name, resource, missing)?;
        Ok(self.told.add(listed_under, resource))
    }

    fn check_parent(&self, name: &str, resource: &Resource, missing: &mut Missing) -> Result<(), Broken> {
        let Some(parent) = &resource.parent else { return Ok(()) };
        if !self.types.contains_key(&parent.resource_type) {
            return Err(format!(
                "resource {name} has a parent of the unknown type '{}'",
                parent.resource_type
            ));
        }
        let key = identity(parent);
        if !self.told.has(key) {
            let (_, child) = missing.entry(key).or_insert_with(|| (joined(parent), name.to_owned()));
            if name < child.as_str() {
                name.clone_into(child);
            }
        }
        Ok(())
    }

    /// A list is at its end, in which these parents were missing when their children came.
    pub fn await_parents(&mut self, missing: Missing) {
        for (key, told) in missing {
            if !self.told.has(key) {
                let before = self.missing.entry(key).or_insert_with(|| told.clone());
                if told < *before {
                    *before = told;
                }
            }
        }
    }

    /// Every resource was listed: so was every parent, of the types that were asked for.
    pub fn check_parents(&self, selects: impl Fn(&str) -> bool) -> Result<(), Broken> {
        let is_asked_for = |parent: &str| parent.split(':').next().is_some_and(&selects);
        let missing = self.missing.iter().filter(|(key, _)| !self.told.has(**key));
        match missing.map(|(_, told)| told).filter(|(parent, _)| is_asked_for(parent)).min() {
            Some((parent, child)) => {
                Err(format!("resource {child} has the parent {parent}, which was never listed"))
            }
            None => Ok(()),
        }
    }

    pub fn add_entitlement(&mut self, of: &Resource, entitlement: &Entitlement) -> Result<(), Broken> {
        let slug = &entitlement.id.slug;
        let name = joined_entitlement(&entitlement.id);
        if entitlement.id.resource != of.id {
            return Err(format!("entitlement {name} came in the list of {}", joined(&of.id)));
        }
        shape::entitlement(entitlement)?;
        if let Some(kind) = entitlement.grantable_to.iter().find(|kind| !self.types.contains_key(*kind)) {
            return Err(format!("entitlement {name} is grantable to the unknown type '{kind}'"));
        }
        let grantable = self.grantable_to(entitlement);
        if self.entitlements.insert(identity(&(&of.id, slug)), grantable).is_some() {
            return Err(format!("entitlement {name} came twice"));
        }
        Ok(())
    }

    /// The types that an entitlement is grantable to, kept once for all that have the same.
    fn grantable_to(&mut self, entitlement: &Entitlement) -> Arc<[String]> {
        let mut types = entitlement.grantable_to.clone();
        types.sort();
        types.dedup();
        let types: Arc<[String]> = types.into();
        match self.grantable.get(&types) {
            Some(known) => known.clone(),
            None => {
                self.grantable.insert(types.clone());
                types
            }
        }
    }

    /// A new reading of the list begins: what it gave may come again.
    pub fn forget_entitlements(&mut self, of: &Resource, slugs: &HashSet<String>) {
        for slug in slugs {
            self.entitlements.remove(&identity(&(&of.id, slug)));
        }
    }

    /// A resource is gone, so that not all of its entitlements are known.
    pub fn is_gone(&mut self, resource: &Resource) {
        self.gone.insert(identity(&resource.id));
    }

    /// A principal that is not known is noted. Where only some resources were `targeted`, none is, nor are others'
    /// entitlements.
    pub fn check_grant(&mut self, of: &Resource, grant: &Grant, targeted: bool) -> Result<(), Broken> {
        let name = joined_grant(grant);
        if grant.entitlement.resource != of.id {
            return Err(format!("grant {name} came in the list of {}", joined(&of.id)));
        }
        let Some(grantable) = self.entitlements.get(&identity(&(&of.id, &grant.entitlement.slug))) else {
            return Err(format!("grant {name} is of an entitlement that was not listed"));
        };
        shape::grant(&name, grant)?;
        let Some(kind) = self.types.get(&grant.principal.resource_type) else {
            return Err(format!("grant {name} is to a principal of an unknown type"));
        };
        if !grantable.contains(&kind.id) {
            return Err(format!(
                "grant {name} is to a '{}', which its entitlement is not grantable to",
                kind.id
            ));
        }
        let principal = identity(&grant.principal);
        let is_listed = self.told.has(principal);
        if let Some(expansion) = &grant.expansion {
            let is_known = is_listed && !targeted && !self.gone.contains(&principal);
            self.check_expansion(grant, expansion, kind, is_known)
                .map_err(|rule| format!("grant {name} expands {rule}"))?;
        }
        if !is_listed && !targeted {
            let stranger = self.strangers.entry(joined(&grant.principal));
            let (_, smallest) = stranger.or_insert_with(|| (grant.principal.clone(), name.clone()));
            if name < *smallest {
                *smallest = name;
            }
            if self.strangers.len() > MOST_STRANGERS {
                self.strangers.pop_last();
            }
        }
        Ok(())
    }

    /// Every grant was listed: a warning for each principal that was not.
    pub fn strangers(&mut self) -> impl Iterator<Item = Warning> + use<> {
        std::mem::take(&mut self.strangers).into_iter().map(|(principal, (id, grant))| Warning {
            message: format!(
                "{principal} holds a grant ({grant}), but was not listed; it may have been added during the sync: run the \
                 sync again"
            ),
            resource: Some(id),
        })
    }

    /// The principal is of this type, and all of its entitlements are known or not.
    fn check_expansion(
        &self,
        grant: &Grant,
        expansion: &Expansion,
        kind: &ResourceType,
        is_known: bool,
    ) -> Result<(), Broken> {
        if expansion.entitlements.is_empty() {
            return Err("over no entitlement".to_owned());
        }
        if !kind.has_entitlements {
            return Err(format!("over a '{}', which has no entitlements", kind.id));
        }
        let is_listed =
            |id: &EntitlementId| self.entitlements.contains_key(&identity(&(&id.resource, &id.slug)));
        for over in &expansion.entitlements {
            if over.resource != grant.principal {
                return Err(format!(
                    "over {}, which is no entitlement of its principal",
                    joined_entitlement(over)
                ));
            }
            if is_known && !is_listed(over) {
                return Err(format!("over {}, which was not listed", joined_entitlement(over)));
            }
        }
        match expansion.resource_types.iter().find(|kind| !self.types.contains_key(*kind)) {
            Some(kind) => Err(format!("to the unknown type '{kind}'")),
            None => Ok(()),
        }
    }
}
