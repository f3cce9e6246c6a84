//! Who there is: people, and the organizations and teams that they belong to.

use serde::{Deserialize, Serialize};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// The user id, the same in every organization.
    pub id: String,
    /// May be empty, as each of the names may.
    pub display_name: String,
    /// The account's name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Address of a picture.
    pub avatar_url: String,
    /// When the account was made; any text, so that odd ones can be tried.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// Whether a second factor is set up with PlanetScale itself.
    pub two_factor_auth_configured: bool,
    /// Whether single sign-on manages the account.
    pub sso: Told,
    /// Whether an authentication provider manages it.
    pub managed: Told,
    /// Whether a directory manages it.
    pub directory_managed: Told,
    /// Whether the e-mail address was confirmed.
    pub email_verified: Told,
    /// Id of the organization that is the person's own; absent in replies when `None`.
    pub default_organization: Option<String>,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            id: String::new(),
            display_name: String::new(),
            name: String::new(),
            email: String::new(),
            avatar_url: String::new(),
            created_at: "2024-03-01T09:00:00.000Z".into(),
            updated_at: "2026-01-15T08:30:00.000Z".into(),
            two_factor_auth_configured: false,
            sso: Told::Absent,
            managed: Told::Absent,
            directory_managed: Told::Absent,
            email_verified: Told::Yes,
            default_organization: None,
        }
    }
}

/// What an optional boolean of a reply says. Not mentioning a field and saying `null` are both ways
/// of saying nothing, and a reader has to cope with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The field is not there.
    #[default]
    Absent,
    /// The field is `null`.
    Null,
    /// `true`.
    Yes,
    /// `false`.
    No,
}

impl Told {
    /// The boolean, when there is one.
    #[must_use]
    pub fn value(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Absent | Self::Null => None,
        }
    }
}

/// An organization, with its members and teams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Organization {
    /// The id that never changes.
    pub id: String,
    /// The name, which paths use.
    pub name: String,
    /// The plan; absent in replies when `None`, against the vendor's documents.
    pub plan: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// Whether single sign-on is set up.
    pub sso: Told,
    /// Whether a directory is connected.
    pub sso_directory: Told,
    /// Whether the identity provider decides who is an administrator.
    pub idp_managed_roles: bool,
    /// Whether the token holds `read_organization` here. Without it all that is below answers 404,
    /// although the organization is still listed.
    pub access: bool,
    /// Who belongs to it.
    pub members: Vec<Membership>,
    /// Its teams.
    pub teams: Vec<Team>,
}

impl Default for Organization {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            plan: Some("scaler_pro".into()),
            created_at: "2023-06-12T10:00:00.000Z".into(),
            sso: Told::No,
            sso_directory: Told::No,
            idp_managed_roles: false,
            access: true,
            members: Vec::new(),
            teams: Vec::new(),
        }
    }
}

/// That a person belongs to an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The person's id.
    pub person: String,
    /// `member`, `admin`, `analyst`, or anything else the vendor may think of.
    pub role: String,
}

/// A team of an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Team {
    /// The id that never changes.
    pub id: String,
    /// What paths use.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The name that is shown; may be empty.
    pub display_name: String,
    /// `null` in replies when `None`.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// Whether a directory decides who is in it.
    pub managed: bool,
    /// Ids of the people in it.
    pub members: Vec<String>,
    /// What its members administer.
    pub databases: Vec<Database>,
    /// What its members may read.
    pub analyst_databases: Vec<Database>,
    /// How many database passwords each membership carries. Readers have to leave them alone.
    pub passwords: usize,
}

impl Default for Team {
    fn default() -> Self {
        Self {
            id: String::new(),
            slug: String::new(),
            name: String::new(),
            display_name: String::new(),
            description: None,
            created_at: "2024-05-20T14:00:00.000Z".into(),
            managed: false,
            members: Vec::new(),
            databases: Vec::new(),
            analyst_databases: Vec::new(),
            passwords: 0,
        }
    }
}

/// A database, as a team mentions it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}
