//! Machines that give little or refuse much: it works, or says in a sentence what the machine refuses, with exit code 2.

use std::fs;
use std::path::{Path, PathBuf};

use baton_planetscale_demo::Scenario;
use rustix::io::Errno;

use crate::harness::{Place, Run};
use crate::mount::names;
use crate::sandbox::{Refused, limited, refused, run};
use crate::somebody::Somebody;

/// Of `clone`: the new task is a thread of the caller.
const THREAD: u64 = libc::CLONE_THREAD as u64;
/// Of `mprotect`: what is there may be run.
const EXECUTE: u64 = libc::PROT_EXEC as u64;

/// That a run did what it was to do, or says what the machine refuses.
#[track_caller]
fn worked_or_told(run: Run, word: &str) -> bool {
    match run.code {
        Some(0) => true,
        Some(2) => {
            assert_eq!(run.sentence().lines().count(), 1, "one sentence: {}", run.stderr);
            assert!(run.sentence().contains(word), "{}", run.stderr);
            false
        }
        other => panic!("it ended with {other:?}: {}", run.stderr),
    }
}

#[test]
fn threads_that_cannot_be_made_are_told() {
    let place = Place::new(Scenario::demo());
    let threads = || Refused { call: libc::SYS_clone, when: Some((0, THREAD)), with: Errno::AGAIN };
    for args in [&["--version"][..], &[]] {
        // As the newest systems refuse, and as old container engines do, which do not know the newer call.
        let none = [threads(), refused(libc::SYS_clone3, Errno::NOSYS)];
        let told = run(place.program().args(args), &none).ends_with(2);
        assert!(told.sentence().contains("0 of the 5 threads"), "{}", told.stderr);
        assert_eq!(place.server.counters().requests, 0);
    }
    // Where the C library has no use for the newer call, it works.
    for args in [&["--version"][..], &[]] {
        let unknown = run(place.program().args(args), &[refused(libc::SYS_clone3, Errno::PERM)]);
        if !worked_or_told(unknown, "clone3") {
            assert_eq!(place.server.counters().requests, 0);
        }
    }
}

#[test]
fn with_any_number_of_threads_it_works_or_says_so() {
    let place = Place::new(Scenario::demo());
    let somebody = Somebody::of(&place, 61_851);
    somebody.own(place.folder());
    let mut worked = Vec::new();
    for most in 1..=12 {
        let mut command = limited(&somebody.program(&place, &[]), &[format!("--nproc={most}")]);
        worked.push(worked_or_told(Run::of(somebody.run_by(&mut command)), "threads"));
    }
    assert!(worked.is_sorted(), "more threads are no worse: {worked:?}");
    assert_eq!((worked.first(), worked.last()), (Some(&false), Some(&true)));
}

#[test]
fn a_gigabyte_of_addresses_is_enough() {
    let place = Place::new(Scenario::sized(2, 300, 30, 10));
    let limit = [format!("--as={}", 1_u64 << 30)];
    for args in [&["--help"][..], &["--version"], &[], &["--workers", "64"], &["-f", "sync.jsonl"]] {
        let home = tempfile::tempdir().expect("a folder");
        for _compiled in [false, true] {
            let mut program = place.program();
            program.args(args).env("HOME", home.path());
            Run::of(&mut limited(&program, &limit)).ends_with(0);
        }
    }
}

#[test]
fn a_file_without_a_name_is_not_needed() {
    let place = Place::new(Scenario::demo());
    run(&mut place.program(), &[refused(libc::SYS_memfd_create, Errno::PERM)]).ends_with(0);
}

#[test]
fn memory_that_may_not_be_executable_is_told() {
    let place = Place::new(Scenario::demo());
    for with in [Errno::ACCESS, Errno::PERM] {
        let policy = [Refused { call: libc::SYS_mprotect, when: Some((2, EXECUTE)), with }];
        for args in [&["--help"][..], &[]] {
            let told = run(place.program().args(args), &policy).ends_with(2);
            assert!(told.sentence().contains("memory for compiled code"), "{}", told.stderr);
        }
    }
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn a_limit_on_the_size_of_files_is_told() {
    let place = Place::new(Scenario::overlapping(3, 1_000, 30, 25, 500));
    let home = tempfile::tempdir().expect("a folder");
    for file in ["sync.c1z", "sync.jsonl"] {
        let mut program = place.program();
        program.args(["-f", file]).env("HOME", home.path());
        let run = Run::of(&mut limited(&program, &["--fsize=65536".to_owned()])).ends_with(2);
        let told = run.sentence();
        assert!(told.starts_with(&format!("cannot write {file}: ")), "{}", run.stderr);
        assert!(told.contains("File too large") || told.contains("more than 65536 bytes"), "{}", run.stderr);
        assert_eq!(told.lines().count(), 1, "{}", run.stderr);
    }
    assert_eq!(place.names(), Vec::<String>::new());
}

/// Every file of a user's cache.
fn kept(home: &Path) -> Vec<PathBuf> {
    let folder = home.join(".cache/baton-compiled");
    names(&folder).into_iter().map(|name| folder.join(name)).collect()
}

#[test]
fn damaged_code_in_the_cache_is_made_anew() {
    let place = Place::new(Scenario::demo());
    let home = tempfile::tempdir().expect("a folder");
    let again = || {
        Run::of(place.program().env("HOME", home.path())).ends_with(0);
        let entries = kept(home.path());
        let [entry] = entries.as_slice() else { panic!("one entry: {entries:?}") };
        (entry.clone(), fs::read(entry).expect("the entry"))
    };
    let (entry, whole) = again();
    assert_eq!(again().1, whole, "it is used as it is");
    let last = whole.len() - 1;
    for at in [0, 40, whole.len() / 3, whole.len() / 2, last] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        fs::write(&entry, damaged).expect("written");
        assert_eq!(again(), (entry.clone(), whole.clone()), "byte {at}");
    }
    for damaged in [&whole[..last], &whole[..20], &[], &vec![0; whole.len()]] {
        fs::write(&entry, damaged).expect("written");
        assert_eq!(again(), (entry.clone(), whole.clone()));
    }
}
