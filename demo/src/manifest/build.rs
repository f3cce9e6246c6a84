//! From scenario to records, one rule a function.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::expected::{ExpectedError, ExpectedWarning, Manifest};
use super::record::{Entitlement, Grant, Reference, Resource, ResourceType, User};
use super::when::moment;
use crate::scenario::{Organization, Person, Scenario, Team, Told};

pub(super) const ORGANIZATION: &str = "organization";
pub(super) const USER: &str = "user";
pub(super) const TEAM: &str = "team";
pub(super) const DATABASE: &str = "database";
const ROLES_MANAGED: &str = "The identity provider manages the roles of this organization.";
const TEAM_MANAGED: &str = "A directory manages the members of this team.";

fn resource_types(databases: bool) -> Vec<ResourceType> {
    let kind = |id: &str, name: &str, traits: &[&str], offers| ResourceType {
        id: id.to_owned(),
        display_name: name.to_owned(),
        traits: traits.iter().map(|t| (*t).to_owned()).collect(),
        has_entitlements_and_grants: offers,
        permissions: vec!["read_organization".to_owned()],
    };
    let mut types = vec![
        kind(ORGANIZATION, "Organization", &[], true),
        kind(USER, "User", &["user"], false),
        kind(TEAM, "Team", &["group"], true),
    ];
    if databases {
        types.push(kind(DATABASE, "Database", &[], true));
    }
    types
}

impl Manifest {
    /// The records that a sync of the scenario must give.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self::build(scenario, false)
    }

    /// The same when databases are read, too. It takes no request more.
    #[must_use]
    pub fn with_databases(scenario: &Scenario) -> Self {
        Self::build(scenario, true)
    }

    fn build(scenario: &Scenario, databases: bool) -> Self {
        let mut manifest = Self {
            scenario: scenario.name.clone(),
            resource_types: resource_types(databases),
            requests: requests(scenario),
            ..Self::default()
        };
        let denied = scenario.organizations.iter().find(|o| !o.access);
        if let Some(organization) = denied {
            manifest.error = Some(ExpectedError::Access { organization: organization.name.clone() });
            return manifest;
        }
        if scenario.organizations.is_empty() {
            manifest.error = Some(ExpectedError::NoOrganization);
            return manifest;
        }
        // Somebody always is; a list without anybody who is says that it may not be seen.
        let unled = scenario.organizations.iter().find(|o| o.members.iter().all(|m| m.role != "admin"));
        if let Some(Organization { name, members, .. }) = unled {
            let organization = name.clone();
            let is_known = members.is_empty() || members.iter().any(|m| m.role == "member");
            manifest.error = Some(match is_known {
                true => ExpectedError::Access { organization },
                false => ExpectedError::Roles { organization },
            });
            return manifest;
        }
        let people: HashMap<&str, &Person> = scenario.people.iter().map(|p| (p.id.as_str(), p)).collect();
        let homes: HashMap<&str, &str> =
            scenario.organizations.iter().map(|o| (o.id.as_str(), o.name.as_str())).collect();
        let mut listed = BTreeSet::new();
        for organization in &scenario.organizations {
            listed.extend(organization.members.iter().map(|m| m.person.as_str()));
            manifest.organization(organization, &people, databases);
            for team in &organization.teams {
                manifest.team(team, organization);
            }
            if databases {
                manifest.databases(organization);
            }
        }
        for person in listed.iter().filter_map(|id| people.get(id)) {
            manifest.resources.push(user(person, &homes));
        }
        manifest.resources.sort_by(|a, b| a.id.cmp(&b.id));
        manifest.entitlements.sort_by(|a, b| a.id.cmp(&b.id));
        manifest.grants.sort_by(|a, b| a.id.cmp(&b.id));
        // Who is listed twice is there once.
        manifest.grants.dedup();
        manifest.warnings.sort();
        manifest
    }

    fn organization(
        &mut self,
        organization: &Organization,
        people: &HashMap<&str, &Person>,
        databases: bool,
    ) {
        let name = &organization.name;
        let id = Reference::new(ORGANIZATION, &organization.id);
        let mut profile = BTreeMap::new();
        text(&mut profile, "name", Some(name));
        text(&mut profile, "plan", organization.plan.as_ref());
        flag(&mut profile, "sso", organization.sso);
        flag(&mut profile, "sso_directory", organization.sso_directory);
        profile.insert("idp_managed_roles".into(), organization.idp_managed_roles.into());
        self.resources.push(Resource {
            id: id.clone(),
            parent: None,
            display_name: name.clone(),
            description: None,
            child_resource_types: [USER, TEAM]
                .into_iter()
                .chain(databases.then_some(DATABASE))
                .map(str::to_owned)
                .collect(),
            created_at: moment(&organization.created_at),
            profile,
            user: None,
            group_source: None,
        });
        self.entitlements.push(entitlement(
            &id,
            "member",
            format!("{name} organization member"),
            format!("Member of the {name} organization in PlanetScale"),
            "assignment",
        ));
        self.entitlements.push(entitlement(
            &id,
            "admin",
            format!("{name} organization admin"),
            format!("Administrator of the {name} organization in PlanetScale"),
            "permission",
        ));
        let fixed = organization.idp_managed_roles.then_some(ROLES_MANAGED);
        for member in &organization.members {
            let slug = if member.role == "admin" { "admin" } else { "member" };
            self.grants.push(grant(&id, slug, &member.person, fixed));
            if member.role != "admin" && member.role != "member" {
                let person = people.get(member.person.as_str());
                self.warnings.push(ExpectedWarning {
                    organization: name.clone(),
                    person: person.map(|p| shown(p)).unwrap_or_default(),
                    person_id: member.person.clone(),
                    role: member.role.clone(),
                });
            }
        }
    }

    fn team(&mut self, team: &Team, organization: &Organization) {
        let id = Reference::new(TEAM, &team.id);
        let name = first_filled(&[&team.display_name, &team.name, &team.slug]);
        let mut profile = BTreeMap::new();
        text(&mut profile, "organization_name", Some(&organization.name));
        text(&mut profile, "slug", Some(&team.slug));
        text(&mut profile, "name", Some(&team.name));
        profile.insert("managed".into(), team.managed.into());
        self.resources.push(Resource {
            id: id.clone(),
            parent: Some(Reference::new(ORGANIZATION, &organization.id)),
            display_name: name.clone(),
            description: team.description.clone().filter(|d| !d.trim().is_empty()),
            child_resource_types: Vec::new(),
            created_at: moment(&team.created_at),
            profile,
            user: None,
            group_source: Some(if team.managed { "directory_synced" } else { "native" }.into()),
        });
        self.entitlements.push(entitlement(
            &id,
            "member",
            format!("{name} team member"),
            format!("Member of the {name} team in PlanetScale"),
            "assignment",
        ));
        let fixed = team.managed.then_some(TEAM_MANAGED);
        self.grants.extend(team.members.iter().map(|person| grant(&id, "member", person, fixed)));
    }
}

fn user(person: &Person, homes: &HashMap<&str, &str>) -> Resource {
    let flags = [person.sso, person.managed, person.directory_managed];
    let through_sso = flags.contains(&Told::Yes);
    let email = Some(person.email.clone()).filter(|e| !e.trim().is_empty());
    let mut profile = BTreeMap::new();
    text(&mut profile, "user_id", Some(&person.id));
    text(&mut profile, "name", Some(&person.name));
    text(&mut profile, "email", Some(&person.email));
    text(&mut profile, "avatar_url", Some(&person.avatar_url));
    profile.insert("two_factor_auth_configured".into(), person.two_factor_auth_configured.into());
    flag(&mut profile, "email_verified", person.email_verified);
    flag(&mut profile, "sso", person.sso);
    flag(&mut profile, "managed", person.managed);
    flag(&mut profile, "directory_managed", person.directory_managed);
    if let Some(home) = person.default_organization.as_deref() {
        // One that the token does not reach is told by its id: the scenario knows no more of it.
        let name = homes.get(home).copied().unwrap_or(home);
        profile.insert("default_organization".into(), name.into());
    }
    Resource {
        id: Reference::new(USER, &person.id),
        parent: None,
        display_name: shown(person),
        description: None,
        child_resource_types: Vec::new(),
        created_at: moment(&person.created_at),
        profile,
        user: Some(User {
            emails: email.iter().cloned().collect(),
            login: email,
            status: "enabled".into(),
            account_type: "human".into(),
            mfa_enabled: match (person.two_factor_auth_configured, through_sso) {
                (true, _) => Some(true),
                (false, false) => Some(false),
                // The identity provider asks for the second factor, or not: nobody here knows.
                (false, true) => None,
            },
            sso_enabled: if through_sso { Some(true) } else { person.sso.value() },
        }),
        group_source: None,
    }
}

pub(super) fn entitlement(
    resource: &Reference,
    slug: &str,
    display_name: String,
    description: String,
    purpose: &str,
) -> Entitlement {
    Entitlement {
        id: format!("{}:{slug}", resource.joined()),
        resource: resource.clone(),
        slug: slug.to_owned(),
        display_name,
        description,
        purpose: purpose.to_owned(),
        grantable_to: vec![USER.to_owned()],
    }
}

fn grant(resource: &Reference, slug: &str, person: &str, immutable: Option<&str>) -> Grant {
    held(resource, slug, Reference::new(USER, person), immutable)
}

/// That a principal of any type holds something.
pub(super) fn held(resource: &Reference, slug: &str, principal: Reference, immutable: Option<&str>) -> Grant {
    let entitlement = format!("{}:{slug}", resource.joined());
    Grant {
        id: format!("{entitlement}:{}", principal.joined()),
        entitlement,
        principal,
        immutable: immutable.map(str::to_owned),
        expansion: None,
    }
}

fn shown(person: &Person) -> String {
    first_filled(&[&person.display_name, &person.name, &person.email, &person.id])
}

fn first_filled(texts: &[&String]) -> String {
    texts.iter().find(|t| !t.trim().is_empty()).map(|t| (*t).clone()).unwrap_or_default()
}

fn text(profile: &mut BTreeMap<String, Value>, key: &str, value: Option<&String>) {
    if let Some(value) = value {
        profile.insert(key.to_owned(), value.as_str().into());
    }
}

fn flag(profile: &mut BTreeMap<String, Value>, key: &str, value: Told) {
    if let Some(value) = value.value() {
        profile.insert(key.to_owned(), value.into());
    }
}

/// A list costs a request for each page, and an empty one costs one all the same.
fn requests(scenario: &Scenario) -> u64 {
    let size = usize::try_from(scenario.max_per_page.clamp(1, 100)).unwrap_or(100);
    let pages = |items: usize| items.div_ceil(size).max(1);
    let below = |organization: &Organization| {
        let teams: usize = organization.teams.iter().map(|t| pages(t.members.len())).sum();
        pages(organization.members.len()) + pages(organization.teams.len()) + teams
    };
    // Of several pages, which tell no counts, two readings have to agree.
    let organizations = match pages(scenario.organizations.len()) {
        1 => 1,
        pages => 2 * pages,
    };
    let all = organizations + scenario.organizations.iter().map(below).sum::<usize>();
    u64::try_from(all).unwrap_or(u64::MAX)
}
