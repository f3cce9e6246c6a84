//! `inspect`, `call` and `run`.

use baton_planetscale_support::guests::{AUTHOR, HOSTILE};
use serde_json::Value;

use crate::harness::{Place, Run, Vendor};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

#[test]
fn inspect_tells_what_a_component_is_and_wants() {
    let place = Place::new();
    place.file("acme.wasm", AUTHOR);
    let run = Run::of(&mut place.kit(&["inspect", "acme.wasm"])).ends_with(0);
    for part in [
        "Acme 0.1.0: Reads the users",
        "acme-client-secret",
        "required, secret",
        "--allow-write 'POST",
        "an access token for the client's id and secret",
        "Acme does not tell who made a credential.",
        "wasi:http/outgoing-handler@0.2",
        "contract baton:connector/syncer@0.2.0",
    ] {
        // A table breaks long lines.
        let found = part.split(' ').all(|word| run.stdout.contains(word));
        assert!(found, "without {part}: {}", run.stdout);
    }
    let told =
        json(&Run::of(&mut place.kit(&["inspect", "acme.wasm", "--format", "json"])).ends_with(0).stdout);
    assert_eq!(told["bytes"], AUTHOR.len());
    assert_eq!(told["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(told["fields"][0]["name"], "acme-url");
}

#[test]
fn call_asks_one_function_with_json_in_and_out() {
    let (place, vendor) = (Place::new(), Vendor::new());
    place.file("acme.wasm", AUTHOR);
    let call =
        |args: &[&str]| Run::of(&mut vendor.for_it(place.kit(&[&["call", "acme.wasm"], args].concat())));
    assert_eq!(json(&call(&["metadata"]).ends_with(0).stdout)["display_name"], "Acme");
    let page = json(&call(&["list-resources", r#"{"resource_type":"group"}"#]).ends_with(0).stdout);
    let group = page["items"][0].clone();
    assert_eq!((group["display_name"].as_str(), page["total"].as_u64()), (Some("Everyone"), Some(3)));
    let of = |token: &str| format!(r#"{{"resource":{group},"page_token":{token}}}"#);
    let grants = json(&call(&["list-grants", &of("null")]).ends_with(0).stdout);
    assert_eq!(grants["items"][0]["principal"]["id"], "g2");
    // The third request is refused once, as a vendor may.
    let refused = call(&["list-grants", &of("null")]).ends_with(14);
    assert_eq!(json(&refused.stdout)["error"]["Wait"]["after"], 1);
    let wrong = call(&["list-grants", &of("\"x\"")]).ends_with(13);
    assert!(wrong.stderr.contains("page token was not issued for this list"), "{}", wrong.stderr);
}

#[test]
fn run_writes_a_file() {
    let (place, vendor) = (Place::new(), Vendor::new());
    place.file("acme.wasm", AUTHOR);
    for file in ["a.jsonl", "a.c1z"] {
        let run = Run::of(&mut vendor.for_it(place.kit(&["run", "acme.wasm", "--file", file]))).ends_with(0);
        assert!(
            run.stdout.contains("4 resource types, 13 resources, 6 entitlements, 11 grants"),
            "{}",
            run.stdout
        );
        assert!(place.folder().join(file).is_file());
    }
}

#[test]
fn a_crash_tells_where_and_what_the_connector_wrote_before() {
    let place = Place::new();
    place.file("hostile.wasm", HOSTILE);
    let mut call = place.kit(&[
        "call",
        "hostile.wasm",
        "validate",
        "--debug",
        "--set",
        "mode=panic",
        "--set",
        "at=validate",
    ]);
    let run = Run::of(&mut call).ends_with(13);
    for part in ["crashed in validate", "the reason that its author looks for", "the connector crashed at:"] {
        assert!(run.stderr.contains(part), "without {part}: {}", run.stderr);
    }
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let place = Place::new();
    place.file("acme.wasm", AUTHOR);
    for (args, said) in [
        (&["run", "acme.wasm"][..], "--set acme-url=… or BATON_ACME_URL"),
        (&["run", "acme.wasm", "--set", "other=1"], "has no field other; it has acme-url"),
        (&["run", "acme.wasm", "--set", "other"], "has no ="),
        (&["run", "none.wasm"], "cannot read the component none.wasm"),
        (&["call", "acme.wasm", "validate", "[]"], "no JSON object"),
        (&["new", "Acme"], "'Acme' is no name"),
    ] {
        let run = Run::of(&mut place.kit(args)).ends_with(2);
        assert!(run.stderr.contains(said), "{args:?}: {}", run.stderr);
    }
}
