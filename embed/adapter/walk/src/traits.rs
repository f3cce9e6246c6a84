//! A resource's traits as annotations.

use serde_json::{Value, json};

use crate::bindings::syncer::{AccountState, AccountStatus, AccountType, GroupSource, Trait, UserTrait};
use crate::parts::{Object, id, moment};

/// The annotation that carries a trait.
pub fn annotation(from: &Trait) -> Result<Value, String> {
    Ok(match from {
        Trait::User(from) => user(from)?,
        Trait::Group(group) => {
            let source = group.source.map(source).unwrap_or_default();
            Object::typed("GroupTrait").text("groupSourceType", source).done()
        }
        Trait::Role => Object::typed("RoleTrait").done(),
        Trait::App(app) => Object::typed("AppTrait").option("helpUrl", app.help_url.as_ref()).done(),
        Trait::Secret(secret) => Object::typed("SecretTrait")
            .value("expiresAt", secret.expires_at.map(moment).transpose()?)
            .value("lastUsedAt", secret.last_used_at.map(moment).transpose()?)
            .value("createdById", secret.created_by.as_ref().map(id))
            .value("identityId", secret.identity.as_ref().map(id))
            .done(),
    })
}

/// A status that says anything, under the prefix of its enum.
pub fn status(from: &AccountStatus, prefix: &str) -> Option<Value> {
    let state = match from.state {
        AccountState::Unspecified => None,
        AccountState::Enabled => Some("ENABLED"),
        AccountState::Pending => Some("PENDING"),
        AccountState::Disabled => Some("DISABLED"),
        AccountState::Deleted => Some("DELETED"),
    };
    let details = from.details.as_deref().unwrap_or_default();
    let state = state.map(|state| json!(format!("{prefix}{state}")));
    (state.is_some() || !details.is_empty())
        .then(|| Object::default().value("status", state).text("details", details).done())
}

fn user(from: &UserTrait) -> Result<Value, String> {
    let emails = from.emails.iter().map(|email| {
        Object::default().text("address", &email.address).truth("isPrimary", email.primary).done()
    });
    let account_type = match from.account_type {
        AccountType::Unspecified => "",
        AccountType::Human => "ACCOUNT_TYPE_HUMAN",
        AccountType::Service => "ACCOUNT_TYPE_SERVICE",
        AccountType::System => "ACCOUNT_TYPE_SYSTEM",
    };
    // "No" and "not known" are two things: the first is an object without a field.
    let known = |name: &str, truth: Option<bool>| truth.map(|is| Object::default().truth(name, is).done());
    let name = from.name.as_ref().map(|name| {
        Object::default()
            .text("givenName", &name.given_name)
            .text("familyName", &name.family_name)
            .texts("middleNames", &name.middle_names)
            .option("prefix", name.prefix.as_ref())
            .option("suffix", name.suffix.as_ref())
            .done()
    });
    Ok(Object::typed("UserTrait")
        .list("emails", emails)
        .value("status", status(&from.status, "STATUS_"))
        .text("accountType", account_type)
        .option("login", from.login.as_ref())
        .texts("loginAliases", &from.login_aliases)
        .value("lastLogin", from.last_login.map(moment).transpose()?)
        .value("mfaStatus", known("mfaEnabled", from.mfa_enabled))
        .value("ssoStatus", known("ssoEnabled", from.sso_enabled))
        .value("structuredName", name)
        .texts("employeeIds", &from.employee_ids)
        .done())
}

fn source(from: GroupSource) -> &'static str {
    match from {
        GroupSource::Native => "native",
        GroupSource::DirectorySynced => "directory_synced",
        GroupSource::BuiltIn => "built_in",
        GroupSource::Dynamic => "dynamic",
    }
}
