//! Resource type `team`: an organization's teams, and who is in them.
//!
//! Members are read from each team's own list; whether the list inside a team's record is ever cut is undocumented.
//! `inline.rs` says when that one is taken all the same.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;

use baton_planetscale_api::{Team, TeamMembership};

use crate::api::{self, Asked, List};
use crate::bindings::syncer::{
    Entitlement, EntitlementId, EntitlementPage, Error, Grant, GrantPage, GroupSource, GroupTrait, Purpose,
    Resource, ResourceId, ResourcePage, ResourceType, Trait, TraitKind,
};
use crate::config::Config;
use crate::error::{Exchange, internal};
use crate::http::Cache;
use crate::ids::{self, Parent, TEAM};
use crate::inline;
use crate::lists;
use crate::moment::moment;
use crate::page::Cursor;
use crate::profile::{self, Profile};
use crate::text::{description, first_of};
use crate::twice;

/// The slug of who is in it.
pub const MEMBER: &str = "member";

/// The type.
pub fn resource_type() -> ResourceType {
    ResourceType {
        id: TEAM.into(),
        display_name: "Team".into(),
        description: None,
        traits: vec![TraitKind::Group],
        has_entitlements: true,
        has_grants: true,
        permissions: vec![api::ACCESS.into()],
    }
}

/// The list, of one organization.
pub fn list(config: &Config, parent: &Parent, token: Option<&str>) -> Result<ResourcePage, Error> {
    let list = format!("{TEAM}/{}", parent.id.id);
    let mut cursor = Cursor::read(token, &list)?;
    let mut warnings = vec![];
    if config.inline_members && cursor.whole.is_none() {
        cursor.whole = Some(inline::prove(config, parent, &mut warnings)?);
    }
    let page = lists::of_teams(config, &parent.name, &cursor, lists::of_teams_once(config))?;
    twice::told_apart(&page.records, |found| (&found.id, &found.slug), List::Teams(&parent.name))?;
    Ok(ResourcePage {
        items: page.records.into_iter().map(|team| resource(team, parent, cursor.whole)).collect(),
        next: Cursor::write_all(&page.next, &list),
        total: None,
        rate_limit: page.rate_limit,
        warnings,
    })
}

fn resource(team: Team, parent: &Parent, whole: Option<u64>) -> Resource {
    let members = inline::carried(team.members.as_deref(), whole);
    let names = [team.display_name.as_deref(), team.name.as_deref(), Some(&team.slug), Some(&team.id)];
    let source = if team.managed { GroupSource::DirectorySynced } else { GroupSource::Native };
    let profile = Profile::default()
        .text("organization_name", Some(&parent.name))
        .text("slug", Some(&team.slug))
        .words("name", team.name.as_deref())
        .boolean("managed", Some(team.managed))
        .text(inline::MEMBERS, members.as_deref());
    Resource {
        parent: Some(parent.id.clone()),
        display_name: first_of(&names).unwrap_or_else(|| team.id.clone()),
        description: description(team.description.as_deref()),
        child_resource_types: vec![],
        external_link: None,
        created_at: moment(team.created_at.as_deref()),
        profile: profile.entries(),
        traits: vec![Trait::Group(GroupTrait { source: Some(source) })],
        id: ResourceId { resource_type: TEAM.into(), id: team.id },
    }
}

/// What it offers.
pub fn entitlements(resource: &Resource) -> Result<EntitlementPage, Error> {
    let name = &resource.display_name;
    Ok(EntitlementPage {
        items: vec![Entitlement {
            id: EntitlementId { resource: resource.id.clone(), slug: MEMBER.into() },
            display_name: format!("{name} team member"),
            description: Some(format!("Member of the {name} team in PlanetScale")),
            purpose: Purpose::Assignment,
            grantable_to: vec![ids::USER.into()],
        }],
        next: vec![],
        total: None,
        rate_limit: None,
        warnings: vec![],
    })
}

/// Who holds it.
pub fn grants(config: &Config, resource: &Resource, token: Option<&str>) -> Result<GrantPage, Error> {
    let wrong = || internal("a team was passed back that is not as it was listed");
    let organization = profile::text(resource, "organization_name").ok_or_else(wrong)?;
    let slug = profile::text(resource, "slug").ok_or_else(wrong)?;
    let list = format!("grants/{TEAM}/{}", resource.id.id);
    let managed =
        profile::is(resource, "managed").then(|| "A directory manages the members of this team.".to_owned());
    let grant = |id: &str| Grant {
        entitlement: EntitlementId { resource: resource.id.clone(), slug: MEMBER.into() },
        principal: ids::user(id),
        immutable: managed.clone(),
        expansion: None,
    };
    if let Some(members) = inline::members(config, resource, token) {
        let items = members.iter().map(|id| grant(id)).collect();
        return Ok(GrantPage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] });
    }
    let mut cursor = Cursor::read(token, &list)?;
    let ask = |slug: &str, cursor: &Cursor, cache| {
        lists::of_team_members(config, organization, slug, cursor, cache)
    };
    let once = lists::of_team_members_once(config);
    let page = match ask(cursor.slug.as_deref().unwrap_or(slug), &cursor, once)? {
        Asked::Page(page) => page,
        Asked::Missing(exchange) => {
            let slug = cursor.slug.as_deref().unwrap_or(slug);
            let now = slug_now(config, organization, slug, resource, &exchange)?;
            if now == slug {
                return Err(api::no_access(&exchange, List::TeamMembers(organization, &now)));
            }
            // It was renamed since it was listed: read it under its new name, from there on.
            cursor.slug = Some(now.clone());
            ask(&now, &cursor, once)?.reached(List::TeamMembers(organization, &now))?
        }
    };
    let list_of_people = List::TeamMembers(organization, cursor.slug.as_deref().unwrap_or(slug));
    let anew = || ask(cursor.slug.as_deref().unwrap_or(slug), &cursor, Cache::Fresh)?.reached(list_of_people);
    let mut warnings = vec![];
    // Who belongs to a team has no role in it.
    let who = |found: &TeamMembership| (found.user.id.clone(), String::new());
    let page = twice::told_once(page, who, anew, list_of_people, &mut warnings)?;
    Ok(GrantPage {
        items: page.records.iter().map(|membership| grant(&membership.user.id)).collect(),
        next: Cursor::write_all(&page.next, &list),
        total: None,
        rate_limit: page.rate_limit,
        warnings,
    })
}

/// Look for a team whose members were answered with 404: PlanetScale says that for a team that is gone, for one that
/// was renamed, and for one that the token may not see. Only the first may be left out of a sync, so the organization's
/// teams are read again, from the vendor, and at last its own address, to be sure.
fn slug_now(
    config: &Config,
    organization: &str,
    slug: &str,
    team: &Resource,
    exchange: &Exchange,
) -> Result<String, Error> {
    let mut left = vec![Cursor::default()];
    while let Some(cursor) = left.pop() {
        let page = lists::of_teams(config, organization, &cursor, Cache::Fresh)?;
        if let Some(found) = page.records.into_iter().find(|found| found.id == team.id.id) {
            return Ok(found.slug);
        }
        left.extend(page.next);
    }
    if api::team_at(config, organization, slug)?.is_some_and(|id| id == team.id.id) {
        return Err(exchange.changed(format!(
            "team {slug} is not in the list of teams of organization {organization}, but answers at its own address"
        )));
    }
    Err(exchange.gone(format!(
        "team {} of organization {organization} was deleted while the sync ran: it is listed without members",
        team.display_name
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_planetscale_api::read;

    fn team(json: &str) -> Resource {
        let parent = Parent {
            id: ResourceId { resource_type: "organization".into(), id: "o".into() },
            name: "acme".into(),
        };
        resource(read(json.as_bytes()).expect("a team"), &parent, None)
    }

    #[test]
    fn a_team_has_a_name_whatever_is_empty_and_carries_what_its_members_are_found_by() {
        for (json, name) in [
            (r#"{"id":"t","slug":"s","display_name":"D","name":"N","managed":false}"#, "D"),
            (r#"{"id":"t","slug":"s","display_name":" ","name":"N","managed":false}"#, "N"),
            (r#"{"id":"t","slug":"s","display_name":null,"managed":false,"description":" "}"#, "s"),
        ] {
            let found = team(json);
            assert_eq!((found.display_name.as_str(), found.description.as_deref()), (name, None), "{json}");
            assert_eq!(profile::text(&found, "organization_name"), Some("acme"));
            assert_eq!(profile::text(&found, "slug"), Some("s"));
            assert_eq!(profile::text(&found, inline::MEMBERS), None);
        }
    }

    #[test]
    fn who_keeps_a_team_is_in_its_trait_and_must_be_told() {
        for (managed, source) in [(true, GroupSource::DirectorySynced), (false, GroupSource::Native)] {
            let found = team(&format!(r#"{{"id":"t","slug":"s","managed":{managed}}}"#));
            assert!(
                matches!(found.traits.as_slice(), [Trait::Group(group)] if group.source == Some(source)),
                "{managed}"
            );
            assert_eq!(profile::is(&found, "managed"), managed);
        }
        assert!(read::<Team>(br#"{"id":"t","slug":"s"}"#).is_err());
    }
}
