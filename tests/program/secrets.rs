//! The token is nowhere: not in logs at debug level, not in errors, not in any file, whatever the API sends back.

use std::path::Path;

use baton_planetscale_demo::{CREDENTIAL_MARK, Endpoint, Fault, FaultKind, Place as At, Scenario};

use crate::harness::{Place, Run};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => {
                let bytes = std::fs::read(&path).expect("a file");
                let bytes = match bytes.strip_prefix(b"C1ZF\0") {
                    Some(payload) => zstd::decode_all(payload).expect("zstd"),
                    None => bytes,
                };
                found.push((path.display().to_string(), bytes));
            }
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

fn assert_clean(place: &Place, run: &Run) {
    let (_, value) = place.server.service_token().split_once(':').expect("two halves");
    for secret in [value, CREDENTIAL_MARK] {
        assert!(!run.stdout.contains(secret), "stdout: {}", run.stdout);
        assert!(!run.stderr.contains(secret), "stderr: {}", run.stderr);
        for (name, bytes) in files(place.folder()) {
            assert!(!holds(&bytes, secret), "{name} holds {secret}");
        }
    }
}

#[test]
fn a_good_run_at_debug_level_writes_no_secret() {
    for file in ["sync.c1z", "sync.jsonl"] {
        let place = Place::new(Scenario::demo());
        let run =
            place.run(&["--log-level", "debug", "--log-path", "log", "--log-path", "stderr", "-f", file]);
        assert_clean(&place, &run.ends_with(0));
    }
}

#[test]
fn a_token_that_the_api_sends_back_is_in_nothing() {
    for status in [400, 401, 403, 404, 422] {
        for endpoint in [Endpoint::Organizations, Endpoint::Members, Endpoint::TeamMembers] {
            let at = At { endpoint: Some(endpoint), ..At::default() };
            let faults = vec![Fault { at, times: Some(9), kind: FaultKind::EchoToken { status } }];
            let place = Place::new(Scenario { faults, ..Scenario::demo() });
            let run = place.run(&["--log-level", "debug"]);
            assert!(run.code.is_some_and(|code| code != 0), "{}", run.stderr);
            assert_clean(&place, &run);
        }
    }
}
