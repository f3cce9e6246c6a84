//! Findings about people.

use crate::look::Look;
use crate::model::{Id, Part};
use crate::rule::Case;

/// What a rule finds, or why it could not be applied.
pub type Checked = Result<Vec<Case>, String>;

/// What somebody administers, in words: at most so many names.
const NAMED: usize = 6;

/// `admin-without-second-factor`.
pub fn without_second_factor(look: Look<'_>) -> Checked {
    let lacks = |person: &Id| {
        let account = look.model.resource(*person).account.as_ref();
        account.is_some_and(|account| account.second_factor == Some(false))
    };
    let case = |person: Id| Case::of(person, None, format!("administers {}", administered(look, person)));
    Ok(look.administrators().into_iter().filter(lacks).map(case).collect())
}

/// Administrators whose second factor nobody can tell from the file.
pub fn second_factor_unknown(look: Look<'_>) -> Vec<Id> {
    let unknown = |person: &Id| {
        let account = look.model.resource(*person).account.as_ref();
        account.is_none_or(|account| account.second_factor.is_none())
    };
    look.administrators().into_iter().filter(unknown).collect()
}

/// `admin-of-several`.
pub fn admin_of_several(look: Look<'_>) -> Checked {
    let mut cases = Vec::new();
    for person in look.administrators() {
        let mut wholes: Vec<Id> =
            look.privileges(person).map(|held| look.model.entitlement(held.entitlement).resource).collect();
        wholes.retain(|resource| look.model.part(*resource) == Part::Whole);
        wholes.sort_by_cached_key(|id| look.model.sort_key(*id));
        wholes.dedup();
        if wholes.len() > 1 {
            cases.push(Case::of(person, None, look.names(&wholes)));
        }
    }
    Ok(cases)
}

/// `address-outside`.
pub fn address_outside(look: Look<'_>) -> Checked {
    if look.rules.domains.is_empty() {
        return Err("review.yaml names no domains of your own".into());
    }
    let mut cases = Vec::new();
    for person in look.model.of(Part::Person) {
        let Some(account) = &look.model.resource(person).account else { continue };
        for email in &account.emails {
            let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default();
            let own =
                look.rules.domains.iter().any(|own| domain == *own || domain.ends_with(&format!(".{own}")));
            if !own {
                cases.push(Case::of(person, None, email.clone()));
            }
        }
    }
    Ok(cases)
}

/// `unverified-address`.
pub fn unverified(look: Look<'_>) -> Checked {
    let key = known(&look.rules.keys.verified, "whether an address was verified")?;
    let people = look.model.of(Part::Person);
    let case = |person: Id| Case::of(person, None, look.speaker().email(person));
    Ok(people.into_iter().filter(|person| look.told(*person, key) == Some("false")).map(case).collect())
}

/// `not-managed`.
pub fn not_managed(look: Look<'_>) -> Checked {
    let managed = known(&look.rules.keys.managed, "who manages an account")?;
    let sso = known(&look.rules.keys.sso, "whether there is single sign-on")?;
    let mut cases = Vec::new();
    for whole in look.model.of(Part::Whole) {
        if look.told(whole, sso) != Some("true") {
            continue;
        }
        let mut people: Vec<Id> = look.holders(whole, false).into_iter().collect();
        people.retain(|person| look.told(*person, managed) == Some("false"));
        people.sort_by_cached_key(|id| look.model.sort_key(*id));
        cases.extend(people.into_iter().map(|person| Case::of(person, Some(whole), "")));
    }
    Ok(cases)
}

/// `without-group`.
pub fn without_group(look: Look<'_>) -> Checked {
    if look.model.of(Part::Group).is_empty() {
        return Err("there are none in this file".into());
    }
    let mut cases = Vec::new();
    for person in look.model.of(Part::Person) {
        let of = |part: Part| {
            let mut held = look.access.of_person(person).iter();
            held.any(|held| look.model.part(look.model.entitlement(held.entitlement).resource) == part)
        };
        if !of(Part::Group) && look.model.resource(person).is_there {
            let wholes = look.wholes_of(person);
            let detail = if wholes.is_empty() { "holds nothing at all".into() } else { look.names(&wholes) };
            cases.push(Case::of(person, None, detail));
        }
    }
    Ok(cases)
}

/// What somebody administers, in words.
pub fn administered(look: Look<'_>, person: Id) -> String {
    let mut all: Vec<Id> =
        look.privileges(person).map(|held| look.model.entitlement(held.entitlement).resource).collect();
    all.sort_by_cached_key(|id| (look.model.part(*id), look.model.sort_key(*id)));
    all.dedup();
    let shown = all.get(..NAMED.min(all.len())).unwrap_or_default();
    match all.len() - shown.len() {
        0 => look.names(shown),
        more => format!("{} and {more} more", look.names(shown)),
    }
}

/// The key of a profile that a check needs.
pub fn known<'a>(key: &'a str, what: &str) -> Result<&'a str, String> {
    if key.is_empty() { Err(format!("review.yaml names no key that says {what}")) } else { Ok(key) }
}
