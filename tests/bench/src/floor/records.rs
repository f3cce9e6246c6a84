//! Replies as Baton's messages: what the component and the host together make of them.

use std::collections::BTreeMap;

use baton_c1z::baton::{
    AccountType, Annotation, CapabilityPermission, CapabilityPermissions, ChildResourceType, Email,
    Entitlement, Grant, GrantImmutable, GroupTrait, Kind, MfaStatus, Purpose, Resource, ResourceId,
    ResourceStatus, ResourceType, SkipEntitlementsAndGrants, SsoStatus, State, Struct, Timestamp, TraitKind,
    UserStatus, UserTrait, Value,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::reply::{Membership, Organization, Team, TeamMembership, User};

/// What becomes a row.
pub enum Record {
    Type(ResourceType),
    Resource(Box<Resource>),
    Entitlement(Box<Entitlement>),
    Grant(Box<Grant>),
}

/// What comes to the writer.
pub enum Sent {
    Page(Vec<Record>),
    /// There are no more.
    End,
}

/// The types of resources.
pub fn types() -> Vec<Record> {
    let organization = kind("organization", "Organization", None);
    [organization, user_type(), kind("team", "Team", Some(TraitKind::Group))].map(Record::Type).into()
}

fn user_type() -> ResourceType {
    let mut kind = kind("user", "User", Some(TraitKind::User));
    kind.annotations.insert(0, SkipEntitlementsAndGrants {}.pack());
    kind
}

fn kind(id: &str, name: &str, part: Option<TraitKind>) -> ResourceType {
    let permission = CapabilityPermission { permission: "read_organization".to_owned() };
    ResourceType {
        id: id.to_owned(),
        display_name: name.to_owned(),
        traits: part.into_iter().map(i32::from).collect(),
        annotations: vec![CapabilityPermissions { permissions: vec![permission] }.pack()],
        description: String::new(),
    }
}

/// An organization, and what it offers.
pub fn organization(from: &Organization) -> [Record; 3] {
    let child = |id: &str| ChildResourceType { resource_type_id: id.to_owned() }.pack();
    let resource = Resource {
        id: Some(id("organization", &from.id)),
        display_name: from.name.clone(),
        annotations: vec![child("user"), child("team")],
        profile: profile([
            ("name", text(Some(&from.name))),
            ("plan", text(from.plan.as_ref())),
            ("sso", from.sso.map(Kind::Bool)),
            ("sso_directory", from.sso_directory.map(Kind::Bool)),
            ("idp_managed_roles", Some(Kind::Bool(from.idp_managed_roles))),
        ]),
        created_at: moment(from.created_at.as_ref()),
        ..Resource::default()
    };
    let offered = |slug: &str, what: &str, purpose: Purpose| {
        let name = &from.name;
        Record::Entitlement(Box::new(Entitlement {
            display_name: format!("{name} organization {slug}"),
            description: format!("{what} of the {name} organization in PlanetScale"),
            ..entitlement(resource.clone(), slug, purpose)
        }))
    };
    let member = offered("member", "Member", Purpose::Assignment);
    let admin = offered("admin", "Administrator", Purpose::Permission);
    [Record::Resource(Box::new(resource)), member, admin]
}

/// The members of an organization, each as a user and as one who holds the role.
pub fn members(organization: &Organization, from: Vec<Membership>) -> Vec<Record> {
    let fixed = organization
        .idp_managed_roles
        .then_some("The identity provider manages the roles of this organization.");
    let mut records = Vec::with_capacity(2 * from.len());
    for Membership { user, role } in from {
        let slug = if role == "admin" { "admin" } else { "member" };
        records.push(grant(id("organization", &organization.id), slug, user.id.clone(), fixed));
        records.push(Record::Resource(Box::new(resource_of(user))));
    }
    records
}

/// A team, and what it offers.
pub fn team(organization: &Organization, from: &Team) -> [Record; 2] {
    let name = first_of([from.display_name.as_ref(), from.name.as_ref(), Some(&from.slug), Some(&from.id)]);
    let source = if from.managed { "directory_synced" } else { "native" };
    let resource = Resource {
        id: Some(id("team", &from.id)),
        parent_resource_id: Some(id("organization", &organization.id)),
        display_name: name,
        annotations: vec![GroupTrait { group_source_type: source.to_owned() }.pack()],
        description: first_of([from.description.as_ref()]),
        profile: profile([
            ("organization_name", text(Some(&organization.name))),
            ("slug", text(Some(&from.slug))),
            ("name", text(from.name.as_ref())),
            ("managed", Some(Kind::Bool(from.managed))),
        ]),
        created_at: moment(from.created_at.as_ref()),
        ..Resource::default()
    };
    let entitlement = Entitlement {
        display_name: format!("{} team member", resource.display_name),
        description: format!("Member of the {} team in PlanetScale", resource.display_name),
        ..entitlement(resource.clone(), "member", Purpose::Assignment)
    };
    [Record::Resource(Box::new(resource)), Record::Entitlement(Box::new(entitlement))]
}

/// The members of a team.
pub fn team_members(team: &Team, from: Vec<TeamMembership>) -> Vec<Record> {
    let fixed = team.managed.then_some("A directory manages the members of this team.");
    from.into_iter().map(|member| grant(id("team", &team.id), "member", member.user.id, fixed)).collect()
}

fn resource_of(user: User) -> Resource {
    let through_sso = [user.sso, user.managed, user.directory_managed].contains(&Some(true));
    let login = user.email.trim().to_owned();
    let enabled = i32::from(State::Enabled);
    let known = UserTrait {
        emails: Some(login.clone())
            .filter(|address| !address.is_empty())
            .map(|address| Email { address, is_primary: true })
            .into_iter()
            .collect(),
        status: Some(UserStatus { status: enabled, details: String::new() }),
        account_type: AccountType::Human.into(),
        login,
        mfa_status: (user.two_factor_auth_configured || !through_sso)
            .then_some(MfaStatus { mfa_enabled: user.two_factor_auth_configured }),
        sso_status: if through_sso { Some(true) } else { user.sso }
            .map(|sso_enabled| SsoStatus { sso_enabled }),
        ..UserTrait::default()
    };
    let home = user.default_organization.and_then(|found| found.name);
    Resource {
        display_name: first_of([
            user.display_name.as_ref(),
            user.name.as_ref(),
            Some(&user.email),
            Some(&user.id),
        ]),
        annotations: vec![known.pack()],
        status: Some(ResourceStatus { status: enabled, details: String::new() }),
        created_at: moment(user.created_at.as_ref()),
        id: Some(id("user", &user.id)),
        profile: profile([
            ("user_id", Some(Kind::Text(user.id))),
            ("name", user.name.map(Kind::Text)),
            ("email", Some(Kind::Text(user.email))),
            ("avatar_url", user.avatar_url.map(Kind::Text)),
            ("two_factor_auth_configured", Some(Kind::Bool(user.two_factor_auth_configured))),
            ("email_verified", user.email_verified.map(Kind::Bool)),
            ("sso", user.sso.map(Kind::Bool)),
            ("managed", user.managed.map(Kind::Bool)),
            ("directory_managed", user.directory_managed.map(Kind::Bool)),
            ("default_organization", home.map(Kind::Text)),
        ]),
        ..Resource::default()
    }
}

fn entitlement(resource: Resource, slug: &str, purpose: Purpose) -> Entitlement {
    let of = resource.id.clone().unwrap_or_default();
    Entitlement {
        resource: Some(resource),
        id: format!("{}:{}:{slug}", of.resource_type, of.resource),
        grantable_to: vec![user_type()],
        purpose: purpose.into(),
        slug: slug.to_owned(),
        ..Entitlement::default()
    }
}

fn grant(of: ResourceId, slug: &str, user: String, fixed: Option<&str>) -> Record {
    let entitlement = format!("{}:{}:{slug}", of.resource_type, of.resource);
    let thin = |id: ResourceId| Some(Resource { id: Some(id), ..Resource::default() });
    let immutable = |reason: &str| {
        let metadata = profile([("reason", Some(Kind::Text(reason.to_owned())))]);
        GrantImmutable { source_id: String::new(), metadata }.pack()
    };
    Record::Grant(Box::new(Grant {
        id: format!("{entitlement}:user:{user}"),
        entitlement: Some(Entitlement { resource: thin(of), id: entitlement, ..Entitlement::default() }),
        principal: thin(ResourceId { resource_type: "user".to_owned(), resource: user }),
        annotations: fixed.map(immutable).into_iter().collect(),
        sources: None,
    }))
}

fn id(kind: &str, id: &str) -> ResourceId {
    ResourceId { resource_type: kind.to_owned(), resource: id.to_owned() }
}

fn text(value: Option<&String>) -> Option<Kind> {
    value.cloned().map(Kind::Text)
}

fn profile<const N: usize>(entries: [(&str, Option<Kind>); N]) -> Option<Struct> {
    let known = entries.into_iter().filter_map(|(key, kind)| Some((key.to_owned(), Value::from(kind?))));
    Some(Struct { fields: known.collect::<BTreeMap<_, _>>() })
}

fn first_of<const N: usize>(texts: [Option<&String>; N]) -> String {
    let mut known = texts.into_iter().flatten().map(|text| text.trim());
    known.find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

fn moment(text: Option<&String>) -> Option<Timestamp> {
    let moment = OffsetDateTime::parse(text?, &Rfc3339).ok()?;
    Some(Timestamp { seconds: moment.unix_timestamp(), nanos: moment.nanosecond().try_into().ok()? })
}
