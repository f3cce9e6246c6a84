//! What Acme tells, and what the contract calls it.

use baton_connector::contract::{
    AccountType, Entitlement, Error, Grant, GroupSource, Purpose, Resource, SecretTrait, Timestamp,
};
use baton_connector::profile::Profile;
use baton_connector::record::{Holding, Offer, Record, Status, id};
use baton_connector::{Words, record};
use serde::Deserialize;

/// How sentences call it.
pub const WORDS: Words = Words {
    product: "Acme",
    credential: "client",
    renew: "make a new secret and set acme-client-secret",
    access: "give the client the permission read",
    address: "acme-url",
};

/// One page of any list.
#[derive(Deserialize)]
pub struct Listed<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
    pub total: u32,
}

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

impl User {
    pub fn resource(self) -> Result<Resource, Error> {
        let state = match self.state.as_str() {
            "active" => Status::Enabled,
            "invited" => Status::Pending,
            _ => Status::Disabled,
        };
        let kind = if self.service { AccountType::Service } else { AccountType::Human };
        let email = self.email.as_deref();
        let user =
            record::User::new(state).state(Some(&self.state)).email(email, true).login(email).kind(kind);
        let profile = Profile::default().integer("logins", Some(self.logins));
        Ok(Record::new("user", &self.id, &[Some(&self.name)])?.user(user).profile(profile).made())
    }
}

impl Group {
    pub fn resource(self) -> Result<Resource, Error> {
        Ok(Record::new("group", &self.id, &[Some(&self.name)])?.group(Some(GroupSource::Native)).made())
    }
}

impl Role {
    pub fn resource(self) -> Result<Resource, Error> {
        Ok(Record::new("role", &self.id, &[Some(&self.name)])?.role().made())
    }
}

impl Credential {
    pub fn resource(self) -> Result<Resource, Error> {
        let secret = SecretTrait {
            expires_at: Some(Timestamp { seconds: self.expires, nanoseconds: 0 }),
            last_used_at: None,
            created_by: None,
            identity: Some(id("user", &self.user)?),
        };
        Ok(Record::new("credential", &self.id, &[Some(&self.name)])?.secret(secret).made())
    }
}

impl Member {
    /// That it is in the group, or has the role. Who is in a group that is a member is one, too.
    pub fn grant(self, of: &Resource) -> Result<Grant, Error> {
        let held = Holding::new(of, slug(of), id(&self.kind, &self.id)?)?;
        let held = if self.kind == "group" { held.expands("member")? } else { held };
        Ok(held.made())
    }
}

/// The one thing that a group or a role offers.
pub fn offer(of: &Resource) -> Result<Entitlement, Error> {
    let purpose = if slug(of) == "member" { Purpose::Assignment } else { Purpose::Permission };
    Ok(Offer::new(of, slug(of), &["user", "group"])?.purpose(purpose).made())
}

fn slug(of: &Resource) -> &'static str {
    if of.id.resource_type == "group" { "member" } else { "assigned" }
}
