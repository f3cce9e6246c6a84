//! Another component in its place.

use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::guests::HOSTILE;

use crate::harness::{Place, Run, secrets};

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

/// A place in which the hostile component has behaved once, so that there is a file of each kind.
struct Hostile {
    place: Place,
    /// What its config lets it reach. The harness would not have the token in a path, where this component puts it.
    api: Server,
    old: [Vec<u8>; 2],
}

const FILES: [&str; 2] = ["sync.c1z", "sync.jsonl"];

impl Hostile {
    fn new() -> Hostile {
        let place = Place::new(Scenario::demo());
        std::fs::write(place.path("hostile.wasm"), HOSTILE).expect("a file");
        for file in FILES {
            place.run(&["--component", "hostile.wasm", "-f", file]).ends_with(0);
        }
        let old = FILES.map(|file| std::fs::read(place.path(file)).expect("the file"));
        let api = Server::start(Scenario::demo()).expect("a server");
        Hostile { place, api, old }
    }

    /// A run in which it misbehaves. Its secret is the token that the harness looks for in all that is written.
    fn run(&self, file: &str, mode: &str, at: &str) -> Run {
        let mut program = self.place.program();
        program.args(["--component", "hostile.wasm", "-f", file, "--mode", mode]).env("BATON_AT", at);
        program.env("BATON_TOKEN", self.place.server.service_token());
        program.env("BATON_API_URL", self.api.url());
        program.args(["--scheme", "http", "--authority", "elsewhere.test", "--path", "/"]);
        Run::of(&mut program)
    }

    /// That a run said one sentence with these words, and left every file as it was.
    fn is_as_before(&self, run: &Run, said: &str) {
        assert!(run.sentence().contains(said), "{}", run.stderr);
        assert_eq!((run.sentence().lines().count(), run.stdout.as_str()), (1, ""), "{}", run.stderr);
        assert_eq!(self.place.names(), ["hostile.wasm", "sync.c1z", "sync.jsonl"], "{said}");
        for (file, old) in FILES.iter().zip(&self.old) {
            assert!(
                std::fs::read(self.place.path(file)).ok().as_ref() == Some(old),
                "{file} was touched: {said}"
            );
        }
    }
}

#[test]
fn a_component_that_misbehaves_ends_with_the_code_for_it_and_leaves_the_old_file() {
    let hostile = Hostile::new();
    for (mode, at, code, said) in [
        ("memory", "list-resources", 8, "wanted more than 128 MiB of memory"),
        ("gigabyte", "list-grants", 8, "wanted more than 128 MiB of memory"),
        ("elsewhere", "validate", 7, "tried to reach http://elsewhere.test"),
        ("elsewhere", "list-grants", 7, "tried to reach http://elsewhere.test"),
        ("recursion", "list-grants", 13, "the connector crashed in list-grants ("),
        ("token-again", "list-resources", 13, "next page token unchanged"),
        ("type-twice", "list-resource-types", 13, "resource type 'thing' came twice"),
        ("grant-unlisted", "list-grants", 13, "is of an entitlement that was not listed"),
        ("grant-twice", "list-grants", 10, "the list changed while it was read"),
    ] {
        for file in FILES {
            let run = hostile.run(file, mode, at).ends_with(code);
            hostile.is_as_before(&run, said);
        }
    }
    assert_eq!(hostile.api.counters().connections, 0);
}

#[test]
fn a_component_that_floods_the_operator_with_warnings_ends_well() {
    let hostile = Hostile::new();
    for file in FILES {
        let run = hostile.run(file, "warnings", "list-resources").ends_with(0);
        assert_eq!(run.logged("Sync complete.")["warnings"], 6);
        // Six of a thousand characters, not a hundred megabytes.
        assert!(run.stderr.len() < 100_000, "{} bytes", run.stderr.len());
    }
    // Two lists may come in either order.
    let sorted = |bytes: &[u8]| {
        let mut lines: Vec<String> = String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let new = std::fs::read(hostile.place.path("sync.jsonl")).expect("the file");
    assert_eq!(sorted(&new), sorted(&hostile.old[1]));
    assert_eq!(hostile.place.open("sync.c1z").count("v1_sync_runs"), 2);
}

#[test]
fn a_secret_that_a_component_puts_elsewhere_is_in_nothing_that_is_written() {
    let hostile = Hostile::new();
    // Not even its beginning, where a text is cut.
    let [half, _] = secrets();
    let beginning = &half[..half.len() / 2];
    let holds = "a secret is in what the connector read";
    for (mode, at, code, said) in [
        ("echo-record", "list-resources", 13, holds),
        ("echo-token", "list-resources", 13, holds),
        ("echo-grant", "list-grants", 13, holds),
        ("echo-error", "validate", 13, "[redacted]"),
        ("echo-error", "list-grants", 13, "[redacted]"),
        ("echo-host", "validate", 7, "[redacted].evil.test"),
        ("echo-path", "validate", 13, "[redacted]"),
    ] {
        for file in FILES {
            let run = hostile.run(file, mode, at).ends_with(code);
            assert!(!run.stderr.contains(beginning), "{mode}: {}", run.stderr);
            hostile.is_as_before(&run, said);
        }
    }
    for file in FILES {
        let run = hostile.run(file, "echo-warning", "list-resources").ends_with(0);
        assert!(run.stderr.contains("www[redacted]"), "{}", run.stderr);
        assert!(!run.stderr.contains(beginning), "{}", run.stderr);
    }
}
