//! Names a further page on every page.

use crate::bindings::syncer::ResourcePage;

pub fn after(mut page: ResourcePage, token: Option<&str>) -> ResourcePage {
    let number: u64 = token.and_then(|token| token.parse().ok()).unwrap_or(0);
    for item in &mut page.items {
        item.id.id = number.to_string();
    }
    page.next = vec![(number + 1).to_string()];
    page
}
