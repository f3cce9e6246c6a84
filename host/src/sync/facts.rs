//! What a sync tells of itself at its end.

use crate::model::bid::Target;
use crate::model::config::{Config, shown};
use crate::model::contract::{self, ConnectorMetadata};
use crate::model::facts::{Facts, Note};
use crate::model::records::joined;

use super::options::{Summary, SyncOptions};

/// Longest text of a fact, in characters: what the contract allows one sentence.
const LONGEST: usize = 1_024;

/// What is known before the first record.
pub(super) fn before(
    metadata: &ConnectorMetadata,
    component: &str,
    identity: Option<&str>,
    config: Option<&Config>,
    options: &SyncOptions,
) -> Facts {
    let text = |text: &str| shown(text, config, LONGEST);
    Facts {
        program: options.program.clone(),
        product: text(&metadata.display_name),
        connector_version: text(&metadata.version),
        component: component.to_owned(),
        contract: contract::VERSION.to_owned(),
        origins: config.map(|config| config.origins().map(ToString::to_string).collect()).unwrap_or_default(),
        // An identity that is empty says nothing.
        identity: identity.map(text).filter(|identity| !identity.trim().is_empty()),
        only_types: options.resource_types.clone(),
        only_resources: options.targets.iter().map(Target::to_string).collect(),
        without_entitlements: options.skip_entitlements_and_grants,
        without_grants: options.skip_grants || options.skip_entitlements_and_grants,
        ..Facts::default()
    }
}

/// What cannot be seen of what was read.
pub(super) fn cannot_see(
    metadata: &ConnectorMetadata,
    summary: &Summary,
    config: Option<&Config>,
) -> Vec<String> {
    summary.unseen(metadata).into_iter().map(|spot| shown(spot, config, LONGEST)).collect()
}

/// Warnings, which were made fit to be shown when they came.
pub(super) fn notes(summary: &Summary) -> Vec<Note> {
    let note = |warning: &contract::Warning| Note {
        message: warning.message.clone(),
        resource: warning.resource.as_ref().map(joined),
    };
    summary.warnings.iter().map(note).collect()
}
