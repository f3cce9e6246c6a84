//! A process and everything it started, and how much of them is resident.
//!
//! Linux only, as everything that is measured here: the numbers are read from `/proc`.

use std::fs;

/// A process and its descendants. One that ends meanwhile is left out.
pub fn tree(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(process) = found.get(at) {
        let children = children(*process);
        found.extend(children);
        at += 1;
    }
    found
}

/// What a process started: each of its threads has children of its own.
pub fn children(process: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    let mut found = Vec::new();
    for thread in threads.flatten() {
        let text = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        found.extend(text.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    found
}

/// What these processes hold, in bytes; a page that two of them share counts twice.
pub fn resident(processes: &[u32]) -> u64 {
    processes.iter().map(|process| of_status(*process, "VmRSS:")).sum()
}

/// A line of `/proc/PID/status` that is in kB, in bytes; 0 when the process is gone.
fn of_status(process: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let number = line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
    number.unwrap_or(0) << 10
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_tree_has_the_process_and_what_it_started() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a child");
        let found = tree(std::process::id());
        assert!(found.contains(&std::process::id()) && found.contains(&child.id()), "{found:?}");
        // What a process holds changes while it looks at itself: that of the other one is a part of the sum.
        let other = resident(&[child.id()]);
        assert!(other > 0 && resident(&found) > other);
        drop(child.stdin.take());
        child.wait().expect("it ends");
        assert!(!tree(std::process::id()).contains(&child.id()));
    }
}
