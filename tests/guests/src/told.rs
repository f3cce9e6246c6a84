//! People who are listed in several things, and told differently by each. The config's server says when a thing answers.

use crate::bindings::syncer::{
    AccountStatus, Email, Error, ProfileEntry, ProfileValue, Resource, ResourcePage, Trait, UserTrait,
};
use crate::good;
use crate::http;
use crate::order::report;

/// The things, in an order that is not that of their ids.
const THINGS: [&str; 4] = ["d", "a", "c", "b"];

/// The list of people of a thing, or the things.
pub fn of(kind: &str, parent: Option<&Resource>) -> Result<ResourcePage, Error> {
    let items = match (kind, parent) {
        (good::THING, None) => THINGS.iter().map(|id| thing(id)).collect(),
        // Who is in no thing's list, and one who is in all of them.
        (good::PERSON, None) => vec![good::person("alone"), person("everywhere", "")],
        (good::PERSON, Some(parent)) => {
            let (scheme, authority) = http::allowed();
            let asked = http::outcome("GET", &scheme, &authority, &format!("/{}", parent.id.id), &[]);
            if asked != "status 200" {
                return Err(report(asked));
            }
            people(&parent.id.id)
        }
        _ => vec![],
    };
    Ok(ResourcePage { items, ..good::resources("", false) })
}

/// The same, but for the thing that two lists tell differently and that has lists of its own.
pub fn of_parents(kind: &str, parent: Option<&Resource>) -> ResourcePage {
    let items = match (kind, parent.map(|parent| parent.id.id.as_str())) {
        (good::THING, None) => ["a", "b"]
            .map(|id| Resource { child_resource_types: vec![good::THING.into()], ..good::thing(id) })
            .into(),
        (good::THING, Some(within @ ("a" | "b"))) => vec![Resource {
            child_resource_types: vec![good::PERSON.into()],
            description: Some(format!("as {within} tells it")),
            ..good::thing("both")
        }],
        _ => vec![],
    };
    ResourcePage { items, ..good::resources("", false) }
}

fn thing(id: &str) -> Resource {
    Resource { child_resource_types: vec![good::PERSON.into()], ..good::thing(id) }
}

fn people(within: &str) -> Vec<Resource> {
    let own = format!("only-{within}");
    let mut people = vec![good::person(&own), good::person("same"), person("everywhere", within)];
    // In all but one, so that another thing is the smallest that tells it.
    if within != "a" {
        people.push(person("most", within));
    }
    // Told the same by the smallest and the largest, and differently between them.
    people.push(person("outer", if within == "d" { "a" } else { within }));
    people
}

/// A person as a thing tells it; nothing of it is the same elsewhere.
fn person(id: &str, within: &str) -> Resource {
    let text = |what: &str| format!("{what} {within}");
    let mut person = good::person(id);
    person.display_name = text("Person of");
    person.description = Some(text("As told by"));
    let list = |all: &[&str]| ProfileValue::TextList(all.iter().map(|text| (*text).into()).collect());
    person.profile = vec![
        ProfileEntry { key: "told_by".into(), value: ProfileValue::Text(within.into()) },
        ProfileEntry { key: "things".into(), value: list(&["z", within, "0"]) },
    ];
    if let Some(Trait::User(user)) = person.traits.first_mut() {
        *user = UserTrait {
            emails: vec![Email { address: format!("{within}@x.test"), primary: true }],
            login: Some(text("login")),
            login_aliases: vec![text("alias"), "everybody".into()],
            employee_ids: vec![text("number")],
            mfa_enabled: if within == "c" { Some(false) } else { Some(true) },
            sso_enabled: if within == "b" { Some(true) } else { None },
            status: AccountStatus { details: Some(text("state")), ..user.status.clone() },
            ..user.clone()
        };
    }
    person
}
