//! What a file system does to a result: it is on the disk before it has its name, and a call that fails once, and works
//! from then on, costs the run or nothing.
//!
//! The program runs under `strace`, which shows its calls and lets single ones fail. That is no part of a toolchain, so these
//! tests are run apart: `cargo test --test program -- --ignored`.

use std::process::{Command, Output, Stdio};

use baton_planetscale_demo::{Endpoint, Fault, FaultKind, PagePlace, Place as At, Scenario};

use crate::harness::{Place, Run};

const NAMES: [&str; 2] = ["sync.c1z", "sync.jsonl"];

/// The program under `strace`, which is given these arguments and writes what it saw into `trace`.
fn traced(place: &Place, strace: &[&str], args: &[&str]) -> Run {
    let program = place.program();
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-o", "trace"]).args(strace).arg(program.get_program()).args(args);
    command.current_dir(place.folder()).env_clear().stdin(Stdio::null());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // Lines of the log are written, too.
    command.env("BATON_LOG_LEVEL", "error").env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let output: Output = command.output().expect("strace is there");
    assert!(place.path("trace").exists(), "strace may not trace here: {output:?}");
    Run::ended(output)
}

#[test]
#[ignore = "needs strace: `.ci/run` installs and runs it"]
fn a_result_is_on_the_disk_before_it_has_its_name_and_then_so_is_the_name() {
    for name in NAMES {
        let place = Place::new(Scenario::demo());
        let calls = "trace=fsync,fdatasync,rename,renameat,renameat2";
        traced(&place, &["-e", calls], &["-f", name]).ends_with(0);
        let trace = std::fs::read_to_string(place.path("trace")).expect("the trace");
        let lines: Vec<&str> = trace.lines().filter(|line| line.ends_with("= 0")).collect();
        let at = |what: &dyn Fn(&str) -> bool| lines.iter().position(|line| what(line));
        let forced = |line: &str| line.contains("fsync(") || line.contains("fdatasync(");
        let folder = format!("{}>", place.folder().canonicalize().expect("the folder").display());
        let temporary = format!("/.{name}.");
        let file = at(&|line| forced(line) && line.contains(&temporary) && line.contains(".tmp>"));
        let named = at(&|line| line.contains("rename") && line.contains(&format!("{name}\") ")));
        let known = at(&|line| forced(line) && line.contains(&folder));
        assert!(
            file.is_some() && file < named,
            "{name} is not forced to the disk before it is named: {trace}"
        );
        assert!(named.is_some() && named < known, "the folder of {name} is not forced to the disk: {trace}");
    }
}

/// A good file, and runs beside it in which one call fails at its first, second and so on time.
fn fail(calls: &str, error: &str, times: std::ops::RangeInclusive<u32>) {
    let good = Place::new(Scenario::sized(1, 50, 5, 10));
    for name in NAMES {
        good.run(&["-f", name]).ends_with(0);
    }
    let new = Place::new(Scenario::demo());
    let mut failed = 0;
    for name in NAMES {
        new.run(&["-f", name]).ends_with(0);
        let old = std::fs::read(good.path(name)).expect("the file");
        for time in times.clone() {
            let place = Place::new(Scenario::demo());
            std::fs::write(place.path(name), &old).expect("a copy");
            let inject = format!("inject={calls}:error={error}:when={time}");
            let trace = format!("trace={calls}");
            let run = traced(&place, &["-e", &trace, "-e", &inject], &["-f", name, "--workers", "1"]);
            let case = format!("{name}, {calls} number {time}: {}", run.stderr);
            match run.code {
                // It was not one that a result needs.
                Some(0) if name == "sync.c1z" => {
                    assert!(place.open(name).records() == new.open(name).records(), "{case}");
                }
                Some(0) => {
                    let lines = |place: &Place| {
                        std::fs::read_to_string(place.path(name)).map(|text| text.lines().count())
                    };
                    assert_eq!(lines(&place).ok(), lines(&new).ok(), "{case}");
                }
                Some(code) => {
                    // What the engine or the client writes fails with sentences of their own.
                    failed += u32::from(code == 2);
                    let at_rest = std::fs::read(place.path(name)).expect("the file") == old;
                    assert!(at_rest, "the file was touched: {case}");
                    assert_eq!(place.names(), [name, "trace"], "{case}");
                }
                None => panic!("{case}"),
            }
        }
    }
    assert!(failed > 0, "no {calls} of a result has failed");
}

#[test]
#[ignore = "needs strace: `.ci/run` installs and runs it"]
fn a_row_that_cannot_be_written_once_costs_the_run_or_nothing() {
    fail("pwrite64", "ENOSPC", 1..=6);
}

#[test]
#[ignore = "needs strace: `.ci/run` installs and runs it"]
fn a_file_that_cannot_be_forced_to_the_disk_is_no_result() {
    fail("fsync", "EIO", 1..=1);
}

#[test]
#[ignore = "needs strace: `.ci/run` installs and runs it"]
fn what_could_not_be_written_down_is_asked_for_by_the_next_run() {
    // Five attempts are made: then the run fails, and leaves what it wrote down.
    let at = At {
        endpoint: Some(Endpoint::TeamMembers),
        page: PagePlace::Any,
        team: Some("brand".into()),
        ..At::default()
    };
    let kind = FaultKind::Status { status: 503, body: None, content_type: None };
    let fault = Fault { at, times: Some(5), kind };
    let expected = Place::new(Scenario::demo());
    expected.run(&[]).ends_with(0);
    for time in [2, 5, 9] {
        let place = Place::new(Scenario { faults: vec![fault.clone()], ..Scenario::demo() });
        // Of the journal's writes alone: threads are woken by writing, too.
        let folder = place.folder().canonicalize().expect("the folder");
        let journal = folder.join(".sync.c1z.work/journal").display().to_string();
        let inject = format!("inject=write:error=ENOSPC:when={time}");
        let run = traced(&place, &["-P", &journal, "-e", "trace=write", "-e", &inject], &["--workers", "1"]);
        assert!(run.code.is_some_and(|code| code != 0), "{time}: {}", run.stderr);
        let trace = std::fs::read_to_string(place.path("trace")).expect("the trace");
        assert!(trace.contains("INJECTED"), "{trace}");
        place.run(&[]).ends_with(0);
        assert!(place.open("sync.c1z").records() == expected.open("sync.c1z").records(), "{time}");
    }
}
