//! Who may do only what modes and limits allow: root may do everything, so root runs the program as somebody else, from a
//! copy that everybody may read.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::Place;

pub struct Somebody {
    root: bool,
    id: u32,
    home: tempfile::TempDir,
}

impl Somebody {
    pub fn new(place: &Place) -> Somebody {
        Somebody::of(place, 65_534)
    }

    /// Somebody with this id, if there is a choice: a limit on threads counts those of every process of the same id.
    pub fn of(place: &Place, id: u32) -> Somebody {
        let home = tempfile::tempdir().expect("a folder");
        let root = fs::metadata(home.path()).expect("the folder").uid() == 0;
        fs::set_permissions(place.folder(), Permissions::from_mode(0o755)).expect("open to read");
        let program = place.program();
        let (from, to) = (Path::new(program.get_program()), home.path().join("program"));
        fs::hard_link(from, &to).or_else(|_| fs::copy(from, &to).map(drop)).expect("a copy");
        let somebody = Somebody { root, id, home };
        somebody.own(somebody.home.path());
        somebody
    }

    pub fn program(&self, place: &Place, args: &[&str]) -> Command {
        let whole = place.program();
        let mut command = Command::new(self.home.path().join("program"));
        let values = whole.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.env_clear().envs(values).env("HOME", self.home.path());
        command.current_dir(place.folder()).args(args).stdin(Stdio::null());
        self.run_by(&mut command);
        command
    }

    /// Have a command run by them.
    pub fn run_by<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if self.root {
            command.uid(self.id).gid(self.id);
        }
        command
    }

    /// Let somebody write there.
    pub fn own(&self, path: &Path) {
        match self.root {
            true => chown(path, Some(self.id), Some(self.id)).expect("given"),
            false => fs::set_permissions(path, Permissions::from_mode(0o755)).expect("opened"),
        }
    }

    /// Let nobody but root write there.
    pub fn close(&self, path: &Path) {
        if self.root {
            chown(path, Some(0), Some(0)).expect("taken");
        }
        fs::set_permissions(path, Permissions::from_mode(0o555)).expect("closed");
    }
}
