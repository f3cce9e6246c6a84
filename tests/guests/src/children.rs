//! Every thing holds another thing: a tree without leaves.

use crate::bindings::syncer::{Resource, ResourcePage};
use crate::good;

pub fn of(kind: &str, parent: Option<&Resource>) -> ResourcePage {
    let mut page = good::resources(kind, false);
    if kind == good::THING {
        let depth: u64 = parent.and_then(|parent| parent.id.id.parse().ok()).unwrap_or(0);
        let mut thing = good::thing(&(depth + 1).to_string());
        thing.child_resource_types = vec![good::THING.into()];
        page.items = vec![thing];
    }
    page
}
