//! The messages between a connector and C1, of the package `c1.connectorapi.baton.v1`, as far as they are used.
//!
//! Declared by hand, so that building needs no protobuf compiler. Field numbers and names are the protocol's; a
//! field that is not declared is skipped when it is read. A task carries much more than a reading connector has
//! to know: of those it only answers, no more is read than the answer needs.
#![allow(missing_docs, reason = "names and meanings are those of the protocol's packages")]

mod base;
mod tasks;

use baton_c1z::baton::{self, Annotation, Any};

pub use base::{Duration, Empty, Status};
pub use tasks::{
    ActionStatusTask, ActionTask, CreateAccountTask, CreateResourceTask, GrantTask, OfResourceTask,
    RevokeTask, SyncFullTask, Task, TaskType,
};

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
