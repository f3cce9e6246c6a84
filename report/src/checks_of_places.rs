//! Findings about what people are in, and what they reach.

use crate::checks_of_people::{Checked, known};
use crate::look::Look;
use crate::model::{Id, Part};
use crate::rule::Case;
use crate::words::counted;

/// `only-admin`.
pub fn only_admin(look: Look<'_>) -> Checked {
    let mut cases = Vec::new();
    for whole in look.model.of(Part::Whole) {
        let admins = look.holders(whole, true);
        if let (Some(admin), 1) = (admins.first(), admins.len()) {
            cases.push(Case::of(*admin, Some(whole), ""));
        }
    }
    Ok(cases)
}

/// `group-with-many`.
pub fn group_with_many(look: Look<'_>) -> Checked {
    if look.model.of(Part::Thing).is_empty() {
        return Err("there is nothing in this file that a group could administer".into());
    }
    let mut cases = Vec::new();
    for group in look.model.of(Part::Group) {
        let administered = look.administered_by(group);
        let members = look.holders(group, false).len();
        if !administered.is_empty() && members > look.rules.many {
            let detail = format!("{} administer {}", counted(members, "member"), look.names(&administered));
            cases.push(Case::of(group, place(look, group), detail));
        }
    }
    Ok(cases)
}

/// `no-sso`.
pub fn no_sso(look: Look<'_>) -> Checked {
    let key = known(&look.rules.keys.sso, "whether there is single sign-on")?;
    let all = look.model.of(Part::Whole).into_iter();
    Ok(all.filter(|whole| look.told(*whole, key) == Some("false")).map(|id| Case::of(id, None, "")).collect())
}

/// `empty-group`.
pub fn empty_group(look: Look<'_>) -> Checked {
    let all = look.model.of(Part::Group).into_iter();
    let empty = all.filter(|group| look.holders(*group, false).is_empty());
    let case = |group: Id| {
        let administered = look.administered_by(group);
        let detail = match administered.is_empty() {
            true => String::new(),
            false => format!("administers {}", look.names(&administered)),
        };
        Case::of(group, place(look, group), detail)
    };
    Ok(empty.map(case).collect())
}

/// `unknown-role`: slugs that the rules do not know, and people of whom a warning says so.
pub fn unknown_role(look: Look<'_>) -> Checked {
    let mut cases = Vec::new();
    for held in look.access.all() {
        let (kind, slug) = look.speaker().kind_and_slug(held.entitlement);
        if !look.rules.is_known(kind, slug) {
            let of = look.model.entitlement(held.entitlement).resource;
            cases.push(Case::of(held.person, Some(of), format!("the role {slug}")));
        }
    }
    let told = &look.rules.unknown_role;
    let warnings = look.facts.map(|facts| facts.warnings.as_slice()).unwrap_or_default();
    for warning in warnings.iter().filter(|warning| !told.is_empty() && warning.message.contains(told)) {
        let about = warning.resource.as_deref().and_then(|id| id.split_once(':'));
        if let Some(person) = about.and_then(|(kind, id)| look.model.find(kind, id)) {
            cases.push(Case::of(person, None, warning.message.clone()));
        }
    }
    match look.facts {
        None if look.rules.ordinary.is_empty() => {
            Err("warnings of the sync are not told by this file, and review.yaml names no ordinary roles"
                .into())
        }
        _ => Ok(cases),
    }
}

/// What contains a resource.
fn place(look: Look<'_>, resource: Id) -> Option<Id> {
    Some(look.model.root(resource)).filter(|root| *root != resource)
}
