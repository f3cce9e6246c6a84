//! Where it writes: nothing else is touched there, nobody else can look in, and what is somebody's stays theirs.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use baton_planetscale_demo::{Endpoint, Fault, FaultKind, Place as At, Scenario};

use crate::harness::{Place, Run, bare};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

/// An API that fails here: the run ends, and what it read is kept.
fn unavailable(endpoint: Endpoint) -> Place {
    let at = At { endpoint: Some(endpoint), ..At::default() };
    let kind = FaultKind::Status { status: 503, body: None, content_type: None };
    Place::new(Scenario { faults: vec![Fault { at, times: None, kind }], ..Scenario::demo() })
}

#[test]
fn a_name_that_is_refused_leaves_what_lies_under_such_a_name() {
    let place = Place::new(Scenario::demo());
    fs::create_dir(place.path("sub")).expect("a folder");
    for folder in [".x.zip.work", ".sub.work", "..c1z.work", "..work", ".sync.c1z.work"] {
        fs::create_dir(place.path(folder)).expect("a folder");
        fs::write(place.path(folder).join("precious"), "x").expect("a file");
    }
    fs::write(place.path(".x.zip.notes.tmp"), "x").expect("a file");
    let before = place.names();
    for (name, words) in [
        ("x.zip", "must end in .c1z"),
        ("", "the name is empty"),
        (".", "is a folder"),
        ("sub", "is a folder"),
        ("/", "is a folder"),
        ("sync.c1z/", "is a folder"),
        (".c1z", "needs a name before its extension"),
    ] {
        let run = place.run(&["-f", name]).ends_with(2);
        assert!(run.sentence().contains(words), "{name}: {}", run.stderr);
    }
    assert_eq!(place.names(), before);
    for folder in [".x.zip.work", ".sub.work", "..c1z.work", "..work", ".sync.c1z.work"] {
        assert!(place.path(folder).join("precious").exists(), "{folder} was emptied");
    }
    assert_eq!(place.server.counters().requests, 0);
}

#[test]
fn a_working_folder_that_is_a_link_is_not_followed() {
    let place = Place::new(Scenario::demo());
    for folder in ["temp", "victim"] {
        fs::create_dir(place.path(folder)).expect("a folder");
    }
    fs::write(place.path("victim/precious"), "x").expect("a file");
    symlink(place.path("victim"), place.path(".sync.c1z.work")).expect("a link");
    let run = place.run(&[]).ends_with(2);
    assert!(run.sentence().contains("not a folder"), "{}", run.stderr);

    // In a directory for temporary files the name can be known beforehand.
    let known = {
        let broken = unavailable(Endpoint::Organizations);
        fs::create_dir(broken.path("temp")).expect("a folder");
        let file = place.path("sync.c1z").display().to_string();
        fs::remove_file(place.path(".sync.c1z.work")).expect("removed");
        broken.run(&["-f", &file, "--c1z-temp-dir", "temp"]).ends_with(14);
        let mut left = fs::read_dir(broken.path("temp")).expect("a folder");
        left.next().expect("what is kept").expect("an entry").file_name()
    };
    symlink(place.path("victim"), place.path("temp").join(known)).expect("a link");
    // Nor is a lock.
    symlink(place.path("victim/new"), place.path(".other.c1z.lock")).expect("a link");
    place.run(&["-f", "other.c1z"]).ends_with(2);
    fs::remove_file(place.path(".other.c1z.lock")).expect("removed");
    let run = place.run(&["--c1z-temp-dir", "temp"]).ends_with(2);
    assert!(run.sentence().contains("not a folder"), "{}", run.stderr);
    assert_eq!(fs::read_dir(place.path("victim")).expect("a folder").count(), 1, "it was followed");
}

#[test]
fn a_working_folder_of_another_user_is_left_alone() {
    let place = Place::new(Scenario::demo());
    let folder = place.path(".sync.c1z.work");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("precious"), "x").expect("a file");
    // Only root can give something away.
    if fs::metadata(&folder).expect("the folder").uid() != 0 {
        return;
    }
    chown(&folder, Some(65_534), None).expect("given");
    let run = place.run(&[]).ends_with(2);
    assert!(run.sentence().contains("it belongs to another user"), "{}", run.stderr);
    assert!(folder.join("precious").exists());
    assert_eq!(place.names(), [".sync.c1z.work"]);
    assert_eq!(place.server.counters().requests, 0);
}

#[test]
fn nobody_else_can_look_at_what_is_being_written() {
    let place = unavailable(Endpoint::TeamMembers);
    fs::create_dir(place.path(".sync.c1z.work")).expect("a folder");
    fs::set_permissions(place.path(".sync.c1z.work"), Permissions::from_mode(0o755)).expect("permission");
    // What was read is kept, and with it the folder.
    place.run(&[]).ends_with(14);
    assert_eq!(mode(&place.path(".sync.c1z.work")), 0o700);
    assert_eq!(mode(&place.path(".sync.c1z.work/journal")), 0o600);
}

#[test]
fn who_may_read_a_file_stays_as_it_was() {
    let place = Place::new(Scenario::demo());
    for name in ["sync.c1z", "sync.jsonl"] {
        for wanted in [0o600, 0o660] {
            place.run(&["-f", name]).ends_with(0);
            fs::set_permissions(place.path(name), Permissions::from_mode(wanted)).expect("permission");
            place.run(&["-f", name]).ends_with(0);
            assert_eq!(mode(&place.path(name)), wanted, "{name}");
        }
    }
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let place = Place::new(Scenario::demo());
    symlink("elsewhere/sync.c1z", place.path("sync.c1z")).expect("a link");
    let run = place.run(&[]).ends_with(2);
    assert!(run.sentence().contains("a link to what is not there"), "{}", run.stderr);
    assert_eq!(place.names(), ["sync.c1z"]);
    fs::remove_file(place.path("sync.c1z")).expect("removed");
    assert_eq!(place.server.counters().requests, 0);
}

#[test]
fn the_demo_leaves_a_file_that_is_not_its_own() {
    let place = Place::new(Scenario::sized(1, 3, 1, 2));
    place.run(&[]).ends_with(0);
    let before = fs::read(place.path("sync.c1z")).expect("the file");
    let run = Run::of(bare(place.folder()).arg("demo")).ends_with(2);
    assert!(
        run.sentence().contains("sync.c1z holds syncs of something else than the demo"),
        "{}",
        run.stderr
    );
    assert!(fs::read(place.path("sync.c1z")).expect("the file") == before, "the file was touched");
    // Its own it adds to.
    for _ in 0..2 {
        Run::of(bare(place.folder()).args(["demo", "--file", "demo.c1z"])).ends_with(0);
    }
    assert_eq!(place.names(), ["demo-review", "demo.c1z", "sync.c1z"]);
}

#[test]
fn what_is_no_text_is_refused_by_its_place_or_name() {
    let place = Place::new(Scenario::demo());
    let odd = OsStr::from_bytes(b"\xfe.c1z");
    let run = Run::of(place.program().arg("-f").arg(odd)).ends_with(2);
    assert!(run.sentence().contains("argument 2 is no UTF-8 text"), "{}", run.stderr);
    let run = Run::of(place.program().env("BATON_FILE", odd)).ends_with(2);
    assert!(run.sentence().contains("the variable BATON_FILE is no UTF-8 text"), "{}", run.stderr);
    Run::of(place.program().env("SOMEBODY_ELSES", odd)).ends_with(0);
    assert_eq!(place.names(), ["sync.c1z"]);
}

#[test]
fn the_demo_writes_nothing_to_the_api_either() {
    let place = Place::new(Scenario::demo());
    Run::of(bare(place.folder()).args(["demo", "--revoke-grant", "x"])).ends_with(12);
    assert_eq!(place.names(), Vec::<String>::new());
}
