//! Things within things, three deep, and in each of them two people: one of its own, and one who is everywhere.

use crate::bindings::syncer::{Resource, ResourcePage};
use crate::good;

pub fn of(kind: &str, parent: Option<&Resource>) -> ResourcePage {
    let within = parent.map_or("", |parent| &parent.id.id);
    let things = |id: &str| Resource {
        parent: parent.map(|parent| parent.id.clone()),
        child_resource_types: if id.len() < 3 {
            vec![good::THING.into(), good::PERSON.into()]
        } else {
            vec![good::PERSON.into()]
        },
        ..good::thing(id)
    };
    let items = match (kind, parent) {
        (good::THING, _) => ["a", "b"].iter().map(|name| things(&format!("{within}{name}"))).collect(),
        (good::PERSON, Some(_)) => vec![good::person(within), good::person("everywhere")],
        _ => vec![],
    };
    ResourcePage { items, ..good::resources("", false) }
}
