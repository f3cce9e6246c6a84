//! What the JSON of every record is made of: objects, ids, moments.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::bindings::syncer::{EntitlementId, Failure, Grant, ResourceId, Timestamp};

/// A JSON object in the making. A field without a value is not added.
#[derive(Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// An annotation or a trait: its name is part of it.
    pub fn typed(name: &str) -> Object {
        Object::default().text("@type", &format!("type.googleapis.com/c1.connector.v2.{name}"))
    }

    pub fn text(self, name: &str, value: &str) -> Object {
        self.value(name, (!value.is_empty()).then(|| value.into()))
    }

    pub fn option(self, name: &str, value: Option<&String>) -> Object {
        self.text(name, value.map(String::as_str).unwrap_or_default())
    }

    pub fn truth(self, name: &str, value: bool) -> Object {
        self.value(name, value.then_some(Value::Bool(true)))
    }

    pub fn list(self, name: &str, values: impl IntoIterator<Item = Value>) -> Object {
        let values: Vec<Value> = values.into_iter().collect();
        self.value(name, (!values.is_empty()).then_some(Value::Array(values)))
    }

    pub fn texts(self, name: &str, values: &[String]) -> Object {
        self.list(name, values.iter().map(|text| text.as_str().into()))
    }

    pub fn value(mut self, name: &str, value: Option<Value>) -> Object {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    pub fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A resource's id, of two parts.
pub fn id(id: &ResourceId) -> Value {
    json!({ "resourceType": id.resource_type, "resource": id.id })
}

/// `type:id`.
pub fn joined(id: &ResourceId) -> String {
    format!("{}:{}", id.resource_type, id.id)
}

/// `type:id:slug`.
pub fn joined_entitlement(id: &EntitlementId) -> String {
    format!("{}:{}", joined(&id.resource), id.slug)
}

/// `type:id:slug:type:id`.
pub fn joined_grant(grant: &Grant) -> String {
    format!("{}:{}", joined_entitlement(&grant.entitlement), joined(&grant.principal))
}

/// RFC 3339 in UTC. A moment outside of the years 1 to 9999 has no place in a line.
pub fn moment(at: Timestamp) -> Result<Value, String> {
    let nanoseconds = i128::from(at.seconds) * 1_000_000_000 + i128::from(at.nanoseconds);
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .ok()
        .filter(|time| at.nanoseconds < 1_000_000_000 && (1..=9999).contains(&time.year()));
    time.and_then(|time| time.format(&Rfc3339).ok()).map(Value::String).ok_or_else(|| {
        format!(
            "a time of {} s and {} ns since 1970 is outside of the years 1 to 9999",
            at.seconds, at.nanoseconds
        )
    })
}

/// A failure without a reply of the vendor's.
pub fn failure(message: String) -> Failure {
    Failure { message, http_status: None, request_id: None }
}
