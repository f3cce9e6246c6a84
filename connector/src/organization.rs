//! Resource type `organization`: every one the token reaches, what it offers, and who holds it.
//!
//! **One grant for each person and organization**, of the entitlement that is the person's role: `admin` is not
//! also `member`, because the API gives everybody exactly one role. A role that is neither (the product knows
//! *analyst*) never loses the person: it counts as `member`, with a warning that names it.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use baton_planetscale_api::{Membership, Organization};

use crate::api::{ACCESS, List, Page};
use crate::bindings::syncer::{
    Entitlement, EntitlementId, EntitlementPage, Error, Grant, GrantPage, Purpose, Resource, ResourceId,
    ResourcePage, ResourceType, Warning,
};
use crate::config::Config;
use crate::error::Exchange;
use crate::http::Cache;
use crate::ids::{self, ORGANIZATION, parent};
use crate::lists;
use crate::members::{self, ADMIN, MEMBER};
use crate::moment::moment;
use crate::page::Cursor;
use crate::profile::{self, Profile};
use crate::text::{first_of, on_one_line};
use crate::twice;

/// The type.
pub fn resource_type() -> ResourceType {
    ResourceType {
        id: ORGANIZATION.into(),
        display_name: "Organization".into(),
        description: None,
        traits: vec![],
        has_entitlements: true,
        has_grants: true,
        permissions: vec![ACCESS.into()],
    }
}

/// The first page of organizations.
pub fn first_page(config: &Config) -> Result<Page<Organization>, Error> {
    let cursor = Cursor::default();
    let page = match lists::of_organizations(config, &cursor, Cache::May) {
        Err(Error::Changed(_)) => lists::of_organizations(config, &cursor, Cache::Fresh),
        page => page,
    };
    some(&cursor, page?)
}

/// None at all is an error: to a reviewer an empty answer reads as "everybody lost access", and it is what a token
/// without access gets.
fn some(cursor: &Cursor, page: Page<Organization>) -> Result<Page<Organization>, Error> {
    let split = page.next.first().is_some_and(|next| next.per_page != cursor.per_page);
    if cursor.page == 1 && page.records.is_empty() && !split {
        return Err(Exchange { status: Some(200), request_id: None }.access(format!(
            "this service token reaches no organization; give it the organization access {}",
            ACCESS
        )));
    }
    Ok(page)
}

/// The list.
pub fn list(config: &Config, token: Option<&str>) -> Result<ResourcePage, Error> {
    let cursor = Cursor::read(token, ORGANIZATION)?;
    let page = some(&cursor, lists::of_all_organizations(config, &cursor)?)?;
    twice::told_apart(&page.records, |found| (&found.id, &found.name), List::Organizations)?;
    Ok(ResourcePage {
        items: page.records.into_iter().map(|found| resource(config, found)).collect(),
        next: Cursor::write_all(&page.next, ORGANIZATION),
        total: None,
        rate_limit: page.rate_limit,
        warnings: vec![],
    })
}

fn resource(config: &Config, organization: Organization) -> Resource {
    let mut children = vec![ids::USER.into(), ids::TEAM.into()];
    if config.databases {
        children.push(ids::DATABASE.into());
    }
    let created_at = moment(organization.created_at.as_deref());
    let profile = Profile::default()
        .text("name", Some(&organization.name))
        .words("plan", organization.plan.as_deref())
        .boolean("sso", organization.sso)
        .boolean("sso_directory", organization.sso_directory)
        .boolean("idp_managed_roles", Some(organization.idp_managed_roles));
    Resource {
        id: ResourceId { resource_type: ORGANIZATION.into(), id: organization.id },
        parent: None,
        display_name: first_of(&[Some(&organization.name)]).unwrap_or_default(),
        description: None,
        child_resource_types: children,
        external_link: None,
        created_at,
        profile: profile.entries(),
        traits: vec![],
    }
}

/// What it offers.
pub fn entitlements(resource: &Resource) -> Result<EntitlementPage, Error> {
    parent(resource)?;
    let name = &resource.display_name;
    let entitlement = |slug: &str, what: &str, purpose| Entitlement {
        id: EntitlementId { resource: resource.id.clone(), slug: slug.into() },
        display_name: format!("{name} organization {slug}"),
        description: Some(format!("{what} of the {name} organization in PlanetScale")),
        purpose,
        grantable_to: vec![ids::USER.into()],
    };
    Ok(EntitlementPage {
        items: vec![
            entitlement(MEMBER, "Member", Purpose::Assignment),
            entitlement(ADMIN, "Administrator", Purpose::Permission),
        ],
        next: vec![],
        total: None,
        rate_limit: None,
        warnings: vec![],
    })
}

/// Who holds it.
pub fn grants(config: &Config, resource: &Resource, token: Option<&str>) -> Result<GrantPage, Error> {
    let parent = parent(resource)?;
    let list = format!("grants/{ORGANIZATION}/{}", parent.id.id);
    let cursor = Cursor::read(token, &list)?;
    // Who is twice in it was told with the users.
    let page = members::page(config, &parent.name, &cursor, token.is_none(), &mut vec![])?;
    let managed = profile::is(resource, "idp_managed_roles")
        .then(|| "The identity provider manages the roles of this organization.".to_owned());
    let mut warnings = vec![];
    let mut items = Vec::with_capacity(page.records.len());
    for membership in page.records {
        let (slug, warning) = held(&membership, &parent.name);
        warnings.extend(warning);
        items.push(Grant {
            entitlement: EntitlementId { resource: parent.id.clone(), slug: slug.into() },
            principal: ids::user(&membership.user.id),
            immutable: managed.clone(),
            expansion: None,
        });
    }
    let next = Cursor::write_all(&page.next, &list);
    Ok(GrantPage { items, next, total: None, rate_limit: page.rate_limit, warnings })
}

/// The slug of what somebody's role holds, and a warning when it is a role that is none of ours.
fn held(membership: &Membership, organization: &str) -> (&'static str, Option<Warning>) {
    let (role, user) = (membership.role.as_str(), &membership.user);
    match role {
        ADMIN => (ADMIN, None),
        MEMBER => (MEMBER, None),
        _ => {
            let who = first_of(&[user.display_name.as_deref(), user.name.as_deref(), user.email.as_deref()]);
            let message = format!(
                "{} has the role \"{}\" in organization {organization}, which is neither member nor admin: counted as \
                 member",
                who.as_deref().unwrap_or(&user.id),
                on_one_line(role)
            );
            (MEMBER, Some(Warning { message, resource: Some(ids::user(&user.id)) }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_planetscale_api::read as parse;

    #[test]
    fn a_role_holds_one_thing_and_an_unknown_one_is_told_and_loses_nobody() {
        for (role, slug, told) in [
            ("admin", ADMIN, false),
            ("member", MEMBER, false),
            ("analyst", MEMBER, true),
            ("", MEMBER, true),
        ] {
            let text = format!(
                r#"{{"user":{{"id":"u","email":"e@x","two_factor_auth_configured":true}},"role":"{role}"}}"#
            );
            let membership = parse(text.as_bytes()).expect("a membership");
            let (held, warning) = held(&membership, "acme");
            assert_eq!((held, warning.is_some()), (slug, told), "{role}");
            for part in ["e@x", role, "acme"] {
                assert!(warning.iter().all(|warning| warning.message.contains(part)), "{part}");
            }
        }
    }

    #[test]
    fn an_organization_is_known_by_its_id_and_passed_back_with_its_name() {
        let text = r#"{"id":"o1","name":"acme","idp_managed_roles":true,"sso":null,"created_at":"2024-01-01T00:00:00Z"}"#;
        let of = |databases| {
            let config = Config::parse(Some("a:b"), Some("https://x.test"), None, databases);
            resource(&config.expect("a config"), parse(text.as_bytes()).expect("an organization"))
        };
        assert_eq!(of(Some("true")).child_resource_types, ["user", "team", "database"]);
        let found = of(None);
        assert_eq!(
            (found.id.id.as_str(), found.display_name.as_str(), found.parent.is_none()),
            ("o1", "acme", true)
        );
        assert_eq!(found.child_resource_types, ["user", "team"]);
        assert!(profile::is(&found, "idp_managed_roles") && !profile::is(&found, "sso"));
        assert_eq!(parent(&found).map(|parent| parent.name).ok().as_deref(), Some("acme"));
        assert!(parent(&Resource { profile: vec![], ..found }).is_err());
    }
}
