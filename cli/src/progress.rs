//! The line that moves while a sync runs, for a person at a terminal; nothing anywhere else.
//!
//! Log lines and the moving line share stderr, so both go through here: a log line is written above it.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use baton_host::{Event, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use time::OffsetDateTime;

/// How often the line moves although nothing was read.
const TICK: Duration = Duration::from_millis(120);

/// The moving line, or none.
pub struct Display {
    bar: Option<ProgressBar>,
}

/// What the line tells.
#[derive(Default)]
struct State {
    phase: &'static str,
    records: usize,
    left: usize,
}

impl Display {
    /// A display on stderr, with a moving line if a person watches.
    pub fn new(watched: bool) -> Arc<Display> {
        let bar = watched.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Arc::new(Display { bar })
    }

    /// Write a line on stderr.
    pub fn print(&self, line: &str) {
        // A closed stderr is no reason to stop.
        let write = || drop(writeln!(std::io::stderr(), "{line}"));
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Follow a sync.
    pub fn observer(&self) -> Option<Observer> {
        let bar = self.bar.clone()?;
        bar.enable_steady_tick(TICK);
        let state = Mutex::new(State::default());
        Some(Arc::new(move |event| {
            let Ok(mut state) = state.lock() else { return };
            match event {
                Event::Phase(phase) => *state = State { phase, ..State::default() },
                Event::Page { records, left, .. } => {
                    state.records += records;
                    state.left = *left;
                }
                Event::Waiting { seconds, until, reason } => {
                    bar.set_message(waiting(*seconds, *until, reason));
                    return;
                }
                Event::GoingOn => {}
                Event::Warning(_) | Event::Sent { .. } | Event::Refused => return,
            }
            bar.set_message(state.message());
        }))
    }

    /// Take the line away.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl State {
    fn message(&self) -> String {
        let State { phase, records, left } = self;
        match (records, left) {
            (0, 0) => format!("reading {phase}"),
            (_, 0) => format!("reading {phase}: {records}"),
            (_, 1) => format!("reading {phase}: {records}, 1 page to go"),
            _ => format!("reading {phase}: {records}, {left} pages to go"),
        }
    }
}

/// A wait: how long, until when, and why.
fn waiting(seconds: u64, until: SystemTime, reason: &str) -> String {
    let until = OffsetDateTime::from(until);
    let (hour, minute, second) = until.to_hms();
    format!("waiting {seconds} s, until {hour:02}:{minute:02}:{second:02} UTC: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_step_records_and_pages_to_go() {
        let mut state = State { phase: "grants", records: 0, left: 0 };
        assert_eq!(state.message(), "reading grants");
        state.records = 120;
        assert_eq!(state.message(), "reading grants: 120");
        state.left = 4;
        assert_eq!(state.message(), "reading grants: 120, 4 pages to go");
    }

    #[test]
    fn a_wait_is_told_with_its_end_and_its_reason() {
        let until = SystemTime::UNIX_EPOCH + Duration::from_secs(13 * 3_600 + 62);
        assert_eq!(waiting(90, until, "it said so"), "waiting 90 s, until 13:01:02 UTC: it said so");
    }

    #[test]
    fn without_a_terminal_nothing_follows_the_sync() {
        assert!(Display::new(false).observer().is_none());
    }
}
