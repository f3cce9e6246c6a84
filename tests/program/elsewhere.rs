//! The database may lie on another disk than the file.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use baton_planetscale_demo::Scenario;

use crate::harness::{Place, Run};
use crate::mount::{names, namespace, shell};

/// Another file system than the one of a place: a folder that is there, or one that a namespace mounts in the place.
enum Elsewhere {
    Folder(tempfile::TempDir),
    Mounted(&'static [&'static str]),
}

impl Elsewhere {
    fn find(place: &Place) -> Option<Elsewhere> {
        let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
        let here = device(place.folder());
        let shared = ["/dev/shm", env!("CARGO_TARGET_TMPDIR"), "/tmp", "/var/tmp", "/run"];
        let mut other =
            shared.iter().map(Path::new).filter(|path| device(path).is_some_and(|_| device(path) != here));
        let folder = other.find_map(|path| tempfile::tempdir_in(path).ok()).map(Elsewhere::Folder);
        folder.or_else(|| namespace().map(Elsewhere::Mounted))
    }

    /// Run with the database there. It has to be gone at the end.
    fn run(&self, place: &Place, args: &[&str]) -> Run {
        let (run, left) = match self {
            Elsewhere::Folder(folder) => {
                let temp = folder.path().to_str().expect("a name");
                let run = place.run(&[args, &["--c1z-temp-dir", temp]].concat());
                (run, names(folder.path()))
            }
            Elsewhere::Mounted(way) => {
                let outside = tempfile::tempdir().expect("a folder");
                let temp = outside.path().to_str().expect("a name");
                let script = format!(
                    "mount -t tmpfs -o size=16m tmpfs {temp} || exit 97\n\
                     \"$@\"; code=$?\n\
                     test -z \"$(ls -A {temp})\" || exit 98\n\
                     exit $code"
                );
                (shell(place, way, &script, &[args, &["--c1z-temp-dir", temp]].concat()), Vec::new())
            }
        };
        assert_eq!(left, Vec::<String>::new());
        run
    }
}

#[test]
fn the_database_may_lie_on_another_file_system_than_the_file() {
    let place = Place::new(Scenario::demo());
    let Some(elsewhere) = Elsewhere::find(&place) else {
        // Not with `eprintln!`, which nobody sees of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "not tested: this machine has no second file system, and nobody may mount one"
        );
        return;
    };
    // The third run leaves a sync out, for which the database is copied.
    for (runs, kept) in [(1, 1), (2, 2), (3, 2)] {
        elsewhere.run(&place, &[]).ends_with(0);
        let file = place.open("sync.c1z");
        assert_eq!((file.count("v1_sync_runs"), file.count("v1_grants")), (kept, 61 * kept), "run {runs}");
    }
    elsewhere.run(&place, &["-f", "sync.jsonl"]).ends_with(0);
    assert_eq!(place.names(), ["sync.c1z", "sync.jsonl"]);
}
