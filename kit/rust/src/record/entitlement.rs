//! What a resource offers, and who holds it.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use crate::bindings::syncer::{
    Entitlement, EntitlementId, Error, Expansion, Grant, Purpose, Resource, ResourceId,
};
use crate::error::Exchange;
use crate::text::{description, first_of, in_a_list, is_control};

/// Longest slug, in bytes.
const SLUG: usize = 1_024;

fn id(of: &ResourceId, slug: &str) -> Result<EntitlementId, Error> {
    if slug.is_empty() || slug.len() > SLUG || slug.contains(is_control) || slug.contains(':') {
        let what = format!(
            "a {} offers \"{}\", which is empty, too long, or has a colon or control characters",
            of.resource_type,
            in_a_list(slug)
        );
        return Err(Exchange::default().reply(what, ""));
    }
    Ok(EntitlementId { resource: of.clone(), slug: slug.into() })
}

/// An entitlement in the making.
#[derive(Clone, Debug)]
pub struct Offer(Entitlement);

impl Offer {
    /// What a resource offers, under a name for machines: `member`. `to` are the types whose resources can hold it.
    ///
    /// # Errors
    /// The slug is none.
    pub fn new(of: &Resource, slug: &str, to: &[&str]) -> Result<Offer, Error> {
        let name = format!("{} {slug}", of.display_name);
        Ok(Offer(Entitlement {
            id: id(&of.id, slug)?,
            display_name: first_of(&[Some(&name)]).unwrap_or_else(|| slug.into()),
            description: None,
            purpose: Purpose::Unspecified,
            grantable_to: to.iter().map(|kind| String::from(*kind)).collect(),
        }))
    }

    /// Its name for people.
    #[must_use]
    pub fn named(mut self, name: &str) -> Offer {
        if let Some(name) = first_of(&[Some(name)]) {
            self.0.display_name = name;
        }
        self
    }

    /// What it is.
    #[must_use]
    pub fn described(mut self, text: &str) -> Offer {
        self.0.description = description(Some(text));
        self
    }

    /// What holding it is for.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Offer {
        self.0.purpose = purpose;
        self
    }

    /// The entitlement.
    pub fn made(self) -> Entitlement {
        self.0
    }
}

/// A grant in the making.
#[derive(Clone, Debug)]
pub struct Holding(Grant);

impl Holding {
    /// That a principal holds what a resource offers under this slug.
    ///
    /// # Errors
    /// The slug is none.
    pub fn new(of: &Resource, slug: &str, principal: ResourceId) -> Result<Holding, Error> {
        let entitlement = id(&of.id, slug)?;
        Ok(Holding(Grant { entitlement, principal, immutable: None, expansion: None }))
    }

    /// Why nobody can revoke it in the product: a sentence.
    #[must_use]
    pub fn immutable(mut self, why: Option<&str>) -> Holding {
        self.0.immutable = description(why);
        self
    }

    /// Whoever holds this of the principal holds it too: the members of a group.
    ///
    /// # Errors
    /// The slug is none.
    pub fn expands(mut self, slug: &str) -> Result<Holding, Error> {
        let over = id(&self.0.principal, slug)?;
        match &mut self.0.expansion {
            Some(expansion) => expansion.entitlements.push(over),
            None => {
                self.0.expansion =
                    Some(Expansion { entitlements: vec![over], shallow: false, resource_types: vec![] });
            }
        }
        Ok(self)
    }

    /// The grant.
    pub fn made(self) -> Grant {
        self.0
    }
}
