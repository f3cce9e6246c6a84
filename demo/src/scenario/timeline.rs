//! How a scenario takes its course: one change after another happens to it.

use super::change::ChangeKind;
use super::definition::Scenario;
use super::people::{Membership, Organization, Team};

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
            ChangeKind::SetDatabases { team, databases, analyst_databases } => self.with_team(team, |t| {
                t.databases.clone_from(databases);
                t.analyst_databases.clone_from(analyst_databases);
            }),
            ChangeKind::RenameDatabase { database, name } => {
                let teams = self.organizations.iter_mut().flat_map(|o| &mut o.teams);
                let named = teams.flat_map(|t| t.databases.iter_mut().chain(&mut t.analyst_databases));
                named.filter(|d| d.id == *database).for_each(|d| d.name.clone_from(name));
            }
            ChangeKind::RenameOrganization { organization, name } => {
                self.with_organization(organization, |o| o.name.clone_from(name));
            }
            ChangeKind::AddOrganization { organization } => {
                self.organizations.push(Organization::clone(organization));
            }
            ChangeKind::RemoveOrganization { organization } => {
                self.organizations.retain(|o| o.id != *organization);
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
