//! Signals: SIGINT (Ctrl-C) and SIGTERM (what a container is stopped with) end a run at once.
//!
//! A one-shot run that was stopped has no result, so it ends with 128 plus the signal's number, as a shell
//! reports it, and never with 0: a script would take that for a finished sync.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::failure::Failure;
use crate::last_line;
use crate::signal::Signal;

/// How long a run that was told to stop may take to end in good order.
const GRACE: Duration = Duration::from_millis(900);

/// Listens from the start of the program on, and sees to it that the program ends.
///
/// A large file is packed and unpacked in one go. A run in the middle of that is ended where it is: the output appears
/// by one rename, and what else is left the next run takes away, as after a kill.
#[derive(Clone)]
pub struct Stop {
    told: watch::Receiver<Option<Signal>>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Somebody else sees to it that the program ends.
    patient: AtomicBool,
    syncing: AtomicBool,
    kept: AtomicBool,
}

impl Stop {
    /// Begin to listen.
    pub fn listen() -> Stop {
        outlive_the_size_limit();
        let (tell, told) = watch::channel(None);
        let state = Arc::<State>::default();
        let (signal, watched) = (signal(), state.clone());
        tokio::spawn(async move {
            let signal = signal.await;
            // Without a listener there is nothing to end in good order.
            let _ = tell.send(Some(signal));
            tokio::time::sleep(GRACE).await;
            if watched.patient.load(Ordering::Relaxed) {
                return;
            }
            if watched.syncing.load(Ordering::Relaxed) {
                let kept = watched.kept.load(Ordering::Relaxed);
                last_line::tell(&Failure::Stopped { signal, kept });
            }
            std::process::exit(signal.code().into());
        });
        Stop { told, state }
    }

    /// Resolves when the program was told to stop, at whatever time.
    pub async fn told(&self) -> Signal {
        let mut told = self.told.clone();
        match told.wait_for(Option::is_some).await.map(|signal| *signal) {
            Ok(Some(signal)) => signal,
            // The runtime ends, and with it the program.
            _ => std::future::pending().await,
        }
    }

    /// Whoever calls this ends the program in time, once told.
    pub fn be_patient(&self) {
        self.state.patient.store(true, Ordering::Relaxed);
    }

    /// A sync has begun.
    pub fn syncing(&self) {
        self.state.syncing.store(true, Ordering::Relaxed);
    }

    /// What was read is kept for the next run.
    pub fn keeps(&self) {
        self.state.kept.store(true, Ordering::Relaxed);
    }
}

/// A write past the limit on the size of files fails, and is told as what could not be written. Without anybody who
/// listens, the signal that comes with it ends the program without a word.
#[cfg(unix)]
fn outlive_the_size_limit() {
    use tokio::signal::unix::{SignalKind, signal};
    let number = rustix::process::Signal::XFSZ.as_raw();
    if let Err(error) = signal(SignalKind::from_raw(number)) {
        tracing::debug!(%error, "a limit on the size of files would end the program");
    }
}

/// Other systems have no such signal.
#[cfg(not(unix))]
fn outlive_the_size_limit() {}

/// Resolves when the program is told to stop; never, where signals cannot be listened to. A signal counts from the call
/// on, not only once the future is polled.
#[cfg(unix)]
fn signal() -> impl Future<Output = Signal> {
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
async fn signal() -> Signal {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Signal::Interrupt,
        Err(_) => std::future::pending().await,
    }
}
