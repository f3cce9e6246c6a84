//! Values that stand in files, as systemd and Kubernetes hand out secrets.

use std::fs;

use baton_planetscale_demo::Scenario;

use crate::harness::{Place, Run, bare};

const TOKEN: &str = "planetscale-service-token";

/// A place whose secrets lie beside it, out of what is searched for them.
fn place() -> (Place, tempfile::TempDir) {
    let (place, beside) = (Place::new(Scenario::demo()), tempfile::tempdir().expect("a folder"));
    fs::write(beside.path().join("token"), format!("{}\n", place.server.service_token())).expect("a file");
    fs::write(beside.path().join("url"), place.server.url()).expect("a file");
    (place, beside)
}

#[test]
fn every_field_may_come_from_a_file_by_flag_variable_and_config_file() {
    let (place, beside) = place();
    let path = |name: &str| beside.path().join(name).display().to_string();
    let (token, url) = (path("token"), path("url"));
    let flags = [format!("--{TOKEN}-file={token}"), format!("--planetscale-api-url-file={url}")];
    Run::of(bare(place.folder()).args(flags)).ends_with(0);
    let mut program = bare(place.folder());
    program.env("BATON_PLANETSCALE_SERVICE_TOKEN_FILE", &token).env("BATON_PLANETSCALE_API_URL_FILE", &url);
    Run::of(program.args(["-f", "of-variables.c1z"])).ends_with(0);
    let yaml = format!("{TOKEN}-file: {token}\nplanetscale-api-url-file: {url}\nfile: of-file.c1z\n");
    fs::write(place.path(".baton.yaml"), yaml).expect("a file");
    Run::of(&mut bare(place.folder())).ends_with(0);
    assert_eq!(place.names(), [".baton.yaml", "of-file.c1z", "of-variables.c1z", "sync.c1z"]);
}

#[test]
fn a_value_and_its_file_are_not_given_together() {
    let (place, beside) = place();
    let token = beside.path().join("token").display().to_string();
    let file = format!("--{TOKEN}-file={token}");
    let flag = format!("--{TOKEN}=a:b");
    let (mut flags, mut variable, mut yaml) =
        (bare(place.folder()), bare(place.folder()), bare(place.folder()));
    flags.args([&file, &flag]);
    variable.env("BATON_PLANETSCALE_SERVICE_TOKEN", "a:b").arg(&file);
    yaml.env("BATON_PLANETSCALE_SERVICE_TOKEN_FILE", &token);
    fs::write(place.path(".baton.yaml"), "log-level: info\n").expect("a file");
    for command in [&mut flags, &mut variable] {
        both(Run::of(command));
    }
    fs::write(place.path(".baton.yaml"), format!("{TOKEN}: a:b\n")).expect("a file");
    both(Run::of(&mut yaml));
    assert_eq!(place.server.counters().requests, 0);
}

#[track_caller]
fn both(run: Run) {
    let run = run.ends_with(2);
    assert_eq!(run.sentence(), format!("{TOKEN} and {TOKEN}-file are both given; leave one of them out"));
    assert_eq!(run.last_line().expect("a line")["field"], TOKEN);
}

#[test]
fn one_newline_at_the_end_is_cut_and_nothing_else() {
    let (place, beside) = place();
    let value = beside.path().join("inline");
    for (text, code) in [("true", 0), ("true\n", 0), ("true\r\n", 0), ("true\n\n", 3), ("\ntrue", 3)] {
        fs::write(&value, text).expect("a file");
        let run = Run::of(place.program().arg("--planetscale-inline-team-members-file").arg(&value));
        let run = run.ends_with(code);
        let field = run.last_line().map(|line| line["field"].clone());
        assert_eq!(field, (code == 3).then(|| "planetscale-inline-team-members".into()), "{text:?}");
    }
}

#[test]
fn a_file_that_holds_no_value_is_told_without_what_it_holds() {
    let (place, beside) = place();
    let file = beside.path().join("secret");
    let path = file.display().to_string();
    let tell = |write: &dyn Fn(), said: &str| {
        write();
        let run = Run::of(
            place
                .program()
                .env_remove("BATON_PLANETSCALE_SERVICE_TOKEN")
                .args([format!("--{TOKEN}-file"), path.clone()]),
        );
        let sentence = run.ends_with(2).sentence();
        let begins = format!("field {TOKEN}: the file {path}, which {TOKEN}-file names, ");
        assert!(sentence.starts_with(&begins) && sentence.contains(said), "{sentence}");
    };
    tell(&|| (), "cannot be read: No such file");
    tell(&|| fs::write(&file, "").expect("a file"), "is empty");
    tell(&|| fs::write(&file, "\n").expect("a file"), "is empty");
    tell(&|| fs::write(&file, b"s3cret\xff").expect("a file"), "is no UTF-8 text");
    tell(&|| fs::write(&file, vec![b'a'; (1 << 20) + 1]).expect("a file"), "more than 1048576 bytes");
    assert_eq!(place.server.counters().requests, 0);
}

#[test]
fn the_help_shows_files_of_secrets_and_a_form_has_no_such_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let help = Run::of(bare(folder.path()).arg("--help")).ends_with(0).stdout;
    for part in [format!("--{TOKEN}-file"), "--client-secret-file".into(), "API_URL_FILE".into()] {
        assert_eq!(help.contains(&part), part != "API_URL_FILE", "{part}: {help}");
    }
    let config = Run::of(bare(folder.path()).arg("config")).ends_with(0).stdout;
    assert!(config.contains(TOKEN) && !config.contains("-file\""), "{config}");
}
