//! The databases of an organization, as its teams name them, and what follows from who is in the teams.

use std::collections::BTreeMap;

use super::build::{DATABASE, ORGANIZATION, TEAM, entitlement, held};
use super::expected::Manifest;
use super::record::{Entitlement, Expansion, Grant, Reference, Resource};
use crate::scenario::{Organization, Team};

const RULE: &str = "Comes with the role Administrator of the organization.";

impl Manifest {
    /// Everybody who is an administrator, or in a team that a database names, holds what these grants say; nobody who was
    /// made administrator of a single database does, because no reply tells who that is.
    pub(super) fn databases(&mut self, organization: &Organization) {
        let owner = Reference::new(ORGANIZATION, &organization.id);
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        for team in &organization.teams {
            let named = team.databases.iter().chain(&team.analyst_databases);
            known.extend(named.map(|database| (database.id.as_str(), database.name.as_str())));
        }
        for (key, name) in known {
            let id = Reference::new(DATABASE, key);
            let among = |administers: bool| -> Vec<&str> {
                let of = |team: &Team| match administers {
                    true => team.databases.iter().any(|database| database.id == key),
                    false => team.analyst_databases.iter().any(|database| database.id == key),
                };
                let teams = organization.teams.iter().filter(|team| of(team));
                teams.map(|team| team.id.as_str()).collect()
            };
            let (admins, analysts) = (among(true), among(false));
            self.grants.push(Grant {
                expansion: over(&owner, "admin"),
                ..held(&id, "admin", owner.clone(), Some(RULE))
            });
            for (slug, teams) in [("admin", &admins), ("analyst", &analysts)] {
                self.grants.extend(teams.iter().map(|team| {
                    let team = Reference::new(TEAM, team);
                    Grant { expansion: over(&team, "member"), ..held(&id, slug, team, None) }
                }));
            }
            let name = if name.trim().is_empty() { key } else { name.trim() };
            self.entitlements.extend(offered(&id, name));
            self.resources.push(resource(id, &owner, name, &admins, &analysts, organization));
        }
    }
}

fn over(principal: &Reference, slug: &str) -> Option<Expansion> {
    Some(Expansion { entitlements: vec![format!("{}:{slug}", principal.joined())], shallow: true })
}

fn offered(id: &Reference, name: &str) -> [Entitlement; 2] {
    let offer = |slug: &str, description: String| Entitlement {
        grantable_to: vec![ORGANIZATION.into(), TEAM.into()],
        ..entitlement(id, slug, format!("{name} database {slug}"), description, "permission")
    };
    [
        offer(
            "admin",
            format!(
                "Database Administrator of the {name} database in PlanetScale. PlanetScale does not tell who was made \
                 Database Administrator one by one, or by creating a database: they are not among the holders."
            ),
        ),
        offer("analyst", format!("Reads the {name} database in PlanetScale, production included.")),
    ]
}

fn resource(
    id: Reference,
    owner: &Reference,
    display_name: &str,
    admins: &[&str],
    analysts: &[&str],
    organization: &Organization,
) -> Resource {
    let named =
        organization.teams.iter().flat_map(|team| team.databases.iter().chain(&team.analyst_databases));
    let name =
        named.filter(|database| database.id == id.resource).map(|database| database.name.as_str()).next();
    let profile = BTreeMap::from([
        ("name".to_owned(), name.unwrap_or_default().into()),
        ("admin_team_ids".to_owned(), admins.into()),
        ("analyst_team_ids".to_owned(), analysts.into()),
    ]);
    Resource {
        id,
        parent: Some(owner.clone()),
        display_name: display_name.to_owned(),
        description: None,
        child_resource_types: Vec::new(),
        created_at: None,
        profile,
        user: None,
        group_source: None,
    }
}
