//! What Acme tells, and what the contract calls it.

use serde::Deserialize;

use crate::bindings::syncer::*;

#[derive(Deserialize)]
pub struct User {
    id: String,
    name: String,
    email: Option<String>,
    state: String,
    service: bool,
    logins: i64,
}

#[derive(Deserialize)]
pub struct Group {
    id: String,
    name: String,
}

#[derive(Deserialize)]
pub struct Role {
    id: String,
    name: String,
}

#[derive(Deserialize)]
pub struct Credential {
    id: String,
    name: String,
    user: String,
    expires: i64,
}

/// A member of a group, or who has a role: a user or a group.
#[derive(Deserialize)]
pub struct Member {
    kind: String,
    id: String,
}

pub type Assignment = Member;

impl User {
    pub fn resource(self) -> Resource {
        let state = match self.state.as_str() {
            "active" => AccountState::Enabled,
            "invited" => AccountState::Pending,
            _ => AccountState::Disabled,
        };
        let user = UserTrait {
            status: AccountStatus { state, details: Some(self.state) },
            emails: self
                .email
                .iter()
                .map(|address| Email { address: address.clone(), primary: true })
                .collect(),
            login: self.email,
            login_aliases: vec![],
            account_type: if self.service { AccountType::Service } else { AccountType::Human },
            mfa_enabled: None,
            sso_enabled: None,
            name: None,
            last_login: None,
            employee_ids: vec![],
        };
        let logins = ProfileEntry { key: "logins".into(), value: ProfileValue::Integer(self.logins) };
        Resource { profile: vec![logins], ..resource("user", self.id, self.name, Trait::User(user)) }
    }
}

impl Group {
    pub fn resource(self) -> Resource {
        resource("group", self.id, self.name, Trait::Group(GroupTrait { source: Some(GroupSource::Native) }))
    }
}

impl Role {
    pub fn resource(self) -> Resource {
        resource("role", self.id, self.name, Trait::Role)
    }
}

impl Credential {
    pub fn resource(self) -> Resource {
        let secret = SecretTrait {
            expires_at: Some(Timestamp { seconds: self.expires, nanoseconds: 0 }),
            last_used_at: None,
            created_by: None,
            identity: Some(id("user", self.user)),
        };
        resource("credential", self.id, self.name, Trait::Secret(secret))
    }
}

impl Member {
    /// That it is in the group, or has the role. Who is in a group that is a member is one, too.
    pub fn grant(self, of: &Resource) -> Grant {
        let principal = id(&self.kind, self.id);
        let expansion = (self.kind == "group").then(|| Expansion {
            entitlements: vec![EntitlementId { resource: principal.clone(), slug: "member".into() }],
            shallow: false,
            resource_types: vec![],
        });
        Grant { entitlement: entitlement(of).id, principal, immutable: None, expansion }
    }
}

/// The one thing that a group or a role offers.
pub fn entitlement(of: &Resource) -> Entitlement {
    let (slug, purpose) = match of.id.resource_type.as_str() {
        "group" => ("member", Purpose::Assignment),
        _ => ("assigned", Purpose::Permission),
    };
    Entitlement {
        id: EntitlementId { resource: of.id.clone(), slug: slug.into() },
        display_name: format!("{} {slug}", of.display_name),
        description: None,
        purpose,
        grantable_to: vec!["user".into(), "group".into()],
    }
}

fn id(kind: &str, id: String) -> ResourceId {
    ResourceId { resource_type: kind.into(), id }
}

fn resource(kind: &str, key: String, display_name: String, with: Trait) -> Resource {
    Resource {
        id: id(kind, key),
        parent: None,
        display_name,
        description: None,
        child_resource_types: vec![],
        external_link: None,
        created_at: None,
        profile: vec![],
        traits: vec![with],
    }
}
