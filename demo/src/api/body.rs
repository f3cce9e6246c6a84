//! The vendor's objects, field by field, in the order of its published description.
//!
//! Every documented field is here, also those that no connector needs: a reader has to find its way
//! past credential metadata and free-form objects. A person is written once and then embedded as it
//! is, since the same one appears in many replies.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::scenario::{Database, Membership, Organization, Person, Team, Told};

#[derive(Serialize)]
pub(super) struct OrganizationBody<'a> {
    id: &'a str,
    name: &'a str,
    billing_email: String,
    created_at: &'a str,
    updated_at: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a str>,
    valid_billing_info: bool,
    #[serde(flatten)]
    flags: Flags<2>,
    single_tenancy: bool,
    managed_tenancy: bool,
    has_past_due_invoices: Option<bool>,
    database_count: usize,
    sso_portal_url: Option<&'static str>,
    features: Features,
    idp_managed_roles: bool,
    invoice_budget_amount: &'static str,
    keyspace_shard_limit: u32,
    has_card: bool,
    payment_info_required: bool,
}

#[derive(Serialize)]
struct Features {
    insights: bool,
    postgres: bool,
}

/// Optional booleans under their names: said, `null`, or not there.
struct Flags<const N: usize>([(&'static str, Told); N]);

impl<const N: usize> Serialize for Flags<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, told) in self.0.iter().filter(|(_, told)| *told != Told::Absent) {
            map.serialize_entry(name, &told.value())?;
        }
        map.end()
    }
}

impl<'a> OrganizationBody<'a> {
    pub(super) fn of(organization: &'a Organization) -> Self {
        Self {
            id: &organization.id,
            name: &organization.name,
            billing_email: format!("billing+{}@example.com", organization.id),
            created_at: &organization.created_at,
            updated_at: "2026-02-01T00:00:00.000Z",
            plan: organization.plan.as_deref(),
            valid_billing_info: true,
            flags: Flags([("sso", organization.sso), ("sso_directory", organization.sso_directory)]),
            single_tenancy: false,
            managed_tenancy: false,
            has_past_due_invoices: Some(false),
            database_count: organization.teams.iter().map(|t| t.databases.len()).sum(),
            sso_portal_url: None,
            features: Features { insights: true, postgres: false },
            idp_managed_roles: organization.idp_managed_roles,
            invoice_budget_amount: "1000.0",
            keyspace_shard_limit: 16,
            has_card: true,
            payment_info_required: false,
        }
    }
}

#[derive(Serialize)]
pub(super) struct PersonBody<'a> {
    id: &'a str,
    display_name: &'a str,
    name: &'a str,
    email: &'a str,
    avatar_url: &'a str,
    created_at: &'a str,
    updated_at: &'a str,
    two_factor_auth_configured: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_organization: Option<Home<'a>>,
    #[serde(flatten)]
    flags: Flags<4>,
}

#[derive(Serialize)]
struct Home<'a> {
    id: &'a str,
    name: &'a str,
    created_at: &'a str,
    updated_at: &'static str,
    deleted_at: Option<&'a str>,
}

impl<'a> PersonBody<'a> {
    pub(super) fn of(person: &'a Person, organizations: &'a [Organization]) -> Self {
        let home = person.default_organization.as_deref().map(|id| {
            let known = organizations.iter().find(|o| o.id == id);
            Home {
                id,
                name: known.map_or(id, |o| &o.name),
                created_at: known.map_or("2022-01-01T00:00:00.000Z", |o| &o.created_at),
                updated_at: "2026-02-01T00:00:00.000Z",
                deleted_at: None,
            }
        });
        Self {
            id: &person.id,
            display_name: &person.display_name,
            name: &person.name,
            email: &person.email,
            avatar_url: &person.avatar_url,
            created_at: &person.created_at,
            updated_at: &person.updated_at,
            two_factor_auth_configured: person.two_factor_auth_configured,
            default_organization: home,
            flags: Flags([
                ("sso", person.sso),
                ("managed", person.managed),
                ("directory_managed", person.directory_managed),
                ("email_verified", person.email_verified),
            ]),
        }
    }
}

#[derive(Serialize)]
pub(super) struct MembershipBody<'a> {
    id: String,
    user: &'a RawValue,
    role: &'a str,
    created_at: &'static str,
    updated_at: &'static str,
}

impl<'a> MembershipBody<'a> {
    pub(super) fn of(member: &'a Membership, organization: &str, user: &'a RawValue) -> Self {
        Self {
            id: membership_id(organization, &member.person),
            user,
            role: &member.role,
            created_at: "2024-06-03T07:45:00.000Z",
            updated_at: "2024-06-03T07:45:00.000Z",
        }
    }
}

/// A membership's own id. It is none of the person's: who takes it for theirs gets wrong records.
pub(super) fn membership_id(group: &str, person: &str) -> String {
    crate::scenario::id_of(&format!("membership {group} {person}"))
}

#[derive(Serialize)]
pub(super) struct TeamBody<'a> {
    id: &'a str,
    display_name: &'a str,
    creator: ActorBody,
    members: Vec<&'a RawValue>,
    databases: Vec<DatabaseBody<'a>>,
    analyst_databases: Vec<DatabaseBody<'a>>,
    name: &'a str,
    slug: &'a str,
    created_at: &'a str,
    updated_at: &'static str,
    description: Option<&'a str>,
    managed: bool,
}

impl<'a> TeamBody<'a> {
    pub(super) fn of(team: &'a Team, members: Vec<&'a RawValue>) -> Self {
        let databases = |list: &'a [Database]| list.iter().map(DatabaseBody::of).collect();
        Self {
            id: &team.id,
            display_name: &team.display_name,
            creator: ActorBody::new(),
            members,
            databases: databases(&team.databases),
            analyst_databases: databases(&team.analyst_databases),
            name: &team.name,
            slug: &team.slug,
            created_at: &team.created_at,
            updated_at: "2026-02-01T00:00:00.000Z",
            description: team.description.as_deref(),
            managed: team.managed,
        }
    }
}

#[derive(Serialize)]
pub(super) struct ActorBody {
    id: &'static str,
    display_name: &'static str,
    avatar_url: &'static str,
}

impl ActorBody {
    pub(super) fn new() -> Self {
        Self {
            id: "founderactor",
            display_name: "The founder",
            avatar_url: "https://avatars.example.com/founder.png",
        }
    }
}

#[derive(Serialize)]
struct DatabaseBody<'a> {
    id: &'a str,
    name: &'a str,
    url: String,
    branches_url: String,
}

impl<'a> DatabaseBody<'a> {
    fn of(database: &'a Database) -> Self {
        Self {
            id: &database.id,
            name: &database.name,
            url: format!("https://api.example.com/databases/{}", database.id),
            branches_url: format!("https://api.example.com/databases/{}/branches", database.id),
        }
    }
}

#[derive(Serialize)]
pub(super) struct TeamMembershipBody<'a> {
    id: String,
    user: &'a RawValue,
    actor: ActorBody,
    created_at: &'static str,
    updated_at: &'static str,
    passwords: &'a RawValue,
}

impl<'a> TeamMembershipBody<'a> {
    pub(super) fn of(team: &str, person: &str, user: &'a RawValue, passwords: &'a RawValue) -> Self {
        Self {
            id: membership_id(team, person),
            user,
            actor: ActorBody::new(),
            created_at: "2024-06-03T07:45:00.000Z",
            updated_at: "2024-06-03T07:45:00.000Z",
            passwords,
        }
    }
}
