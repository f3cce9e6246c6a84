//! What a run depends on, from each source, and the words in which a mistake is told.

use super::*;
use crate::cli::{self, Asked};
use crate::name::PROGRAM;

fn schema() -> Vec<ConfigField> {
    let field = |name: &str, kind| ConfigField {
        name: name.into(),
        display_name: name.into(),
        description: String::new(),
        placeholder: None,
        suggested_value: Some("https://api.acme.example".into()),
        kind,
        required: true,
        secret: false,
    };
    vec![field("acme-url", FieldKind::Url), field("acme-token", FieldKind::Text)]
}

/// Read values of a command line, an environment and a config file.
fn with<T>(args: &[&str], env: &[(&str, &str)], file: &str, read: impl FnOnce(&Sources<'_>) -> T) -> T {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("config.yaml");
    std::fs::write(&path, file).expect("a file");
    let file = File::read(path.to_str()).unwrap_or_default();
    let environment = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let args = std::iter::once(PROGRAM).chain(args.iter().copied()).map(str::to_owned);
    let Ok(Asked::Sync(typed)) = cli::parse(&schema(), args) else { panic!("a sync") };
    read(&Sources { typed: &typed, environment: &environment, file: &file })
}

/// The first thing wrong, in the order in which a run finds it.
fn mistake(args: &[&str], env: &[(&str, &str)]) -> String {
    let found = with(args, env, "", |sources| {
        sources.check_typed()?;
        sources.fields(&schema())?;
        sources.check_together()?;
        sources.settings().map(drop)
    });
    found.err().map_or_else(|| "no mistake".into(), |failure| failure.to_string())
}

const FIELDS: [(&str, &str); 2] = [("BATON_ACME_URL", "https://a.example"), ("BATON_ACME_TOKEN", "a:b")];

#[test]
fn a_flag_counts_before_a_variable_before_the_file_before_the_default() {
    let file = "workers: 2\nlog-level: warn\nfile: of-file.c1z\n";
    let env = [("BATON_WORKERS", "3"), ("BATON_FILE", "of-env.c1z"), ("BATON_LOG_FORMAT", "")];
    with(&["--workers", "4"], &env, file, |sources| {
        assert_eq!(sources.text("workers"), "4");
        assert_eq!(sources.text("file"), "of-env.c1z");
        assert_eq!(sources.text("log-level"), "warn");
        assert_eq!(sources.text("http-timeout-seconds"), "300");
        assert_eq!(sources.settings().map(|settings| settings.sync.workers).ok(), Some(4));
    });
}

#[test]
fn lists_come_from_commas_repetition_and_yaml_and_are_not_trimmed() {
    let list = |args: &[&str], env: &[(&str, &str)], file: &str| {
        with(args, env, file, |sources| sources.list("sync-resource-types"))
    };
    let repeated = ["--sync-resource-types", "a,b", "--sync-resource-types", "c"];
    assert_eq!(list(&repeated, &[], ""), ["a", "b", "c"]);
    assert_eq!(list(&[], &[("BATON_SYNC_RESOURCE_TYPES", "a, b")], ""), ["a", " b"]);
    assert_eq!(list(&[], &[], "sync-resource-types: [a, b]"), ["a", "b"]);
}

#[test]
fn missing_fields_are_named_in_alphabetical_order() {
    let text = mistake(&[], &[]);
    assert_eq!(text.lines().next(), Some("required flag(s) \"acme-token\", \"acme-url\" not set"));
}

#[test]
fn an_empty_field_is_told_apart_from_a_missing_one_and_an_empty_variable_is_missing() {
    assert_eq!(
        mistake(&["--acme-url="], &FIELDS),
        "errors found:\nfield acme-url of type string is marked as required but it has a zero-value"
    );
    let text = mistake(&[], &[FIELDS[0], ("BATON_ACME_TOKEN", "")]);
    assert_eq!(text.lines().next(), Some("required flag(s) \"acme-token\" not set"));
}

#[test]
fn a_suggestion_is_not_a_default() {
    let text = mistake(&["--acme-token", "a:b"], &[]);
    assert_eq!(text.lines().next(), Some("required flag(s) \"acme-url\" not set"));
}

#[test]
fn half_of_a_pair_is_an_error() {
    let text = mistake(&["--client-id", "x"], &FIELDS);
    assert_eq!(
        text.lines().next(),
        Some(
            "if any flags in the group [client-id client-secret] are set they must all be set; \
             missing [client-secret]"
        )
    );
}

#[test]
fn numbers_out_of_bounds_and_unreadable_ones_are_told_as_go_tells_them() {
    let first = |args: &[&str]| mistake(args, &FIELDS).lines().next().unwrap_or_default().to_owned();
    assert_eq!(
        first(&["--workers", "abc"]),
        "invalid argument \"abc\" for \"--workers\" flag: strconv.ParseInt: parsing \"abc\": invalid syntax"
    );
    assert_eq!(
        first(&["--provisioning=maybe"]),
        "invalid argument \"maybe\" for \"-p, --provisioning\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax"
    );
    assert_eq!(
        first(&["--task-concurrency", "101"]),
        "field task-concurrency: value must be less than or equal to 100 but got 101"
    );
    assert_eq!(
        first(&["--http-timeout-seconds=0"]),
        "field http-timeout-seconds: value must be greater than or equal to 1 but got 0"
    );
    assert_eq!(mistake(&[], &[FIELDS[0], FIELDS[1], ("BATON_WORKERS", "abc")]), "no mistake");
}

#[test]
fn the_storage_engine_is_sqlite() {
    assert_eq!(mistake(&["--storage-engine", "sqlite"], &FIELDS), "no mistake");
    assert_eq!(mistake(&["--storage-engine="], &FIELDS), "no mistake");
    assert_eq!(
        mistake(&["--storage-engine", "foo"], &FIELDS),
        "field storage-engine: value must be one of [ sqlite pebble] but got 'foo'"
    );
    assert!(mistake(&["--storage-engine", "pebble"], &FIELDS).contains("sqlite files only"));
}

#[test]
fn a_temp_dir_must_exist_and_skip_grants_needs_a_target() {
    assert_eq!(
        mistake(&["--c1z-temp-dir", "/nowhere"], &FIELDS),
        "the specified c1z temp dir does not exist: /nowhere"
    );
    assert_eq!(mistake(&["--skip-grants"], &FIELDS), "skip-grants can only be set within a targeted sync");
}

#[test]
fn a_list_is_cut_at_commas_that_are_not_between_quotes() {
    for (text, expected) in [
        ("a,b", &["a", "b"][..]),
        ("a, b,", &["a", " b"]),
        (r#""bid:r:team/q;r,s",c"#, &["bid:r:team/q;r,s", "c"]),
        (r#""say ""a,b""",5" disk"#, &[r#"say "a,b""#, r#"5" disk"#]),
        ("", &[]),
    ] {
        let list = with(&["--log-path", text], &[], "", |sources| sources.list("log-path"));
        assert_eq!(list, expected, "{text}");
    }
}

#[test]
fn the_number_of_kept_syncs_follows_its_variables() {
    let keep =
        |env: &[(&str, &str)]| with(&[], env, "", |sources| sources.settings().map(|s| s.place.keep).ok());
    assert_eq!(keep(&[]), Some(Some(2)));
    assert_eq!(keep(&[("BATON_KEEP_SYNC_COUNT", "5")]), Some(Some(5)));
    assert_eq!(keep(&[("BATON_KEEP_SYNC_COUNT", "0")]), Some(Some(2)));
    assert_eq!(keep(&[("BATON_SKIP_CLEANUP", "true")]), Some(None));
}

#[test]
fn without_a_number_of_workers_there_are_four_and_minus_one_is_a_few() {
    assert_eq!((workers(0), workers(1), workers(7), workers(100)), (4, 1, 7, 64));
    assert!((1..=4).contains(&workers(-1)));
}

#[test]
fn writing_is_refused_with_the_codes_of_the_go_connectors() {
    let refusal = |args: &[&str]| with(args, &FIELDS, "", |sources| sources.refusal());
    assert_eq!(refusal(&["--create-ticket=false"]), None);
    assert_eq!(refusal(&["--provisioning", "--invoke-action-args", "{}"]), None);
    let grant = refusal(&["--grant-entitlement", "team:abc:member", "--grant-principal", "x"]);
    assert_eq!(grant.as_ref().map(Refusal::code), Some(12));
    assert_eq!(
        grant.map(|refusal| refusal.to_string()).as_deref(),
        Some(
            "runner: error processing task: rpc error: code = Unimplemented desc = \
             resource type team does not have provisioner configured"
        )
    );
    let delete = refusal(&["--delete-resource", "x", "--delete-resource-type", "user"]);
    assert!(delete.is_some_and(|refusal| {
        refusal.to_string().ends_with("user does not have resource Delete() configured")
    }));
    assert_eq!(refusal(&["--invoke-action", "x"]).as_ref().map(Refusal::code), Some(5));
    assert_eq!(refusal(&["--client-id", "x", "--client-secret", "y"]), None);
}
