//! Resources.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use super::user::User;
use crate::address::{self, Address};
use crate::bindings::syncer::{
    AppTrait, Error, GroupSource, GroupTrait, Resource, ResourceId, SecretTrait, Timestamp, Trait,
};
use crate::error::Exchange;
use crate::profile::Profile;
use crate::text::{description, first_of, in_a_list, is_control};

/// Longest id, in bytes.
const ID: usize = 1_024;
/// Longest link, in bytes.
const LINK: usize = 2_048;

/// What identifies a resource.
///
/// # Errors
/// The vendor's id is none that the contract takes.
pub fn id(kind: &str, id: &str) -> Result<ResourceId, Error> {
    if id.is_empty() || id.len() > ID || id.contains(is_control) {
        let what = format!(
            "a {kind} has the id \"{}\", which is empty, too long or has control characters",
            in_a_list(id)
        );
        return Err(Exchange::default().reply(what, ""));
    }
    Ok(ResourceId { resource_type: kind.into(), id: id.into() })
}

/// A resource in the making.
#[derive(Clone, Debug)]
pub struct Record {
    resource: Resource,
    profile: Profile,
}

impl Record {
    /// One of a kind, with the vendor's id, and named by the first of these names that is not blank; without any by its id.
    ///
    /// # Errors
    /// The id is none.
    pub fn new(kind: &str, key: &str, names: &[Option<&str>]) -> Result<Record, Error> {
        let id = id(kind, key)?;
        let name = first_of(names).or_else(|| first_of(&[Some(key)])).unwrap_or_else(|| "?".into());
        let resource = Resource {
            id,
            parent: None,
            display_name: name,
            description: None,
            child_resource_types: vec![],
            external_link: None,
            created_at: None,
            profile: vec![],
            traits: vec![],
        };
        Ok(Record { resource, profile: Profile::default() })
    }

    /// It lies within another one.
    #[must_use]
    pub fn within(mut self, parent: &Resource) -> Record {
        self.resource.parent = Some(parent.id.clone());
        self
    }

    /// Resources of these types lie within it.
    #[must_use]
    pub fn holds(mut self, kinds: &[&str]) -> Record {
        self.resource.child_resource_types = kinds.iter().map(|kind| String::from(*kind)).collect();
        self
    }

    /// What the vendor says of it.
    #[must_use]
    pub fn described(mut self, text: Option<&str>) -> Record {
        self.resource.description = description(text);
        self
    }

    /// Its page in the vendor's product. What is no `https` link is left out.
    #[must_use]
    pub fn link(mut self, link: Option<&str>) -> Record {
        self.resource.external_link = link.filter(|link| is_link(link)).map(Into::into);
        self
    }

    /// When it was made.
    #[must_use]
    pub fn created(mut self, at: Option<Timestamp>) -> Record {
        self.resource.created_at = at;
        self
    }

    /// What else is told, and what the connector needs to find it again.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Record {
        self.profile = profile;
        self
    }

    /// What is known of a user.
    #[must_use]
    pub fn user(self, user: User) -> Record {
        self.with(Trait::User(user.made()))
    }

    /// What is known of a group.
    #[must_use]
    pub fn group(self, source: Option<GroupSource>) -> Record {
        self.with(Trait::Group(GroupTrait { source }))
    }

    /// It is a role.
    #[must_use]
    pub fn role(self) -> Record {
        self.with(Trait::Role)
    }

    /// It is an application; where its users find help.
    #[must_use]
    pub fn app(self, help: Option<&str>) -> Record {
        let help_url = help.filter(|link| is_link(link)).map(Into::into);
        self.with(Trait::App(AppTrait { help_url }))
    }

    /// What is known of a credential.
    #[must_use]
    pub fn secret(self, secret: SecretTrait) -> Record {
        self.with(Trait::Secret(secret))
    }

    /// The resource.
    pub fn made(mut self) -> Resource {
        self.resource.profile = self.profile.entries();
        self.resource
    }

    fn with(mut self, found: Trait) -> Record {
        let kind = core::mem::discriminant(&found);
        self.resource.traits.retain(|before| core::mem::discriminant(before) != kind);
        self.resource.traits.push(found);
        self
    }
}

/// Whether a browser opens it encrypted.
fn is_link(link: &str) -> bool {
    link.len() <= LINK
        && !link.contains(is_control)
        && link.starts_with("https://")
        && Address::parse(link).is_some_and(|found| address::is_server(found.server))
}
