//! The messages between a connector and C1, of the package `c1.connectorapi.baton.v1`, as far as they are used.
//!
//! Declared by hand, so that building needs no protobuf compiler. Field numbers and names are the protocol's; a
//! field that is not declared is skipped when it is read. A task carries much more than a reading connector has
//! to know: of those it only answers, no more is read than the answer needs.
#![allow(missing_docs, reason = "names and meanings are those of the protocol's packages")]

use baton_c1z::baton::{self, Annotation, Any};

/// A span of time.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Duration {
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

impl Duration {
    /// The span as the standard library has it; a negative one is none.
    pub fn to_std(self) -> std::time::Duration {
        let Ok(seconds) = u64::try_from(self.seconds) else { return std::time::Duration::ZERO };
        std::time::Duration::new(seconds, u32::try_from(self.nanos).unwrap_or(0).min(999_999_999))
    }

    /// The span as the protocol has it.
    pub fn of(span: std::time::Duration) -> Duration {
        let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Duration { seconds, nanos: i32::try_from(span.subsec_nanos()).unwrap_or(0) }
    }
}

/// How something ended, as `google.rpc.Status`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Status {
    #[prost(int32, tag = "1")]
    pub code: i32,
    #[prost(string, tag = "2")]
    pub message: String,
    #[prost(message, repeated, tag = "3")]
    pub details: Vec<Any>,
}

/// A message without any field that matters here.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Empty {}

#[derive(Clone, PartialEq, prost::Message)]
pub struct HelloRequest {
    #[prost(string, tag = "1")]
    pub host_id: String,
    #[prost(string, tag = "2")]
    pub task_id: String,
    #[prost(message, optional, tag = "3")]
    pub build_info: Option<BuildInfo>,
    #[prost(message, optional, tag = "4")]
    pub os_info: Option<OsInfo>,
    #[prost(message, optional, tag = "5")]
    pub connector_metadata: Option<ConnectorMetadata>,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct BuildInfo {
    #[prost(string, tag = "1")]
    pub lang_version: String,
    #[prost(string, tag = "2")]
    pub package: String,
    #[prost(string, tag = "3")]
    pub package_version: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct OsInfo {
    #[prost(string, tag = "1")]
    pub hostname: String,
    #[prost(string, tag = "2")]
    pub os: String,
    #[prost(string, tag = "3")]
    pub platform: String,
    #[prost(string, tag = "4")]
    pub platform_version: String,
    #[prost(string, tag = "5")]
    pub platform_family: String,
    #[prost(string, tag = "6")]
    pub kernel_version: String,
    #[prost(string, tag = "7")]
    pub kernel_arch: String,
    #[prost(string, tag = "8")]
    pub virtualization_system: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct ConnectorMetadata {
    #[prost(string, tag = "1")]
    pub display_name: String,
    #[prost(string, tag = "2")]
    pub help_url: String,
    #[prost(string, tag = "7")]
    pub description: String,
    #[prost(message, optional, tag = "8")]
    pub capabilities: Option<ConnectorCapabilities>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct ConnectorCapabilities {
    #[prost(message, repeated, tag = "1")]
    pub resource_type_capabilities: Vec<ResourceTypeCapability>,
    #[prost(enumeration = "Capability", repeated, tag = "2")]
    pub connector_capabilities: Vec<i32>,
    #[prost(message, optional, tag = "3")]
    pub credential_details: Option<Empty>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct ResourceTypeCapability {
    #[prost(message, optional, tag = "1")]
    pub resource_type: Option<baton::ResourceType>,
    #[prost(enumeration = "Capability", repeated, tag = "2")]
    pub capabilities: Vec<i32>,
    #[prost(message, optional, tag = "3")]
    pub permissions: Option<baton::CapabilityPermissions>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum Capability {
    Unspecified = 0,
    Sync = 2,
    TargetedSync = 11,
    ServiceModeTargetedSync = 13,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetTaskRequest {
    #[prost(string, tag = "1")]
    pub host_id: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct GetTaskResponse {
    #[prost(message, optional, tag = "1")]
    pub task: Option<Task>,
    #[prost(message, optional, tag = "2")]
    pub next_poll: Option<Duration>,
    #[prost(message, optional, tag = "3")]
    pub next_heartbeat: Option<Duration>,
}

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

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct HeartbeatRequest {
    #[prost(string, tag = "1")]
    pub host_id: String,
    #[prost(string, tag = "2")]
    pub task_id: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct HeartbeatResponse {
    #[prost(message, optional, tag = "1")]
    pub next_heartbeat: Option<Duration>,
    #[prost(bool, tag = "2")]
    pub cancelled: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct UploadAssetRequest {
    #[prost(oneof = "UploadPart", tags = "100, 101, 102")]
    pub msg: Option<UploadPart>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub enum UploadPart {
    #[prost(message, tag = "100")]
    Metadata(UploadMetadata),
    #[prost(message, tag = "101")]
    Data(UploadData),
    #[prost(message, tag = "102")]
    Eof(UploadEof),
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct UploadMetadata {
    #[prost(string, tag = "1")]
    pub host_id: String,
    #[prost(string, tag = "2")]
    pub task_id: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct UploadData {
    #[prost(bytes = "bytes", tag = "1")]
    pub data: bytes::Bytes,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct UploadEof {
    #[prost(bytes = "vec", tag = "1")]
    pub sha256_checksum: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct FinishTaskRequest {
    #[prost(string, tag = "1")]
    pub host_id: String,
    #[prost(string, tag = "2")]
    pub task_id: String,
    #[prost(message, optional, tag = "3")]
    pub status: Option<Status>,
    #[prost(oneof = "FinalState", tags = "100, 101")]
    pub final_state: Option<FinalState>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub enum FinalState {
    #[prost(message, tag = "100")]
    Error(FinishError),
    #[prost(message, tag = "101")]
    Success(FinishSuccess),
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct FinishError {
    #[prost(bool, tag = "1")]
    pub non_retryable: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct FinishSuccess {
    #[prost(message, optional, tag = "2")]
    pub response: Option<Any>,
}

/// The answer to "which event feeds are there?": none.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct ListEventFeedsResponse {}

/// The answer to "which actions are there?": none.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct ListActionSchemasResponse {}

impl Annotation for ListEventFeedsResponse {
    const NAME: &'static str = "ListEventFeedsResponse";
}

impl Annotation for ListActionSchemasResponse {
    const NAME: &'static str = "ListActionSchemasResponse";
}
