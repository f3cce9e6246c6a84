//! The demo's tables: what a reviewer of access wants to see first.
//!
//! They are made from the records of the sync, never from the example's own data, so they show what a governance
//! system gets. Which organizations there are, who administers them, team by team who is in it, and what
//! deserves a look.

use std::collections::HashMap;

use baton_host::contract::{
    Grant, GroupSource, ProfileValue, Resource, ResourceId, Trait, UserTrait, Warning,
};
use baton_host::sink::Memory;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};

/// Columns of a table: what most terminals show without wrapping.
const WIDTH: u16 = 100;

/// All tables, each under its title.
pub fn all(found: &Memory, warnings: &[Warning]) -> String {
    let view = View::of(found);
    let sections = [
        ("Organizations", view.organizations()),
        ("Who is admin", view.admins()),
        ("Who is in which team", view.teams()),
        ("What to look at", view.findings(warnings)),
    ];
    sections.iter().map(|(title, table)| format!("{title}\n{table}\n")).collect::<Vec<_>>().join("\n")
}

/// The records, found by their ids.
struct View<'a> {
    found: &'a Memory,
    by_id: HashMap<&'a ResourceId, &'a Resource>,
    grants: HashMap<&'a ResourceId, Vec<&'a Grant>>,
}

impl<'a> View<'a> {
    fn of(found: &'a Memory) -> View<'a> {
        let by_id = found.resources.iter().map(|resource| (&resource.id, resource)).collect();
        let mut grants: HashMap<_, Vec<_>> = HashMap::new();
        for grant in &found.grants {
            grants.entry(&grant.entitlement.resource).or_default().push(grant);
        }
        View { found, by_id, grants }
    }

    fn of_type(&self, kind: &str) -> Vec<&'a Resource> {
        let mut all: Vec<_> =
            self.found.resources.iter().filter(|resource| resource.id.resource_type == kind).collect();
        all.sort_by_key(|resource| (self.parent_name(resource), resource.display_name.clone()));
        all
    }

    fn parent_name(&self, resource: &Resource) -> String {
        let parent = resource.parent.as_ref().and_then(|id| self.by_id.get(id));
        parent.map(|parent| parent.display_name.clone()).unwrap_or_default()
    }

    /// Who holds an entitlement of a resource, by name; none for the slug: any.
    fn holders(&self, resource: &Resource, slug: Option<&str>) -> Vec<&'a Resource> {
        let grants = self.grants.get(&resource.id).into_iter().flatten();
        let mut holders: Vec<_> = grants
            .filter(|grant| slug.is_none_or(|slug| grant.entitlement.slug == slug))
            .filter_map(|grant| self.by_id.get(&grant.principal).copied())
            .collect();
        holders.sort_by_key(|holder| holder.display_name.clone());
        holders
    }

    fn organizations(&self) -> Table {
        let mut table = table(&["Organization", "Plan", "People", "Admins", "Teams", "Sign-in and roles"]);
        let teams = self.of_type("team");
        for organization in self.of_type("organization") {
            let own = teams.iter().filter(|team| team.parent.as_ref() == Some(&organization.id)).count();
            let sign_in = match (flag(organization, "sso"), flag(organization, "idp_managed_roles")) {
                (_, true) => "SSO, roles managed by the identity provider",
                (true, false) => "SSO",
                (false, false) => "PlanetScale's own",
            };
            table.add_row([
                organization.display_name.clone(),
                text(organization, "plan").unwrap_or_default(),
                self.holders(organization, None).len().to_string(),
                self.holders(organization, Some("admin")).len().to_string(),
                own.to_string(),
                sign_in.to_owned(),
            ]);
        }
        table
    }

    fn admins(&self) -> Table {
        let mut table = table(&["Organization", "Admin", "E-mail", "Second factor"]);
        for organization in self.of_type("organization") {
            for admin in self.holders(organization, Some("admin")) {
                table.add_row([
                    organization.display_name.clone(),
                    admin.display_name.clone(),
                    email(admin).unwrap_or_default(),
                    second_factor(admin).to_owned(),
                ]);
            }
        }
        table
    }

    fn teams(&self) -> Table {
        let mut table = table(&["Organization", "Team", "Kept by", "Members"]);
        for team in self.of_type("team") {
            let names: Vec<&str> =
                self.holders(team, None).iter().map(|holder| holder.display_name.as_str()).collect();
            let directory = team.traits.iter().any(
                |of| matches!(of, Trait::Group(group) if group.source == Some(GroupSource::DirectorySynced)),
            );
            table.add_row([
                self.parent_name(team),
                team.display_name.clone(),
                if directory { "directory" } else { "PlanetScale" }.to_owned(),
                if names.is_empty() { "nobody".to_owned() } else { names.join(", ") },
            ]);
        }
        table
    }

    fn findings(&self, warnings: &[Warning]) -> Table {
        let mut table = table(&["What", "Where", "Who"]);
        let organizations = self.of_type("organization");
        let admins = |wanted: Option<bool>| {
            organizations.iter().filter_map(move |organization| {
                let holders = self.holders(organization, Some("admin"));
                let names: Vec<&str> = holders
                    .iter()
                    .filter(|admin| mfa(admin) == wanted)
                    .map(|admin| admin.display_name.as_str())
                    .collect();
                (!names.is_empty()).then(|| [organization.display_name.clone(), names.join(", ")])
            })
        };
        for [organization, names] in admins(Some(false)) {
            table.add_row(["Admin without a second factor".to_owned(), organization, names]);
        }
        for [organization, names] in admins(None) {
            table.add_row(["Admin through SSO: ask the identity provider".to_owned(), organization, names]);
        }
        for team in self.of_type("team") {
            if self.holders(team, None).is_empty() {
                table.add_row([
                    "Team without members".to_owned(),
                    self.parent_name(team),
                    team.display_name.clone(),
                ]);
            }
        }
        for warning in warnings {
            let about = warning.resource.as_ref().and_then(|id| self.by_id.get(id));
            let place = about.map(|resource| resource.display_name.clone()).unwrap_or_default();
            table.add_row(["Warning of the connector".to_owned(), place, warning.message.clone()]);
        }
        table
    }
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(header.iter().copied());
    table
}

fn profile<'a>(resource: &'a Resource, key: &str) -> Option<&'a ProfileValue> {
    resource.profile.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
}

fn text(resource: &Resource, key: &str) -> Option<String> {
    match profile(resource, key) {
        Some(ProfileValue::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn flag(resource: &Resource, key: &str) -> bool {
    matches!(profile(resource, key), Some(ProfileValue::Boolean(true)))
}

fn user(resource: &Resource) -> Option<&UserTrait> {
    resource.traits.iter().find_map(|of| match of {
        Trait::User(user) => Some(user),
        _ => None,
    })
}

fn email(resource: &Resource) -> Option<String> {
    user(resource)?.emails.iter().find(|email| email.primary).map(|email| email.address.clone())
}

fn mfa(resource: &Resource) -> Option<bool> {
    user(resource)?.mfa_enabled
}

fn second_factor(resource: &Resource) -> &'static str {
    match mfa(resource) {
        Some(true) => "yes",
        Some(false) => "NO",
        None => "unknown (SSO)",
    }
}
