//! Annotations as JSON: the message's own fields, and `@type` with its name.
//!
//! An annotation of a type that is not declared here keeps its `@type` alone; none that this crate writes is.

use serde_json::Value;

use super::annotations::{
    AccountType, Annotation, AppTrait, CapabilityPermission, CapabilityPermissions, ChildResourceType, Email,
    ExternalLink, GrantExpandable, GrantImmutable, GroupTrait, SecretTrait, StructuredName, UserTrait,
};
use super::json_parts::{Object, name, status};
use super::records::ResourceId;
use super::well_known::{Any, Struct, Timestamp};

/// A packed message as JSON.
pub(super) fn any(any: &Any) -> Value {
    let start = Object::default().text("@type", &any.type_url);
    if let Some(found) = UserTrait::unpack(any) {
        user_trait(start, &found)
    } else if let Some(found) = GroupTrait::unpack(any) {
        start.text("groupSourceType", &found.group_source_type)
    } else if let Some(found) = AppTrait::unpack(any) {
        start.text("helpUrl", &found.help_url)
    } else if let Some(found) = SecretTrait::unpack(any) {
        start
            .value("expiresAt", found.expires_at.as_ref().and_then(Timestamp::to_json))
            .value("lastUsedAt", found.last_used_at.as_ref().and_then(Timestamp::to_json))
            .value("createdById", found.created_by_id.as_ref().map(ResourceId::to_json))
            .value("identityId", found.identity_id.as_ref().map(ResourceId::to_json))
    } else if let Some(found) = ChildResourceType::unpack(any) {
        start.text("resourceTypeId", &found.resource_type_id)
    } else if let Some(found) = ExternalLink::unpack(any) {
        start.text("url", &found.url)
    } else if let Some(found) = CapabilityPermissions::unpack(any) {
        start.list("permissions", found.permissions.iter().map(CapabilityPermission::to_json))
    } else if let Some(found) = GrantImmutable::unpack(any) {
        start
            .text("sourceId", &found.source_id)
            .value("metadata", found.metadata.as_ref().map(Struct::to_json))
    } else if let Some(found) = GrantExpandable::unpack(any) {
        start
            .texts("entitlementIds", &found.entitlement_ids)
            .truth("shallow", found.shallow)
            .texts("resourceTypeIds", &found.resource_type_ids)
    } else {
        // The rest have no fields: the name says it.
        start
    }
    .done()
}

fn user_trait(start: Object, from: &UserTrait) -> Object {
    start
        .list("emails", from.emails.iter().map(Email::to_json))
        .value("status", from.status.as_ref().map(|s| status(s.status, &s.details, "STATUS_")))
        .value("accountType", (from.account_type != 0).then(|| name(from.account_type, account_type)))
        .text("login", &from.login)
        .texts("loginAliases", &from.login_aliases)
        .value("lastLogin", from.last_login.as_ref().and_then(Timestamp::to_json))
        .value("mfaStatus", from.mfa_status.map(|s| one_truth("mfaEnabled", s.mfa_enabled)))
        .value("ssoStatus", from.sso_status.map(|s| one_truth("ssoEnabled", s.sso_enabled)))
        .value("structuredName", from.structured_name.as_ref().map(StructuredName::to_json))
        .texts("employeeIds", &from.employee_ids)
}

impl CapabilityPermission {
    fn to_json(&self) -> Value {
        Object::default().text("permission", &self.permission).done()
    }
}

impl Email {
    fn to_json(&self) -> Value {
        Object::default().text("address", &self.address).truth("isPrimary", self.is_primary).done()
    }
}

impl StructuredName {
    fn to_json(&self) -> Value {
        Object::default()
            .text("givenName", &self.given_name)
            .text("familyName", &self.family_name)
            .texts("middleNames", &self.middle_names)
            .text("prefix", &self.prefix)
            .text("suffix", &self.suffix)
            .done()
    }
}

fn one_truth(name: &str, value: bool) -> Value {
    Object::default().truth(name, value).done()
}

fn account_type(from: AccountType) -> &'static str {
    match from {
        AccountType::Unspecified => "ACCOUNT_TYPE_UNSPECIFIED",
        AccountType::Human => "ACCOUNT_TYPE_HUMAN",
        AccountType::Service => "ACCOUNT_TYPE_SERVICE",
        AccountType::System => "ACCOUNT_TYPE_SYSTEM",
    }
}
