//! Puts into one record what no record may have.

use crate::bindings::syncer::{
    AppTrait, Email, EntitlementId, Expansion, GrantPage, ProfileEntry, ProfileValue, Resource, ResourceId,
    SecretTrait, Timestamp, Trait, UserTrait,
};
use crate::good;

/// A thing.
pub fn thing(mode: &str, item: &mut Resource) {
    match mode {
        "name-control" => item.display_name = "Per\u{202e}son".into(),
        "name-long" => item.display_name = "n".repeat(1_025),
        "description-control" => item.description = Some("one\ntwo".into()),
        "description-long" => item.description = Some("d".repeat(2_049)),
        "link-http" => item.external_link = Some("http://vendor.test/1".into()),
        "link-script" => item.external_link = Some("javascript:alert(1)".into()),
        "link-long" => item.external_link = Some(format!("https://vendor.test/{}", "l".repeat(2_048))),
        "moment" => item.created_at = Some(Timestamp { seconds: 0, nanoseconds: 1_000_000_000 }),
        "trait-more" => item.traits.push(Trait::Role),
        "parent-empty" => item.parent = Some(ResourceId { resource_type: good::THING.into(), id: "".into() }),
        "parent-unlisted" => item.parent = Some(good::thing("9").id),
        "parent-type" => item.parent = Some(ResourceId { resource_type: "nothing".into(), id: "9".into() }),
        "help-http" | "made-by-nobody" => item.traits.extend(other_trait(mode)),
        _ => profile(mode, item),
    }
}

fn profile(mode: &str, item: &mut Resource) {
    let text = || ProfileValue::Text("x".into());
    let entries = match mode {
        "profile-nan" => vec![("score", ProfileValue::Number(f64::NAN))],
        "profile-infinite" => vec![("score", ProfileValue::Number(f64::INFINITY))],
        "profile-twice" => vec![("score", text()), ("score", ProfileValue::Boolean(true))],
        "profile-upper" => vec![("Score", text())],
        "profile-empty" => vec![("", text())],
        "profile-text" => vec![("score", ProfileValue::Text("a\u{2028}b".into()))],
        "profile-list" => vec![("score", ProfileValue::TextList(vec!["a\u{9b}b".into()]))],
        _ => return,
    };
    item.profile = entries.into_iter().map(|(key, value)| ProfileEntry { key: key.into(), value }).collect();
}

/// A person.
pub fn person(mode: &str, item: &mut Resource) {
    if mode == "trait-twice" {
        item.traits.extend(item.traits.clone());
    }
    let Some(Trait::User(user)) = item.traits.first_mut() else { return };
    user_trait(mode, user);
}

fn user_trait(mode: &str, user: &mut UserTrait) {
    let email = |address: &str, primary| Email { address: address.into(), primary };
    match mode {
        "email-two" => user.emails = vec![email("a@x", true), email("b@x", true)],
        "email-none" => user.emails = vec![email("a@x", false), email("b@x", false)],
        "email-blank" => user.emails = vec![email(" a@x", true)],
        "email-only" => user.emails = vec![email("a@x", false)],
        "details-long" => user.status.details = Some("d".repeat(1_025)),
        "login-control" => user.login = Some("a\u{7f}".into()),
        _ => {}
    }
}

/// A trait that says something flawed of the only type that has it.
fn other_trait(mode: &str) -> Option<Trait> {
    match mode {
        "help-http" => Some(Trait::App(AppTrait { help_url: Some("http://vendor.test/help".into()) })),
        "made-by-nobody" => Some(Trait::Secret(SecretTrait {
            expires_at: None,
            last_used_at: None,
            created_by: Some(ResourceId { resource_type: good::PERSON.into(), id: "".into() }),
            identity: None,
        })),
        _ => None,
    }
}

/// What a thing holds of another thing, expanded to those who hold the other one.
pub fn expansion(mode: &str, mut page: GrantPage) -> GrantPage {
    let over = |thing: &str, slug: &str| EntitlementId { resource: good::thing(thing).id, slug: slug.into() };
    let (entitlements, types) = match mode {
        "expand-good" => (vec![over("1", "use")], vec![good::PERSON]),
        "expand-elsewhere" => (vec![over("2", "use")], vec![]),
        "expand-person" => {
            (vec![EntitlementId { resource: good::person("1").id, slug: "use".into() }], vec![])
        }
        "expand-nothing" => (vec![], vec![]),
        "expand-unlisted" => (vec![over("1", "own")], vec![]),
        "expand-type" => (vec![over("1", "use")], vec!["nothing"]),
        _ => return page,
    };
    for item in &mut page.items {
        if mode != "expand-person" {
            item.principal = good::thing("1").id;
        }
        item.expansion = Some(Expansion {
            entitlements: entitlements.clone(),
            shallow: false,
            resource_types: types.iter().map(|kind| (*kind).into()).collect(),
        });
    }
    page
}
