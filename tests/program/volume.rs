//! Volumes that cannot do everything: it works without, or refuses before anything is asked.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use baton_planetscale_demo::Scenario;
use rustix::io::Errno;

use crate::harness::Place;
use crate::mount::{namespace, shell};
use crate::sandbox::{Refused, refused, run};

/// What a volume without permissions refuses.
fn modes() -> Vec<Refused> {
    let calls = [
        #[cfg(target_arch = "x86_64")]
        libc::SYS_chmod,
        libc::SYS_fchmod,
        libc::SYS_fchmodat,
    ];
    calls.into_iter().map(|call| refused(call, Errno::PERM)).collect()
}

#[test]
fn a_volume_on_which_nobody_can_set_permissions_is_no_hindrance() {
    let place = Place::new(Scenario::demo());
    for name in ["sync.c1z", "sync.jsonl"] {
        run(place.program().args(["-f", name]), &modes()).ends_with(0);
        // The file has permissions that a new one has not, and the folder those that such a volume gives to all.
        fs::set_permissions(place.path(name), Permissions::from_mode(0o660)).expect("permission");
        let work = place.path(&format!(".{name}.work"));
        fs::create_dir(&work).expect("a folder");
        fs::set_permissions(&work, Permissions::from_mode(0o755)).expect("permission");
        let run = run(place.program().args(["-f", name]), &modes()).ends_with(0);
        let warned =
            |words: &str| run.log().iter().any(|line| line["msg"].as_str().unwrap_or("").contains(words));
        assert!(warned("cannot keep others out"), "{}", run.stderr);
        assert!(warned("may have changed"), "{}", run.stderr);
        let mode = fs::metadata(place.path(name)).expect("the file").permissions().mode() & 0o777;
        assert_eq!(mode & !0o660, 0, "{mode:o}: nobody may read it who could not before");
    }
    assert_eq!(place.names(), ["sync.c1z", "sync.jsonl"]);
}

#[test]
fn a_volume_without_locks_is_no_hindrance() {
    let place = Place::new(Scenario::demo());
    for with in [Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP] {
        let run = run(&mut place.program(), &[refused(libc::SYS_flock, with)]).ends_with(0);
        assert!(run.stderr.contains("has no locks"), "{}", run.stderr);
        assert_eq!(place.names(), ["sync.c1z"]);
    }
}

#[test]
fn a_file_that_is_mounted_is_refused_before_anything_is_asked() {
    let place = Place::new(Scenario::demo());
    let Some(way) = namespace() else { return };
    for name in ["sync.c1z", "sync.jsonl", "a b.c1z"] {
        fs::write(place.path(name), "").expect("a file");
        fs::write(place.path("source"), "").expect("a file");
        let script = format!("mount --bind source '{name}' || exit 97; \"$@\"");
        let run = shell(&place, way, &script, &["-f", name]).ends_with(2);
        assert!(run.sentence().contains("mount the folder it lies in"), "{}", run.stderr);
        fs::remove_file(place.path("source")).expect("removed");
        fs::remove_file(place.path(name)).expect("removed");
    }
    assert_eq!(place.names(), Vec::<String>::new());
    assert_eq!(place.server.counters().requests, 0);
}
