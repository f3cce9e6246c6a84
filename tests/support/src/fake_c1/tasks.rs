//! Tasks to hand out.

use baton_service::messages::{Duration, SyncFullTask, Task, TaskType};

/// The id of the task with a number: 27 letters and digits, as C1's are.
pub fn id(number: u32) -> String {
    format!("task{number:023}")
}

/// A task.
pub fn task(number: u32, kind: TaskType) -> Task {
    Task { id: id(number), task_type: Some(kind), ..Task::default() }
}

/// A full sync.
pub fn sync(number: u32) -> Task {
    task(number, TaskType::SyncFull(SyncFullTask::default()))
}

pub(super) fn span(span: std::time::Duration) -> Duration {
    Duration::of(span)
}
