//! Breaks one rule of the contract at a time, in records that keep all others.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::bindings::syncer::{
    EntitlementPage, Error, Failure, GrantPage, Resource, ResourcePage, ResourceType, Trait, TraitKind,
};
use crate::flaws;
use crate::good;
use crate::order::value;

/// More than an id may have.
fn long() -> String {
    "i".repeat(1_025)
}

pub fn types(mut types: Vec<ResourceType>) -> Vec<ResourceType> {
    let Some(kind) = types.first_mut() else { return types };
    match value("mode").as_str() {
        "type-empty" => kind.id.clear(),
        "type-long" => kind.id = "t".repeat(129),
        "type-nameless" => kind.display_name.clear(),
        "type-colon" => kind.id = "th:ing".into(),
        "type-slash" => kind.id = "th/ing".into(),
        "type-grants" => kind.has_entitlements = false,
        "type-control" => kind.permissions = vec!["read\u{2069}".into()],
        "type-name-long" => kind.display_name = "n".repeat(1_025),
        "type-none" => types.clear(),
        "help-http" => kind.traits = vec![TraitKind::App],
        "made-by-nobody" => kind.traits = vec![TraitKind::Secret],
        "type-twice" => {
            let again = ResourceType { display_name: "Again".into(), ..kind.clone() };
            types.push(again);
        }
        _ => {}
    }
    types
}

pub fn resources(mut page: ResourcePage, kind: &str, parent: Option<&Resource>) -> ResourcePage {
    if let Some(parent) = parent {
        return below(page, kind, parent);
    }
    for item in &mut page.items {
        if kind == good::THING {
            flaws::thing(&value("mode"), item);
        } else {
            flaws::person(&value("mode"), item);
        }
        match (value("mode").as_str(), kind) {
            ("id-empty", good::THING) => item.id.id.clear(),
            ("id-long", good::THING) => item.id.id = long(),
            ("id-control", good::THING) => item.id.id = "1\n2".into(),
            ("list-other", good::THING) => *item = good::person("2"),
            ("nameless", good::THING) => item.display_name.clear(),
            ("trait-none", good::PERSON) => item.traits.clear(),
            ("trait-other", good::PERSON) => item.traits = vec![Trait::Role],
            ("child-unknown", good::THING) => item.child_resource_types = vec!["nothing".into()],
            ("listed-same" | "listed-other", good::THING) => {
                item.child_resource_types = vec![good::PERSON.into()];
            }
            _ => {}
        }
    }
    match (value("mode").as_str(), kind) {
        ("nothing", _) => page.items.clear(),
        ("resource-twice", good::THING) => page.items.extend(page.items.clone()),
        ("stranger", good::THING) => page.items.push(good::thing("2")),
        ("total-same" | "total-other", _) => {
            page.total = Some(if value("mode") == "total-same" { 1 } else { 3 });
        }
        _ => {}
    }
    page
}

/// The person of the other list once more.
fn below(mut page: ResourcePage, kind: &str, parent: &Resource) -> ResourcePage {
    if kind == good::PERSON && parent.id.resource_type == good::THING {
        let mut person = good::person("1");
        if value("mode") == "listed-other" {
            person.display_name = "Renamed".into();
        }
        page.items = vec![person];
    }
    page
}

pub fn entitlements(mut page: EntitlementPage, token: Option<&str>) -> Result<EntitlementPage, Error> {
    /// Whether the list has changed. State, which a connector must not have: here it is what others did meanwhile.
    static CHANGED: AtomicBool = AtomicBool::new(false);
    if value("mode") == "entitlements-changed" {
        if token.is_some() && !CHANGED.swap(true, Ordering::Relaxed) {
            let message = "somebody changed it".into();
            return Err(Error::Changed(Failure { message, http_status: None, request_id: None }));
        }
        match token {
            Some(_) => page.items.clear(),
            None => page.next = vec!["rest".into()],
        }
        return Ok(page);
    }
    for item in &mut page.items {
        match value("mode").as_str() {
            "entitlement-elsewhere" => item.id.resource = good::thing("2").id,
            "slug-empty" => item.id.slug.clear(),
            "slug-long" => item.id.slug = long(),
            "slug-colon" => item.id.slug = "us:e".into(),
            "slug-control" => item.id.slug = "us\te".into(),
            "grantable-unknown" => item.grantable_to.push("nothing".into()),
            "entitlement-name-long" => item.display_name = "n".repeat(1_025),
            "entitlement-control" => item.description = Some("a\u{85}b".into()),
            mode if mode.starts_with("expand-") => item.grantable_to.push(good::THING.into()),
            _ => {}
        }
    }
    if value("mode") == "entitlement-twice" {
        page.items.extend(page.items.clone());
    }
    Ok(page)
}

pub fn grants(mut page: GrantPage) -> GrantPage {
    for item in &mut page.items {
        match value("mode").as_str() {
            "grant-elsewhere" => item.entitlement.resource = good::thing("2").id,
            "grant-unlisted" => item.entitlement.slug = "own".into(),
            "principal-empty" => item.principal.id.clear(),
            "principal-type" => item.principal.resource_type = "nothing".into(),
            "stranger" => item.principal.id = "2".into(),
            "grant-ungrantable" => item.principal = good::thing("1").id,
            "grant-control" => item.immutable = Some("a\u{1b}[2J".into()),
            _ => {}
        }
    }
    if value("mode") == "grant-twice" {
        page.items.extend(page.items.clone());
    }
    flaws::expansion(&value("mode"), page)
}
