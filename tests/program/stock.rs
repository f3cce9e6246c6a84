//! A connector of somebody else's, as plain cargo makes it, in the program: what its operator allows, by flag, variable
//! and config file, and what it says meanwhile.

use std::process::Command;

use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::acme::{Acme, CLIENT, SECRET};
use baton_planetscale_support::guests::{HOSTILE, STOCK_RUST};

use crate::harness::{Place, Run, bare};
#[cfg(target_os = "linux")]
use crate::mount::{in_shell, namespace};

/// Acme, the runtime that it is served on, and a place with a connector for it.
pub struct Stock {
    acme: Acme,
    _runtime: tokio::runtime::Runtime,
    pub place: Place,
}

impl Stock {
    pub fn new() -> Stock {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let acme = runtime.block_on(Acme::start()).expect("Acme");
        let place = Place::new(Scenario::demo());
        std::fs::write(place.path("acme.wasm"), STOCK_RUST).expect("a file");
        Stock { acme, _runtime: runtime, place }
    }

    fn program(&self) -> Command {
        let mut command = bare(self.place.folder());
        command.args(["--component", "acme.wasm", "-f", "acme.jsonl"]);
        command.env("BATON_ACME_URL", self.acme.url()).env("BATON_ACME_CLIENT_ID", CLIENT);
        command.env("BATON_ACME_CLIENT_SECRET", SECRET);
        command
    }

    /// The program with everything that the connector wants.
    pub fn allowed(&self) -> Command {
        let mut program = self.program();
        program.args(["--allow-write", &self.request()]);
        program
    }

    fn request(&self) -> String {
        format!("POST {}/oauth/token", self.acme.url())
    }
}

#[test]
fn the_operators_word_is_taken_from_a_flag_a_variable_and_the_config_file() {
    let stock = Stock::new();
    Run::of(stock.program().args(["--allow-write", &stock.request()])).ends_with(0);
    Run::of(stock.program().env("BATON_ALLOW_WRITE", stock.request())).ends_with(0);
    let file = format!("allow-write:\n  - {}\n", stock.request());
    std::fs::write(stock.place.path(".baton.yaml"), file).expect("a file");
    Run::of(&mut stock.program()).ends_with(0);
    let records = std::fs::read_to_string(stock.place.path("acme.jsonl")).expect("the file");
    for token in stock.acme.tokens() {
        assert!(!records.contains(&token));
    }
}

#[test]
fn without_it_the_refusal_names_the_flag_and_a_word_for_nothing_is_an_error() {
    let stock = Stock::new();
    let run = Run::of(&mut stock.program()).ends_with(7);
    let flag = format!("add --allow-write '{}'", stock.request());
    assert!(run.sentence().contains(&flag), "{}", run.stderr);
    assert!(stock.acme.requests().is_empty());
    for (flag, value, code, said) in [
        (
            "--allow-write",
            "POST https://other.example.com/x",
            3,
            "field allow-write: the connector does not declare",
        ),
        (
            "--allow-origin",
            "https://other.example.com",
            3,
            "field allow-origin: the connector does not declare",
        ),
        (
            "--allow-write",
            "https://other.example.com/x",
            2,
            "field allow-write: 'https://other.example.com/x' is no",
        ),
        (
            "--allow-origin",
            "https://other.example.com/x",
            2,
            "field allow-origin: 'https://other.example.com/x' is no",
        ),
    ] {
        let run = Run::of(stock.program().args([flag, value])).ends_with(code);
        assert!(run.sentence().contains(said), "{}", run.stderr);
    }
    assert!(stock.acme.requests().is_empty());
}

/// The hostile connector with a behaviour of `validate`, and the credential that the harness looks for.
fn hostile(place: &Place, mode: &str) -> Run {
    std::fs::write(place.path("hostile.wasm"), HOSTILE).expect("a file");
    let mut program = bare(place.folder());
    program.args(["--component", "hostile.wasm", "-f", "sync.jsonl", "--mode", mode, "--at", "validate"]);
    program.env("BATON_TOKEN", place.server.service_token());
    Run::of(&mut program)
}

#[test]
fn what_a_connector_writes_is_a_log_line_without_secrets_and_without_what_moves_a_cursor() {
    let place = Place::new(Scenario::demo());
    let run = hostile(&place, "secret").ends_with(0);
    for (message, level, stream) in [
        ("the token is [redacted], [2Jand [redacted]", "warn", "stderr"),
        ("the token is [redacted]", "debug", "stdout"),
        ("without an end: [redacted]", "warn", "stderr"),
    ] {
        let line = run.logged(message);
        assert_eq!((&line["level"], &line["stream"]), (&level.into(), &stream.into()), "{line}");
    }
}

#[test]
fn a_credential_that_came_in_a_reply_is_in_no_log_line_and_no_sentence() {
    let place = Place::new(Scenario::demo());
    let api = Server::start(Scenario::demo()).expect("a server");
    std::fs::write(place.path("hostile.wasm"), HOSTILE).expect("a file");
    for header in ["authorization", "cookie", "x-hostile-key"] {
        let mut program = bare(place.folder());
        program.args(["--component", "hostile.wasm", "-f", "sync.jsonl", "--mode", "sent-error"]);
        program.args(["--at", "validate", "--method", header, "--api-url", api.url()]);
        let run = Run::of(&mut program).ends_with(13);
        assert!(!run.stderr.contains("access-token-that-no-config-has"), "{}", run.stderr);
        assert!(run.sentence().contains("the vendor gave [redacted]"), "{}", run.stderr);
        assert_eq!(run.logged("the vendor gave [redacted]")["stream"], "stderr");
    }
}

/// Names are looked up and checked for an origin that was allowed as for one of a field.
#[cfg(target_os = "linux")]
#[test]
fn an_allowed_origin_whose_name_leads_to_this_machine_is_not_reached() {
    // The table of names is the machine's; where nobody may put another in its place, there is nothing to try.
    let Some(way) = namespace() else { return };
    let place = Place::new(Scenario::demo());
    std::fs::write(place.path("hostile.wasm"), HOSTILE).expect("a file");
    std::fs::write(place.path("hosts"), "127.0.0.1 localhost\n127.0.0.1 files.hostile.test\n")
        .expect("a file");
    let origin = "https://files.hostile.test";
    let mut args =
        vec!["--component", "hostile.wasm", "-f", "sync.jsonl", "--mode", "elsewhere", "--at", "validate"];
    args.extend(["--scheme", "https", "--authority", "files.hostile.test", "--path", "/"]);
    let script = "mount --bind hosts /etc/hosts || exit 97; exec \"$@\"";
    let run = Run::of(&mut in_shell(&bare(place.folder()), &place, way, script, &args)).ends_with(7);
    assert!(
        run.sentence().contains(&format!("add --allow-origin {origin}. Its reason: Files")),
        "{}",
        run.stderr
    );
    args.extend(["--allow-origin", origin]);
    let run = Run::of(&mut in_shell(&bare(place.folder()), &place, way, script, &args)).ends_with(13);
    assert!(run.sentence().contains("the name files.hostile.test leads to 127.0.0.1"), "{}", run.stderr);
}

#[test]
fn lines_past_the_bounds_are_counted() {
    let place = Place::new(Scenario::demo());
    let run = hostile(&place, "lines").ends_with(0);
    let shown = run.log().iter().filter(|line| line["stream"] == "stderr").count();
    assert!((200..10_000).contains(&shown), "{shown} lines");
    let told = run.logged("the connector wrote more log lines than are shown; the others were left out");
    // And the one on standard output.
    let left_out = told["left_out"].as_u64().expect("a number");
    assert!((20_000..=20_001).contains(&(left_out + shown as u64)), "{told}");
}

#[test]
fn a_crash_tells_where_and_in_debug_which_functions_were_active() {
    let place = Place::new(Scenario::demo());
    let run = hostile(&place, "panic").ends_with(13);
    let sentence = run.sentence();
    assert!(sentence.contains("crashed in validate ("), "{sentence}");
    assert!(sentence.contains("the reason that its author looks for"), "{sentence}");
    let trace = run
        .log()
        .into_iter()
        .find(|line| line["msg"].as_str().is_some_and(|text| text.starts_with("the connector crashed at: ")));
    let trace = trace.unwrap_or_else(|| panic!("no trace in {}", run.stderr));
    let text = trace["msg"].as_str().expect("a text");
    assert!(trace["level"] == "debug" && text.contains("baton_hostile_guests"), "{text}");
}
