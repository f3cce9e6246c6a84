//! What {{Name}} tells, and what the contract calls it.

use baton_connector::contract::{Error, Grant, GroupSource, Resource};
use baton_connector::record::{self, Holding, Record, Status, id};
use serde::Deserialize;

/// A page of any list.
#[derive(Deserialize)]
pub struct Listed<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

#[derive(Deserialize)]
pub struct User {
    id: String,
    name: String,
    email: Option<String>,
    active: bool,
}

#[derive(Deserialize)]
pub struct Group {
    id: String,
    name: String,
}

/// Who is in a group: a user or a group.
#[derive(Deserialize)]
pub struct Member {
    kind: String,
    id: String,
}

impl User {
    pub fn resource(self) -> Result<Resource, Error> {
        let email = self.email.as_deref();
        let state = if self.active {
            Status::Enabled
        } else {
            Status::Disabled
        };
        let user = record::User::new(state).email(email, true).login(email);
        Ok(Record::new("user", &self.id, &[Some(&self.name), email])?
            .user(user)
            .made())
    }
}

impl Group {
    pub fn resource(self) -> Result<Resource, Error> {
        Ok(Record::new("group", &self.id, &[Some(&self.name)])?
            .group(Some(GroupSource::Native))
            .made())
    }
}

impl Member {
    /// Who is in a group that is a member is a member, too: the host works that out.
    pub fn grant(self, of: &Resource) -> Result<Grant, Error> {
        let held = Holding::new(of, "member", id(&self.kind, &self.id)?)?;
        let held = if self.kind == "group" {
            held.expands("member")?
        } else {
            held
        };
        Ok(held.made())
    }
}
