//! What C1 asks for: a task, with as much of its content as the answer to it needs.
#![allow(missing_docs, reason = "names and meanings are those of the protocol's packages")]

use baton_c1z::baton::{self, Any};

use super::base::Empty;

#[derive(Clone, PartialEq, prost::Message)]
pub struct Task {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(int32, tag = "2")]
    pub status: i32,
    #[prost(bool, tag = "3")]
    pub debug: bool,
    #[prost(
        oneof = "TaskType",
        tags = "100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, \
                118, 119, 120, 121, 122, 123"
    )]
    pub task_type: Option<TaskType>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub enum TaskType {
    #[prost(message, tag = "100")]
    None(Empty),
    #[prost(message, tag = "101")]
    Hello(Empty),
    #[prost(message, tag = "102")]
    SyncFull(SyncFullTask),
    #[prost(message, tag = "103")]
    Grant(GrantTask),
    #[prost(message, tag = "104")]
    Revoke(RevokeTask),
    #[prost(message, tag = "105")]
    CreateAccount(CreateAccountTask),
    #[prost(message, tag = "106")]
    CreateResource(CreateResourceTask),
    #[prost(message, tag = "107")]
    DeleteResource(OfResourceTask),
    #[prost(message, tag = "108")]
    RotateCredentials(OfResourceTask),
    #[prost(message, tag = "109")]
    EventFeed(Empty),
    #[prost(message, tag = "110")]
    CreateTicket(Empty),
    #[prost(message, tag = "111")]
    ListTicketSchemas(Empty),
    #[prost(message, tag = "112")]
    GetTicket(Empty),
    #[prost(message, tag = "113")]
    BulkCreateTickets(Empty),
    #[prost(message, tag = "114")]
    BulkGetTickets(Empty),
    #[prost(message, tag = "115")]
    ActionListSchemas(Empty),
    #[prost(message, tag = "116")]
    ActionGetSchema(ActionTask),
    #[prost(message, tag = "117")]
    ActionInvoke(ActionTask),
    #[prost(message, tag = "118")]
    ActionStatus(ActionStatusTask),
    #[prost(message, tag = "119")]
    CreateSyncDiff(Empty),
    #[prost(message, tag = "120")]
    CompactSyncs(Empty),
    #[prost(message, tag = "121")]
    ListEventFeeds(Empty),
    #[prost(message, tag = "122")]
    ListEvents(Empty),
    #[prost(message, tag = "123")]
    IssueCredential(OfResourceTask),
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct SyncFullTask {
    #[prost(message, repeated, tag = "1")]
    pub annotations: Vec<Any>,
    #[prost(bool, tag = "2")]
    pub skip_expand_grants: bool,
    #[prost(bool, tag = "3")]
    pub skip_entitlements_and_grants: bool,
    #[prost(message, repeated, tag = "4")]
    pub targeted_sync_resources: Vec<baton::Resource>,
    #[prost(string, repeated, tag = "5")]
    pub sync_resource_type_ids: Vec<String>,
    #[prost(bool, tag = "6")]
    pub skip_grants: bool,
    #[prost(string, tag = "7")]
    pub storage_engine: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct GrantTask {
    #[prost(message, optional, tag = "1")]
    pub entitlement: Option<baton::Entitlement>,
    #[prost(message, optional, tag = "2")]
    pub principal: Option<baton::Resource>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct RevokeTask {
    #[prost(message, optional, tag = "1")]
    pub grant: Option<baton::Grant>,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct CreateAccountTask {
    #[prost(message, optional, tag = "1")]
    pub account_info: Option<Empty>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct CreateResourceTask {
    #[prost(message, optional, tag = "1")]
    pub resource: Option<baton::Resource>,
}

/// The three tasks whose first field names the resource they are about.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct OfResourceTask {
    #[prost(message, optional, tag = "1")]
    pub resource_id: Option<baton::ResourceId>,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ActionTask {
    #[prost(string, tag = "1")]
    pub name: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ActionStatusTask {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub id: String,
}
