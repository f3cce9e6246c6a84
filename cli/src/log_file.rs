//! Where log lines go: stderr, stdout, or files.
//!
//! Whoever rotates logs moves a file away and sends SIGHUP: the file is then opened anew under its name. Without a log
//! file the signal means what it means to every program.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use crate::failure::Failure;
use crate::progress::Display;

/// One of the places.
pub enum Place {
    /// Beside the line that moves.
    Stderr(Arc<Display>),
    /// Beside the output of other commands.
    Stdout,
    /// A file.
    File {
        /// Its name.
        path: String,
        /// It, as it was opened last.
        file: Mutex<File>,
    },
}

impl Place {
    /// Open the place of this name.
    pub fn open(name: &str, display: &Arc<Display>) -> Result<Place, Failure> {
        Ok(match name {
            "stderr" => Place::Stderr(display.clone()),
            "stdout" => Place::Stdout,
            path => {
                let file = opened(path).map_err(Failure::io(format!("cannot open the log file {path}")))?;
                Place::File { path: path.to_owned(), file: Mutex::new(file) }
            }
        })
    }

    /// A log that cannot be written must not end a sync.
    pub fn write(&self, line: &str) {
        match self {
            Place::Stderr(display) => display.print(line),
            Place::Stdout => drop(writeln!(std::io::stdout(), "{line}")),
            Place::File { file, .. } => {
                // One write a line, so that lines of several processes stay whole.
                let line = format!("{line}\n");
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = file.write_all(line.as_bytes());
            }
        }
    }

    /// Go on in the file that has the name now.
    fn reopen(&self) {
        let Place::File { path, file } = self else { return };
        match opened(path) {
            Ok(new) => {
                *file.lock().unwrap_or_else(PoisonError::into_inner) = new;
                tracing::info!(log_path = path, "the log file was opened anew");
            }
            // Lines still go to the file that was moved away.
            Err(error) => tracing::warn!(log_path = path, %error, "the log file could not be opened anew"),
        }
    }
}

fn opened(path: &str) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Open files anew with each SIGHUP from now on, if there are any.
#[cfg(unix)]
pub fn follow(places: &Arc<Vec<Place>>) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    if !places.iter().any(|place| matches!(place, Place::File { .. })) {
        return Ok(());
    }
    let mut hangups = signal(SignalKind::hangup()).map_err(Failure::io("cannot listen to SIGHUP"))?;
    let places = places.clone();
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            places.iter().for_each(Place::reopen);
        }
    });
    Ok(())
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub fn follow(_places: &Arc<Vec<Place>>) -> Result<(), Failure> {
    Ok(())
}
