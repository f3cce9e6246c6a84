//! Kinds of resources.

use alloc::vec;

use crate::bindings::syncer::{ResourceType, TraitKind};
use crate::text::{description, first_of};

/// A kind of resource in the making.
///
/// ```
/// # use baton_connector::record::Kind;
/// let kinds = [Kind::new("user", "User").user().made(), Kind::new("group", "Group").group().held().made()];
/// ```
#[derive(Clone, Debug)]
pub struct Kind(ResourceType);

impl Kind {
    /// One with this id, which has neither `:` nor `/`, and this name.
    pub fn new(id: &str, name: &str) -> Kind {
        Kind(ResourceType {
            id: id.into(),
            display_name: first_of(&[Some(name)]).unwrap_or_else(|| id.into()),
            description: None,
            traits: vec![],
            has_entitlements: false,
            has_grants: false,
            permissions: vec![],
        })
    }

    /// What it is in the vendor's terms.
    #[must_use]
    pub fn described(mut self, text: &str) -> Kind {
        self.0.description = description(Some(text));
        self
    }

    /// It can hold grants.
    #[must_use]
    pub fn user(self) -> Kind {
        self.with(TraitKind::User)
    }

    /// It is a set of principals.
    #[must_use]
    pub fn group(self) -> Kind {
        self.with(TraitKind::Group)
    }

    /// It is a named bundle of permissions.
    #[must_use]
    pub fn role(self) -> Kind {
        self.with(TraitKind::Role)
    }

    /// It is an application.
    #[must_use]
    pub fn app(self) -> Kind {
        self.with(TraitKind::App)
    }

    /// It is a credential.
    #[must_use]
    pub fn secret(self) -> Kind {
        self.with(TraitKind::Secret)
    }

    /// It offers something that others hold: it has entitlements and grants.
    #[must_use]
    pub fn held(mut self) -> Kind {
        (self.0.has_entitlements, self.0.has_grants) = (true, true);
        self
    }

    /// What the connector's credentials must be allowed, in the vendor's words.
    #[must_use]
    pub fn needs(mut self, permission: &str) -> Kind {
        self.0.permissions.push(permission.into());
        self
    }

    /// The type.
    pub fn made(self) -> ResourceType {
        self.0
    }

    fn with(mut self, kind: TraitKind) -> Kind {
        if !self.0.traits.contains(&kind) {
            self.0.traits.push(kind);
        }
        self
    }
}
