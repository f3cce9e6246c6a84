//! A task as it comes from C1, read into what there is to do.
//!
//! A connector that reads has work with two kinds of tasks, Hello and a sync. All others are answered from the
//! task alone (`answer.rs`). A kind that this version does not know arrives without any, and is answered too.

use crate::answer::{Ask, Write};
use crate::messages::{self, SyncFullTask, TaskType};
use baton_c1z::baton;
use baton_host::Target;
use baton_host::contract::ResourceId;

/// A task.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Task {
    /// Its id.
    pub id: String,
    /// Whether C1 wants the log of it.
    pub debug: bool,
    /// What there is to do.
    pub work: Work,
}

/// What there is to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Work {
    /// Say Hello again.
    Hello,
    /// Read everything, and upload it.
    Sync(Selection),
    /// Only an answer is wanted.
    Answer(Ask),
}

/// What of everything a sync task wants.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Selection {
    /// Only these types; empty: as this process was told.
    pub resource_types: Vec<String>,
    /// Resources only.
    pub skip_entitlements_and_grants: bool,
    /// Resources and entitlements only.
    pub skip_grants: bool,
    /// Grants that follow from others are left to C1.
    pub skip_expand_grants: bool,
    /// Only these resources; empty: as this process was told. None: the task names one by no id.
    pub targets: Option<Vec<Target>>,
    /// How C1 wants the file stored; empty: as we like.
    pub storage_engine: String,
}

impl Task {
    /// What a reply to GetTask holds; nothing, if there is nothing to do.
    pub fn of(task: Option<messages::Task>) -> Option<Task> {
        let task = task?;
        let work = match task.task_type {
            Some(TaskType::None(_)) => return None,
            None if task.id.is_empty() => return None,
            kind => Work::of(kind),
        };
        Some(Task { id: task.id, debug: task.debug, work })
    }

    /// The kind's name, for logs.
    pub fn kind(&self) -> &'static str {
        match &self.work {
            Work::Hello => "hello",
            Work::Sync(_) => "sync_full",
            Work::Answer(ask) => ask.kind(),
        }
    }
}

impl Work {
    fn of(kind: Option<TaskType>) -> Work {
        use TaskType as T;
        let resource_type =
            |id: Option<baton::ResourceId>| Some(id?.resource_type).filter(|kind| !kind.is_empty());
        let offered = |entitlement: Option<baton::Entitlement>| {
            resource_type(entitlement.and_then(|e| e.resource).and_then(|resource| resource.id))
        };
        let ask = match kind {
            Some(T::Hello(_)) => return Work::Hello,
            Some(T::SyncFull(task)) => return Work::Sync(Selection::of(task)),
            Some(T::Grant(task)) => {
                Ask::Write(Write::Grant(task.principal.and_then(|_| offered(task.entitlement))))
            }
            Some(T::Revoke(task)) => {
                Ask::Write(Write::Revoke(offered(task.grant.and_then(|grant| grant.entitlement))))
            }
            Some(T::CreateAccount(task)) => {
                Ask::Write(Write::CreateAccount { whole: task.account_info.is_some() })
            }
            Some(T::CreateResource(task)) => Ask::Write(Write::CreateResource(resource_type(
                task.resource.and_then(|resource| resource.id),
            ))),
            Some(T::DeleteResource(task)) => {
                Ask::Write(Write::DeleteResource(resource_type(task.resource_id)))
            }
            Some(T::RotateCredentials(task)) => {
                Ask::Write(Write::RotateCredentials(resource_type(task.resource_id)))
            }
            Some(T::IssueCredential(task)) => {
                Ask::Write(Write::IssueCredential(resource_type(task.resource_id)))
            }
            Some(T::CreateTicket(_)) => Ask::Ticket("create_ticket_task"),
            Some(T::ListTicketSchemas(_)) => Ask::Ticket("list_ticket_schemas"),
            Some(T::GetTicket(_)) => Ask::Ticket("get_ticket"),
            Some(T::BulkCreateTickets(_)) => Ask::Ticket("bulk_create_tickets"),
            Some(T::BulkGetTickets(_)) => Ask::Ticket("bulk_get_tickets"),
            Some(T::ActionListSchemas(_)) => Ask::ListActions,
            Some(T::ActionGetSchema(task)) => Ask::Action("action_get_schema", task.name),
            Some(T::ActionInvoke(task)) => Ask::Action("action_invoke", task.name),
            Some(T::ActionStatus(task)) => Ask::ActionStatus { name: task.name, id: task.id },
            Some(T::ListEventFeeds(_)) => Ask::ListEventFeeds,
            Some(T::ListEvents(_)) => Ask::ListEvents,
            Some(T::EventFeed(_)) => Ask::Unsupported("event_feed"),
            Some(T::CreateSyncDiff(_)) => Ask::Unsupported("create_sync_diff"),
            Some(T::CompactSyncs(_)) => Ask::Unsupported("compact_syncs"),
            Some(T::None(_)) | None => Ask::Unsupported("unknown"),
        };
        Work::Answer(ask)
    }
}

impl Default for Selection {
    fn default() -> Self {
        Selection::of(SyncFullTask::default())
    }
}

impl Selection {
    fn of(task: SyncFullTask) -> Selection {
        Selection {
            resource_types: task.sync_resource_type_ids,
            skip_entitlements_and_grants: task.skip_entitlements_and_grants,
            skip_grants: task.skip_grants,
            skip_expand_grants: task.skip_expand_grants,
            targets: task.targeted_sync_resources.into_iter().map(target).collect(),
            storage_engine: task.storage_engine,
        }
    }
}

/// The resource that a task names; of the record only what identifies it counts.
fn target(resource: baton::Resource) -> Option<Target> {
    let id = |id: baton::ResourceId| {
        let named = !id.resource_type.is_empty() && !id.resource.is_empty();
        named.then_some(ResourceId { resource_type: id.resource_type, id: id.resource })
    };
    Some(Target { id: id(resource.id?)?, parent: resource.parent_resource_id.and_then(id) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message;

    fn read(bytes: &[u8]) -> Option<Task> {
        Task::of(Some(messages::Task::decode(bytes).expect("a task")))
    }

    #[test]
    fn no_task_and_the_task_of_doing_nothing_are_nothing() {
        assert_eq!(Task::of(None), None);
        assert_eq!(read(&[]), None);
        // id "x", none (field 100) empty.
        assert_eq!(read(&[0x0a, 1, b'x', 0xa2, 0x06, 0]), None);
    }

    #[test]
    fn a_kind_from_the_future_is_work_that_is_not_supported() {
        // id "x", field 150 empty.
        let task = read(&[0x0a, 1, b'x', 0xb2, 0x09, 0]).expect("a task");
        assert_eq!(task.work, Work::Answer(Ask::Unsupported("unknown")));
        assert_eq!(task.id, "x");
    }

    #[test]
    fn a_sync_carries_what_it_wants() {
        let kind = TaskType::SyncFull(SyncFullTask {
            skip_entitlements_and_grants: true,
            skip_grants: true,
            skip_expand_grants: true,
            targeted_sync_resources: vec![resource("t:1")],
            sync_resource_type_ids: vec!["team".into()],
            storage_engine: "pebble".into(),
            ..SyncFullTask::default()
        });
        let task =
            messages::Task { id: "x".into(), debug: true, task_type: Some(kind), ..Default::default() };
        let task = read(&task.encode_to_vec()).expect("a task");
        assert!(task.debug);
        assert_eq!(
            task.work,
            Work::Sync(Selection {
                resource_types: vec!["team".into()],
                skip_entitlements_and_grants: true,
                skip_grants: true,
                skip_expand_grants: true,
                targets: Some(vec![Target {
                    id: ResourceId { resource_type: "team".into(), id: "t:1".into() },
                    parent: None,
                }]),
                storage_engine: "pebble".into(),
            })
        );
    }

    #[test]
    fn a_resource_without_an_id_is_no_target() {
        let selection = |targeted_sync_resources| {
            Selection::of(SyncFullTask { targeted_sync_resources, ..SyncFullTask::default() }).targets
        };
        assert_eq!(selection(vec![]), Some(vec![]));
        assert_eq!(selection(vec![resource("t"), baton::Resource::default()]), None);
        assert_eq!(selection(vec![resource("")]), None);
    }

    fn resource(id: &str) -> baton::Resource {
        let id = baton::ResourceId { resource_type: "team".into(), resource: id.into() };
        baton::Resource { id: Some(id), ..baton::Resource::default() }
    }
}
