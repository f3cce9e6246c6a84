//! What happens in the world while somebody reads it.
//!
//! A sync of a large tenant takes minutes, and nobody stops working meanwhile. A change says after
//! how many requests it happens, so that the same run meets it at the same place every time.

use serde::{Deserialize, Serialize};

use super::{Endpoint, Membership, Organization, Scenario, Team};

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

/// What happens. Organizations, people and teams are named by their ids.
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
    /// An organization gets another name and with it another address.
    RenameOrganization { organization: String, name: String },
    /// The token loses its access to an organization.
    LoseAccess { organization: String },
}

impl Scenario {
    /// The same scenario when all its changes have happened, and none to come.
    #[must_use]
    pub fn after_changes(&self) -> Self {
        let mut later = self.clone();
        for change in std::mem::take(&mut later.changes) {
            later.apply(&change.change);
        }
        later
    }

    /// Lets one change happen. A change about something that is not there changes nothing.
    pub fn apply(&mut self, change: &ChangeKind) {
        match change {
            ChangeKind::AddMember { organization, person, role } => {
                self.with_organization(organization, |o| {
                    o.members.push(Membership { person: person.clone(), role: role.clone() });
                });
            }
            ChangeKind::RemoveMember { organization, person } => {
                self.with_organization(organization, |o| {
                    o.members.retain(|m| m.person != *person);
                    for team in &mut o.teams {
                        team.members.retain(|m| m != person);
                    }
                });
            }
            ChangeKind::SetRole { organization, person, role } => {
                self.with_organization(organization, |o| {
                    for member in o.members.iter_mut().filter(|m| m.person == *person) {
                        member.role.clone_from(role);
                    }
                });
            }
            ChangeKind::RenamePerson { person, display_name } => {
                for who in self.people.iter_mut().filter(|p| p.id == *person) {
                    who.display_name.clone_from(display_name);
                }
            }
            ChangeKind::AddTeam { organization, team } => {
                self.with_organization(organization, |o| o.teams.push(Team::clone(team)));
            }
            ChangeKind::RemoveTeam { team } => {
                for organization in &mut self.organizations {
                    organization.teams.retain(|t| t.id != *team);
                }
            }
            ChangeKind::RenameTeam { team, slug, display_name } => self.with_team(team, |t| {
                t.slug.clone_from(slug);
                t.name.clone_from(display_name);
                t.display_name.clone_from(display_name);
            }),
            ChangeKind::AddTeamMember { team, person } => {
                self.with_team(team, |t| t.members.push(person.clone()));
            }
            ChangeKind::RemoveTeamMember { team, person } => {
                self.with_team(team, |t| t.members.retain(|m| m != person));
            }
            ChangeKind::RenameOrganization { organization, name } => {
                self.with_organization(organization, |o| o.name.clone_from(name));
            }
            ChangeKind::LoseAccess { organization } => {
                self.with_organization(organization, |o| o.access = false);
            }
        }
    }

    fn with_organization(&mut self, id: &str, act: impl FnOnce(&mut Organization)) {
        if let Some(organization) = self.organizations.iter_mut().find(|o| o.id == id) {
            act(organization);
        }
    }

    fn with_team(&mut self, id: &str, act: impl FnOnce(&mut Team)) {
        let mut teams = self.organizations.iter_mut().flat_map(|o| &mut o.teams);
        if let Some(team) = teams.find(|t| t.id == id) {
            act(team);
        }
    }
}
