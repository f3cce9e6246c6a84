//! What the JSON of every message is made of: objects, ids, times, free-form values, and names of enums.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::records::{ResourceId, State};
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

impl ResourceId {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default().text("resourceType", &self.resource_type).text("resource", &self.resource).done()
    }
}

/// A status under the prefix of its enum.
pub(super) fn status(number: i32, details: &str, prefix: &str) -> Value {
    let word = |state: State| match state {
        State::Unspecified => "UNSPECIFIED",
        State::Enabled => "ENABLED",
        State::Disabled => "DISABLED",
        State::Deleted => "DELETED",
        State::Pending => "PENDING",
    };
    let known = State::try_from(number).map(|state| format!("{prefix}{}", word(state)).into());
    Object::default()
        .value("status", (number != 0).then(|| known.unwrap_or(Value::from(number))))
        .text("details", details)
        .done()
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
