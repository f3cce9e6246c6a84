//! `check` of connectors that keep every rule: ours, and one on the author's kit.

use baton_planetscale_component::PLANETSCALE;
use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::guests::{AUTHOR, AUTHOR_BARE, STOCK_RUST};

use crate::harness::{Place, Run, Vendor};

/// Rules that need no config.
const PLAIN: [&str; 7] =
    ["loads", "metadata", "metadata-same", "fields", "fields-same", "types", "types-same"];

#[test]
fn without_a_config_what_needs_none_is_tried_and_the_rest_is_skipped() {
    let place = Place::new();
    place.file("a.wasm", PLANETSCALE);
    let run = Run::of(&mut place.kit(&["check", "a.wasm", "--format", "json"])).ends_with(0);
    assert_eq!(run.with("kept"), PLAIN);
    let rules = run.rules();
    let (rule, outcome, note) = rules.last().expect("a rule");
    assert_eq!((rule.as_str(), outcome.as_str()), ("memory", "skipped"));
    assert!(note.contains("planetscale-service-token"), "{note}");
}

#[test]
fn ours_keeps_every_rule() {
    let place = Place::new();
    place.file("planetscale.wasm", PLANETSCALE);
    // More members, and more teams, than a page has.
    let server = Server::start(Scenario::sized(2, 250, 120, 3)).expect("a server");
    let mut check = place.kit(&["check", "planetscale.wasm", "--lists", "2", "--format", "json"]);
    check.env("BATON_PLANETSCALE_SERVICE_TOKEN", server.service_token());
    check.args(["--set", &format!("planetscale-api-url={}", server.url())]);
    let run = Run::of(&mut check).ends_with(0);
    assert_eq!((run.with("broken"), run.with("skipped")), (vec![], vec![]), "{}", run.stdout);
    assert_eq!(run.with("kept").len(), 26);
    assert!(!run.stdout.contains(server.service_token()));
}

#[test]
fn one_on_the_kit_keeps_every_rule_on_both_targets_and_the_table_says_so() {
    for component in [AUTHOR, AUTHOR_BARE] {
        let (place, vendor) = (Place::new(), Vendor::new());
        place.file("acme.wasm", component);
        let run = Run::of(&mut vendor.for_it(place.kit(&["check", "acme.wasm"]))).ends_with(0);
        assert!(run.stdout.contains("26 rules kept, 0 broken, 0 skipped"), "{}", run.stdout);
    }
}

#[test]
fn one_on_the_contract_alone_is_told_what_the_kit_would_have_done_for_it() {
    let (place, vendor) = (Place::new(), Vendor::new());
    place.file("acme.wasm", STOCK_RUST);
    let run =
        Run::of(&mut vendor.for_it(place.kit(&["check", "acme.wasm", "--format", "json"]))).ends_with(1);
    // Lists of entitlements have one page, and do not look at a token. The digest is over the list, and not over what stands
    // behind it: the vendor finds out that a token was altered. A 404 is one of a list that was deleted, also where no
    // resource was asked about.
    assert_eq!(run.with("broken"), ["foreign-token", "altered-token", "status-404"], "{}", run.stdout);
}
