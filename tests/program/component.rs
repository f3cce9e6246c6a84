//! Another component in its place.

use baton_planetscale_demo::Scenario;

use crate::harness::Place;

#[test]
fn a_component_file_runs_as_the_one_built_in() {
    let place = Place::new(Scenario::demo());
    place.run(&["-f", "one.c1z"]).ends_with(0);
    std::fs::write(place.path("other.wasm"), baton_planetscale_component::PLANETSCALE).expect("a file");
    place.run(&["-f", "two.c1z", "--component", "other.wasm"]).ends_with(0);
    assert_eq!(place.open("one.c1z").records(), place.open("two.c1z").records());
}

#[test]
fn a_file_that_is_no_connector_is_refused_in_a_sentence() {
    let place = Place::new(Scenario::demo());
    std::fs::write(place.path("text.wasm"), "no component").expect("a file");
    // A component of another world: it exports nothing.
    std::fs::write(place.path("empty.wasm"), b"\0asm\x0d\0\x01\0").expect("a file");
    // A module, not a component.
    std::fs::write(place.path("module.wasm"), b"\0asm\x01\0\0\0").expect("a file");
    for name in ["text.wasm", "empty.wasm", "module.wasm", "nowhere.wasm"] {
        let run = place.run(&["--component", name]).ends_with(2);
        assert_eq!(run.sentence().lines().count(), 1, "{name}: {}", run.stderr);
    }
    assert_eq!(place.server.counters().requests, 0);
}
