//! A process whose only work is to run a command and tell what it cost.
//!
//! It is small, because the system lets a process's peak begin with that of the one that started it; and it has no
//! other children, so that the system's sums over all children are the command's and its descendants' alone.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getpid, kill_process, set_child_subreaper};
use serde::{Deserialize, Serialize};
use wait4::{ResourceUsage, Wait4, try_wait4_pid};

use crate::outcome::Result;
use crate::tree::{children, resident, tree};

/// How often memory is looked at. One process's peak is the system's own number; this is for several.
const SAMPLE: Duration = Duration::from_millis(5);

/// How many looks at memory there are for one at which processes there are.
const SAMPLES_A_TREE: u32 = 8;

/// How long descendants may outlive the command.
const AFTER: Duration = Duration::from_secs(5);

/// What a command cost.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Cost {
    /// From start to end, in seconds.
    pub wall: f64,
    /// User and system time of all its processes, in seconds.
    pub cpu: f64,
    /// The most that all its processes had resident at one time, in bytes.
    pub memory: u64,
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
}

/// Run a command in a process of this kind.
pub fn measure(
    command: &[String],
    folder: &Path,
    variables: &[(String, String)],
    log: &Path,
    longest: Duration,
) -> Result<Cost> {
    let mut process = Command::new(std::env::current_exe()?);
    process.arg("measured").arg("--log").arg(log);
    process.args(["--longest", &longest.as_secs().to_string(), "--"]).args(command);
    process.current_dir(folder).env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
    let output = process.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    Ok(serde_json::from_slice(&output.stdout).map_err(|_| format!("{command:?} was not measured"))?)
}

/// Be that process: run the command, its output into the log, and write the cost to stdout.
pub fn work(command: &[String], log: &Path, longest: Duration) -> Result {
    set_child_subreaper(Some(getpid()))?;
    let (program, arguments) = command.split_first().ok_or("there is no command")?;
    let log = File::create(log)?;
    let start = Instant::now();
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    let id = child.id();
    let (ended, most) = (AtomicBool::new(false), AtomicU64::new(0));
    let (used, wall) = std::thread::scope(|scope| {
        scope.spawn(|| watch(id, start + longest, &ended, &most));
        let used = child.wait4();
        let wall = start.elapsed();
        ended.store(true, Relaxed);
        (used, wall)
    });
    let used = used?;
    let mut parts = vec![used.rusage];
    reap(&mut parts)?;
    let largest = parts.iter().map(|part| part.maxrss).max().unwrap_or(0);
    let cost = Cost {
        wall: wall.as_secs_f64(),
        cpu: parts.iter().map(|part| part.utime + part.stime).sum::<Duration>().as_secs_f64(),
        memory: most.load(Relaxed).max(largest),
        code: used.status.code(),
    };
    println!("{}", serde_json::to_string(&cost)?);
    Ok(())
}

/// Looks at the memory of a tree of processes until it is told to end, and ends the tree when its time is over.
fn watch(root: u32, deadline: Instant, ended: &AtomicBool, most: &AtomicU64) {
    let mut processes = Vec::new();
    for number in 0.. {
        if ended.load(Relaxed) {
            return;
        }
        if number % SAMPLES_A_TREE == 0 || processes.len() < 2 {
            processes = tree(root);
        }
        most.fetch_max(resident(&processes), Relaxed);
        if Instant::now() > deadline {
            end(&processes);
        }
        std::thread::sleep(SAMPLE);
    }
}

/// Waits for descendants that outlived the command, and ends them if they take too long.
fn reap(parts: &mut Vec<ResourceUsage>) -> Result {
    let deadline = Instant::now() + AFTER;
    loop {
        let left = children(std::process::id());
        if left.is_empty() {
            return Ok(());
        }
        if Instant::now() > deadline {
            left.iter().for_each(|process| end(&tree(*process)));
        }
        for process in left {
            parts.extend(try_wait4_pid(process)?.map(|ended| ended.rusage));
        }
        std::thread::sleep(SAMPLE);
    }
}

fn end(processes: &[u32]) {
    for process in processes {
        if let Some(process) = i32::try_from(*process).ok().and_then(Pid::from_raw) {
            // One that is gone needs no end.
            let _ = kill_process(process, Signal::KILL);
        }
    }
}
