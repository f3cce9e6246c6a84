//! One function, with JSON in and out.

use std::process::ExitCode;

use baton_host::contract::{self, Resource};
use baton_host::{Asked, SyncOptions};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::print;
use crate::subject::{self, Typed};

/// Call it, and print what it gave.
pub async fn one(typed: Typed, function: &str, arguments: &str) -> Result<ExitCode, Failure> {
    let arguments: Map<String, Value> = serde_json::from_str(arguments)
        .map_err(|error| Failure::usage(format!("the arguments are no JSON object: {error}")))?;
    let connector = subject::load(&subject::read(&typed.component)?)?;
    let schema = connector.config_schema().await?;
    match function {
        "metadata" => return print::json(&connector.metadata().await?).map(|()| ExitCode::SUCCESS),
        "config-schema" => return print::json(&schema).map(|()| ExitCode::SUCCESS),
        _ => {}
    }
    let options = SyncOptions { allow: typed.allow()?, ..SyncOptions::default() };
    let session = connector.session(typed.whole_config(&schema)?, &options).await?;
    let mut caller = session.caller();
    let text = |name: &str| arguments.get(name).and_then(Value::as_str);
    let token = text("page_token");
    match function {
        "validate" => tell(caller.validate().await),
        "list-resource-types" => tell(caller.resource_types().await),
        "list-resources" => {
            let kind = text("resource_type").ok_or_else(|| {
                Failure::usage("list-resources takes a resource_type: '{\"resource_type\":\"user\"}'")
            })?;
            let parent =
                arguments.get("parent").filter(|parent| !parent.is_null()).map(resource).transpose()?;
            tell(caller.resources(kind, parent.as_ref(), token).await)
        }
        "list-entitlements" => tell(caller.entitlements(&of(&arguments)?, token).await),
        _ => tell(caller.grants(&of(&arguments)?, token).await),
    }
}

fn of(arguments: &Map<String, Value>) -> Result<Resource, Failure> {
    let found = arguments.get("resource").ok_or_else(|| {
        Failure::usage(
            "a resource is needed: '{\"resource\":{\"id\":{\"resource_type\":\"team\",\"id\":\"t1\"}}}'",
        )
    })?;
    resource(found)
}

/// A resource, of which what is not told is not there.
fn resource(told: &Value) -> Result<Resource, Failure> {
    let mut whole = json!({
        "parent": null, "display_name": "?", "description": null, "child_resource_types": [],
        "external_link": null, "created_at": null, "profile": [], "traits": [],
    });
    if let (Some(whole), Some(told)) = (whole.as_object_mut(), told.as_object()) {
        whole.extend(told.clone());
    }
    serde_json::from_value(whole).map_err(|error| Failure::usage(format!("this is no resource: {error}")))
}

/// An answer or the connector's own error, which has an exit code of its own.
fn tell<T: Serialize>(asked: Asked<T>) -> Result<ExitCode, Failure> {
    match asked? {
        Ok(answer) => print::json(&answer).map(|()| ExitCode::SUCCESS),
        Err(error) => {
            print::json(&json!({ "error": as_json(&error) }))?;
            Err(baton_host::Error::Connector { place: "the connector says".into(), error }.into())
        }
    }
}

fn as_json(error: &contract::Error) -> Value {
    serde_json::to_value(error).unwrap_or_default()
}
