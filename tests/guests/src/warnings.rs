//! Floods the operator with warnings.

use crate::bindings::syncer::{ResourceId, ResourcePage, Warning};
use crate::echo::MOVING;

/// A hundred megabytes in three of them; the last one's resource id is as long as its text.
pub fn large(mut page: ResourcePage) -> ResourcePage {
    let text = || "w".repeat(25_000_000);
    let resource = ResourceId { resource_type: "thing".into(), id: text() };
    page.warnings = vec![
        Warning { message: text(), resource: None },
        Warning { message: text(), resource: None },
        Warning { message: text(), resource: Some(resource) },
    ];
    page
}

/// One that moves a cursor and turns the order of letters around, in its text and its resource.
pub fn moving(mut page: ResourcePage) -> ResourcePage {
    let resource = ResourceId { resource_type: "thing".into(), id: "1\u{1b}[2J".into() };
    page.warnings = vec![Warning { message: MOVING.into(), resource: Some(resource) }];
    page
}

/// Half a million short ones.
pub fn many(mut page: ResourcePage) -> ResourcePage {
    page.warnings = vec![Warning { message: "careful".into(), resource: None }; 500_000];
    page
}
