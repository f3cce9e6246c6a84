//! What SCIM tells (RFC 7643), and what the contract calls it.

use baton_connector::contract::{Error, Grant, Resource};
use baton_connector::moment::moment;
use baton_connector::profile::Profile;
use baton_connector::record::{self, Holding, Record, Status, id};
use serde::Deserialize;

/// A page of a list (RFC 7644, 3.4.2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListResponse<T> {
    pub total_results: u64,
    /// It may be left out when there is none.
    #[serde(rename = "Resources")]
    pub resources: Option<Vec<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    id: String,
    user_name: Option<String>,
    display_name: Option<String>,
    name: Option<Name>,
    active: Option<bool>,
    user_type: Option<String>,
    emails: Option<Vec<Email>>,
    meta: Option<Meta>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    enterprise: Option<Enterprise>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name {
    formatted: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    value: Option<String>,
    primary: Option<bool>,
}

#[derive(Deserialize)]
struct Meta {
    created: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Enterprise {
    employee_number: Option<String>,
    department: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    id: String,
    display_name: Option<String>,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
pub struct GroupName {
    pub id: String,
}

/// Who is in a group. Without members the list may be left out.
#[derive(Deserialize)]
pub struct GroupMembers {
    pub members: Option<Vec<Member>>,
}

#[derive(Deserialize)]
pub struct Member {
    value: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "$ref")]
    address: Option<String>,
}

impl User {
    pub fn resource(self) -> Result<Resource, Error> {
        let state = match self.active {
            Some(true) => Status::Enabled,
            Some(false) => Status::Disabled,
            None => Status::Unspecified,
        };
        let part = |of: fn(&Name) -> &Option<String>| self.name.as_ref().and_then(|name| of(name).as_deref());
        let enterprise = self.enterprise.as_ref();
        let mut user = record::User::new(state)
            .login(self.user_name.as_deref())
            .name(part(|name| &name.given_name), part(|name| &name.family_name))
            .employee(enterprise.and_then(|found| found.employee_number.as_deref()));
        for email in self.emails.iter().flatten() {
            user = user.email(email.value.as_deref(), email.primary == Some(true));
        }
        let profile = Profile::default()
            .text("user_type", self.user_type.as_deref())
            .text("department", enterprise.and_then(|found| found.department.as_deref()));
        let names = [self.display_name.as_deref(), part(|name| &name.formatted), self.user_name.as_deref()];
        let created = self.meta.as_ref().and_then(|meta| moment(meta.created.as_deref()));
        Ok(Record::new("user", &self.id, &names)?.created(created).user(user).profile(profile).made())
    }
}

impl Group {
    #[cfg(test)]
    pub fn named(id: &str, name: &str) -> Group {
        Group { id: id.into(), display_name: Some(name.into()), meta: None }
    }

    pub fn resource(self) -> Result<Resource, Error> {
        let created = self.meta.as_ref().and_then(|meta| moment(meta.created.as_deref()));
        let record = Record::new("group", &self.id, &[self.display_name.as_deref()])?.created(created);
        // Whether somebody keeps it elsewhere is not told.
        Ok(record.group(None).made())
    }
}

impl Member {
    /// Its kind is told by `type` or by its address; where neither says so it is a user, as most servers have no other.
    fn is_group(&self) -> bool {
        match (&self.kind, &self.address) {
            (Some(kind), _) => kind.eq_ignore_ascii_case("group"),
            (None, Some(address)) => address.contains("/Groups/"),
            (None, None) => false,
        }
    }

    /// Who is in a group that is a member is a member, too.
    pub fn grant(self, of: &Resource) -> Result<Grant, Error> {
        let kind = if self.is_group() { "group" } else { "user" };
        let held = Holding::new(of, "member", id(kind, &self.value)?)?;
        let held = if kind == "group" { held.expands("member")? } else { held };
        Ok(held.made())
    }
}
