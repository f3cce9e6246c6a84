//! What is checked on every page before a sink sees it: the rules of the contract that keep a file whole.
//!
//! Identities are kept as 128-bit hashes and contents as 64-bit ones, so that the memory of a sync grows with
//! the resources by some dozens of bytes each, and not with the grants: those are compared within their own
//! list only, which is enough, since a grant belongs to the list of its entitlement's resource.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher};

use crate::model::contract::{
    Entitlement, Grant, Resource, ResourceId, ResourceType, Trait, TraitKind, Warning,
};
use crate::model::identity::identity;
use crate::model::records::{joined, joined_grant};

/// Longest id in Baton's model, in bytes.
const LONGEST_ID: usize = 1_024;

/// What is known so far.
#[derive(Default)]
pub(crate) struct Known {
    types: HashMap<String, ResourceType>,
    resources: HashMap<u128, u64>,
    entitlements: HashSet<u128>,
    /// Principals that were not listed, each warned of once.
    strangers: HashSet<u128>,
}

/// A rule that was broken, as a sentence.
pub(crate) type Broken = String;

impl Known {
    pub fn add_type(&mut self, kind: &ResourceType) -> Result<(), Broken> {
        if kind.id.is_empty() || kind.id.len() > 128 || kind.display_name.is_empty() {
            return Err(format!("resource type '{}' has no usable id or name", kind.id));
        }
        if kind.id.contains(':') {
            return Err(format!("resource type '{}' has a ':' in its id, which joins ids", kind.id));
        }
        match self.types.insert(kind.id.clone(), kind.clone()) {
            Some(_) => Err(format!("resource type '{}' came twice", kind.id)),
            None => Ok(()),
        }
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

    /// Whether the resource is new. A warning when it came before with other content.
    pub fn add_resource(
        &mut self,
        listed_as: &str,
        resource: &Resource,
    ) -> Result<(bool, Option<Warning>), Broken> {
        let name = joined(&resource.id);
        check_id(&resource.id)?;
        if resource.id.resource_type != listed_as {
            return Err(format!("resource {name} came in the list of type '{listed_as}'"));
        }
        if resource.display_name.is_empty() {
            return Err(format!("resource {name} has an empty display name"));
        }
        let kind = self.types.get(listed_as).ok_or_else(|| format!("unknown resource type '{listed_as}'"))?;
        for wanted in &kind.traits {
            if !resource.traits.iter().any(|found| kind_of(found) == *wanted) {
                return Err(format!("resource was missing expected trait {wanted:?}: {name}"));
            }
        }
        for child in &resource.child_resource_types {
            if !self.types.contains_key(child) {
                return Err(format!("resource {name} has children of the unknown type '{child}'"));
            }
        }
        let content = content(resource)?;
        match self.resources.insert(identity(&resource.id), content) {
            None => Ok((true, None)),
            Some(before) if before == content => Ok((false, None)),
            Some(_) => Ok((
                false,
                Some(Warning {
                    message: format!(
                        "{name} ({}) was listed twice with different content, so it changed while it was \
                         read; the later record was kept",
                        resource.display_name
                    ),
                    resource: Some(resource.id.clone()),
                }),
            )),
        }
    }

    pub fn add_entitlement(&mut self, of: &Resource, entitlement: &Entitlement) -> Result<(), Broken> {
        let slug = &entitlement.id.slug;
        let name = format!("{}:{slug}", joined(&entitlement.id.resource));
        if entitlement.id.resource != of.id {
            return Err(format!("entitlement {name} came in the list of {}", joined(&of.id)));
        }
        if slug.is_empty() || slug.len() > LONGEST_ID {
            return Err(format!("an entitlement of {} has no usable slug", joined(&of.id)));
        }
        if slug.contains(':') || slug.contains(char::is_control) {
            return Err(format!("entitlement {name} has a ':' or a control character in its slug"));
        }
        if let Some(kind) = entitlement.grantable_to.iter().find(|kind| !self.types.contains_key(*kind)) {
            return Err(format!("entitlement {name} is grantable to the unknown type '{kind}'"));
        }
        if !self.entitlements.insert(identity(&(&of.id, slug))) {
            return Err(format!("entitlement {name} came twice"));
        }
        Ok(())
    }

    /// A new reading of the list begins: what it gave may come again.
    pub fn forget_entitlements(&mut self, of: &Resource, slugs: &HashSet<String>) {
        for slug in slugs {
            self.entitlements.remove(&identity(&(&of.id, slug)));
        }
    }

    /// A warning when the principal is not known.
    pub fn check_grant(&mut self, of: &Resource, grant: &Grant) -> Result<Option<Warning>, Broken> {
        let name = joined_grant(grant);
        if grant.entitlement.resource != of.id {
            return Err(format!("grant {name} came in the list of {}", joined(&of.id)));
        }
        if !self.entitlements.contains(&identity(&(&of.id, &grant.entitlement.slug))) {
            return Err(format!("grant {name} is of an entitlement that was not listed"));
        }
        check_id(&grant.principal)?;
        if !self.types.contains_key(&grant.principal.resource_type) {
            return Err(format!("grant {name} is to a principal of an unknown type"));
        }
        let principal = identity(&grant.principal);
        if self.resources.contains_key(&principal) || !self.strangers.insert(principal) {
            return Ok(None);
        }
        Ok(Some(Warning {
            message: format!(
                "{} holds a grant ({name}), but was not listed; it may have been added during the sync: run \
                 the sync again",
                joined(&grant.principal)
            ),
            resource: Some(grant.principal.clone()),
        }))
    }
}

/// A fingerprint of a record's content.
fn content(resource: &Resource) -> Result<u64, Broken> {
    struct Fingerprint(DefaultHasher);
    impl Extend<u8> for Fingerprint {
        fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
            bytes.into_iter().for_each(|byte| self.0.write_u8(byte));
        }
    }
    match postcard::to_extend(resource, Fingerprint(DefaultHasher::new())) {
        Ok(fingerprint) => Ok(fingerprint.0.finish()),
        Err(error) => Err(format!("resource {} cannot be compared ({error})", joined(&resource.id))),
    }
}

fn check_id(id: &ResourceId) -> Result<(), Broken> {
    let usable =
        |text: &str| !text.is_empty() && text.len() <= LONGEST_ID && !text.contains(char::is_control);
    if usable(&id.resource_type) && usable(&id.id) {
        return Ok(());
    }
    Err(format!("a resource id is empty, too long or has control characters: {:?}", joined(id)))
}

fn kind_of(found: &Trait) -> TraitKind {
    match found {
        Trait::User(_) => TraitKind::User,
        Trait::Group(_) => TraitKind::Group,
        Trait::Role => TraitKind::Role,
        Trait::App(_) => TraitKind::App,
        Trait::Secret(_) => TraitKind::Secret,
    }
}
