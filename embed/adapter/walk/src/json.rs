//! Records as JSON, in the words of Baton's tools, which are those of the program's JSON lines: names in camel case,
//! enums by name, what has no value left out, ids also joined to one text.
//!
//! A record that has no form (a number that is none, a moment in the year 20000) is the connector's fault, and an error.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bindings::syncer::{
    Entitlement, Error, Grant, ProfileEntry, ProfileValue, Purpose, Resource, ResourceType, Trait, TraitKind,
    Warning,
};
use crate::parts::{Object, failure, id, joined, joined_entitlement, joined_grant, moment};
use crate::traits;

/// The whole numbers that a 64-bit float holds exactly. Others are texts, so that no reader rounds them.
const EXACT: u64 = 1 << 53;

/// A resource type.
pub fn resource_type(kind: &ResourceType) -> Value {
    let missing = match (kind.has_entitlements, kind.has_grants) {
        (true, true) => None,
        (false, false) => Some("SkipEntitlementsAndGrants"),
        (false, true) => Some("SkipEntitlements"),
        (true, false) => Some("SkipGrants"),
    };
    let permissions = (!kind.permissions.is_empty()).then(|| {
        let permissions = kind.permissions.iter().map(|name| json!({ "permission": name }));
        Object::typed("CapabilityPermissions").list("permissions", permissions).done()
    });
    let annotations = missing.map(|name| Object::typed(name).done()).into_iter().chain(permissions);
    Object::default()
        .text("id", &kind.id)
        .text("displayName", &kind.display_name)
        .list("traits", kind.traits.iter().map(trait_kind))
        .list("annotations", annotations)
        .option("description", kind.description.as_ref())
        .done()
}

/// A resource.
pub fn resource(from: &Resource) -> Result<Value, Error> {
    let unfit = |reason: String| unfit(&joined(&from.id), &reason);
    let mut annotations = Vec::new();
    let mut status = None;
    for part in &from.traits {
        annotations.push(traits::annotation(part).map_err(unfit)?);
        if let Trait::User(user) = part {
            status = traits::status(&user.status, "RESOURCE_STATUS_");
        }
    }
    let child = |kind: &String| Object::typed("ChildResourceType").text("resourceTypeId", kind).done();
    annotations.extend(from.child_resource_types.iter().map(child));
    let link = from.external_link.as_ref();
    annotations.extend(link.map(|url| Object::typed("ExternalLink").text("url", url).done()));
    Ok(Object::default()
        .value("id", Some(id(&from.id)))
        .value("parentResourceId", from.parent.as_ref().map(id))
        .text("displayName", &from.display_name)
        .list("annotations", annotations)
        .option("description", from.description.as_ref())
        .value("profile", profile(&from.profile).map_err(unfit)?)
        .value("status", status)
        .value("createdAt", from.created_at.map(moment).transpose().map_err(unfit)?)
        .done())
}

/// An entitlement, with its resource and the types that can hold it whole.
pub fn entitlement(
    from: &Entitlement,
    on: &Resource,
    types: &BTreeMap<String, ResourceType>,
) -> Result<Value, Error> {
    let whole = |kind: &String| types.get(kind).map_or_else(|| json!({ "id": kind }), resource_type);
    let purpose = match from.purpose {
        Purpose::Unspecified => "",
        Purpose::Assignment => "PURPOSE_VALUE_ASSIGNMENT",
        Purpose::Permission => "PURPOSE_VALUE_PERMISSION",
        Purpose::Ownership => "PURPOSE_VALUE_OWNERSHIP",
    };
    Ok(Object::default()
        .value("resource", Some(resource(on)?))
        .text("id", &joined_entitlement(&from.id))
        .text("displayName", &from.display_name)
        .option("description", from.description.as_ref())
        .list("grantableTo", from.grantable_to.iter().map(whole))
        .text("purpose", purpose)
        .text("slug", &from.id.slug)
        .done())
}

/// A grant; entitlement and principal by their ids alone.
pub fn grant(from: &Grant) -> Value {
    let immutable = from.immutable.as_ref().map(|reason| {
        Object::typed("GrantImmutable").value("metadata", Some(json!({ "reason": reason }))).done()
    });
    let expansion = from.expansion.as_ref().map(|expansion| {
        Object::typed("GrantExpandable")
            .list("entitlementIds", expansion.entitlements.iter().map(|id| json!(joined_entitlement(id))))
            .truth("shallow", expansion.shallow)
            .texts("resourceTypeIds", &expansion.resource_types)
            .done()
    });
    let entitlement = json!({
        "id": joined_entitlement(&from.entitlement),
        "resource": { "id": id(&from.entitlement.resource) },
    });
    Object::default()
        .value("entitlement", Some(entitlement))
        .value("principal", Some(json!({ "id": id(&from.principal) })))
        .text("id", &joined_grant(from))
        .list("annotations", immutable.into_iter().chain(expansion))
        .done()
}

/// A warning.
pub fn warning(from: &Warning) -> Value {
    Object::default().text("message", &from.message).value("resource", from.resource.as_ref().map(id)).done()
}

fn profile(from: &[ProfileEntry]) -> Result<Option<Value>, String> {
    let mut fields = Object::default();
    for entry in from {
        let value = match &entry.value {
            ProfileValue::Text(text) => json!(text),
            ProfileValue::Integer(number) if number.unsigned_abs() <= EXACT => json!(number),
            ProfileValue::Integer(number) => json!(number.to_string()),
            ProfileValue::Moment(at) => moment(*at)?,
            ProfileValue::Number(number) => self::number(&entry.key, *number)?,
            ProfileValue::Boolean(truth) => json!(truth),
            ProfileValue::TextList(texts) => json!(texts),
        };
        fields = fields.value(&entry.key, Some(value));
    }
    Ok((!from.is_empty()).then(|| fields.done()))
}

/// A number; one without a fraction is written without.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "below 2^53 both are exact")]
fn number(key: &str, number: f64) -> Result<Value, String> {
    if !number.is_finite() {
        return Err(format!("the number '{key}' of its profile is {number}"));
    }
    let whole = number.fract() == 0.0 && number.abs() < EXACT as f64;
    Ok(if whole { json!(number as i64) } else { json!(number) })
}

fn trait_kind(kind: &TraitKind) -> Value {
    json!(match kind {
        TraitKind::User => "TRAIT_USER",
        TraitKind::Group => "TRAIT_GROUP",
        TraitKind::Role => "TRAIT_ROLE",
        TraitKind::App => "TRAIT_APP",
        TraitKind::Secret => "TRAIT_SECRET",
    })
}

fn unfit(record: &str, reason: &str) -> Error {
    Error::Internal(failure(format!("{record} cannot be written: {reason}; likely a connector bug")))
}
