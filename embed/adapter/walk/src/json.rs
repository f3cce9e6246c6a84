//! The contract's records as JSON: its names in camel case, what is absent left out, a profile an object, a moment
//! in RFC 3339, a variant an object with its case for the only key.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::bindings::syncer::{
    AccountState, AccountType, ConfigField, Entitlement, EntitlementId, Error, Failure, FieldKind, Grant,
    GroupSource, ProfileValue, Purpose, Resource, ResourceId, ResourceType, Timestamp, Trait, TraitKind,
    UserTrait, Warning,
};

/// An object of the fields that are there.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// A resource type.
pub fn resource_type(kind: &ResourceType) -> Value {
    let traits: Vec<&str> = kind.traits.iter().map(trait_kind).collect();
    object([
        ("id", Some(json!(kind.id))),
        ("displayName", Some(json!(kind.display_name))),
        ("description", kind.description.as_ref().map(|text| json!(text))),
        ("traits", Some(json!(traits))),
        ("hasEntitlements", Some(json!(kind.has_entitlements))),
        ("hasGrants", Some(json!(kind.has_grants))),
        ("permissions", Some(json!(kind.permissions))),
    ])
}

/// A resource.
pub fn resource(resource: &Resource) -> Value {
    let profile: Value =
        resource.profile.iter().map(|entry| (entry.key.clone(), profile_value(&entry.value))).collect();
    let traits: Vec<Value> = resource.traits.iter().map(trait_value).collect();
    object([
        ("id", Some(id(&resource.id))),
        ("parent", resource.parent.as_ref().map(id)),
        ("displayName", Some(json!(resource.display_name))),
        ("description", resource.description.as_ref().map(|text| json!(text))),
        ("childResourceTypes", Some(json!(resource.child_resource_types))),
        ("externalLink", resource.external_link.as_ref().map(|link| json!(link))),
        ("createdAt", resource.created_at.and_then(moment)),
        ("profile", Some(profile)),
        ("traits", Some(json!(traits))),
    ])
}

/// An entitlement.
pub fn entitlement(entitlement: &Entitlement) -> Value {
    let purpose = match entitlement.purpose {
        Purpose::Unspecified => "unspecified",
        Purpose::Assignment => "assignment",
        Purpose::Permission => "permission",
        Purpose::Ownership => "ownership",
    };
    object([
        ("id", Some(entitlement_id(&entitlement.id))),
        ("displayName", Some(json!(entitlement.display_name))),
        ("description", entitlement.description.as_ref().map(|text| json!(text))),
        ("purpose", Some(json!(purpose))),
        ("grantableTo", Some(json!(entitlement.grantable_to))),
    ])
}

/// A grant.
pub fn grant(grant: &Grant) -> Value {
    let expansion = grant.expansion.as_ref().map(|expansion| {
        let entitlements: Vec<Value> = expansion.entitlements.iter().map(entitlement_id).collect();
        json!({
            "entitlements": entitlements,
            "shallow": expansion.shallow,
            "resourceTypes": expansion.resource_types,
        })
    });
    object([
        ("entitlement", Some(entitlement_id(&grant.entitlement))),
        ("principal", Some(id(&grant.principal))),
        ("immutable", grant.immutable.as_ref().map(|reason| json!(reason))),
        ("expansion", expansion),
    ])
}

/// A warning.
pub fn warning(warning: &Warning) -> Value {
    object([("message", Some(json!(warning.message))), ("resource", warning.resource.as_ref().map(id))])
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
    object([
        ("name", Some(json!(field.name))),
        ("displayName", Some(json!(field.display_name))),
        ("description", Some(json!(field.description))),
        ("placeholder", field.placeholder.as_ref().map(|text| json!(text))),
        ("suggestedValue", field.suggested_value.as_ref().map(|text| json!(text))),
        ("kind", Some(json!(kind))),
        ("required", Some(json!(field.required))),
        ("secret", Some(json!(field.secret))),
    ])
}

/// An error: its case under `kind`, and what it says.
pub fn error(error: &Error) -> Value {
    let told = |kind: &str, failure: &Failure, more: (&str, Option<Value>)| {
        object([
            ("kind", Some(json!(kind))),
            ("message", Some(json!(failure.message))),
            ("httpStatus", failure.http_status.map(|status| json!(status))),
            ("requestId", failure.request_id.as_ref().map(|id| json!(id))),
            more,
        ])
    };
    let none = ("", None);
    match error {
        Error::Config(failure) => {
            json!({ "kind": "config", "field": failure.field, "message": failure.message })
        }
        Error::Credentials(failure) => told("credentials", failure, none),
        Error::Access(failure) => told("access", failure, none),
        Error::Gone(failure) => told("gone", failure, none),
        Error::Wait(wait) => told("wait", &wait.failure, ("after", wait.after.map(|seconds| json!(seconds)))),
        Error::Again(passing) => {
            told("again", &passing.failure, ("after", passing.after.map(|seconds| json!(seconds))))
        }
        Error::Changed(failure) => told("changed", failure, none),
        Error::Reply(reply) => told("reply", &reply.failure, ("path", Some(json!(reply.path)))),
        Error::Internal(failure) => told("internal", failure, none),
    }
}

fn id(id: &ResourceId) -> Value {
    json!({ "resourceType": id.resource_type, "id": id.id })
}

fn entitlement_id(of: &EntitlementId) -> Value {
    json!({ "resource": id(&of.resource), "slug": of.slug })
}

fn profile_value(value: &ProfileValue) -> Value {
    match value {
        ProfileValue::Text(text) => json!(text),
        ProfileValue::Integer(number) => json!(number),
        ProfileValue::Number(number) => json!(number),
        ProfileValue::Moment(at) => json!(moment(*at)),
        ProfileValue::Boolean(boolean) => json!(boolean),
        ProfileValue::TextList(list) => json!(list),
    }
}

fn trait_kind(kind: &TraitKind) -> &'static str {
    match kind {
        TraitKind::User => "user",
        TraitKind::Group => "group",
        TraitKind::Role => "role",
        TraitKind::App => "app",
        TraitKind::Secret => "secret",
    }
}

fn trait_value(value: &Trait) -> Value {
    match value {
        Trait::User(user) => json!({ "user": user_trait(user) }),
        Trait::Group(group) => json!({ "group": object([("source", group.source.map(group_source))]) }),
        Trait::Role => json!({ "role": {} }),
        Trait::App(app) => {
            json!({ "app": object([("helpUrl", app.help_url.as_ref().map(|url| json!(url)))]) })
        }
        Trait::Secret(secret) => json!({ "secret": object([
            ("expiresAt", secret.expires_at.and_then(moment)),
            ("lastUsedAt", secret.last_used_at.and_then(moment)),
            ("createdBy", secret.created_by.as_ref().map(id)),
            ("identity", secret.identity.as_ref().map(id)),
        ]) }),
    }
}

fn user_trait(user: &UserTrait) -> Value {
    let state = match user.status.state {
        AccountState::Unspecified => "unspecified",
        AccountState::Enabled => "enabled",
        AccountState::Pending => "pending",
        AccountState::Disabled => "disabled",
        AccountState::Deleted => "deleted",
    };
    let account_type = match user.account_type {
        AccountType::Unspecified => "unspecified",
        AccountType::Human => "human",
        AccountType::Service => "service",
        AccountType::System => "system",
    };
    let emails: Vec<Value> = user
        .emails
        .iter()
        .map(|email| json!({ "address": email.address, "primary": email.primary }))
        .collect();
    let name = user.name.as_ref().map(|name| {
        object([
            ("givenName", Some(json!(name.given_name))),
            ("familyName", Some(json!(name.family_name))),
            ("middleNames", Some(json!(name.middle_names))),
            ("prefix", name.prefix.as_ref().map(|text| json!(text))),
            ("suffix", name.suffix.as_ref().map(|text| json!(text))),
        ])
    });
    let details = user.status.details.as_ref().map(|text| json!(text));
    object([
        ("status", Some(object([("state", Some(json!(state))), ("details", details)]))),
        ("emails", Some(json!(emails))),
        ("login", user.login.as_ref().map(|login| json!(login))),
        ("loginAliases", Some(json!(user.login_aliases))),
        ("accountType", Some(json!(account_type))),
        ("mfaEnabled", user.mfa_enabled.map(|on| json!(on))),
        ("ssoEnabled", user.sso_enabled.map(|on| json!(on))),
        ("name", name),
        ("lastLogin", user.last_login.and_then(moment)),
        ("employeeIds", Some(json!(user.employee_ids))),
    ])
}

fn group_source(source: GroupSource) -> Value {
    json!(match source {
        GroupSource::Native => "native",
        GroupSource::DirectorySynced => "directory-synced",
        GroupSource::BuiltIn => "built-in",
        GroupSource::Dynamic => "dynamic",
    })
}

/// None for a moment that RFC 3339 cannot write.
fn moment(at: Timestamp) -> Option<Value> {
    let nanoseconds = i128::from(at.seconds) * 1_000_000_000 + i128::from(at.nanoseconds);
    let at = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?;
    at.format(&Rfc3339).ok().map(Value::String)
}
