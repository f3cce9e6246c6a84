//! A connector that breaks a rule on order: `check` names that rule, so that none of its rules can rot.

use baton_planetscale_support::guests::{AUTHOR, author_that_breaks};

use crate::harness::{Place, Run, Vendor};

/// What `check` says of a connector.
fn check(component: &[u8]) -> Run {
    let (place, vendor) = (Place::new(), Vendor::new());
    place.file("acme.wasm", component);
    let mut check = vendor.for_it(place.kit(&["check", "acme.wasm", "--format", "json"]));
    Run::of(check.args(["--longest-call", "2", "--most-memory", "64"]))
}

/// Every rule but the first is broken by the connector, and that rule is told, and no other one.
#[test]
fn each_rule_is_broken_once() {
    let place = Place::new();
    place.file("acme.wasm", AUTHOR);
    let rules = Run::of(&mut place.kit(&["check", "acme.wasm", "--format", "json"])).rules();
    assert_eq!(rules.len(), 26);
    for (rule, ..) in rules.iter().filter(|(rule, ..)| rule != "loads") {
        let run = check(&author_that_breaks(rule)).ends_with(1);
        // Whether a call takes too long depends on the machine, too.
        let mut broken = run.with("broken");
        broken.retain(|found| found != "time" || rule == "time");
        // Two instances that differ give other metadata each, and what one tells may break nothing besides.
        assert_eq!(broken, [rule.as_str()], "{}", run.stdout);
    }
}

#[test]
fn what_is_no_component_does_not_load() {
    let run = check(b"nothing").ends_with(1);
    assert_eq!(run.with("broken"), ["loads"]);
}
