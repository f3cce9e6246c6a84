//! What a component writes to standard output and error: one log line each line, and the last ones for a crash report.
//!
//! A connector's words are those of a stranger, who may have been handed a secret by the vendor. So secrets are taken
//! out, what could move a cursor is escaped, and length, number and rate are bounded. Lines past the bounds are
//! counted, and told of when the sync ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use tracing::{debug, warn};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::model::config::{Config, shown};
use crate::model::lock::lock;

/// Characters of one line that are shown.
const LONGEST: usize = 2_000;
/// Bytes of one line that are looked at; what follows up to its end is passed over.
const KEPT: usize = 64 << 10;
/// Lines of a sync at once, in a second, and in all.
const AT_ONCE: f64 = 200.0;
const EACH_SECOND: f64 = 20.0;
const ALL: u32 = 10_000;
/// Lines on standard error that a crash report shows.
const LAST: usize = 20;
/// Bytes that are taken in one write.
const WRITE: usize = 64 << 10;

/// Which of the two.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// How much of its lines a sync logs, for all of its instances together.
pub(crate) struct Lines(Mutex<Budget>);

struct Budget {
    left: u32,
    at_once: f64,
    filled: Instant,
    left_out: u64,
}

impl Default for Lines {
    fn default() -> Lines {
        Lines(Mutex::new(Budget { left: ALL, at_once: AT_ONCE, filled: Instant::now(), left_out: 0 }))
    }
}

impl Lines {
    /// Whether one more line is logged now.
    fn take(&self, now: Instant) -> bool {
        let mut budget = lock(&self.0);
        let passed = now.saturating_duration_since(budget.filled).as_secs_f64();
        budget.at_once = (budget.at_once + passed * EACH_SECOND).min(AT_ONCE);
        budget.filled = now;
        if budget.left == 0 || budget.at_once < 1.0 {
            budget.left_out += 1;
            return false;
        }
        budget.left -= 1;
        budget.at_once -= 1.0;
        true
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let left_out = lock(&self.0).left_out;
        if left_out > 0 {
            warn!(left_out, "the connector wrote more log lines than are shown; the others were left out");
        }
    }
}

/// The two streams of one instance.
pub(crate) struct Output {
    lines: Arc<Lines>,
    config: Option<Arc<Config>>,
    state: Mutex<Written>,
}

#[derive(Default)]
struct Written {
    /// What has no end yet, of each stream.
    open: [Vec<u8>; 2],
    /// The last lines on standard error.
    last: VecDeque<String>,
}

impl Output {
    pub fn new(lines: Arc<Lines>, config: Option<Arc<Config>>) -> Arc<Output> {
        Arc::new(Output { lines, config, state: Mutex::default() })
    }

    /// One of the streams, for the component.
    pub fn stream(self: &Arc<Self>, stream: Stream) -> Sink {
        Sink { output: self.clone(), stream }
    }

    /// The call is over: what has no end yet is a line, too.
    pub fn end_call(&self) {
        let mut state = lock(&self.state);
        for stream in [Stream::Out, Stream::Err] {
            let line = std::mem::take(state.open_of(stream));
            if !line.is_empty() {
                self.line(&mut state, stream, &line);
            }
        }
    }

    /// The last lines on standard error, and none of them a second time.
    pub fn last_words(&self) -> Vec<String> {
        lock(&self.state).last.drain(..).collect()
    }

    fn write(&self, stream: Stream, bytes: &[u8]) {
        let mut state = lock(&self.state);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let open = state.open_of(stream);
            let (text, ends) = match part {
                [text @ .., b'\n'] => (text, true),
                text => (text, false),
            };
            let room = KEPT.saturating_sub(open.len()).min(text.len());
            open.extend_from_slice(text.get(..room).unwrap_or_default());
            if ends {
                let line = std::mem::take(open);
                self.line(&mut state, stream, &line);
            }
        }
    }

    fn line(&self, state: &mut Written, stream: Stream, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let text = text.strip_suffix('\r').unwrap_or(&text);
        // What nobody hears takes no room from what somebody does.
        let heard = match stream {
            Stream::Out => tracing::enabled!(tracing::Level::DEBUG),
            Stream::Err => tracing::enabled!(tracing::Level::WARN),
        };
        let logged = heard && self.lines.take(Instant::now());
        if let Stream::Err = stream {
            if state.last.len() == LAST {
                state.last.pop_front();
            }
            state.last.push_back(shown(text, self.config.as_deref(), LONGEST));
        }
        match stream {
            _ if !logged => {}
            Stream::Out => debug!(stream = "stdout", "{}", shown(text, self.config.as_deref(), LONGEST)),
            Stream::Err => warn!(stream = "stderr", "{}", shown(text, self.config.as_deref(), LONGEST)),
        }
    }
}

impl Written {
    fn open_of(&mut self, stream: Stream) -> &mut Vec<u8> {
        let [out, err] = &mut self.open;
        match stream {
            Stream::Out => out,
            Stream::Err => err,
        }
    }
}

/// A stream as the component has it. It takes everything at once.
#[derive(Clone)]
pub(crate) struct Sink {
    output: Arc<Output>,
    stream: Stream,
}

impl IsTerminal for Sink {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Sink {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    /// Of another generation of WASI, which no connector is given.
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        Box::new(tokio::io::sink())
    }
}

impl OutputStream for Sink {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.output.write(self.stream, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Sink {
    async fn ready(&mut self) {}
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn lines_end_where_they_end_and_long_ones_are_cut() {
        let output = Output::new(Arc::default(), None);
        output.write(Stream::Err, b"first\r\nsec");
        output.write(Stream::Out, b"elsewhere\n");
        output.write(Stream::Err, b"ond\n\xff\n");
        output.write(Stream::Err, &vec![b'x'; 1 << 20]);
        output.write(Stream::Err, b"y\nlast");
        output.end_call();
        let last = output.last_words();
        assert_eq!(last.get(..3), Some(&["first".into(), "second".into(), "\u{fffd}".to_owned()][..]));
        assert_eq!(last.get(3), Some(&"x".repeat(LONGEST)));
        assert_eq!(last.get(4).map(String::as_str), Some("last"));
        assert!(output.last_words().is_empty());
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        let output = Output::new(Arc::default(), None);
        for number in 0..1_000 {
            output.write(Stream::Err, format!("{number}\n").as_bytes());
        }
        let last = output.last_words();
        assert_eq!((last.len(), last.first().map(String::as_str)), (LAST, Some("980")));
    }

    #[test]
    fn a_sync_logs_so_many_lines_at_once_then_so_many_a_second_and_no_more_than_all() {
        let lines = Lines::default();
        let start = Instant::now();
        let taken = |at: Instant| (0..1_000).filter(|_| lines.take(at)).count();
        assert_eq!(taken(start), 200);
        assert_eq!(taken(start + Duration::from_secs(2)), 40);
        let more: usize = (1..200).map(|minute| taken(start + Duration::from_secs(60 * minute))).sum();
        assert_eq!(more, 10_000 - 240);
    }
}
