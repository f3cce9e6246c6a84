//! A sync for C1: read, write a `.c1z` into a temporary folder, upload it.
//!
//! The sync runs on a thread of its own, because packing a large file computes for seconds, and heartbeats of
//! other tasks must go on. Dropping it stops it wherever it is, in the middle of a call of the component as well.
//! Its folder belongs to it, and goes with it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tonic::Code;
use tracing::Instrument;

use crate::channel::Channel;
use crate::debug_log::Recording;
use crate::heartbeat::Heartbeat;
use crate::outcome::{Failure, Outcome};
use crate::setup::Setup;
use crate::task::{Selection, Task};
use crate::upload::upload;
use baton_c1z::{C1z, Options, SyncType};
use baton_host::{Error, Observer, SinkError, Summary, SyncOptions};

/// How long C1 waits to hear that a task has ended, when it does not come to its end at once: what a sync reads is
/// dropped in the middle, but a file that is being packed is not.
const AT_ONCE: Duration = Duration::from_secs(1);

/// The file in the folder.
const FILE: &str = "sync.c1z";
/// The log in the folder.
const LOG: &str = "debug.log";

/// Do it; ends when it is done, failed or `stop`ped. What is left of a sync that could not be ended at once comes
/// with the outcome.
pub(super) async fn run(
    channel: &Channel,
    setup: &Arc<Setup>,
    task: &Task,
    selection: &Selection,
    observer: Observer,
    stop: &CancellationToken,
) -> (Outcome, Option<Sync>) {
    if let Some(refusal) = refusal(setup, selection) {
        return (Outcome::Failed(refusal), None);
    }
    if selection.storage_engine == "pebble" {
        tracing::info!(
            task_id = task.id,
            "C1 likes the file stored as pebble; this connector uploads sqlite"
        );
    }
    let heartbeat = tokio::select! {
        begun = Heartbeat::begin(channel, &task.id, &setup.timings) => begun,
        () = stop.cancelled() => Err(stopped()),
    };
    let heartbeat = match heartbeat {
        Ok(heartbeat) => heartbeat,
        Err(failure) => return (Outcome::Failed(failure), None),
    };
    let sync = Sync::begin(setup.clone(), task, selection, observer);
    let mut sync = match sync {
        Ok(sync) => sync,
        Err(error) => return (Outcome::Failed(error.into()), None),
    };
    let work = async {
        let done = sync.read().await?;
        let refused = |status: tonic::Status| Failure::new(status.code(), status.message());
        upload(channel, &task.id, &done.folder.path().join(FILE), &setup.timings).await.map_err(refused)?;
        if done.logged {
            // C1 has the sync: to be told that it failed, it would ask for another.
            if let Err(status) =
                upload(channel, &task.id, &done.folder.path().join(LOG), &setup.timings).await
            {
                tracing::warn!(
                    task_id = task.id,
                    error = status.message(),
                    "C1 did not take the log of the task"
                );
            }
        }
        Ok(())
    };
    let result = tokio::select! {
        // What came to its end has its result, whatever came at the same moment.
        biased;
        result = work => result,
        failure = heartbeat.beat() => Err(failure),
        () = stop.cancelled() => Err(stopped()),
    };
    let ended = tokio::time::timeout(AT_ONCE, sync.end()).await;
    let outcome = result.map_or_else(Outcome::Failed, |()| Outcome::Done(None));
    (outcome, ended.is_err().then_some(sync))
}

/// What cannot be done, for reasons that lie in the task or in how this process was started.
fn refusal(setup: &Setup, selection: &Selection) -> Option<Failure> {
    if setup.skip_full_sync {
        // The alternative would be an empty file, which says that everybody lost access.
        let message = "full syncs are switched off here (skip-full-sync), so nothing was uploaded";
        return Some(Failure::for_good(Code::FailedPrecondition, message));
    }
    if selection.targets.is_none() {
        let message = "the task asks for a resource without saying which one: its type or its id is missing";
        return Some(Failure::for_good(Code::InvalidArgument, message));
    }
    None
}

pub(super) fn stopped() -> Failure {
    Failure::new(Code::Cancelled, "the connector is shutting down")
}

/// A sync on its thread.
pub(super) struct Sync {
    cancel: CancellationToken,
    thread: tokio::task::JoinHandle<Result<Done, Failure>>,
    ended: bool,
    folder: PathBuf,
}

/// What a sync leaves: a folder with the file, and the log if there is one.
struct Done {
    folder: TempDir,
    logged: bool,
}

impl Sync {
    fn begin(
        setup: Arc<Setup>,
        task: &Task,
        selection: &Selection,
        observer: Observer,
    ) -> Result<Sync, Error> {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix("baton-sdk-sync-upload");
        let folder = match &setup.temp_dir {
            Some(directory) => builder.tempdir_in(directory),
            None => builder.tempdir(),
        };
        let no_folder = |error| Error::Sink(SinkError(format!("cannot create a temporary folder: {error}")));
        let folder = folder.map_err(no_folder)?;
        let log = setup.debug_log.as_ref().filter(|_| task.debug);
        let log = log.map(|log| log.record(&folder.path().join(LOG))).transpose().map_err(no_folder)?;
        let cancel = CancellationToken::new();
        let (stop, runtime) = (cancel.clone(), Handle::current());
        let options = SyncOptions { observer: Some(observer), ..options(&setup.sync, selection.clone()) };
        let expand = !selection.skip_expand_grants;
        let path = folder.path().to_owned();
        let lines = tracing::Span::current();
        let thread = tokio::task::spawn_blocking(move || {
            let work = async {
                tokio::select! {
                    done = read(&setup, folder, log, options, expand) => done,
                    () = stop.cancelled() => Err(stopped()),
                }
            };
            runtime.block_on(work.instrument(lines))
        });
        Ok(Sync { cancel, thread, ended: false, folder: path })
    }

    async fn read(&mut self) -> Result<Done, Failure> {
        let done = (&mut self.thread).await;
        self.ended = true;
        done.unwrap_or_else(|error| {
            Err(Failure::new(Code::Internal, format!("the sync stopped unexpectedly ({error})")))
        })
    }

    /// Stop what still runs, and wait until nothing of it is left.
    pub async fn end(&mut self) {
        self.cancel.cancel();
        if !self.ended {
            let _ = self.read().await;
        }
    }
}

impl Drop for Sync {
    /// A process that ends does not wait for a large file to be packed, but it leaves nothing of it behind.
    fn drop(&mut self) {
        if !self.ended {
            self.cancel.cancel();
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

async fn read(
    setup: &Setup,
    folder: TempDir,
    log: Option<Recording>,
    options: SyncOptions,
    expand: bool,
) -> Result<Done, Failure> {
    let sync_type = SyncType::of(&options);
    let path = folder.path().join(FILE);
    let temp_dir = Some(folder.path().to_owned());
    let file = Options { temp_dir, sync_type, keep: None, began: None, expand };
    let mut sink = C1z::create(&path, file).map_err(Error::Sink)?;
    let summary = setup.connector.sync(setup.config.clone(), &mut sink, options).await?;
    check(&summary)?;
    let resources: u64 = summary.resources.values().sum();
    let grants: u64 = summary.grants.values().sum();
    tracing::info!(
        sync_id = sink.sync_id(),
        resources,
        grants,
        requests = summary.requests,
        bytes = sink.compressed_bytes(),
        "Sync complete."
    );
    Ok(Done { folder, logged: log.is_some() })
}

/// What this task reads: the task's own types and resources count before those of this process, and what either
/// leaves out is left out.
fn options(of_process: &SyncOptions, task: Selection) -> SyncOptions {
    let mut options = of_process.clone();
    if !task.resource_types.is_empty() {
        options.resource_types = task.resource_types;
    }
    if let Some(targets) = task.targets.filter(|targets| !targets.is_empty()) {
        options.targets = targets;
    }
    options.skip_entitlements_and_grants |= task.skip_entitlements_and_grants;
    options.skip_grants |= task.skip_grants;
    options
}

/// An empty file says that everybody lost access. No access to anything is far more likely a mistake.
fn check(summary: &Summary) -> Result<(), Failure> {
    if summary.resources.values().all(|count| *count == 0) {
        let message = "the sync found no resource at all, so it was not uploaded; check what the credentials \
                       may read, and which resource types are asked for";
        return Err(Failure::new(Code::FailedPrecondition, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_of_the_task_count_before_those_of_the_process() {
        let process = SyncOptions { resource_types: vec!["team".into()], ..SyncOptions::default() };
        let task = Selection { resource_types: vec!["user".into()], ..Selection::default() };
        assert_eq!(options(&process, task).resource_types, ["user"]);
        assert_eq!(options(&process, Selection::default()).resource_types, ["team"]);
    }

    #[test]
    fn what_either_side_leaves_out_is_left_out() {
        for (process, task) in [(false, true), (true, false)] {
            let process = SyncOptions {
                skip_entitlements_and_grants: process,
                skip_grants: process,
                ..SyncOptions::default()
            };
            let task =
                Selection { skip_entitlements_and_grants: task, skip_grants: task, ..Selection::default() };
            let options = options(&process, task);
            assert!(options.skip_entitlements_and_grants && options.skip_grants);
        }
    }

    #[tokio::test]
    async fn a_sync_that_is_not_waited_for_leaves_no_folder() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = tempfile::tempdir_in(place.path()).expect("a folder");
        std::fs::write(folder.path().join("half"), "a file").expect("a file");
        let path = folder.path().to_owned();
        let (packed, packing) = std::sync::mpsc::channel::<()>();
        let thread = tokio::task::spawn_blocking(move || {
            let _ = packing.recv();
            Ok(Done { folder, logged: false })
        });
        drop(Sync { cancel: CancellationToken::new(), thread, ended: false, folder: path });
        assert_eq!(std::fs::read_dir(place.path()).expect("the folder").count(), 0);
        drop(packed);
    }

    #[tokio::test]
    async fn a_sync_that_ends_late_is_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        let (packed, packing) = std::sync::mpsc::channel::<()>();
        let (cancel, ended) = (CancellationToken::new(), Arc::new(std::sync::atomic::AtomicBool::new(false)));
        let (told, is_over) = (cancel.clone(), ended.clone());
        let thread = tokio::task::spawn_blocking(move || {
            let _ = packing.recv();
            assert!(told.is_cancelled());
            is_over.store(true, std::sync::atomic::Ordering::SeqCst);
            Ok(Done { folder, logged: false })
        });
        let mut sync = Sync { cancel, thread, ended: false, folder: path.clone() };
        let waiting = tokio::spawn(async move { sync.end().await });
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!waiting.is_finished() && path.exists(), "what still packs was not waited for");
        drop(packed);
        waiting.await.expect("it ends");
        assert!(ended.load(std::sync::atomic::Ordering::SeqCst) && !path.exists());
    }

    #[test]
    fn a_sync_without_any_resource_is_a_failure() {
        let counted = |count| Summary {
            resource_types: 1,
            resources: [("team".to_owned(), count)].into(),
            ..Summary::default()
        };
        assert!(check(&counted(1)).is_ok());
        assert_eq!(check(&counted(0)).err().map(|failure| failure.code), Some(Code::FailedPrecondition));
        assert!(check(&Summary::default()).is_err());
    }
}
