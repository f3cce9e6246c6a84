//! What shells and manual readers are given.

use std::process::Command;

use baton_planetscale_demo::Scenario;

use crate::harness::{Place, Run, bare};

fn said(place: &Place, args: &[&str]) -> String {
    Run::of(bare(place.folder()).args(args)).ends_with(0).stdout
}

/// What bash offers when the last of these words is typed.
fn offered(script: &std::path::Path, words: &[&str]) -> Vec<String> {
    let [.., before, last] = words else { panic!("words") };
    let ask = format!(
        "source {}; COMP_WORDS=({}); COMP_CWORD={}; registered=$(complete -p baton-planetscale); \
         function=${{registered##*-F }}; ${{function%% *}} baton-planetscale '{last}' '{before}'; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display(),
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1,
    );
    let output = Command::new("bash").args(["--norc", "-c", &ask]).output().expect("bash");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_the_connectors_fields_and_the_commands() {
    let place = Place::new(Scenario::demo());
    let script = place.path("completion.bash");
    std::fs::write(&script, said(&place, &["completion", "bash"])).expect("a file");
    if Command::new("bash").arg("--version").output().is_err() {
        // The script is for a shell that is not here.
        return;
    }
    assert_eq!(
        offered(&script, &["baton-planetscale", "--planetscale-s"]),
        ["--planetscale-service-token", "--planetscale-service-token-file"]
    );
    assert_eq!(offered(&script, &["baton-planetscale", "acc"]), ["access"]);
    assert_eq!(offered(&script, &["baton-planetscale", "completion", "po"]), ["powershell"]);
    // What the help hides is not offered.
    assert_eq!(offered(&script, &["baton-planetscale", "--compact"]), [""]);
}

#[test]
fn every_shell_has_a_script_of_its_own() {
    let place = Place::new(Scenario::demo());
    let of = [("zsh", "#compdef"), ("fish", "complete -c"), ("powershell", "Register-ArgumentCompleter")];
    for (shell, mark) in of {
        let script = said(&place, &["completion", shell]);
        assert!(script.contains(mark) && script.contains("planetscale-service-token"), "{shell}: {script}");
        assert!(!script.contains("compact-syncs"), "{shell}");
    }
    let run = Run::of(bare(place.folder()).args(["completion", "tcsh"])).ends_with(2);
    assert!(run.sentence().starts_with("unknown command \"tcsh\""), "{}", run.stderr);
    assert!(said(&place, &["completion"]).contains("powershell"));
}

#[test]
fn the_manual_page_has_the_connectors_fields() {
    let place = Place::new(Scenario::demo());
    let page = said(&place, &["man"]);
    assert!(page.contains(".TH baton-planetscale 1"), "{page}");
    assert!(page.contains("\\-\\-planetscale\\-service\\-token") && page.contains(".SH OPTIONS"), "{page}");
    assert!(!page.contains("compact"), "{page}");
}
