//! A made-up company in a `.c1z`, written by the same writer as every sync: two organizations, people, teams, and
//! databases that teams and organizations reach.

use std::collections::BTreeMap;
use std::path::Path;

use baton_c1z::{C1z, Options};
use baton_host::Facts;
use baton_host::contract::{
    AccountState, AccountStatus, AccountType, Email, Entitlement, EntitlementId, Expansion, Grant,
    GroupSource, GroupTrait, ProfileEntry, ProfileValue, Purpose, Resource, ResourceId, ResourceType, Trait,
    TraitKind, UserTrait,
};
use baton_host::facts::{Count, Note};
use baton_host::records::{List, Records};
use baton_host::sink::Sink;

/// All records of a file.
#[derive(Clone, Default)]
pub struct World {
    pub types: Vec<ResourceType>,
    pub resources: Vec<Resource>,
    pub entitlements: Vec<Entitlement>,
    pub grants: Vec<Grant>,
}

pub fn id(kind: &str, id: &str) -> ResourceId {
    ResourceId { resource_type: kind.into(), id: id.into() }
}

fn of(kind: &str, of: &str, slug: &str) -> EntitlementId {
    EntitlementId { resource: id(kind, of), slug: slug.into() }
}

impl World {
    pub fn new() -> World {
        let kind = |id: &str, name: &str, traits: Vec<TraitKind>, offers: bool| ResourceType {
            id: id.into(),
            display_name: name.into(),
            description: None,
            traits,
            has_entitlements: offers,
            has_grants: offers,
            permissions: vec![],
        };
        World {
            types: vec![
                kind("organization", "Organization", vec![], true),
                kind("user", "User", vec![TraitKind::User], false),
                kind("team", "Team", vec![TraitKind::Group], true),
                kind("database", "Database", vec![], true),
            ],
            ..World::default()
        }
    }

    /// The company of most tests: who can drop `orders`, and by which ways, is known.
    pub fn company() -> World {
        let mut world = World::new();
        world.organization("freight", &[("sso", true)]);
        world.organization("studio", &[("sso", false)]);
        for (name, email, second_factor, managed) in [
            ("Amara Okafor", "amara@kestrel.example", None, true),
            ("Jonas Lindqvist", "jonas@kestrel.example", Some(true), true),
            ("Priya Raghavan", "priya@kestrel.example", None, true),
            ("Mateo Herrera", "mateo@kestrel.example", Some(true), false),
            ("Lucía Fernández", "lucia@osprey.example", Some(false), false),
            ("佐藤 美咲", "misaki@kestrel.example", None, true),
            ("Ravi Iyer", "ravi@auditor.example", Some(true), false),
        ] {
            world.person(name, email, second_factor, managed);
        }
        world.team("freight", "Platform");
        world.team("freight", "Payments");
        world.team("freight", "Cold chain");
        world.team("studio", "Web");
        world.database("freight", "orders");
        world.database("freight", "billing");
        world.database("studio", "portal");
        for person in ["amara", "jonas"] {
            world.holds(person, "organization", "freight", "admin");
        }
        for person in ["priya", "mateo", "misaki"] {
            world.holds(person, "organization", "freight", "member");
        }
        for (person, slug) in [("lucia", "admin"), ("amara", "admin"), ("ravi", "member")] {
            world.holds(person, "organization", "studio", slug);
        }
        for (person, team) in [
            ("jonas", "Platform"),
            ("misaki", "Platform"),
            ("priya", "Payments"),
            ("mateo", "Payments"),
            ("ravi", "Web"),
        ] {
            world.holds(person, "team", team, "member");
        }
        world.team_holds("Platform", "orders", "admin");
        world.team_holds("Platform", "billing", "admin");
        world.team_holds("Payments", "orders", "admin");
        world.team_holds("Payments", "billing", "analyst");
        world.team_holds("Web", "portal", "admin");
        world
    }

    pub fn organization(&mut self, name: &str, profile: &[(&str, bool)]) {
        self.resources.push(resource("organization", name, name, None, profile, vec![]));
        self.offer("organization", name, "member");
        self.offer("organization", name, "admin");
    }

    pub fn person(&mut self, name: &str, email: &str, second_factor: Option<bool>, managed: bool) {
        let key = email.split('@').next().unwrap_or(email);
        let user = UserTrait {
            status: AccountStatus { state: AccountState::Enabled, details: None },
            emails: vec![Email { address: email.into(), primary: true }],
            login: Some(email.into()),
            login_aliases: vec![],
            account_type: AccountType::Human,
            mfa_enabled: second_factor,
            sso_enabled: Some(second_factor.is_none()),
            name: None,
            last_login: None,
            employee_ids: vec![],
        };
        let profile = [("managed", managed), ("email_verified", key != "ravi")];
        self.resources.push(resource("user", key, name, None, &profile, vec![Trait::User(user)]));
    }

    pub fn team(&mut self, organization: &str, name: &str) {
        let group = Trait::Group(GroupTrait { source: Some(GroupSource::Native) });
        self.resources.push(resource("team", name, name, Some(organization), &[], vec![group]));
        self.offer("team", name, "member");
    }

    pub fn database(&mut self, organization: &str, name: &str) {
        self.resources.push(resource("database", name, name, Some(organization), &[], vec![]));
        self.offer("database", name, "admin");
        self.offer("database", name, "analyst");
        self.grants.push(Grant {
            entitlement: of("database", name, "admin"),
            principal: id("organization", organization),
            immutable: Some("It comes with the role Administrator.".into()),
            expansion: Some(expansion(of("organization", organization, "admin"), false)),
        });
    }

    fn offer(&mut self, kind: &str, name: &str, slug: &str) {
        self.entitlements.push(Entitlement {
            id: of(kind, name, slug),
            display_name: format!("{name} {kind} {slug}"),
            description: Some(format!("The {slug} of {name}")),
            purpose: Purpose::Permission,
            grantable_to: vec!["user".into()],
        });
    }

    pub fn holds(&mut self, person: &str, kind: &str, name: &str, slug: &str) {
        self.grants.push(Grant {
            entitlement: of(kind, name, slug),
            principal: id("user", person),
            immutable: None,
            expansion: None,
        });
    }

    pub fn team_holds(&mut self, team: &str, database: &str, slug: &str) {
        self.team_reaches(team, of("database", database, slug), true);
    }

    /// A team is a member of another.
    pub fn team_in(&mut self, team: &str, other: &str, shallow: bool) {
        self.team_reaches(team, of("team", other, "member"), shallow);
    }

    fn team_reaches(&mut self, team: &str, entitlement: EntitlementId, shallow: bool) {
        self.grants.push(Grant {
            entitlement,
            principal: id("team", team),
            immutable: None,
            expansion: Some(expansion(of("team", team, "member"), shallow)),
        });
    }

    pub fn forget_person(&mut self, key: &str) {
        let gone = id("user", key);
        self.resources.retain(|resource| resource.id != gone);
        self.grants.retain(|grant| grant.principal != gone);
    }

    pub fn forget_grant(&mut self, person: &str, kind: &str, name: &str) {
        let (person, of) = (id("user", person), id(kind, name));
        self.grants.retain(|grant| grant.principal != person || grant.entitlement.resource != of);
    }

    /// A sync of it into a file.
    pub fn write(&self, path: &Path, facts: Option<&Facts>) {
        self.write_with(path, Options::default(), facts);
    }

    pub fn write_with(&self, path: &Path, options: Options, facts: Option<&Facts>) {
        let mut sink = C1z::create(path, options).expect("a file");
        sink.write(&List::ResourceTypes, Records::ResourceTypes(self.types.clone())).expect("types");
        let list = List::Resources { resource_type: "any".into(), parent: None };
        sink.write(&list, Records::Resources(self.resources.clone())).expect("resources");
        let mut offered: BTreeMap<String, Vec<Entitlement>> = BTreeMap::new();
        for entitlement in &self.entitlements {
            let of = &entitlement.id.resource;
            offered.entry(format!("{}:{}", of.resource_type, of.id)).or_default().push(entitlement.clone());
        }
        for resource in &self.resources {
            let key = format!("{}:{}", resource.id.resource_type, resource.id.id);
            if let Some(items) = offered.remove(&key) {
                let list = List::Entitlements(resource.clone());
                sink.write(&list, Records::Entitlements(items)).expect("entitlements");
            }
        }
        if let Some(any) = self.resources.first() {
            let list = List::Grants(any.clone());
            sink.write(&list, Records::Grants(self.grants.clone())).expect("grants");
        }
        if let Some(facts) = facts {
            sink.note(facts).expect("facts");
        }
        sink.finish().expect("finished");
    }
}

fn resource(
    kind: &str,
    key: &str,
    name: &str,
    organization: Option<&str>,
    profile: &[(&str, bool)],
    traits: Vec<Trait>,
) -> Resource {
    let entry = |(key, value): &(&str, bool)| ProfileEntry {
        key: (*key).into(),
        value: ProfileValue::Boolean(*value),
    };
    Resource {
        id: id(kind, key),
        parent: organization.map(|name| id("organization", name)),
        display_name: name.into(),
        description: None,
        child_resource_types: vec![],
        external_link: None,
        created_at: None,
        profile: profile.iter().map(entry).collect(),
        traits,
    }
}

fn expansion(over: EntitlementId, shallow: bool) -> Expansion {
    Expansion { entitlements: vec![over], shallow, resource_types: vec!["user".into(), "team".into()] }
}

/// What a sync knows of itself.
pub fn facts() -> Facts {
    let count = |kind: &str, of: &str, came| Count {
        kind: kind.into(),
        resource_type: of.into(),
        lists: 2,
        came,
        lists_told: 2,
        told: came,
        came_of_told: came,
    };
    Facts {
        program: "baton-acme 1.2.3".into(),
        product: "Acme Cloud".into(),
        connector_version: "0.9.0".into(),
        component: "c0ffee".repeat(10) + "abcd",
        contract: "0.2.0".into(),
        origins: vec!["https://api.acme.example".into()],
        identity: Some("reader-7".into()),
        requests: 23,
        pages: 19,
        lists: 17,
        counts: vec![count("resources", "user", 7), count("grants", "team", 5)],
        warnings: vec![Note {
            message: "Ravi Iyer has the role \"inspector\" in organization studio".into(),
            resource: Some("user:ravi".into()),
        }],
        cannot_see: vec!["Who was made administrator of a single database is in no list.".into()],
        ..Facts::default()
    }
}
