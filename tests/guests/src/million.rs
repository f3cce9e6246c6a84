//! Puts very many records on a page.

use crate::bindings::syncer::{GrantPage, ResourcePage};
use crate::good;

/// More than fit into the memory that an instance may have.
pub fn resources() -> ResourcePage {
    let items = (0..1_000_000).map(|number| good::thing(&number.to_string())).collect();
    ResourcePage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] }
}

/// Fewer: these fit, and are too many.
pub fn grants(mut page: GrantPage) -> GrantPage {
    let Some(grant) = page.items.first().cloned() else { return page };
    page.items = vec![grant; 150_000];
    page
}
