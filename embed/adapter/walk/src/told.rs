//! What is told beside the records: who the connector is, the fields of its config, and its errors.

use serde_json::{Value, json};

use crate::bindings::syncer::{ConfigField, ConnectorMetadata, Error, Failure, FieldKind, Warning};
use crate::json as record;
use crate::parts::Object;

/// Who the connector is.
pub fn metadata(from: &ConnectorMetadata) -> Value {
    let blind = from.cannot_see.iter().map(|spot| {
        Object::default().text("message", &spot.message).texts("resourceTypes", &spot.resource_types).done()
    });
    Object::default()
        .text("displayName", &from.display_name)
        .text("version", &from.version)
        .text("description", &from.description)
        .option("documentationUrl", from.documentation_url.as_ref())
        .list("cannotSee", blind)
        .done()
}

/// A field of the config.
pub fn config_field(field: &ConfigField) -> Value {
    let kind = match &field.kind {
        FieldKind::Text => "text",
        FieldKind::Url => "url",
        FieldKind::Integer => "integer",
        FieldKind::Boolean => "boolean",
        FieldKind::TextList => "text-list",
        FieldKind::Choice(_) => "choice",
    };
    Object::default()
        .text("name", &field.name)
        .text("displayName", &field.display_name)
        .text("description", &field.description)
        .option("placeholder", field.placeholder.as_ref())
        .option("suggestedValue", field.suggested_value.as_ref())
        .text("kind", kind)
        .value("required", Some(json!(field.required)))
        .value("secret", Some(json!(field.secret)))
        .done()
}

/// Warnings, as in their lines.
pub fn warnings(from: &[Warning]) -> Vec<Value> {
    from.iter().map(record::warning).collect()
}

/// An error: its case under `kind`, and what it says.
pub fn error(error: &Error) -> Value {
    let told = |kind: &str, failure: &Failure| {
        Object::default()
            .text("kind", kind)
            .text("message", &failure.message)
            .value("httpStatus", failure.http_status.map(|status| json!(status)))
            .option("requestId", failure.request_id.as_ref())
    };
    match error {
        Error::Config(failure) => {
            return json!({ "kind": "config", "field": failure.field, "message": failure.message });
        }
        Error::Credentials(failure) => told("credentials", failure),
        Error::Access(failure) => told("access", failure),
        Error::Gone(failure) => told("gone", failure),
        Error::Wait(wait) => {
            told("wait", &wait.failure).value("after", wait.after.map(|seconds| json!(seconds)))
        }
        Error::Again(passing) => {
            told("again", &passing.failure).value("after", passing.after.map(|seconds| json!(seconds)))
        }
        Error::Changed(failure) => told("changed", failure),
        Error::Reply(reply) => told("reply", &reply.failure).text("path", &reply.path),
        Error::Internal(failure) => told("internal", failure),
    }
    .done()
}
