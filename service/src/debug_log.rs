//! The log of a task, for tasks of which C1 wants it.
//!
//! The program's log lines come by here. While such a task runs they are also written to a file of the task, at
//! every level, and that file is uploaded at its end. Lines of tasks that run at the same time are among them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// The most that is written of one task.
const LARGEST: usize = 64 * 1024 * 1024;

/// Where log lines are offered.
#[derive(Default)]
pub struct DebugLog {
    count: AtomicUsize,
    open: Mutex<Vec<Open>>,
}

struct Open {
    id: usize,
    file: BufWriter<File>,
    left: usize,
}

impl DebugLog {
    /// Whether anybody wants lines.
    pub fn is_wanted(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }

    /// Take a line, without its end.
    pub fn write(&self, line: &str) {
        let Ok(mut open) = self.open.lock() else { return };
        for open in open.iter_mut().filter(|open| open.left > line.len()) {
            // A disk that is full must not end a sync.
            if writeln!(open.file, "{line}").is_ok() {
                open.left -= line.len() + 1;
            }
        }
    }

    /// Write lines to a file from now on.
    pub(super) fn record(self: &Arc<Self>, path: &Path) -> io::Result<Recording> {
        let file = BufWriter::new(File::create(path)?);
        let mut open = self.open.lock().map_err(|_| io::Error::other("the log is broken"))?;
        let id = open.iter().map(|open| open.id + 1).max().unwrap_or(0);
        open.push(Open { id, file, left: LARGEST });
        self.count.store(open.len(), Ordering::Relaxed);
        Ok(Recording { log: self.clone(), id })
    }
}

/// A file that gets lines. It is whole when this is dropped.
pub(super) struct Recording {
    log: Arc<DebugLog>,
    id: usize,
}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Ok(mut open) = self.log.open.lock() {
            open.retain(|open| open.id != self.id);
            self.log.count.store(open.len(), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_reach_the_files_that_are_open_at_their_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let log = Arc::new(DebugLog::default());
        log.write("before");
        let first = log.record(&one).expect("a recording");
        log.write("a");
        let second = log.record(&two).expect("a recording");
        log.write("b");
        drop(first);
        log.write("c");
        assert!(log.is_wanted());
        drop(second);
        assert!(!log.is_wanted());
        let read = |path| std::fs::read_to_string(path).expect("the file");
        assert_eq!((read(one), read(two)), ("a\nb\n".into(), "b\nc\n".into()));
    }
}
