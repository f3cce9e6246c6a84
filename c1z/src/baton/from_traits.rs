//! From a trait of the contract to the annotation that carries it.
//!
//! Profile, status and creation time have their place on the resource. The user trait's own status is deprecated,
//! but older readers look at nothing else: it is written too, always with the same value, so that no two readers
//! of one file disagree on who is disabled.

use baton_host::contract::{self, GroupSource, Trait};

use super::annotations::{
    AccountType, Annotation, AppTrait, Email, GroupTrait, MfaStatus, RoleTrait, SecretTrait, SsoStatus,
    StructuredName, UserStatus, UserTrait,
};
use super::parts::{NAME, cut, resource_id, state, timestamp};
use super::well_known::Any;

/// The trait as an annotation.
pub(super) fn packed(from: &Trait) -> Result<Any, String> {
    Ok(match from {
        Trait::User(user) => user_trait(user)?.pack(),
        Trait::Group(group) => {
            GroupTrait { group_source_type: group.source.map(source).unwrap_or_default().to_owned() }.pack()
        }
        Trait::Role => RoleTrait {}.pack(),
        Trait::App(app) => AppTrait { help_url: app.help_url.clone().unwrap_or_default() }.pack(),
        Trait::Secret(secret) => SecretTrait {
            expires_at: secret.expires_at.map(timestamp).transpose()?,
            last_used_at: secret.last_used_at.map(timestamp).transpose()?,
            created_by_id: secret.created_by.as_ref().map(resource_id),
            identity_id: secret.identity.as_ref().map(resource_id),
        }
        .pack(),
    })
}

fn user_trait(from: &contract::UserTrait) -> Result<UserTrait, String> {
    let email = |email: &contract::Email| Email { address: email.address.clone(), is_primary: email.primary };
    let details = cut(from.status.details.as_deref().unwrap_or_default(), NAME);
    let status = i32::from(state(from.status.state));
    Ok(UserTrait {
        emails: from.emails.iter().map(email).collect(),
        status: (status != 0 || !details.is_empty()).then_some(UserStatus { status, details }),
        account_type: account_type(from.account_type).into(),
        login: from.login.clone().unwrap_or_default(),
        login_aliases: from.login_aliases.clone(),
        last_login: from.last_login.map(timestamp).transpose()?,
        mfa_status: from.mfa_enabled.map(|mfa_enabled| MfaStatus { mfa_enabled }),
        sso_status: from.sso_enabled.map(|sso_enabled| SsoStatus { sso_enabled }),
        structured_name: from.name.as_ref().map(|name| StructuredName {
            given_name: name.given_name.clone(),
            family_name: name.family_name.clone(),
            middle_names: name.middle_names.clone(),
            prefix: name.prefix.clone().unwrap_or_default(),
            suffix: name.suffix.clone().unwrap_or_default(),
        }),
        employee_ids: from.employee_ids.clone(),
    })
}

fn account_type(from: contract::AccountType) -> AccountType {
    match from {
        contract::AccountType::Unspecified => AccountType::Unspecified,
        contract::AccountType::Human => AccountType::Human,
        contract::AccountType::Service => AccountType::Service,
        contract::AccountType::System => AccountType::System,
    }
}

fn source(from: GroupSource) -> &'static str {
    match from {
        GroupSource::Native => "native",
        GroupSource::DirectorySynced => "directory_synced",
        GroupSource::BuiltIn => "built_in",
        GroupSource::Dynamic => "dynamic",
    }
}
