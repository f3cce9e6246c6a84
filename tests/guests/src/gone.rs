//! Says of some of its things that they are not there any more, when their list is read.

use crate::bindings::syncer::{Error, Failure, Resource, ResourcePage};
use crate::good;
use crate::order::value;

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

/// As many things as the config says; and a list that is empty, of things below the person.
pub fn resources(mut page: ResourcePage, kind: &str, parent: Option<&Resource>) -> ResourcePage {
    match (kind, parent) {
        (good::THING, None) => {
            page.items = (0..number(&value("things"))).map(|each| good::thing(&each.to_string())).collect();
        }
        (_, None) => {
            page.items.iter_mut().for_each(|item| item.child_resource_types = vec![good::THING.into()])
        }
        _ => {}
    }
    page
}

/// The first ones are gone.
pub fn of(resource: &Resource) -> Result<(), Error> {
    match number(&resource.id.id) < number(&value("gone")) {
        true => {
            let message = format!("thing {} was deleted", resource.id.id);
            Err(Error::Gone(Failure { message, http_status: None, request_id: None }))
        }
        false => Ok(()),
    }
}
