//! The life of the service: Hello, then one task after the other, several at a time, until it is told to stop.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::channel::Channel;
use crate::error::Error;
use crate::health::{Checks, Health};
use crate::messages::{self, HelloRequest};
use crate::metrics::Metrics;
use crate::outcome::{Failure, Outcome, finish};
use crate::setup::{Setup, Timings};
use crate::task::{Task, Work};
use crate::token::Tokens;
use crate::waits::Waits;
use crate::{hello, sync_task};

/// The longest pause between two polls.
const LONGEST_POLL: Duration = Duration::from_secs(300);
/// The pause after a poll that brought nothing, when C1 does not say how long it is to be.
const IDLE_POLL: Duration = Duration::from_secs(1);
/// The longest pause after polls that failed, in units of a second.
const LONGEST_AFTER_FAILURES: u32 = 60;

/// Run the service until `stop` resolves, or until C1 will not have it.
///
/// When it is told to stop, tasks that run are ended and C1 is told of it. It takes a few seconds at most.
pub async fn run(setup: Setup, stop: impl Future<Output = ()>) -> Result<(), Error> {
    let stopping = CancellationToken::new();
    let life = live(setup, stopping.clone());
    tokio::pin!(life);
    tokio::select! {
        ended = &mut life => ended,
        () = stop => {
            stopping.cancel();
            life.await
        }
    }
}

async fn live(mut setup: Setup, stop: CancellationToken) -> Result<(), Error> {
    let Some(secret) = setup.secret.take() else { return Err(Error::ClientSecret) };
    let host = setup.api_host.clone().unwrap_or_else(|| setup.client.host().to_owned());
    let tokens = Tokens::new(setup.client.clone(), secret, &host);
    let channel = Arc::new(Channel::new(&host, &setup.client, tokens, setup.host_id.clone())?);
    let hello = hello::prepare(&setup.connector, setup.config.clone(), &setup.build).await?;
    tracing::info!(
        c1 = host,
        client = setup.client.name(),
        host_id = setup.host_id,
        task_concurrency = setup.tasks.max(1),
        version = setup.build.version,
        "Registering with C1"
    );
    let waits = Arc::<Waits>::default();
    let metrics = Metrics::new(&setup.build.version, waits.clone());
    let service = Service {
        channel,
        setup: Arc::new(setup),
        hello: Arc::new(hello),
        running: Arc::default(),
        known: Arc::default(),
        waits,
        metrics,
    };
    let health = service.health().await?;
    let mut tasks = JoinSet::new();
    let serve = async {
        match health {
            Some(health) => health.serve().await,
            None => std::future::pending().await,
        }
    };
    let work = async {
        service.begin().await?;
        service.poll(&mut tasks, &stop).await;
        Ok::<_, Error>(())
    };
    tokio::select! {
        () = serve => {}
        ended = work => ended?,
        () = stop.cancelled() => {}
    }
    while tasks.try_join_next().is_some() {}
    tracing::info!(running = tasks.len(), "Stopping: what runs is finished towards C1 as cancelled");
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(service.setup.timings.stop, all).await.is_err() {
        tracing::warn!(running = tasks.len(), "stopped before every task had come to its end");
        // What they have on disk goes with them.
        tasks.shutdown().await;
    }
    Ok(())
}

/// Everything a task needs. Cloning is cheap.
#[derive(Clone)]
struct Service {
    channel: Arc<Channel>,
    setup: Arc<Setup>,
    hello: Arc<HelloRequest>,
    running: Arc<Mutex<HashSet<String>>>,
    /// Whether C1 knows this connector.
    known: Arc<AtomicBool>,
    waits: Arc<Waits>,
    metrics: Arc<Metrics>,
}

impl Service {
    /// Register.
    async fn begin(&self) -> Result<(), Error> {
        hello::first(&self.channel, &self.hello, &self.setup.timings).await?;
        self.known.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Open the port for health checks, if there is to be one.
    async fn health(&self) -> Result<Option<Health>, Error> {
        let Some(address) = self.setup.health else { return Ok(None) };
        let checks =
            Checks::new(self.setup.clone(), self.waits.clone(), self.metrics.clone(), self.known.clone());
        Ok(Some(Health::open(address, checks).await?))
    }

    /// Take a task whenever there is room for one.
    async fn poll(&self, tasks: &mut JoinSet<()>, stop: &CancellationToken) {
        let room = Arc::new(Semaphore::new(self.setup.tasks.max(1)));
        let mut failures = 0;
        loop {
            let Ok(place) = room.clone().acquire_owned().await else { return };
            while tasks.try_join_next().is_some() {}
            let pause = match self.channel.get_task().await {
                Ok(reply) => {
                    if failures > 0 {
                        tracing::info!(failures, "C1 answers again");
                    }
                    failures = 0;
                    let task = Task::of(reply.task);
                    // One that runs already is nothing new to do either.
                    let begun = task.is_some_and(|task| self.start(task, tasks, stop, place));
                    after_answer(reply.next_poll, !begun)
                }
                Err(status) => {
                    failures += 1;
                    let pause = after_failures(failures, &self.setup.timings);
                    tracing::warn!(
                        code = i32::from(status.code()),
                        error = status.message(),
                        failures,
                        next_attempt_seconds = pause.as_secs(),
                        "C1 could not be asked for a task"
                    );
                    pause
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Whether there was anything to start.
    fn start(
        &self,
        task: Task,
        tasks: &mut JoinSet<()>,
        stop: &CancellationToken,
        place: OwnedSemaphorePermit,
    ) -> bool {
        let Some(running) = Running::begin(&self.running, &task.id) else {
            tracing::warn!(task_id = task.id, "C1 handed out a task that is being worked on here already");
            return false;
        };
        let (service, stop) = (self.clone(), stop.clone());
        // Several tasks write into one log, so each line of theirs says whose it is.
        let lines = tracing::error_span!("task", task_id = task.id);
        let work = async move {
            let kind = task.kind();
            service.metrics.begun();
            let good = service.work(task, &stop).await;
            service.metrics.ended(kind, good);
            drop((running, place));
        };
        tasks.spawn(work.instrument(lines));
        true
    }

    /// Work on a task, and tell C1 how it ended. Whether it ended well.
    async fn work(&self, task: Task, stop: &CancellationToken) -> bool {
        let task_type = task.kind();
        tracing::info!(task_id = task.id, task_type, "Task received.");
        let mut rest = None;
        let outcome = match &task.work {
            Work::Answer(ask) => ask.answer(self.setup.provisioning),
            Work::Sync(selection) => {
                let observer = self.metrics.follow(Some(self.waits.follow()));
                let began = Instant::now();
                let (outcome, left) =
                    sync_task::run(&self.channel, &self.setup, &task, selection, observer, stop).await;
                self.metrics.synced(matches!(outcome, Outcome::Done(_)), began.elapsed());
                rest = left;
                outcome
            }
            Work::Hello => {
                let said = tokio::select! {
                    said = hello::again(&self.channel, &self.hello, &task.id) => {
                        said.map_err(|status| Failure::new(status.code(), status.message()))
                    }
                    () = stop.cancelled() => Err(sync_task::stopped()),
                };
                match said {
                    // The Hello itself is the answer.
                    Ok(()) => {
                        tracing::info!(task_id = task.id, task_type, "Task complete!");
                        return true;
                    }
                    Err(failure) => Outcome::Failed(failure),
                }
            }
        };
        match &outcome {
            Outcome::Done(_) => tracing::info!(task_id = task.id, task_type, "Task complete!"),
            Outcome::Failed(Failure { code, message, for_good }) => tracing::error!(
                task_id = task.id,
                task_type,
                code = i32::from(*code),
                non_retryable = for_good,
                error = message,
                "Task failed."
            ),
        }
        let good = matches!(outcome, Outcome::Done(_));
        let Timings { finish: patience, stop: hurry, .. } = self.setup.timings;
        // Some of the time to stop is left for saying what came of it.
        let hurry = hurry * 3 / 4;
        tokio::select! {
            () = finish(&self.channel, &task.id, outcome.clone(), patience) => {}
            // Being told to stop shortens what is left of the patience.
            () = async { stop.cancelled().await; tokio::time::sleep(hurry).await } => {
                tracing::warn!(task_id = task.id, "C1 was not told how the task ended; it will hand it out again");
            }
        }
        // The task's place is free when nothing of it is left.
        if let Some(mut rest) = rest {
            rest.end().await;
        }
        good
    }
}

/// That a task is being worked on here.
struct Running {
    all: Arc<Mutex<HashSet<String>>>,
    id: String,
}

impl Running {
    /// None, if it is already.
    fn begin(all: &Arc<Mutex<HashSet<String>>>, id: &str) -> Option<Running> {
        let new = all.lock().is_ok_and(|mut all| all.insert(id.to_owned()));
        new.then(|| Running { all: all.clone(), id: id.to_owned() })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.remove(&self.id);
        }
    }
}

/// As C1 says. Only a C1 that has nothing to do and does not say when to come back is not asked again at once.
pub(super) fn after_answer(next_poll: Option<messages::Duration>, idle: bool) -> Duration {
    let asked = next_poll.map(messages::Duration::to_std).unwrap_or_default().min(LONGEST_POLL);
    if idle && asked.is_zero() { IDLE_POLL } else { asked }
}

/// The square of the failures in a row, in seconds, up to a minute.
fn after_failures(failures: u32, timings: &Timings) -> Duration {
    timings.poll_failed * failures.saturating_mul(failures).min(LONGEST_AFTER_FAILURES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_after_an_answer_is_c1s_own_up_to_five_minutes() {
        let after =
            |seconds, idle| after_answer(Some(messages::Duration { seconds, nanos: 0 }), idle).as_secs();
        assert_eq!([7, 300, 301, i64::MAX].map(|seconds| after(seconds, true)), [7, 300, 300, 300]);
        assert_eq!([-5, 0].map(|seconds| after(seconds, false)), [0, 0], "there may be another task");
        assert_eq!([-5, 0].map(|seconds| after(seconds, true)), [1, 1]);
        assert_eq!(after_answer(None, true).as_secs(), 1);
    }

    #[test]
    fn the_pause_after_failures_grows_as_their_square_up_to_a_minute() {
        let seconds = |failures| after_failures(failures, &Timings::default()).as_secs();
        assert_eq!([1, 2, 3, 7, 8, 70_000].map(seconds), [1, 4, 9, 49, 60, 60]);
    }
}
