//! Hello: who we are, on what machine, and what the connector can do. C1 registers a connector by it, and may ask
//! for it again as a task.

use std::time::Duration;

use tonic::{Code, Status};

use crate::channel::Channel;
use crate::error::Error;
use crate::facts::{self, Build};
use crate::messages::{
    Capability, ConnectorCapabilities, ConnectorMetadata, HelloRequest, ResourceTypeCapability,
};
use crate::setup::Timings;
use baton_c1z::baton;
use baton_host::contract;
use baton_host::{Config, Connector};

/// What is said in every Hello of this process; only the task's id differs.
pub(super) async fn prepare(
    connector: &Connector,
    config: Config,
    build: &Build,
) -> Result<HelloRequest, Error> {
    let metadata = connector.metadata().await?;
    let types = connector.resource_types_with(config).await?;
    Ok(HelloRequest {
        build_info: Some(facts::build_info(build)),
        os_info: Some(facts::os_info()),
        connector_metadata: Some(of_connector(metadata, types)),
        ..HelloRequest::default()
    })
}

/// Say Hello until C1 has heard it. Only an answer that will not change ends this.
pub(super) async fn first(channel: &Channel, hello: &HelloRequest, timings: &Timings) -> Result<(), Error> {
    let mut pause = timings.hello_first;
    loop {
        match channel.hello(hello.clone()).await {
            Ok(()) => {
                tracing::info!("C1 knows this connector now");
                return Ok(());
            }
            Err(status) if is_final(status.code()) => {
                return Err(Error::Hello {
                    code: i32::from(status.code()),
                    message: status.message().to_owned(),
                });
            }
            Err(status) => {
                tracing::warn!(
                    error = status.message(),
                    next_attempt_seconds = pause.as_secs(),
                    "the first Hello to C1 failed"
                );
                tokio::time::sleep(pause).await;
                pause = longer(pause, timings.hello_longest);
            }
        }
    }
}

/// Whether trying again is of no use.
fn is_final(code: Code) -> bool {
    use Code::{
        FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, Unauthenticated, Unimplemented,
    };
    matches!(
        code,
        Unauthenticated | PermissionDenied | InvalidArgument | Unimplemented | FailedPrecondition | NotFound
    )
}

/// Say Hello because C1 asked for it.
pub(super) async fn again(channel: &Channel, hello: &HelloRequest, task_id: &str) -> Result<(), Status> {
    channel.hello(HelloRequest { task_id: task_id.to_owned(), ..hello.clone() }).await
}

fn longer(pause: Duration, longest: Duration) -> Duration {
    pause.saturating_mul(2).min(longest)
}

fn of_connector(
    metadata: contract::ConnectorMetadata,
    types: Vec<contract::ResourceType>,
) -> ConnectorMetadata {
    let mut types: Vec<ResourceTypeCapability> = types.iter().map(of_type).collect();
    types.sort_by(|one, other| id(one).cmp(id(other)));
    ConnectorMetadata {
        display_name: metadata.display_name,
        // C1 takes nothing but https here; a path on the catalog's own site stays in the catalog.
        help_url: metadata.documentation_url.filter(|url| url.starts_with("https://")).unwrap_or_default(),
        description: metadata.description,
        capabilities: Some(ConnectorCapabilities {
            resource_type_capabilities: types,
            connector_capabilities: vec![
                Capability::Sync.into(),
                Capability::TargetedSync.into(),
                Capability::ServiceModeTargetedSync.into(),
            ],
            credential_details: Some(crate::messages::Empty {}),
        }),
    }
}

fn of_type(kind: &contract::ResourceType) -> ResourceTypeCapability {
    let permissions = kind
        .permissions
        .iter()
        .map(|name| baton::CapabilityPermission { permission: name.clone() })
        .collect();
    ResourceTypeCapability {
        resource_type: Some(baton::resource_type(kind)),
        capabilities: vec![Capability::Sync.into(), Capability::TargetedSync.into()],
        permissions: Some(baton::CapabilityPermissions { permissions }),
    }
}

fn id(capability: &ResourceTypeCapability) -> &str {
    capability.resource_type.as_ref().map_or("", |kind| &kind.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut pause = Duration::from_secs(1);
        let mut seconds = Vec::new();
        for _ in 0..11 {
            seconds.push(pause.as_secs());
            pause = longer(pause, Duration::from_secs(300));
        }
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    }

    #[test]
    fn six_answers_are_final() {
        let finals: Vec<i32> = (0..=16).filter(|code| is_final(Code::from_i32(*code))).collect();
        assert_eq!(finals, [3, 5, 7, 9, 12, 16]);
    }
}
