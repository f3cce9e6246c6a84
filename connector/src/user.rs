//! Resource type `user`: the members of the organizations, as principals.
//!
//! A person in several organizations is one user, and the record is the same through whichever it was read: it has
//! no parent, and nothing in it comes from a membership.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use baton_planetscale_api::{Membership, User};

use crate::api;
use crate::bindings::syncer::{
    AccountState, AccountStatus, AccountType, Email, Error, Resource, ResourcePage, ResourceType, Trait,
    TraitKind, UserTrait, Warning,
};
use crate::config::Config;
use crate::ids::{self, Parent, USER};
use crate::members;
use crate::moment::moment;
use crate::page::Cursor;
use crate::profile::Profile;
use crate::text::{first_of, on_one_line};

/// The type.
pub fn resource_type() -> ResourceType {
    ResourceType {
        id: USER.into(),
        display_name: "User".into(),
        description: None,
        traits: vec![TraitKind::User],
        has_entitlements: false,
        has_grants: false,
        permissions: vec![api::ACCESS.into()],
    }
}

/// The list, of one organization.
pub fn list(config: &Config, parent: &Parent, token: Option<&str>) -> Result<ResourcePage, Error> {
    let list = format!("{USER}/{}", parent.id.id);
    let mut warnings = vec![];
    let cursor = Cursor::read(token, &list)?;
    let page = members::page(config, &parent.name, &cursor, token.is_none(), &mut warnings)?;
    let mut items = Vec::with_capacity(page.records.len());
    for Membership { user, .. } in page.records {
        if address(&user).is_none() {
            let id = on_one_line(&user.id);
            let message =
                format!("user {id} of organization {} has no e-mail address: read without one", parent.name);
            warnings.push(Warning { message, resource: Some(ids::user(&user.id)) });
        }
        items.push(resource(user));
    }
    Ok(ResourcePage {
        items,
        next: Cursor::write_all(&page.next, &list),
        total: None,
        rate_limit: page.rate_limit,
        warnings,
    })
}

/// Where the person gets mail, which is what they sign in with.
fn address(user: &User) -> Option<&str> {
    user.email.as_deref().map(str::trim).filter(|address| !address.is_empty())
}

fn resource(user: User) -> Resource {
    let names = [user.display_name.as_deref(), user.name.as_deref(), user.email.as_deref(), Some(&user.id)];
    let display_name = first_of(&names).unwrap_or_else(|| user.id.clone());
    let flags = [user.sso, user.managed, user.directory_managed];
    let through_sso = flags.contains(&Some(true));
    let default_organization = user.default_organization.as_ref().and_then(|found| found.name.as_deref());
    let profile = Profile::default()
        .text("user_id", Some(&user.id))
        .words("name", user.name.as_deref())
        .text("email", user.email.as_deref())
        .text("avatar_url", user.avatar_url.as_deref())
        .boolean("two_factor_auth_configured", Some(user.two_factor_auth_configured))
        .boolean("email_verified", user.email_verified)
        .boolean("sso", user.sso)
        .boolean("managed", user.managed)
        .boolean("directory_managed", user.directory_managed)
        .words("default_organization", default_organization);
    let login = address(&user).map(str::to_owned);
    let found = UserTrait {
        // The API has no other state: who is listed can, as far as it says, sign in.
        status: AccountStatus { state: AccountState::Enabled, details: None },
        emails: login.iter().map(|address| Email { address: address.clone(), primary: true }).collect(),
        login,
        login_aliases: vec![],
        account_type: AccountType::Human,
        // The product shows no second factor for people who come through single sign-on: theirs is asked for
        // elsewhere, so "not configured" says nothing about them. The same goes for people who sign in with GitHub,
        // but no field tells who does.
        mfa_enabled: match user.two_factor_auth_configured {
            true => Some(true),
            false if through_sso => None,
            false => Some(false),
        },
        sso_enabled: if through_sso { Some(true) } else { user.sso },
        name: None,
        last_login: None,
        employee_ids: vec![],
    };
    Resource {
        parent: None,
        display_name,
        description: None,
        child_resource_types: vec![],
        external_link: None,
        created_at: moment(user.created_at.as_deref()),
        profile: profile.entries(),
        traits: vec![Trait::User(found)],
        id: ids::user(&user.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(json: &str) -> (Resource, UserTrait) {
        let resource = resource(baton_planetscale_api::read(json.as_bytes()).expect("a user"));
        match resource.traits.as_slice() {
            [Trait::User(found)] => (resource.clone(), found.clone()),
            _ => panic!("no user trait"),
        }
    }

    #[test]
    fn a_display_name_is_never_empty() {
        for (json, name) in [
            (
                r#"{"id":"u","email":"e@x","display_name":" ","name":"N","two_factor_auth_configured":true}"#,
                "N",
            ),
            (r#"{"id":"u","email":"e@x","display_name":null,"two_factor_auth_configured":true}"#, "e@x"),
            (r#"{"id":"u","email":"","two_factor_auth_configured":true}"#, "u"),
            (r#"{"id":"u","email":null,"two_factor_auth_configured":true}"#, "u"),
            (r#"{"id":"u","name":"N","two_factor_auth_configured":true}"#, "N"),
        ] {
            assert_eq!(user(json).0.display_name, name);
        }
    }

    #[test]
    fn no_second_factor_means_nothing_for_people_who_come_through_sso() {
        for (flags, mfa, sso) in [
            (r#""two_factor_auth_configured":true,"sso":true"#, Some(true), Some(true)),
            (r#""two_factor_auth_configured":false,"sso":true"#, None, Some(true)),
            (r#""two_factor_auth_configured":false,"directory_managed":true,"sso":false"#, None, Some(true)),
            (r#""two_factor_auth_configured":false,"sso":false"#, Some(false), Some(false)),
            (r#""two_factor_auth_configured":false,"sso":null"#, Some(false), None),
        ] {
            let found = user(&format!(r#"{{"id":"u","email":"e@x",{flags}}}"#)).1;
            assert_eq!((found.mfa_enabled, found.sso_enabled), (mfa, sso), "{flags}");
        }
    }
}
