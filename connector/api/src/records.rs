//! The API's replies as types: only what is read, and no more lenient than the records need.
//!
//! Unknown fields are skipped, which is also how the credential metadata in a team's member list stays out: it is
//! stepped over while parsing and never becomes a value. A field that says who has access (ids, roles, slugs, counts,
//! management flags) has no default: without it the reply is a fault that names the place. Fields that only describe
//! may be absent or null.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use crate::object::{from_objects, nullable};

/// A page of a list.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", bound(deserialize = "T: Deserialize<'de>"))]
pub struct Page<T> {
    /// The records.
    pub data: Vec<T>,
    /// The page this is, from 1.
    pub current_page: u64,
    /// Records on a full page.
    pub per_page: u64,
    /// The page after this one. It may be null, but it has to be there: it is how a list ends.
    #[serde(deserialize_with = "nullable")]
    pub next_page: Option<u64>,
    /// Records in the whole list; organizations do not tell.
    pub total_count: Option<u64>,
    /// Pages in the whole list; organizations do not tell.
    pub total_pages: Option<u64>,
}

/// An organization.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// What paths use. It can be renamed.
    pub name: String,
    /// What is paid for.
    pub plan: Option<String>,
    /// Whether people sign in through an identity provider.
    pub sso: Option<bool>,
    /// Whether a directory keeps people and teams.
    pub sso_directory: Option<bool>,
    /// Whether roles come from the identity provider and cannot be changed here.
    pub idp_managed_roles: bool,
    /// Since when it is there.
    pub created_at: Option<String>,
}

/// That somebody belongs to an organization.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Membership {
    /// Who.
    pub user: User,
    /// `member`, `admin`, or a word the API's description does not have, such as `analyst`.
    pub role: String,
}

/// That somebody belongs to a team. Its `passwords` are not read.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct TeamMembership {
    /// Who.
    pub user: Identity,
}

/// A record of which no more than the id is needed: a member of a team, or a team that is asked for by itself.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Identity {
    /// Its id.
    pub id: String,
}

/// An account.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct User {
    /// Its id.
    pub id: String,
    /// What it signs in with. An account of an identity provider may have none.
    pub email: Option<String>,
    /// The name that the product shows.
    pub display_name: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// Their picture.
    pub avatar_url: Option<String>,
    /// Since when it is there.
    pub created_at: Option<String>,
    /// Whether a second factor is set up.
    pub two_factor_auth_configured: bool,
    /// Whether the address is theirs.
    pub email_verified: Option<bool>,
    /// Managed by single sign-on.
    pub sso: Option<bool>,
    /// Managed by an authentication provider.
    pub managed: Option<bool>,
    /// Managed by a directory.
    pub directory_managed: Option<bool>,
    /// Which organization they see first.
    pub default_organization: Option<DefaultOrganization>,
}

/// Which organization a user sees first.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct DefaultOrganization {
    /// Its name.
    pub name: Option<String>,
}

/// A team.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Team {
    /// Its id.
    pub id: String,
    /// What paths use. It can be renamed.
    pub slug: String,
    /// The name that the product shows.
    pub display_name: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether a directory keeps its members.
    pub managed: bool,
    /// Since when it is there.
    pub created_at: Option<String>,
    /// Who the list of teams says is in it. Read when an option asks for it, and then it has to be there.
    #[serde(skip)]
    pub members: Option<Vec<Identity>>,
    /// Which databases it reaches. Read when an option asks for it, and then it has to be there.
    #[serde(skip)]
    pub databases: Option<Databases>,
}

/// What a page of teams says of something that is in them.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", bound(deserialize = "T: Deserialize<'de>"))]
pub struct Inside<T> {
    /// The teams.
    pub data: Vec<T>,
}

/// What a team says of its members.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Members {
    /// They are the same as those of the team's own list, or fewer.
    pub members: Vec<Identity>,
}

/// What a team says of the databases that it reaches.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Databases {
    /// Those that its members administer.
    pub databases: Vec<Database>,
    /// Those that its members read.
    pub analyst_databases: Vec<Database>,
}

/// A database, as a team names it.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Database {
    /// Its id.
    pub id: String,
    /// Its name. It can be renamed.
    pub name: String,
}

/// What the API says when it refuses.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub struct Refusal {
    /// In a word.
    pub code: Option<String>,
    /// In a sentence.
    pub message: Option<String>,
}

from_objects!(
    Page<T>,
    Organization,
    Membership,
    TeamMembership,
    Identity,
    User,
    DefaultOrganization,
    Team,
    Inside<T>,
    Members,
    Databases,
    Database,
    Refusal,
);
