//! Resource type `database`: the databases of an organization, and which teams reach them. Read when an option asks for it.
//!
//! **No request is made for them.** The list of teams names each team's databases, and is read for the teams anyway (a
//! host with a cache sends no request twice for it). One call reads all of it, because every team may name every
//! database: what a database has to tell, which teams administer it and which read it, travels in its profile, and its
//! grants are taken from there.
//!
//! Grants go to the teams and expand to their members. An organization's administrators administer every database of it,
//! by the product's own rule, so the organization holds that, too. Who was made Database Administrator one by one, or
//! created a database, is told nowhere, and neither is a database that belongs to no team: both are said.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use baton_planetscale_api::{Database, Team};

use crate::api::{ACCESS, List};
use crate::bindings::syncer::{
    BlindSpot, Entitlement, EntitlementId, EntitlementPage, Error, Expansion, Grant, GrantPage, Purpose,
    Resource, ResourceId, ResourcePage, ResourceType, Warning,
};
use crate::config::Config;
use crate::error::internal;
use crate::ids::{DATABASE, ORGANIZATION, Parent, TEAM};
use crate::lists;
use crate::members;
use crate::profile::{self, Profile};
use crate::team;
use crate::text::{first_of, in_a_list};
use crate::twice::changed;

/// What each team may hold: the slug, and the key of the teams' ids in a database's profile.
const HELD: [(&str, &str); 2] = [("admin", "admin_team_ids"), ("analyst", "analyst_team_ids")];

/// What an administrator's entitlement says of itself, too.
const UNTOLD: &str = "PlanetScale does not tell who was made Database Administrator one by one, or by creating a \
                      database: they are not among the holders.";

/// The type.
pub fn resource_type() -> ResourceType {
    ResourceType {
        id: DATABASE.into(),
        display_name: "Database".into(),
        description: None,
        traits: vec![],
        has_entitlements: true,
        has_grants: true,
        permissions: vec![ACCESS.into()],
    }
}

/// What nobody can find out about them.
pub fn cannot_see() -> Vec<BlindSpot> {
    let of_databases =
        |message: &str| BlindSpot { message: message.to_owned(), resource_types: vec![DATABASE.into()] };
    vec![
        of_databases(UNTOLD),
        of_databases(
            "Databases that belong to no team are not seen: only the list of teams names databases.",
        ),
    ]
}

/// A database, as the teams name it.
struct Named {
    id: String,
    name: String,
    /// The teams that hold each of [`HELD`].
    teams: [Vec<String>; 2],
}

/// The list, of one organization: one page.
pub fn list(config: &Config, parent: &Parent, token: Option<&str>) -> Result<ResourcePage, Error> {
    one_page(token)?;
    let page = lists::of_all_teams(config, &parent.name)?;
    let databases = named(page.records, &parent.name)?;
    let warnings = of_one_name(&databases, parent);
    Ok(ResourcePage {
        items: databases.into_iter().map(|database| resource(database, parent)).collect(),
        next: vec![],
        total: None,
        rate_limit: page.rate_limit,
        warnings,
    })
}

fn one_page(token: Option<&str>) -> Result<(), Error> {
    match token {
        None => Ok(()),
        Some(_) => Err(internal("databases and their grants have one page only")),
    }
}

/// What the teams say together, by the ids of the databases. A team that is there twice stands in the place of one that is not there, and of a database
/// with two names one was read before it was renamed: both are a list that changed.
fn named(teams: Vec<Team>, organization: &str) -> Result<Vec<Named>, Error> {
    let subject = || List::Teams(organization).subject();
    let mut databases: Vec<Named> = vec![];
    let mut seen = BTreeSet::new();
    for Team { id: team, databases: reached, .. } in teams {
        let Some(reached) = reached else { continue };
        for (at, list) in [reached.databases, reached.analyst_databases].into_iter().enumerate() {
            for Database { id, name } in list {
                let place = databases.binary_search_by(|known| known.id.as_str().cmp(&id));
                let place = place.unwrap_or_else(|place| {
                    let (id, name) = (id.clone(), name.clone());
                    databases.insert(place, Named { id, name, teams: [vec![], vec![]] });
                    place
                });
                let Some(known) = databases.get_mut(place) else { continue };
                if known.name != name {
                    return Err(changed(&format!(
                        "database {} has two names in {}, \"{}\" and \"{}\"",
                        in_a_list(&id),
                        subject(),
                        in_a_list(&known.name),
                        in_a_list(&name)
                    )));
                }
                // A team that names it twice reaches it once.
                let holders = known.teams.get_mut(at).filter(|holders| holders.last() != Some(&team));
                holders.into_iter().for_each(|holders| holders.push(team.clone()));
            }
        }
        if seen.contains(&team) {
            return Err(changed(&format!("team {} is twice in {}", in_a_list(&team), subject())));
        }
        seen.extend([team]);
    }
    Ok(databases)
}

/// Names that several databases have. No address is made of them, so each is read.
fn of_one_name(databases: &[Named], parent: &Parent) -> Vec<Warning> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut warnings = vec![];
    for Named { id, name, .. } in databases {
        if let Some(other) = known.insert(name, id) {
            let message = format!(
                "two databases of organization {} have the name \"{}\" ({} and {}): both are read",
                parent.name,
                in_a_list(name),
                in_a_list(other),
                in_a_list(id)
            );
            warnings.push(Warning { message, resource: Some(parent.id.clone()) });
        }
    }
    warnings
}

fn resource(Named { id, name, teams }: Named, parent: &Parent) -> Resource {
    let mut profile = Profile::default().words("name", Some(&name));
    for ((_, key), holders) in HELD.into_iter().zip(teams) {
        profile = profile.texts(key, holders);
    }
    Resource {
        parent: Some(parent.id.clone()),
        display_name: first_of(&[Some(&name), Some(&id)]).unwrap_or_else(|| id.clone()),
        description: None,
        child_resource_types: vec![],
        external_link: None,
        created_at: None,
        profile: profile.entries(),
        traits: vec![],
        id: ResourceId { resource_type: DATABASE.into(), id },
    }
}

/// What it offers.
pub fn entitlements(resource: &Resource) -> EntitlementPage {
    let name = &resource.display_name;
    let [admin, analyst] = HELD;
    let entitlement = |(slug, _): (&str, &str), description: String| Entitlement {
        id: EntitlementId { resource: resource.id.clone(), slug: slug.into() },
        display_name: format!("{name} database {slug}"),
        description: Some(description),
        purpose: Purpose::Permission,
        grantable_to: vec![ORGANIZATION.into(), TEAM.into()],
    };
    EntitlementPage {
        items: vec![
            entitlement(
                admin,
                format!("Database Administrator of the {name} database in PlanetScale. {UNTOLD}"),
            ),
            entitlement(analyst, format!("Reads the {name} database in PlanetScale, production included.")),
        ],
        next: vec![],
        total: None,
        rate_limit: None,
        warnings: vec![],
    }
}

/// Who holds it.
pub fn grants(resource: &Resource, token: Option<&str>) -> Result<GrantPage, Error> {
    one_page(token)?;
    let wrong = || internal("a database was passed back that is not as it was listed");
    let organization = resource.parent.clone().ok_or_else(wrong)?;
    let [(admin, _), _] = HELD;
    let rule = "Comes with the role Administrator of the organization.".to_owned();
    let mut items = vec![grant(resource, admin, organization, members::ADMIN, Some(rule))];
    for (slug, key) in HELD {
        for id in profile::texts(resource, key).ok_or_else(wrong)? {
            let team = ResourceId { resource_type: TEAM.into(), id: id.clone() };
            items.push(grant(resource, slug, team, team::MEMBER, None));
        }
    }
    Ok(GrantPage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] })
}

/// That a principal holds it, and with the principal who holds `over` of that one.
fn grant(
    resource: &Resource,
    slug: &str,
    principal: ResourceId,
    over: &str,
    immutable: Option<String>,
) -> Grant {
    let over = EntitlementId { resource: principal.clone(), slug: over.into() };
    Grant {
        entitlement: EntitlementId { resource: resource.id.clone(), slug: slug.into() },
        principal,
        immutable,
        expansion: Some(Expansion { entitlements: vec![over], shallow: true, resource_types: vec![] }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases by id and name.
    type Named<'a> = &'a [(&'a str, &'a str)];

    /// A team, what its members administer, and what they read.
    type Reaching<'a> = (&'a str, Named<'a>, Named<'a>);

    fn teams(lists: &[Reaching<'_>]) -> Vec<Team> {
        let json = |databases: &[(&str, &str)]| {
            let each = databases.iter().map(|(id, name)| format!(r#"{{"id":"{id}","name":"{name}"}}"#));
            each.collect::<Vec<_>>().join(",")
        };
        let data: Vec<String> = lists
            .iter()
            .map(|(id, databases, read)| {
                format!(
                    r#"{{"id":"{id}","slug":"{id}","managed":false,"databases":[{}],"analyst_databases":[{}]}}"#,
                    json(databases),
                    json(read)
                )
            })
            .collect();
        let page =
            format!(r#"{{"current_page":1,"per_page":100,"next_page":null,"data":[{}]}}"#, data.join(","));
        baton_planetscale_api::teams_with_databases(page.as_bytes()).expect("teams").data
    }

    fn told(lists: &[Reaching<'_>]) -> Result<Vec<Resource>, Error> {
        let parent = parent();
        let databases = named(teams(lists), "acme")?;
        Ok(databases.into_iter().map(|database| resource(database, &parent)).collect())
    }

    fn parent() -> Parent {
        Parent { id: ResourceId { resource_type: ORGANIZATION.into(), id: "o".into() }, name: "acme".into() }
    }

    #[test]
    fn a_database_says_which_teams_reach_it_and_its_grants_are_taken_from_there() {
        let found = told(&[
            ("t2", &[("d2", "orders"), ("d2", "orders")], &[]),
            ("t1", &[], &[("d2", "orders"), ("d1", " ")]),
            ("t3", &[("d2", "orders")], &[("d2", "orders")]),
            ("t4", &[], &[]),
        ])
        .expect("databases");
        let names: Vec<_> = found.iter().map(|of| (of.id.id.as_str(), of.display_name.as_str())).collect();
        assert_eq!(names, [("d1", "d1"), ("d2", "orders")]);
        let page = grants(&found[1], None).expect("grants");
        let held: Vec<_> = page
            .items
            .iter()
            .map(|grant| {
                let over = &grant.expansion.as_ref().expect("an expansion").entitlements[0];
                let of = |id: &ResourceId| (id.resource_type.clone(), id.id.clone());
                assert_eq!(of(&over.resource), of(&grant.principal));
                (grant.entitlement.slug.as_str(), grant.principal.id.as_str(), over.slug.as_str())
            })
            .collect();
        assert_eq!(
            held,
            [
                ("admin", "o", "admin"),
                ("admin", "t2", "member"),
                ("admin", "t3", "member"),
                ("analyst", "t1", "member"),
                ("analyst", "t3", "member")
            ]
        );
        assert!(page.items.iter().all(|grant| grant.immutable.is_some() == (grant.principal.id == "o")));
        assert!(grants(&found[1], Some("2")).is_err());
        assert!(grants(&Resource { profile: vec![], ..found[1].clone() }, None).is_err());
        assert!(grants(&Resource { parent: None, ..found[1].clone() }, None).is_err());
    }

    #[test]
    fn two_names_of_one_database_or_one_team_twice_are_a_list_that_changed() {
        let of = |result: Result<Vec<Resource>, Error>| match result {
            Err(Error::Changed(failure)) => failure.message,
            other => panic!("{other:?}"),
        };
        let message = of(told(&[("t1", &[("d", "orders")], &[]), ("t2", &[], &[("d", "sales")])]));
        for part in ["d", "\"orders\"", "\"sales\"", "acme"] {
            assert!(message.contains(part), "{message}");
        }
        assert!(of(told(&[("t1", &[], &[]), ("t2", &[], &[]), ("t1", &[], &[])])).contains("t1"));
    }

    #[test]
    fn one_name_of_two_databases_is_told() {
        let databases = named(teams(&[("t", &[("d1", "a"), ("d2", "a")], &[("d3", "b")])]), "acme");
        let warnings = of_one_name(&databases.expect("databases"), &parent());
        assert_eq!(warnings.len(), 1);
        for part in ["d1", "d2", "\"a\"", "acme"] {
            assert!(warnings[0].message.contains(part), "{}", warnings[0].message);
        }
    }
}
