//! Disks of a test's own: file systems that are mounted where only one run sees them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{Place, Run};

/// Where the system's own programs are.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The way into a namespace where file systems can be mounted.
pub fn namespace() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["--mount"], &["--mount", "--map-root-user"]];
    let folder = tempfile::tempdir().expect("a folder");
    ways.into_iter().find(|way| {
        let mut probe = Command::new("unshare");
        probe.env("PATH", PATH).args(*way).args(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs"]);
        probe.arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    })
}

/// Run a script, which is given the program and its arguments: in a namespace, or without a way into one here.
pub fn shell(place: &Place, way: &[&str], script: &str, args: &[&str]) -> Run {
    let program = place.program();
    let mut command = match way {
        [] => Command::new("sh"),
        way => {
            let mut command = Command::new("unshare");
            command.args(way).arg("sh");
            command
        }
    };
    command.args(["-c", script, "sh"]).arg(program.get_program()).args(args);
    command.current_dir(place.folder()).env_clear().stdin(Stdio::null());
    let values = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.envs(values).env("PATH", PATH);
    Run::of(&mut command)
}

/// What is in a folder, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
