//! The config file as people have it: read as the Go connectors read it, or told with its line.

use std::fs;

use baton_planetscale_demo::Scenario;

use crate::harness::{Place, Run, bare};

/// A file with both values, in the bytes that this makes of them.
fn with_file(make: impl Fn(String) -> Vec<u8>) -> (Place, Run) {
    let place = Place::new(Scenario::demo());
    let text = format!(
        "planetscale-service-token: {}\nplanetscale-api-url: {}\nlog-level: debug\n",
        place.server.service_token(),
        place.server.url()
    );
    fs::write(place.path(".baton.yaml"), make(text)).expect("a file");
    let run = Run::of(&mut bare(place.folder()));
    (place, run)
}

/// Makes a file's bytes of its text.
type Make<'a> = &'a dyn Fn(String) -> Vec<u8>;

#[test]
fn what_go_reads_is_read() {
    let wide = |text: String| {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let makes: [&dyn Fn(String) -> Vec<u8>; 6] = [
        &String::into_bytes,
        &wide,
        &|text| [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        &|text| upper_keys(&text).into_bytes(),
        &|text| format!("{text}workers: null\nfile:\n").into_bytes(),
        &|text| format!("{text}---\nanother: document\n").into_bytes(),
    ];
    for make in makes {
        let (place, run) = with_file(make);
        run.ends_with(0);
        assert_eq!(place.names(), [".baton.yaml", "sync.c1z"]);
    }
}

fn upper_keys(text: &str) -> String {
    let line = |line: &str| {
        let (key, value) = line.split_once(": ").expect("a value");
        format!("{}: {value}\n", key.to_uppercase())
    };
    text.lines().map(line).collect()
}

#[test]
fn what_cannot_be_read_is_the_last_word_when_values_are_missing() {
    let makes: [(Make<'_>, &str); 4] = [
        (&|text| format!("{text}file: [cut").into_bytes(), "the config file .baton.yaml, line "),
        (
            &|text| format!("{text}log-level: info\n").into_bytes(),
            "the config file .baton.yaml, line 4, cannot be read",
        ),
        (
            &|text| [text.as_bytes(), b"file: J\xfcrgen.c1z\n"].concat(),
            "the config file .baton.yaml, line 4, cannot be read",
        ),
        (&|_| b"- a\n- list\n".to_vec(), "the config file .baton.yaml"),
    ];
    for (make, words) in makes {
        let (place, run) = with_file(make);
        let run = run.ends_with(2);
        let last = run.sentence();
        let last = last.lines().last().expect("a line");
        assert!(run.sentence().starts_with("required flag(s) "), "{}", run.stderr);
        assert!(last.starts_with(words), "{}", run.stderr);
        assert_eq!(place.names(), [".baton.yaml"]);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let run = Run::of(bare(folder.path()).env("BATON_CONFIG_PATH", "nowhere.yaml")).ends_with(2);
    let last = run.sentence();
    assert!(
        last.lines().last().is_some_and(|line| line.contains("nowhere.yaml cannot be read: No such file")),
        "{last}"
    );
}

#[test]
fn what_cannot_be_read_is_told_first_and_last_when_values_are_given_elsewhere() {
    let place = Place::new(Scenario::demo());
    fs::write(place.path(".baton.yaml"), "workers: 1\nworkers: 2\n").expect("a file");
    let run = place.run(&[]).ends_with(0);
    let log = run.log();
    let is_it = |line: Option<&serde_json::Value>| {
        line.is_some_and(|line| {
            line["msg"] == "the config file .baton.yaml, line 2, cannot be read: a name is there twice"
        })
    };
    assert!(is_it(log.iter().find(|line| line["level"] == "warn")) && is_it(log.last()), "{}", run.stderr);
}
