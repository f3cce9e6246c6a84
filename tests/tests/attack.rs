//! An attack on the host: with limits that are near, and beside somebody else's sync.

use std::time::Duration;

use baton_host::{Error, Limits, SyncOptions};
use baton_planetscale_demo::{Manifest, Scenario, Server};
use baton_planetscale_support::guests::misbehave;
use baton_planetscale_support::{Records, options, sync};

/// Limits that are reached in a moment.
pub fn tight() -> SyncOptions {
    let limits = Limits { call: Duration::from_millis(500), list_pages: 1_000, ..Limits::default() };
    SyncOptions { limits, ..options(2) }
}

/// Another tenant of the same process syncs while something hostile goes on, and gets all of its records.
pub async fn beside_a_healthy_sync<T>(hostile: impl Future<Output = T>) -> T {
    let scenario = Scenario::demo();
    let manifest = Manifest::of(&scenario);
    let server = Server::start(scenario).expect("a server");
    let (result, healthy) = tokio::join!(hostile, sync(&server, options(2)));
    let (summary, found) = healthy;
    summary.unwrap_or_else(|error| panic!("the other tenant's sync failed: {error}"));
    assert_eq!(Records::of(&found).difference(&Records::expected(&manifest)), None);
    result
}

/// Run a behaviour; it has to end in an error.
pub async fn ends(values: &[(&str, &str)], options: SyncOptions) -> Error {
    let (result, found) = beside_a_healthy_sync(misbehave(values, options)).await;
    assert!(!found.finished, "{values:?}");
    result.err().unwrap_or_else(|| panic!("{values:?} should have failed"))
}
