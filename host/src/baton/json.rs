//! The messages as JSON, in the spelling that protobuf defines and Baton's tools print.
//!
//! Names are in camel case, enums are names, 64-bit numbers are texts, and a field without a value is left out,
//! so that a `jq` line written for the output of `baton` works on ours. Keys are sorted: one text per record.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::json_annotations;
use super::records::{
    Entitlement, Grant, Purpose, Resource, ResourceId, ResourceStatus, ResourceType, State, TraitKind,
};
use super::well_known::{self, Kind, Struct, Timestamp};

/// A JSON object in the making. A field without a value is not added.
#[derive(Default)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    pub fn text(self, name: &str, value: &str) -> Object {
        self.value(name, (!value.is_empty()).then(|| value.into()))
    }

    pub fn truth(self, name: &str, value: bool) -> Object {
        self.value(name, value.then_some(Value::Bool(true)))
    }

    pub fn list(self, name: &str, values: impl Iterator<Item = Value>) -> Object {
        let values: Vec<Value> = values.collect();
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

impl ResourceType {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        let kinds = self.traits.iter().map(|kind| name(*kind, trait_name));
        Object::default()
            .text("id", &self.id)
            .text("displayName", &self.display_name)
            .list("traits", kinds)
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .text("description", &self.description)
            .done()
    }
}

impl ResourceId {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default().text("resourceType", &self.resource_type).text("resource", &self.resource).done()
    }
}

impl Resource {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default()
            .value("id", self.id.as_ref().map(ResourceId::to_json))
            .value("parentResourceId", self.parent_resource_id.as_ref().map(ResourceId::to_json))
            .text("displayName", &self.display_name)
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .text("description", &self.description)
            .value("profile", self.profile.as_ref().map(Struct::to_json))
            .value("status", self.status.as_ref().map(ResourceStatus::to_json))
            .value("createdAt", self.created_at.as_ref().and_then(Timestamp::to_json))
            .done()
    }
}

impl ResourceStatus {
    fn to_json(&self) -> Value {
        status(self.status, &self.details, "RESOURCE_STATUS_")
    }
}

/// A status under the prefix of its enum.
pub(super) fn status(number: i32, details: &str, prefix: &str) -> Value {
    let word = |state: State| match state {
        State::Unspecified => "UNSPECIFIED",
        State::Enabled => "ENABLED",
        State::Disabled => "DISABLED",
        State::Deleted => "DELETED",
    };
    let known = State::try_from(number).map(|state| format!("{prefix}{}", word(state)).into());
    Object::default()
        .value("status", (number != 0).then(|| known.unwrap_or(Value::from(number))))
        .text("details", details)
        .done()
}

impl Entitlement {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default()
            .value("resource", self.resource.as_ref().map(Resource::to_json))
            .text("id", &self.id)
            .text("displayName", &self.display_name)
            .text("description", &self.description)
            .list("grantableTo", self.grantable_to.iter().map(ResourceType::to_json))
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .value("purpose", (self.purpose != 0).then(|| name(self.purpose, purpose_name)))
            .text("slug", &self.slug)
            .done()
    }
}

impl Grant {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default()
            .value("entitlement", self.entitlement.as_ref().map(Entitlement::to_json))
            .value("principal", self.principal.as_ref().map(Resource::to_json))
            .text("id", &self.id)
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .done()
    }
}

impl Struct {
    /// The data it stands for.
    pub fn to_json(&self) -> Value {
        self.fields.iter().map(|(key, value)| (key.clone(), value.to_json())).collect()
    }
}

impl well_known::Value {
    /// The data it stands for.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            None | Some(Kind::Null(_)) => Value::Null,
            Some(Kind::Number(number)) => whole(*number).map_or(Value::from(*number), Value::from),
            Some(Kind::Text(text)) => Value::from(text.as_str()),
            Some(Kind::Bool(value)) => Value::from(*value),
            Some(Kind::Struct(inner)) => inner.to_json(),
            Some(Kind::List(list)) => list.values.iter().map(well_known::Value::to_json).collect(),
        }
    }
}

/// A number without a fraction, which JSON writers of protobuf print without one.
#[allow(clippy::cast_possible_truncation, reason = "below 2^53 every whole number is exact in both types")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

impl Timestamp {
    /// As RFC 3339 in UTC. None outside of the years 1 to 9999, which no message of ours is.
    pub fn to_json(&self) -> Option<Value> {
        let nanos = i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos);
        let moment = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
        moment.format(&Rfc3339).ok().map(Value::from)
    }
}

/// An enum's name, or its number when that has none here.
pub(super) fn name<E: TryFrom<i32>>(number: i32, names: fn(E) -> &'static str) -> Value {
    E::try_from(number).map_or(Value::from(number), |known| names(known).into())
}

fn trait_name(kind: TraitKind) -> &'static str {
    match kind {
        TraitKind::Unspecified => "TRAIT_UNSPECIFIED",
        TraitKind::User => "TRAIT_USER",
        TraitKind::Group => "TRAIT_GROUP",
        TraitKind::Role => "TRAIT_ROLE",
        TraitKind::App => "TRAIT_APP",
        TraitKind::Secret => "TRAIT_SECRET",
    }
}

fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Unspecified => "PURPOSE_VALUE_UNSPECIFIED",
        Purpose::Assignment => "PURPOSE_VALUE_ASSIGNMENT",
        Purpose::Permission => "PURPOSE_VALUE_PERMISSION",
        Purpose::Ownership => "PURPOSE_VALUE_OWNERSHIP",
    }
}
