//! Every kind of task gets its answer, and none of them ends or stops the service.

use baton_c1z::baton::{Entitlement, Grant, Resource, ResourceId};
use baton_planetscale_support::fake_c1::{id, sync, task};
use baton_service::messages::{
    ActionStatusTask, ActionTask, CreateAccountTask, CreateResourceTask, Empty, FinalState,
    FinishTaskRequest, GrantTask, OfResourceTask, RevokeTask, Task, TaskType,
};

use crate::harness::Place;

/// The code, whether it is for good, and the text of an error.
fn error(finish: &FinishTaskRequest) -> Option<(i32, bool, &str)> {
    let (Some(status), Some(FinalState::Error(error))) = (&finish.status, &finish.final_state) else {
        return None;
    };
    Some((status.code, error.non_retryable, &status.message))
}

fn team() -> Option<ResourceId> {
    Some(ResourceId { resource_type: "team".into(), resource: "t1".into() })
}

fn resource() -> Option<Resource> {
    Some(Resource { id: team(), ..Resource::default() })
}

fn entitlement() -> Option<Entitlement> {
    Some(Entitlement { resource: resource(), ..Entitlement::default() })
}

fn of_resource() -> OfResourceTask {
    OfResourceTask { resource_id: team() }
}

/// Tasks that write, and what is said when writing is allowed but cannot be done.
fn writes() -> Vec<(TaskType, &'static str)> {
    let grant = Grant { entitlement: entitlement(), ..Grant::default() };
    vec![
        (
            TaskType::Grant(GrantTask { entitlement: entitlement(), principal: resource() }),
            "resource type team does not have provisioner configured",
        ),
        (
            TaskType::Revoke(RevokeTask { grant: Some(grant) }),
            "resource type team does not have provisioner configured",
        ),
        (
            TaskType::CreateAccount(CreateAccountTask { account_info: Some(Empty {}) }),
            "connector does not have account manager configured",
        ),
        (
            TaskType::CreateResource(CreateResourceTask { resource: resource() }),
            "resource type team does not have resource Create() configured",
        ),
        (
            TaskType::DeleteResource(of_resource()),
            "resource type team does not have resource Delete() configured",
        ),
        (
            TaskType::RotateCredentials(of_resource()),
            "resource type does not have credential manager configured",
        ),
        (
            TaskType::IssueCredential(of_resource()),
            "resource type does not have credential issuer configured",
        ),
    ]
}

/// Hand out tasks one after the other, and hear how each ends.
fn answers(args: &[&str], kinds: Vec<TaskType>) -> Vec<FinishTaskRequest> {
    let place = Place::new();
    let count = u32::try_from(kinds.len()).expect("few");
    for (number, kind) in (0..).zip(kinds) {
        place.c1.push(task(number, kind));
    }
    let service = place.start(args);
    let found = (0..count).map(|number| place.c1.finished(&id(number))).collect();
    service.stop();
    found
}

#[test]
fn what_writes_is_refused_for_good_because_provisioning_is_off() {
    let kinds = writes().into_iter().map(|(kind, _)| kind).collect();
    for finish in answers(&[], kinds) {
        assert_eq!(error(&finish), Some((9, true, "provisioning is not enabled")));
    }
}

#[test]
fn with_provisioning_what_writes_is_refused_because_there_is_no_such_thing() {
    let (kinds, texts): (Vec<_>, Vec<_>) = writes().into_iter().unzip();
    for (finish, text) in answers(&["--provisioning"], kinds).iter().zip(texts) {
        assert_eq!(error(finish), Some((12, true, text)));
    }
}

#[test]
fn a_task_without_what_it_needs_is_malformed() {
    let kinds = vec![
        TaskType::Grant(GrantTask { entitlement: entitlement(), principal: None }),
        TaskType::Revoke(RevokeTask { grant: None }),
        TaskType::CreateAccount(CreateAccountTask { account_info: None }),
        TaskType::CreateResource(CreateResourceTask { resource: None }),
        TaskType::DeleteResource(OfResourceTask { resource_id: None }),
        TaskType::RotateCredentials(OfResourceTask { resource_id: None }),
        TaskType::IssueCredential(OfResourceTask { resource_id: None }),
    ];
    let names = ["grant", "revoke", "create account", "create resource", "delete resource"];
    let names = names.into_iter().chain(["rotate credentials", "issue credential"]);
    for (finish, name) in answers(&[], kinds).iter().zip(names) {
        assert_eq!(error(finish), Some((2, true, format!("malformed {name} task").as_str())));
    }
}

#[test]
fn lists_of_what_there_is_not_are_empty() {
    let kinds = vec![TaskType::ListEventFeeds(Empty {}), TaskType::ActionListSchemas(Empty {})];
    let names = ["ListEventFeedsResponse", "ListActionSchemasResponse"];
    for (finish, name) in answers(&[], kinds).into_iter().zip(names) {
        let Some(FinalState::Success(success)) = finish.final_state else { panic!("{finish:?}") };
        let response = success.response.expect("an answer");
        assert_eq!(response.type_url, format!("type.googleapis.com/c1.connector.v2.{name}"));
        assert_eq!(response.value, Vec::<u8>::new());
    }
}

#[test]
fn everything_else_is_an_error_and_the_service_goes_on() {
    let action = |name: &str| ActionTask { name: name.into() };
    let status = |id: &str| ActionStatusTask { name: "x".into(), id: id.into() };
    let expected = vec![
        (TaskType::EventFeed(Empty {}), (2, false, "unsupported task type")),
        (TaskType::CreateSyncDiff(Empty {}), (2, false, "unsupported task type")),
        (TaskType::CompactSyncs(Empty {}), (2, false, "unsupported task type")),
        (TaskType::ListEvents(Empty {}), (12, true, "the connector has no event feed")),
        (TaskType::CreateTicket(Empty {}), (12, true, "ticketing is not enabled")),
        (TaskType::ListTicketSchemas(Empty {}), (12, true, "ticketing is not enabled")),
        (TaskType::GetTicket(Empty {}), (12, true, "ticketing is not enabled")),
        (TaskType::BulkCreateTickets(Empty {}), (12, true, "ticketing is not enabled")),
        (TaskType::BulkGetTickets(Empty {}), (12, true, "ticketing is not enabled")),
        (TaskType::ActionGetSchema(action("x")), (5, false, "action x not found")),
        (TaskType::ActionInvoke(action("x")), (5, false, "action x not found")),
        (TaskType::ActionInvoke(action("")), (2, false, "action name required")),
        (TaskType::ActionStatus(status("1")), (5, false, "action x not found")),
        (TaskType::ActionStatus(status("")), (2, false, "action id required")),
    ];
    let (kinds, expected): (Vec<_>, Vec<_>) = expected.into_iter().unzip();
    for (finish, expected) in answers(&[], kinds).iter().zip(expected) {
        assert_eq!(error(finish), Some(expected));
    }
}

#[test]
fn nothing_to_do_and_kinds_of_the_future_do_not_disturb() {
    let place = Place::new();
    place.c1.push(Task::default());
    place.c1.push(task(1, TaskType::None(Empty {})));
    place.c1.push(Task { id: id(2), ..Task::default() });
    place.c1.push(sync(3));
    let service = place.start(&[]);
    let finish = place.c1.finished(&id(3));
    assert!(matches!(finish.final_state, Some(FinalState::Success(_))), "{finish:?}");
    assert_eq!(error(&place.c1.finished(&id(2))), Some((2, false, "unsupported task type")));
    service.stop();
}
