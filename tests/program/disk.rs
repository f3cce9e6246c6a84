//! Disks that fail: full, read-only, and a folder whose permission goes in mid-run.
//!
//! Each time: exit code 2, one sentence that names the file and what is wrong, the old file as it was, and nothing
//! else left. Full and read-only are real: a file system of some kilobytes, in a mount namespace of the run's own,
//! so that nothing of it outlives the run. Where nobody may mount, a limit on the size of files stands in for the
//! small disk: another error of the system, met at the same places.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use baton_planetscale_demo::Scenario;

use crate::harness::{Place, Run};
use crate::mount::{names, namespace, shell};

/// Some megabytes of database, which pack into some hundred kilobytes.
fn large() -> Scenario {
    Scenario::overlapping(3, 1_000, 30, 25, 500)
}

/// A place with an old file, and a disk of its own in the folder `disk`.
struct Disk {
    place: Place,
    old: Vec<u8>,
}

impl Disk {
    fn new() -> Disk {
        let small = Place::new(Scenario::demo());
        small.run(&[]).ends_with(0);
        let old = fs::read(small.path("sync.c1z")).expect("the file");
        let place = Place::new(large());
        fs::write(place.path("old"), &old).expect("a copy");
        for folder in ["disk", "temp"] {
            fs::create_dir(place.path(folder)).expect("a folder");
        }
        Disk { place, old }
    }

    /// Run the program after a script, and look at what is on the disk before it goes. The script is given the old
    /// file as `sync.c1z` and `sync.jsonl`.
    fn run(&self, way: &[&str], script: &str, args: &[&str]) -> Run {
        let script = format!(
            "{script}\n\
             cp old disk/sync.c1z 2>/dev/null; cp old disk/sync.jsonl 2>/dev/null\n\
             {{ $last; }} || exit 99\n\
             \"$@\"; code=$?\n\
             {{ ls -A disk; ls -A temp; }} >names; cp disk/sync.c1z disk/sync.jsonl . || exit 98\n\
             exit $code"
        );
        shell(&self.place, way, &script, args)
    }

    /// That the run failed as it should, and left the disk as it was.
    fn is_as_before(&self, run: Run, words: &[&str]) {
        let run = run.ends_with(2);
        assert!(words.iter().any(|word| run.sentence().contains(word)), "none of {words:?}: {}", run.stderr);
        assert_eq!(run.sentence().lines().count(), 1, "one sentence: {}", run.stderr);
        let names = fs::read_to_string(self.place.path("names")).expect("the names");
        let names: Vec<&str> = names.lines().filter(|name| *name != "filler").collect();
        assert_eq!(names, ["sync.c1z", "sync.jsonl"], "nothing else is left");
        for name in names {
            assert!(fs::read(self.place.path(name)).ok().as_ref() == Some(&self.old), "{name} was touched");
        }
        assert_eq!(fs::read_dir(self.place.path("temp")).expect("the folder").count(), 0);
    }
}

#[test]
fn a_full_disk_ends_the_run_and_takes_nothing_with_it() {
    let disk = Disk::new();
    let Some(way) = namespace() else {
        // Half a megabyte a file.
        let limit = "last=\"ulimit -f 1000\"; trap '' XFSZ";
        for name in ["disk/sync.c1z", "disk/sync.jsonl"] {
            let run = disk.run(&[], limit, &["-f", name]);
            disk.is_as_before(run, &["File too large", "disk I/O error", "database or disk is full"]);
        }
        return;
    };
    let full = ["No space left on device", "database or disk is full"];
    // The disk is full while the sync reads.
    let small = "mount -t tmpfs -o size=512k tmpfs disk || exit 97; last=true";
    for name in ["disk/sync.c1z", "disk/sync.jsonl"] {
        let run = disk.run(way, small, &["-f", name]);
        assert!(run.sentence().contains(name), "{}", run.stderr);
        disk.is_as_before(run, &full);
    }
    // The disk of the working database is another one, and the one that is told.
    let elsewhere = "mount -t tmpfs -o size=512k tmpfs temp || exit 97; last=true";
    let run = disk.run(way, elsewhere, &["-f", "disk/sync.c1z", "--c1z-temp-dir", "temp"]);
    assert!(run.sentence().contains("disk/sync.c1z: the working database in temp/"), "{}", run.stderr);
    disk.is_as_before(run, &full);
    for name in ["sync.c1z", "sync.jsonl"] {
        fs::remove_file(disk.place.path("disk").join(name)).expect("removed");
    }
    // The database has room elsewhere, but the packed file has none.
    let filled = "mount -t tmpfs -o size=512k tmpfs disk || exit 97\n\
                  last='dd if=/dev/zero of=disk/filler bs=1k count=400 status=none'";
    let run = disk.run(way, filled, &["-f", "disk/sync.c1z", "--c1z-temp-dir", "temp"]);
    disk.is_as_before(run, &full);
    // It is full before anything begins: not even an empty file has room.
    let inodes = "mount -t tmpfs -o size=512k,nr_inodes=3 tmpfs disk || exit 97; last=true";
    let run = disk.run(way, inodes, &["-f", "disk/sync.c1z", "--c1z-temp-dir", "temp"]);
    disk.is_as_before(run, &full);
    assert!(disk.place.server.counters().requests > 0);
}

#[test]
fn a_read_only_file_system_is_told_before_anything_is_asked() {
    let disk = Disk::new();
    // Where nobody may mount, a folder without permission says the same: see the next test.
    let Some(way) = namespace() else { return closed_folder_is_refused(&disk.place) };
    let read_only = "mount -t tmpfs -o size=512k tmpfs disk || exit 97; last='mount -o remount,bind,ro disk'";
    for name in ["disk/sync.c1z", "disk/sync.jsonl"] {
        let run = disk.run(way, read_only, &["-f", name]);
        assert!(run.sentence().starts_with(&format!("cannot write {name}: ")), "{}", run.stderr);
        disk.is_as_before(run, &["Read-only file system"]);
    }
    assert_eq!(disk.place.server.counters().requests, 0);
}

/// Who may do only what modes allow: root may do everything, so root runs the program as somebody else, from a copy
/// that everybody may read.
struct Somebody {
    root: bool,
    home: tempfile::TempDir,
}

const SOMEBODY: u32 = 65_534;

impl Somebody {
    fn new(place: &Place) -> Somebody {
        let home = tempfile::tempdir().expect("a folder");
        let root = fs::metadata(home.path()).expect("the folder").uid() == 0;
        fs::set_permissions(place.folder(), Permissions::from_mode(0o755)).expect("open to read");
        let program = place.program();
        let (from, to) = (Path::new(program.get_program()), home.path().join("program"));
        fs::hard_link(from, &to).or_else(|_| fs::copy(from, &to).map(drop)).expect("a copy");
        let somebody = Somebody { root, home };
        somebody.own(somebody.home.path());
        somebody
    }

    fn program(&self, place: &Place, args: &[&str]) -> Command {
        let whole = place.program();
        let mut command = Command::new(self.home.path().join("program"));
        let values = whole.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.env_clear().envs(values).env("HOME", self.home.path());
        command.current_dir(place.folder()).args(args).stdin(Stdio::null());
        if self.root {
            command.uid(SOMEBODY).gid(SOMEBODY);
        }
        command
    }

    /// Let somebody write there.
    fn own(&self, path: &Path) {
        match self.root {
            true => chown(path, Some(SOMEBODY), Some(SOMEBODY)).expect("given"),
            false => fs::set_permissions(path, Permissions::from_mode(0o755)).expect("opened"),
        }
    }

    /// Let nobody but root write there.
    fn close(&self, path: &Path) {
        if self.root {
            chown(path, Some(0), Some(0)).expect("taken");
        }
        fs::set_permissions(path, Permissions::from_mode(0o555)).expect("closed");
    }
}

/// A folder with an old file, and what is in the file.
fn folder_with_a_file(place: &Place, old: &[u8]) -> PathBuf {
    let folder = place.path("folder");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("sync.c1z"), old).expect("a file");
    folder
}

fn closed_folder_is_refused(place: &Place) {
    let somebody = Somebody::new(place);
    let folder = folder_with_a_file(place, b"");
    somebody.close(&folder);
    for name in ["folder/sync.c1z", "folder/new.jsonl"] {
        let run = Run::of(&mut somebody.program(place, &["-f", name])).ends_with(2);
        assert!(
            run.sentence().starts_with(&format!("cannot write {name}: Permission denied")),
            "{}",
            run.stderr
        );
        assert_eq!(run.sentence().lines().count(), 1, "{}", run.stderr);
    }
    assert_eq!(names(&folder), ["sync.c1z"]);
    assert_eq!(place.server.counters().requests, 0);
}

#[test]
fn a_folder_without_permission_is_told_before_anything_is_asked() {
    closed_folder_is_refused(&Place::new(Scenario::demo()));
}

#[test]
fn permission_that_goes_in_mid_run_costs_the_run_and_not_the_file() {
    let old = Disk::new().old;
    let place = Place::new(Scenario { latency_ms: 20, ..Scenario::demo() });
    let somebody = Somebody::new(&place);
    let folder = folder_with_a_file(&place, &old);
    for (file, args) in [("sync.c1z", &[][..]), ("sync.c1z", &["--c1z-temp-dir", "temp"])] {
        let temp = place.path("temp");
        fs::create_dir_all(&temp).expect("a folder");
        somebody.own(&temp);
        somebody.own(&folder);
        let name = format!("folder/{file}");
        let before = place.server.counters().requests;
        let mut command = somebody.program(&place, &[&["-f", &name], args].concat());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        while place.server.counters().requests < before + 4 {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        somebody.close(&folder);
        let run = Run::ended(child.wait_with_output().expect("it ends")).ends_with(2);
        assert!(run.sentence().contains("Permission denied"), "{}", run.stderr);
        assert!(
            run.sentence().starts_with("cannot write ") && run.sentence().contains(file),
            "{}",
            run.stderr
        );
        assert!(fs::read(folder.join(file)).expect("the file") == old, "the file was touched");
        assert_eq!(names(&temp), Vec::<String>::new());
        // Nobody can take a name out of a folder without permission. What was behind the names is gone, and with the
        // permission the next run takes the names.
        for left in names(&folder).iter().filter(|name| *name != file) {
            let path = folder.join(left);
            match path.is_dir() {
                true => assert_eq!(names(&path), Vec::<String>::new(), "{left}"),
                false => assert_eq!(fs::metadata(&path).expect("the file").len(), 0, "{left}"),
            }
        }
        somebody.own(&folder);
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("opened");
        Run::of(&mut somebody.program(&place, &["-f", &name])).ends_with(0);
        assert_eq!(names(&folder), [file]);
        fs::write(folder.join(file), &old).expect("the old file");
        somebody.own(&folder.join(file));
    }
}
