//! Every text of a record, one after another: what the search for secrets and for control characters goes through.
//!
//! The contract forbids secrets in records, whatever the vendor's reply held. A file is read by more people than
//! the one who owns the credential, so the host looks for itself.

use super::contract::{
    Entitlement, EntitlementId, Grant, ProfileValue, Resource, ResourceId, ResourceType, SecretTrait, Trait,
    UserTrait,
};

/// Whether a character moves a cursor, breaks a line or turns the direction of what follows: C0, DEL, C1, the line and
/// paragraph separators, and the bidirectional controls. No text of a record has one.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Has texts.
pub(crate) trait Texts {
    /// Show each of them.
    fn each(&self, see: &mut dyn FnMut(&str));
}

impl Texts for str {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        see(self);
    }
}

impl Texts for String {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        see(self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        if let Some(inner) = self {
            inner.each(see);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        self.iter().for_each(|inner| inner.each(see));
    }
}

impl Texts for ResourceId {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        see(&self.resource_type);
        see(&self.id);
    }
}

impl Texts for EntitlementId {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        self.resource.each(see);
        see(&self.slug);
    }
}

impl Texts for ResourceType {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        see(&self.id);
        see(&self.display_name);
        self.description.each(see);
        self.permissions.each(see);
    }
}

impl Texts for Resource {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        self.id.each(see);
        self.parent.each(see);
        see(&self.display_name);
        self.description.each(see);
        self.child_resource_types.each(see);
        self.external_link.each(see);
        for entry in &self.profile {
            see(&entry.key);
            match &entry.value {
                ProfileValue::Text(text) => see(text),
                ProfileValue::TextList(texts) => texts.each(see),
                ProfileValue::Integer(_)
                | ProfileValue::Number(_)
                | ProfileValue::Boolean(_)
                | ProfileValue::Moment(_) => {}
            }
        }
        self.traits.each(see);
    }
}

impl Texts for Trait {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        match self {
            Trait::User(user) => user.each(see),
            Trait::App(app) => app.help_url.each(see),
            Trait::Secret(SecretTrait { created_by, identity, .. }) => {
                created_by.each(see);
                identity.each(see);
            }
            Trait::Group(_) | Trait::Role => {}
        }
    }
}

impl Texts for UserTrait {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        self.status.details.each(see);
        self.emails.iter().for_each(|email| see(&email.address));
        self.login.each(see);
        self.login_aliases.each(see);
        if let Some(name) = &self.name {
            see(&name.given_name);
            see(&name.family_name);
            name.middle_names.each(see);
            name.prefix.each(see);
            name.suffix.each(see);
        }
        self.employee_ids.each(see);
    }
}

impl Texts for Entitlement {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        self.id.each(see);
        see(&self.display_name);
        self.description.each(see);
        self.grantable_to.each(see);
    }
}

impl Texts for Grant {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        self.entitlement.each(see);
        self.principal.each(see);
        self.immutable.each(see);
        if let Some(expansion) = &self.expansion {
            expansion.entitlements.each(see);
            expansion.resource_types.each(see);
        }
    }
}
