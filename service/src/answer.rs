//! What C1 hears about a task that a reading connector has nothing to do for.
//!
//! | task | answer |
//! |---|---|
//! | list event feeds, list actions | success: there are none |
//! | grant, revoke, and everything else that writes | an error for good: provisioning is not enabled, or, where it is, the connector has no such thing |
//! | the same without what it needs | an error for good: malformed |
//! | tickets, events | an error for good: there are none |
//! | an action | an error: there is none of that name |
//! | event feed, sync diff, compaction, kinds of the future | an error: not supported |
//!
//! An error "for good" tells C1 not to hand out the task again: the next attempt would end the same way. Codes and
//! texts are those of the Go connectors where these answer at all.

use tonic::Code;

use crate::messages::{ListActionSchemasResponse, ListEventFeedsResponse};
use crate::outcome::{Failure, Outcome};
use baton_c1z::baton::Annotation;

/// A task that is answered, not worked on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ask {
    /// Something that writes.
    Write(Write),
    /// Something with tickets; the kind.
    Ticket(&'static str),
    /// Which actions there are.
    ListActions,
    /// Something with the action of this name; the kind comes first.
    Action(&'static str, String),
    /// How an invocation goes.
    ActionStatus {
        /// The action.
        name: String,
        /// The invocation.
        id: String,
    },
    /// Which event feeds there are.
    ListEventFeeds,
    /// Events.
    ListEvents,
    /// A kind that no connector of this sort knows.
    Unsupported(&'static str),
}

/// A task that writes, with the type of the resource it is about. None: the task does not say, so it is malformed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Write {
    /// Give an entitlement.
    Grant(Option<String>),
    /// Take it back.
    Revoke(Option<String>),
    /// Create an account.
    CreateAccount {
        /// Whether the task says for whom.
        whole: bool,
    },
    /// Create a resource.
    CreateResource(Option<String>),
    /// Delete a resource.
    DeleteResource(Option<String>),
    /// Change credentials.
    RotateCredentials(Option<String>),
    /// Make new credentials.
    IssueCredential(Option<String>),
}

impl Ask {
    /// The kind's name, for logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Ask::Write(write) => write.kind().0,
            Ask::ListActions => "action_list_schemas",
            Ask::ActionStatus { .. } => "action_status",
            Ask::ListEventFeeds => "list_event_feeds",
            Ask::ListEvents => "list_events",
            Ask::Ticket(kind) | Ask::Action(kind, _) | Ask::Unsupported(kind) => kind,
        }
    }

    /// The answer. `provisioning`: whether this process was started with it.
    pub fn answer(&self, provisioning: bool) -> Outcome {
        match self {
            Ask::ListEventFeeds => Outcome::Done(Some(ListEventFeedsResponse {}.pack())),
            Ask::ListActions => Outcome::Done(Some(ListActionSchemasResponse {}.pack())),
            Ask::Write(write) => Outcome::Failed(write.refusal(provisioning)),
            Ask::Ticket(_) => for_good(Code::Unimplemented, "ticketing is not enabled"),
            Ask::ListEvents => for_good(Code::Unimplemented, "the connector has no event feed"),
            Ask::Action(_, name) if name.is_empty() => failed(Code::Unknown, "action name required"),
            Ask::ActionStatus { id, .. } if id.is_empty() => failed(Code::Unknown, "action id required"),
            Ask::Action(_, name) | Ask::ActionStatus { name, .. } => {
                failed(Code::NotFound, &format!("action {name} not found"))
            }
            Ask::Unsupported(_) => failed(Code::Unknown, "unsupported task type"),
        }
    }
}

impl Write {
    /// Its name in the protocol and in words.
    fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Write::Grant(_) => ("grant", "grant"),
            Write::Revoke(_) => ("revoke", "revoke"),
            Write::CreateAccount { .. } => ("create_account", "create account"),
            Write::CreateResource(_) => ("create_resource", "create resource"),
            Write::DeleteResource(_) => ("delete_resource", "delete resource"),
            Write::RotateCredentials(_) => ("rotate_credentials", "rotate credentials"),
            Write::IssueCredential(_) => ("issue_credential", "issue credential"),
        }
    }

    fn refusal(&self, provisioning: bool) -> Failure {
        let what = match self {
            Write::Grant(Some(kind)) | Write::Revoke(Some(kind)) => {
                format!("resource type {kind} does not have provisioner configured")
            }
            Write::CreateAccount { whole: true } => {
                "connector does not have account manager configured".to_owned()
            }
            Write::CreateResource(Some(kind)) => {
                format!("resource type {kind} does not have resource Create() configured")
            }
            Write::DeleteResource(Some(kind)) => {
                format!("resource type {kind} does not have resource Delete() configured")
            }
            Write::RotateCredentials(Some(_)) => {
                "resource type does not have credential manager configured".to_owned()
            }
            Write::IssueCredential(Some(_)) => {
                "resource type does not have credential issuer configured".to_owned()
            }
            _ => return Failure::for_good(Code::Unknown, format!("malformed {} task", self.kind().1)),
        };
        match provisioning {
            false => Failure::for_good(Code::FailedPrecondition, "provisioning is not enabled"),
            true => Failure::for_good(Code::Unimplemented, what),
        }
    }
}

fn failed(code: Code, message: &str) -> Outcome {
    Outcome::Failed(Failure::new(code, message))
}

fn for_good(code: Code, message: &str) -> Outcome {
    Outcome::Failed(Failure::for_good(code, message))
}
