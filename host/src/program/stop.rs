//! Signals: SIGINT (Ctrl-C) and SIGTERM (what a container is stopped with) end a run at once.
//!
//! A one-shot run that was stopped has no result, so it ends with 128 plus the signal's number, as a shell
//! reports it, and never with 0: a script would take that for a finished sync.

use std::fmt;

/// What stopped the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Signal::Interrupt => 130,
            Signal::Terminate => 143,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Signal::Interrupt => "interrupted",
            Signal::Terminate => "told to terminate",
        })
    }
}

/// Resolves when the program is told to stop; never, where signals cannot be listened to. A signal counts from the call
/// on, not only once the future is polled.
#[cfg(unix)]
pub fn signal() -> impl Future<Output = Signal> {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = signal(SignalKind::interrupt());
    let terminate = signal(SignalKind::terminate());
    async {
        let (Ok(mut interrupt), Ok(mut terminate)) = (interrupt, terminate) else {
            return std::future::pending().await;
        };
        tokio::select! {
            Some(()) = interrupt.recv() => Signal::Interrupt,
            Some(()) = terminate.recv() => Signal::Terminate,
            else => std::future::pending().await,
        }
    }
}

/// Resolves when the program is told to stop; never, where signals cannot be listened to.
#[cfg(not(unix))]
pub async fn signal() -> Signal {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Signal::Interrupt,
        Err(_) => std::future::pending().await,
    }
}
