//! What it shows without syncing, and the demo.

use std::process::Command;

use baton_planetscale_demo::Scenario;
use serde_json::{Value, json};

use crate::harness::{Place, Run, bare};

fn alone(args: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Run::of(bare(folder.path()).args(args));
    let left = std::fs::read_dir(folder.path()).expect("the folder").count();
    assert!(left == 0 || args == ["demo"], "{args:?} leaves no file");
    run
}

#[test]
fn help_and_version() {
    let help = alone(&["--help"]).ends_with(0).stdout;
    for part in [
        "--planetscale-service-token",
        "$BATON_PLANETSCALE_API_URL",
        "--planetscale-inline-team-members",
        "$BATON_PLANETSCALE_INLINE_TEAM_MEMBERS",
        "--workers",
        "capabilities",
        "demo",
    ] {
        assert!(help.contains(part), "{part} is missing in:\n{help}");
    }
    let version = alone(&["--version"]).ends_with(0).stdout;
    assert_eq!(version, format!("baton-planetscale version {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn config_lists_the_four_fields_without_any_config() {
    let run = alone(&["config"]).ends_with(0);
    let config: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let fields = config["fields"].as_array().expect("fields");
    let own: Vec<&Value> = fields.iter().filter(|field| field["isOps"] != true).collect();
    let [token, url, inline, databases] = own[..] else { panic!("{own:?}") };
    assert_eq!((&token["name"], &token["isSecret"]), (&json!("planetscale-service-token"), &json!(true)));
    assert_eq!((&url["name"], &url["isSecret"]), (&json!("planetscale-api-url"), &Value::Null));
    assert_eq!(url["stringField"]["suggestedValue"], "https://api.planetscale.com");
    assert_eq!(
        (&inline["name"], &inline["isRequired"], &inline["boolField"]),
        (&json!("planetscale-inline-team-members"), &Value::Null, &json!({}))
    );
    assert_eq!(
        (&databases["name"], &databases["isRequired"], &databases["boolField"]),
        (&json!("planetscale-databases"), &Value::Null, &json!({}))
    );
    assert_eq!(config["helpUrl"], "/docs/baton/planetscale");
    assert_eq!(config["iconUrl"], "/static/app-icons/planetscale.svg");
}

#[test]
fn capabilities_list_three_types_that_are_read() {
    let run = alone(&["capabilities"]).ends_with(0);
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["@type"], "type.googleapis.com/c1.connector.v2.ConnectorCapabilities");
    let of_all = ["CAPABILITY_SYNC", "CAPABILITY_TARGETED_SYNC", "CAPABILITY_SERVICE_MODE_TARGETED_SYNC"];
    assert_eq!(found["connectorCapabilities"], json!(of_all));
    let kinds = found["resourceTypeCapabilities"].as_array().expect("types");
    let ids: Vec<&Value> = kinds.iter().map(|kind| &kind["resourceType"]["id"]).collect();
    assert_eq!(ids, ["organization", "team", "user"]);
    for kind in kinds {
        assert_eq!(kind["capabilities"], json!(["CAPABILITY_SYNC", "CAPABILITY_TARGETED_SYNC"]));
        assert_eq!(kind["permissions"], json!({ "permissions": [{ "permission": "read_organization" }] }));
    }
}

#[test]
fn capabilities_are_those_of_the_config_as_far_as_it_is_there() {
    let place = Place::new(Scenario::demo());
    let types = |command: &mut Command| {
        let run = Run::of(command).ends_with(0);
        let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let kinds = found["resourceTypeCapabilities"].as_array().expect("types").clone();
        kinds
            .iter()
            .map(|kind| kind["resourceType"]["id"].as_str().expect("an id").to_owned())
            .collect::<Vec<_>>()
    };
    let (usual, all) = (["organization", "team", "user"], ["database", "organization", "team", "user"]);
    let bare = || bare(place.folder());
    assert_eq!(types(bare().args(["capabilities", "--planetscale-databases"])), all);
    assert_eq!(types(bare().args(["--planetscale-databases=1", "capabilities"])), all);
    assert_eq!(types(bare().arg("capabilities").env("BATON_PLANETSCALE_DATABASES", "true")), all);
    assert_eq!(types(bare().arg("capabilities").env("BATON_PLANETSCALE_DATABASES", "false")), usual);
    assert_eq!(types(place.program().arg("capabilities")), usual);
    std::fs::write(place.path(".baton.yaml"), "planetscale-databases: true\n").expect("a config file");
    assert_eq!(types(bare().arg("capabilities")), all);
    let run = Run::of(bare().args(["capabilities", "--planetscale-databases=maybe"]));
    run.ends_with(3);
}

#[test]
fn the_demo_shows_who_has_access_and_how_to_go_on() {
    let place = Place::new(Scenario::demo());
    let run = Run::of(bare(place.folder()).arg("demo")).ends_with(0);
    for part in [
        "kestrel-freight",
        "Who is admin",
        "東京オフィス",
        "Admin without a second factor",
        "Lucía Fernández",
        "are in sync.c1z",
        "BATON_PLANETSCALE_SERVICE_TOKEN",
        "read_organization",
    ] {
        assert!(run.stdout.contains(part), "{part} is missing in:\n{}", run.stdout);
    }
    assert_eq!(place.names(), ["sync-review", "sync.c1z"]);
    assert_eq!(place.open("sync.c1z").count("v1_grants"), 61);
}

#[test]
fn team_members_come_from_the_list_of_teams_when_flag_variable_or_file_say_so() {
    let requests = |args: &[&str], variable: Option<&str>, file: Option<&str>| {
        let mut scenario = Scenario::sized(1, 50, 5, 10);
        scenario.organizations[0].teams[0].members.pop();
        let place = Place::new(scenario);
        if let Some(value) = file {
            std::fs::write(place.path(".baton.yaml"), format!("planetscale-inline-team-members: {value}\n"))
                .expect("a file");
        }
        let mut program = place.program();
        program.args(args);
        if let Some(value) = variable {
            program.env("BATON_PLANETSCALE_INLINE_TEAM_MEMBERS", value);
        }
        Run::of(&mut program).ends_with(0);
        assert_eq!(place.open("sync.c1z").count("v1_grants"), 99);
        place.server.counters().requests
    };
    let flag = "--planetscale-inline-team-members";
    assert_eq!(requests(&[], None, None), 8);
    assert_eq!(requests(&[flag], None, None), 7);
    assert_eq!(requests(&[], Some("true"), None), 7);
    assert_eq!(requests(&[], None, Some("true")), 7);
    assert_eq!(requests(&["--planetscale-inline-team-members=false"], Some("true"), Some("true")), 8);
}

#[test]
fn flags_count_before_variables_and_variables_before_the_file() {
    let place = Place::new(Scenario::demo());
    let yaml = format!(
        "planetscale-service-token: {}\nplanetscale-api-url: {}\nfile: from-file.jsonl\n",
        place.server.service_token(),
        place.server.url()
    );
    std::fs::write(place.path(".baton.yaml"), yaml).expect("a file");
    Run::of(&mut bare(place.folder())).ends_with(0);
    Run::of(bare(place.folder()).env("BATON_FILE", "from-variable.jsonl")).ends_with(0);
    Run::of(bare(place.folder()).env("BATON_FILE", "lost.jsonl").args(["-f", "from-flag.jsonl"]))
        .ends_with(0);
    assert_eq!(place.names(), [".baton.yaml", "from-file.jsonl", "from-flag.jsonl", "from-variable.jsonl"]);
}
