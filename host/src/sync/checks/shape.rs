//! What can be told from a record alone: lengths, characters, links, keys, traits.

use std::collections::HashSet;

use url::Url;

use crate::model::contract::{
    Entitlement, Grant, ProfileValue, Resource, ResourceId, ResourceType, Timestamp, Trait, TraitKind,
    UserTrait,
};
use crate::model::records::joined;
use crate::model::texts::{Texts, is_control};

/// Longest id, slug, name and detail, in bytes.
const NAME: usize = 1_024;
/// Longest id of a resource type and key of a profile, in bytes.
const KEY: usize = 128;
/// Longest description and link, in bytes.
const DESCRIPTION: usize = 2_048;

/// A resource type by itself.
pub fn resource_type(kind: &ResourceType) -> Result<(), String> {
    let name = format!("resource type '{}'", kind.id);
    if kind.id.is_empty() || kind.id.len() > KEY || kind.display_name.is_empty() {
        return Err(format!("{name} has no usable id or name"));
    }
    if let Some(found) = kind.id.chars().find(|c| matches!(c, ':' | '/')) {
        return Err(format!("{name} has a '{found}' in its id, which joins ids"));
    }
    if kind.has_grants && !kind.has_entitlements {
        return Err(format!("{name} has grants, but no entitlements, and grants are of entitlements"));
    }
    plain(&name, kind)?;
    titled(&name, &kind.display_name, kind.description.as_deref())
}

/// A resource by itself, of a type with these traits.
pub fn resource(resource: &Resource, traits: &[TraitKind]) -> Result<(), String> {
    let name = format!("resource {}", joined(&resource.id));
    if resource.display_name.is_empty() {
        return Err(format!("{name} has an empty display name"));
    }
    plain(&name, resource)?;
    titled(&name, &resource.display_name, resource.description.as_deref())?;
    if let Some(parent) = &resource.parent {
        id(parent)?;
    }
    if let Some(link) = &resource.external_link {
        https(&name, link)?;
    }
    moment(&name, resource.created_at)?;
    profile(&name, resource)?;
    for wanted in traits {
        if !resource.traits.iter().any(|found| kind_of(found) == *wanted) {
            return Err(format!("resource was missing expected trait {wanted:?}: {}", joined(&resource.id)));
        }
    }
    for (at, found) in resource.traits.iter().enumerate() {
        let kind = kind_of(found);
        if !traits.contains(&kind) {
            return Err(format!("{name} has the trait {kind:?}, which its type does not have"));
        }
        if resource.traits.iter().take(at).any(|before| kind_of(before) == kind) {
            return Err(format!("{name} has the trait {kind:?} twice"));
        }
        match found {
            Trait::User(of) => user(&name, of)?,
            Trait::App(app) => app.help_url.iter().try_for_each(|link| https(&name, link))?,
            Trait::Secret(secret) => {
                secret.created_by.iter().chain(&secret.identity).try_for_each(id)?;
                moment(&name, secret.expires_at)?;
                moment(&name, secret.last_used_at)?;
            }
            Trait::Group(_) | Trait::Role => {}
        }
    }
    Ok(())
}

/// An entitlement by itself.
pub fn entitlement(entitlement: &Entitlement) -> Result<(), String> {
    let (of, slug) = (joined(&entitlement.id.resource), &entitlement.id.slug);
    if slug.is_empty() || slug.len() > NAME {
        return Err(format!("an entitlement of {of} has no usable slug"));
    }
    let name = format!("entitlement {of}:{slug}");
    if slug.contains(':') || slug.contains(is_control) {
        return Err(format!("{name} has a ':' or a control character in its slug"));
    }
    plain(&name, entitlement)?;
    titled(&name, &entitlement.display_name, entitlement.description.as_deref())
}

/// A grant by itself.
pub fn grant(name: &str, grant: &Grant) -> Result<(), String> {
    id(&grant.principal)?;
    plain(&format!("grant {name}"), grant)
}

/// An identity.
pub fn id(id: &ResourceId) -> Result<(), String> {
    let usable =
        |text: &str, longest| !text.is_empty() && text.len() <= longest && !text.contains(is_control);
    if usable(&id.resource_type, KEY) && usable(&id.id, NAME) {
        return Ok(());
    }
    Err(format!("a resource id is empty, too long or has control characters: \"{}\"", joined(id)))
}

/// No text of it moves a cursor, breaks a line or turns the direction of what follows.
fn plain(name: &str, record: &impl Texts) -> Result<(), String> {
    let mut found = None;
    record.each(&mut |text| {
        if found.is_none() {
            found = text.chars().find(|c| is_control(*c)).map(|c| (c, text.to_owned()));
        }
    });
    match found {
        Some((c, text)) => {
            Err(format!("{name} has the control character U+{:04X} in a text: \"{text}\"", u32::from(c)))
        }
        None => Ok(()),
    }
}

fn titled(name: &str, title: &str, description: Option<&str>) -> Result<(), String> {
    short(name, "display name", title, NAME)?;
    short(name, "description", description.unwrap_or_default(), DESCRIPTION)
}

fn short(name: &str, what: &str, text: &str, longest: usize) -> Result<(), String> {
    match text.len() <= longest {
        true => Ok(()),
        false => Err(format!("{name} has a {what} of {} bytes, of which {longest} are taken", text.len())),
    }
}

/// A link that a browser opens encrypted.
fn https(name: &str, link: &str) -> Result<(), String> {
    short(name, "link", link, DESCRIPTION)?;
    let is_good = link.starts_with("https://") && Url::parse(link).is_ok_and(|url| url.host().is_some());
    match is_good {
        true => Ok(()),
        false => Err(format!("{name} has a link that is not https: {link}")),
    }
}

fn moment(name: &str, at: Option<Timestamp>) -> Result<(), String> {
    match at {
        Some(at) if at.nanoseconds > 999_999_999 => {
            Err(format!("{name} has a moment of {} nanoseconds, which is more than a second", at.nanoseconds))
        }
        _ => Ok(()),
    }
}

fn profile(name: &str, resource: &Resource) -> Result<(), String> {
    let mut keys = HashSet::new();
    for entry in &resource.profile {
        let key = entry.key.as_str();
        let is_usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if key.is_empty() || key.len() > KEY || !key.chars().all(is_usual) {
            return Err(format!(
                "{name} has the profile key '{key}', which is not 1 to {KEY} lower-case letters, digits and '_'"
            ));
        }
        if !keys.insert(key) {
            return Err(format!("{name} has the profile key '{key}' twice"));
        }
        match &entry.value {
            ProfileValue::Number(number) if !number.is_finite() => {
                return Err(format!("{name} has {number} under the profile key '{key}', which is no number"));
            }
            ProfileValue::Moment(at) => moment(name, Some(*at))?,
            _ => {}
        }
    }
    Ok(())
}

fn user(name: &str, user: &UserTrait) -> Result<(), String> {
    short(name, "status detail", user.status.details.as_deref().unwrap_or_default(), NAME)?;
    moment(name, user.last_login)?;
    for email in &user.emails {
        if email.address.is_empty() || email.address.trim() != email.address {
            return Err(format!(
                "{name} has the e-mail address '{}', which is empty or has blanks around it",
                email.address
            ));
        }
    }
    let primary = user.emails.iter().filter(|email| email.primary).count();
    match (primary, user.emails.len()) {
        (0 | 1, 0 | 1) | (1, _) => Ok(()),
        (0, many) => Err(format!("{name} has {many} e-mail addresses, and none of them is the primary one")),
        (many, _) => Err(format!("{name} has {many} primary e-mail addresses")),
    }
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
