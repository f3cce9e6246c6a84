//! `new`: what is written. That it builds and passes `check` is tried by `.ci/kit`, which takes minutes.

use crate::harness::{Place, Run};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[test]
fn new_writes_a_project_in_either_language() {
    for (language, files) in [
        ("rust", &["Cargo.toml", "README.md", ".gitignore", "src/lib.rs", "examples/server.rs"][..]),
        (
            "python",
            &[
                "app.py",
                "server.py",
                "baton_connector.py",
                "test_records.py",
                "wit/connector.wit",
                "wit/deps/http/http.wit",
            ],
        ),
    ] {
        let place = Place::new();
        let run = Run::of(&mut place.kit(&["new", "my-vendor", "--language", language, "--kit", ROOT]))
            .ends_with(0);
        assert!(run.stdout.contains("my-vendor/README.md"), "{}", run.stdout);
        for file in files {
            let text = std::fs::read_to_string(place.folder().join("my-vendor").join(file)).expect(file);
            for place in ["{{name}}", "{{Name}}", "{{module}}", "{{VARIABLE}}", "{{kit}}"] {
                assert!(!text.contains(place), "{file}: {text}");
            }
        }
        let text = std::fs::read_to_string(place.folder().join("my-vendor/README.md")).expect("a file");
        assert!(text.contains("My Vendor") && text.contains("BATON_MY_VENDOR_URL"), "{text}");
        // What is there is not written over.
        Run::of(&mut place.kit(&["new", "my-vendor", "--language", language])).ends_with(2);
    }
}
