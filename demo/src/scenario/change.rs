//! What happens in the world while somebody reads it.
//!
//! A sync of a large tenant takes minutes, and nobody stops working meanwhile. A change says after
//! how many requests it happens, so that the same run meets it at the same place every time.

use serde::{Deserialize, Serialize};

use super::people::{Database, Organization, Team};
use crate::endpoint::Endpoint;

/// Something that happens during a sync.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When.
    pub after: Trigger,
    /// What.
    pub change: ChangeKind,
}

/// When a change happens: before the request after these many is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trigger {
    /// Count only requests of this endpoint; all requests when `None`.
    pub endpoint: Option<Endpoint>,
    /// How many are answered before.
    pub requests: u64,
}

/// What happens. Organizations, people, teams and databases are named by their ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are ids and new values, named for what they are")]
pub enum ChangeKind {
    /// Somebody joins an organization, at the end of its list.
    AddMember { organization: String, person: String, role: String },
    /// Somebody leaves an organization and its teams.
    RemoveMember { organization: String, person: String },
    /// Somebody gets another role.
    SetRole { organization: String, person: String, role: String },
    /// Somebody gets another display name.
    RenamePerson { person: String, display_name: String },
    /// A team is made, at the end of the list.
    AddTeam { organization: String, team: Box<Team> },
    /// A team is taken away.
    RemoveTeam { team: String },
    /// A team gets another name and with it another address.
    RenameTeam { team: String, slug: String, display_name: String },
    /// Somebody joins a team.
    AddTeamMember { team: String, person: String },
    /// Somebody leaves a team.
    RemoveTeamMember { team: String, person: String },
    /// A team reaches other databases.
    SetDatabases { team: String, databases: Vec<Database>, analyst_databases: Vec<Database> },
    /// A database gets another name, wherever it is named.
    RenameDatabase { database: String, name: String },
    /// An organization gets another name and with it another address.
    RenameOrganization { organization: String, name: String },
    /// An organization comes to be reached, at the end of the list.
    AddOrganization { organization: Box<Organization> },
    /// An organization goes.
    RemoveOrganization { organization: String },
    /// The token loses its access to an organization.
    LoseAccess { organization: String },
}
