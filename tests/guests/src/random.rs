//! Answers whatever comes: pages, tokens, children, errors of every kind, in an order that a seed decides.
//!
//! The answer to a question depends on the seed and the question alone, as the contract wants it. Most answers
//! keep the contract, so that a walk gets far; some break it.

use std::hash::{DefaultHasher, Hash, Hasher};

use fastrand::Rng;

use crate::bindings::syncer::{
    EntitlementPage, Error, Failure, GrantPage, PassingFailure, ReplyFailure, Resource, ResourcePage, Warning,
};
use crate::good;
use crate::order::value;

fn rng(question: &impl Hash) -> Rng {
    let mut hasher = DefaultHasher::new();
    (value("seed"), question).hash(&mut hasher);
    Rng::with_seed(hasher.finish())
}

/// Once in a while, an error instead of an answer.
pub fn error(export: &str) -> Result<(), Error> {
    let mut rng = rng(&export);
    let failure = || Failure { message: "as it happens".into(), http_status: Some(503), request_id: None };
    Err(match rng.u8(0..40) {
        0 => Error::Credentials(failure()),
        1 => Error::Access(failure()),
        2 => Error::Gone(failure()),
        3 => Error::Wait(PassingFailure { failure: failure(), after: Some(0) }),
        4 => Error::Again(PassingFailure { failure: failure(), after: None }),
        5 => Error::Changed(failure()),
        6 => Error::Reply(ReplyFailure { failure: failure(), path: "x[0]".into() }),
        _ => return Ok(()),
    })
}

fn next(rng: &mut Rng, token: Option<&str>) -> Vec<String> {
    let before = token.unwrap_or("0");
    match rng.u8(0..20) {
        0..9 => vec![],
        9..15 => vec![format!("{before}.1")],
        15..17 => (1..=rng.u8(2..5)).map(|number| format!("{before}.{number}")).collect(),
        17 => vec![before.to_owned()],
        18 => vec!["0.1".to_owned()],
        _ => vec![String::new()],
    }
}

fn warnings(rng: &mut Rng) -> Vec<Warning> {
    vec![Warning { message: "hm".into(), resource: None }; usize::from(rng.u8(0..3))]
}

/// Things within things within things, and people.
pub fn resources(kind: &str, parent: Option<&Resource>, token: Option<&str>) -> ResourcePage {
    let above = parent.map(|parent| parent.id.id.as_str()).unwrap_or_default();
    let mut rng = rng(&(kind, above, token));
    let items = (0..rng.u8(0..4)).map(|_| {
        let id = format!("{above}{}", rng.u8(0..9));
        let mut item = if kind == good::THING { good::thing(&id) } else { good::person(&id) };
        match rng.u8(0..12) {
            0..5 => item.child_resource_types = vec![good::THING.into()],
            5 => item.display_name = format!("Thing {}", rng.u8(0..3)),
            6 if rng.bool() => item.id.id = String::new(),
            7 if rng.bool() => item.child_resource_types = vec!["nothing".into()],
            _ => {}
        }
        item
    });
    let items = items.collect();
    let next = next(&mut rng, token);
    ResourcePage { items, next, total: None, rate_limit: None, warnings: warnings(&mut rng) }
}

/// One, none, or the same one twice.
pub fn entitlements(resource: &Resource, token: Option<&str>) -> EntitlementPage {
    let mut rng = rng(&("entitlements", &resource.id.id, token));
    let mut page = good::entitlements(resource);
    match rng.u8(0..12) {
        0 => page.items.clear(),
        1 => page.items.extend(page.items.clone()),
        _ => {}
    }
    page
}

/// To people who are there, and to some who are not.
pub fn grants(resource: &Resource, token: Option<&str>) -> GrantPage {
    let mut rng = rng(&("grants", &resource.id.id, token));
    let items = (0..rng.u8(0..6)).map(|_| good::grant(resource, &rng.u8(0..9).to_string())).collect();
    let next = next(&mut rng, token);
    GrantPage { items, next, total: None, rate_limit: None, warnings: warnings(&mut rng) }
}
