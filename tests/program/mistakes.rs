//! Every way to call it wrongly: the words and the exit code that scripts know.

use baton_planetscale_demo::{Endpoint, Fault, FaultKind, Place as At, Scenario};

use crate::harness::{Place, Run, bare};

fn place() -> Place {
    Place::new(Scenario::demo())
}

#[test]
fn mistakes_in_the_call_have_the_words_of_the_go_connectors() {
    let place = place();
    for (args, text) in [
        (&["--nope"][..], "unknown flag: --nope"),
        (&["--config", "x.yaml"], "unknown flag: --config"),
        (&["x"], "unknown command \"x\" for \"baton-planetscale\""),
        (
            &["--workers", "abc"],
            "invalid argument \"abc\" for \"--workers\" flag: strconv.ParseInt: parsing \"abc\": invalid syntax",
        ),
        (
            &["--storage-engine", "foo"],
            "field storage-engine: value must be one of [ sqlite pebble] but got 'foo'",
        ),
        (
            &["--task-concurrency", "101"],
            "field task-concurrency: value must be less than or equal to 100 but got 101",
        ),
        (
            &["--task-concurrency", "0"],
            "field task-concurrency: value must be greater than or equal to 1 but got 0",
        ),
        (
            &["--http-timeout-seconds", "0"],
            "field http-timeout-seconds: value must be greater than or equal to 1 but got 0",
        ),
        (
            &["--client-id", "x"],
            "if any flags in the group [client-id client-secret] are set they must all be set; missing [client-secret]",
        ),
        (&["--skip-grants"], "skip-grants can only be set within a targeted sync"),
        (&["--c1z-temp-dir", "nowhere"], "the specified c1z temp dir does not exist: nowhere"),
        (&["--sync-resource-types", "nope"], "invalid resource type 'nope' in filter"),
        (&["--sync-resources", "bid:r:nope/1"], "invalid resource type 'nope' in filter"),
        (
            &["--sync-resources", "bid:r:team/1", "--sync-resource-types", "user"],
            "sync-resources asks for bid:r:team/1, but sync-resource-types leaves out the type 'team'",
        ),
        (
            &["--sync-resources", "bid:r:team/1,team/2"],
            "field sync-resources: 'team/2' is not the Baton id of a resource; write bid:r:type/id, or \
             bid:r:type/id/type/id with its parent before it, and a backslash before each \\, / and : of an id",
        ),
    ] {
        let run = place.run(args).ends_with(2);
        assert_eq!(run.sentence().lines().next(), Some(text), "{args:?}");
        assert_eq!(run.stdout, "", "{args:?}");
    }
    assert_eq!(place.names(), Vec::<String>::new(), "a mistake leaves nothing");
}

#[test]
fn a_missing_or_empty_value_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Run::of(&mut bare(folder.path())).ends_with(2);
    assert_eq!(
        run.sentence().lines().next(),
        Some("required flag(s) \"planetscale-api-url\", \"planetscale-service-token\" not set")
    );
    let run =
        Run::of(bare(folder.path()).args(["--planetscale-api-url=", "--planetscale-service-token=a:b"]));
    assert_eq!(
        run.ends_with(2).sentence(),
        "errors found:\nfield planetscale-api-url of type string is marked as required but it has a zero-value"
    );
}

#[test]
fn unusable_values_name_their_field_and_not_the_secret() {
    let place = place();
    for token in ["no-colon-s3cret", ":s3cret", "id:", "  :  ", "\"id:s3cret\"", "'id:s3cret'"] {
        let run = Run::of(place.program().env("BATON_PLANETSCALE_SERVICE_TOKEN", token)).ends_with(3);
        assert!(run.sentence().contains("planetscale-service-token"), "{}", run.stderr);
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
    for url in [
        "ftp://x.example",
        "x",
        "https://user:pass@x.example",
        "https://x.example?a=b",
        "https://x.example#a",
    ] {
        let run = Run::of(place.program().env("BATON_PLANETSCALE_API_URL", url)).ends_with(3);
        assert!(run.sentence().contains("planetscale-api-url"), "{url}: {}", run.stderr);
    }
    assert_eq!(place.server.counters().requests, 0);
}

#[test]
fn a_flag_that_writes_is_refused_as_in_go_and_nothing_is_asked() {
    let place = place();
    for (args, code, text) in [
        (
            &["--grant-entitlement", "team:x:member", "--grant-principal", "u"][..],
            12,
            "resource type team does not have provisioner configured",
        ),
        (
            &["--delete-resource", "x", "--delete-resource-type", "user"],
            12,
            "resource type user does not have resource Delete() configured",
        ),
        (
            &["--create-account-email", "a@b.example"],
            12,
            "connector does not have account manager configured",
        ),
        (&["--list-ticket-schemas"], 12, "ticket manager not implemented"),
        (&["--invoke-action", "x"], 5, "action x not found"),
    ] {
        let run = place.run(args).ends_with(code);
        assert!(run.sentence().contains(text), "{args:?}: {}", run.stderr);
    }
    assert_eq!(place.server.counters().requests, 0);
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn what_the_api_refuses_ends_with_the_code_for_it() {
    let status = |status| FaultKind::Status { status, body: None, content_type: None };
    for (kind, code) in [(status(401), 16), (status(403), 7), (status(404), 7), (status(302), 13)] {
        let at = At { endpoint: Some(Endpoint::Members), ..At::default() };
        let place =
            Place::new(Scenario { faults: vec![Fault { at, times: None, kind }], ..Scenario::demo() });
        let run = place.run(&[]).ends_with(code);
        assert_eq!(run.sentence().lines().count(), 1, "one sentence: {}", run.stderr);
        assert_eq!(place.names(), Vec::<String>::new(), "a refusal leaves nothing");
    }
    let place = place();
    let run = Run::of(place.program().env("BATON_PLANETSCALE_SERVICE_TOKEN", "wrong:token")).ends_with(16);
    assert!(
        run.sentence().starts_with(
            "runner: error processing task: rpc error: code = Unauthenticated desc = validate failed: "
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let place = place();
    let mut command = place.program();
    command.env("BATON_PLANETSCALE_API_URL", "http://127.0.0.1:9");
    let run = Run::of(&mut command).ends_with(14);
    assert!(run.sentence().contains("127.0.0.1:9"), "{}", run.stderr);
}
