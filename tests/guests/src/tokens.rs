//! Page tokens that lead nowhere.

use crate::bindings::syncer::ResourcePage;

/// More siblings than a list may have pages.
pub fn many(mut page: ResourcePage) -> ResourcePage {
    page.next = (0..200_000).map(|number| number.to_string()).collect();
    page
}

/// The same one every time.
pub fn again(mut page: ResourcePage) -> ResourcePage {
    page.next = vec!["again".into()];
    page
}

/// A megabyte.
pub fn long(mut page: ResourcePage) -> ResourcePage {
    page.next = vec!["t".repeat(1 << 20)];
    page
}
