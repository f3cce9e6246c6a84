//! Somebody else's connector under its own name, in the program that runs it.

use baton_planetscale_demo::Scenario;
use baton_planetscale_support::guests::HOSTILE;

use crate::harness::{Place, Run, bare, tested};

/// A place with the connector that calls itself `Hostile`.
fn place() -> Place {
    let place = Place::new(Scenario::demo());
    std::fs::write(place.path("hostile.wasm"), HOSTILE).expect("a file");
    place
}

const HERE: [&str; 2] = ["--component", "hostile.wasm"];

#[test]
fn the_version_names_the_connector_and_its_version() {
    let place = place();
    let program = format!("baton-planetscale version {}\n", env!("CARGO_PKG_VERSION"));
    let run = Run::of(bare(place.folder()).args(HERE).arg("--version")).ends_with(0);
    assert_eq!(run.stdout, format!("Hostile connector version 1.0.0, run by {program}"));
    assert_eq!(Run::of(bare(place.folder()).arg("-v")).ends_with(0).stdout, program);
}

#[test]
fn each_log_line_says_whose_it_is() {
    let place = place();
    let run = Run::of(bare(place.folder()).args(HERE)).ends_with(0);
    assert!(run.log().len() > 5);
    for line in run.log() {
        assert_eq!(
            (&line["connector"], &line["connector_version"]),
            (&"Hostile".into(), &"1.0.0".into()),
            "{line}"
        );
    }
    let run = place.run(&["-f", "own.c1z"]).ends_with(0);
    assert!(run.log().iter().all(|line| line["connector"] == "PlanetScale"), "{}", run.stderr);
}

#[test]
fn the_summary_names_it_and_tells_what_its_api_does_not() {
    let place = place();
    let run = Run::of(bare(place.folder()).args(HERE)).ends_with(0);
    run.logged("The API does not tell: Who made a thing is in no list.");
    assert!(!run.stderr.contains("What is in a box"), "{}", run.stderr);
    let run = Run::of(bare(place.folder()).args(HERE).args(["--log-format", "console"])).ends_with(0);
    let (_, summary) = run.stderr.split_once("Sync complete.").expect("a summary");
    assert!(summary.contains("  connector              Hostile 1.0.0\n"), "{summary}");
    let told = "  not told            1  by the API, so that it is in no record\n    - Who made a thing is in no list.\n";
    assert!(summary.contains(told), "{summary}");
}

#[test]
fn the_log_tells_as_whom_it_reads_and_not_with_which_secret() {
    let place = place();
    let mut program = bare(place.folder());
    program.args(HERE).args(["--mode", "identity"]).env("BATON_TOKEN", place.server.service_token());
    let run = Run::of(&mut program).ends_with(0);
    assert_eq!(run.logged("The credentials are good")["identity"], "reader [redacted]");
}

#[test]
fn the_demo_is_of_the_connector_that_is_built_in() {
    let place = place();
    let said = "field component: the demo is of the connector that is built in";
    let run = Run::of(bare(place.folder()).args(HERE).arg("demo")).ends_with(2);
    assert!(run.sentence().contains(said), "{}", run.stderr);
    let run = Run::of(bare(place.folder()).env("BATON_COMPONENT", "hostile.wasm").arg("demo")).ends_with(2);
    assert!(run.sentence().contains(said), "{}", run.stderr);
    std::fs::write(place.path(".baton.yaml"), "component: hostile.wasm\n").expect("a file");
    let run = Run::of(bare(place.folder()).arg("demo")).ends_with(2);
    assert!(run.sentence().contains(said), "{}", run.stderr);
    assert_eq!(place.names(), [".baton.yaml", "hostile.wasm"]);
}

#[cfg(unix)]
#[test]
fn hints_have_the_name_that_the_program_was_called_by() {
    let place = place();
    // Elsewhere: the program holds the demo's token, and what is in a place may not.
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("baton-acme");
    std::os::unix::fs::symlink(tested(), &link).expect("a link");
    let run = |args: &[&str]| {
        let mut program = std::process::Command::new(&link);
        program.current_dir(place.folder()).env_clear().env("HOME", env!("CARGO_TARGET_TMPDIR")).args(args);
        Run::of(&mut program)
    };
    let mistake = run(&["--nope"]).ends_with(2).sentence();
    assert_eq!(mistake, "unknown flag: --nope\nRun 'baton-acme --help' for usage.");
    let mistake = run(&["nope"]).ends_with(2).sentence();
    assert!(mistake.starts_with("unknown command \"nope\" for \"baton-acme\""), "{mistake}");
    let help = run(&["--help"]).ends_with(0).stdout;
    assert!(help.contains("Usage: baton-acme "), "{help}");
    let version = run(&["--version"]).ends_with(0).stdout;
    assert!(version.starts_with("baton-acme version "), "{version}");
}

#[test]
fn a_file_with_syncs_of_another_connector_is_refused_and_stays_as_it_is() {
    let place = place();
    let theirs = |file: &str| Run::of(bare(place.folder()).args(HERE).args(["-f", file]));
    let ours = |file: &str| place.run(&["-f", file]);
    ours("ours.c1z").ends_with(0);
    theirs("theirs.c1z").ends_with(0);
    for (file, is_ours, types, own) in [
        ("ours.c1z", true, "organization, team, user", "person, thing"),
        ("theirs.c1z", false, "person, thing", "organization, team, user"),
    ] {
        let old = std::fs::read(place.path(file)).expect("the file");
        let run = if is_ours { theirs(file) } else { ours(file) }.ends_with(2);
        let said = format!(
            "its newest sync is of another connector: it has the resource types {types}, and this connector's are {own}; \
             give another file name"
        );
        assert!(run.sentence().contains(&said), "{}", run.stderr);
        assert!(run.sentence().contains(file) && run.sentence().lines().count() == 1, "{}", run.stderr);
        assert!(std::fs::read(place.path(file)).expect("the file") == old, "{file} was touched");
    }
    // One type that both have is enough: a connector may come to read more, or less.
    place.run(&["-f", "ours.c1z", "--sync-resource-types", "organization"]).ends_with(0);
    place.run(&["-f", "ours.c1z", "--sync-resource-types", "organization,user"]).ends_with(0);
    assert_eq!(place.names(), ["hostile.wasm", "ours.c1z", "theirs.c1z"]);
}
