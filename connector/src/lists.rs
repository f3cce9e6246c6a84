//! The lists of the API, page by page: how each is read, and whether a reply may serve twice.

use baton_planetscale_api::{
    Membership, Organization, Team, TeamMembership, members, organizations, team_members, teams,
    teams_with_members,
};

use crate::api::{self, Asked, List, Page};
use crate::bindings::syncer::Error;
use crate::config::Config;
use crate::http::Cache;
use crate::page::Cursor;

/// One page of the organizations. A sync begins with it, and so does a check of the config.
pub fn of_organizations(config: &Config, cursor: &Cursor) -> Result<Page<Organization>, Error> {
    api::list(config, List::Organizations, cursor, Cache::May, organizations)
}

/// One page of an organization's members, whose one reply serves both users and grants.
pub fn of_members(config: &Config, organization: &str, cursor: &Cursor) -> Result<Page<Membership>, Error> {
    api::list(config, List::Members(organization), cursor, Cache::May, members)
}

/// One page of an organization's teams.
pub fn of_teams(
    config: &Config,
    organization: &str,
    cursor: &Cursor,
    cache: Cache,
) -> Result<Page<Team>, Error> {
    let read = if config.inline_members { teams_with_members } else { teams };
    api::list(config, List::Teams(organization), cursor, cache, read)
}

/// One page of a team's own list of members.
pub fn of_team_members(
    config: &Config,
    organization: &str,
    slug: &str,
    cursor: &Cursor,
) -> Result<Asked<TeamMembership>, Error> {
    api::ask(config, List::TeamMembers(organization, slug), cursor, of_teams_once(config), team_members)
}

/// Nobody reads the list of teams or a team's own again, and these replies are most of a sync's; but where the one is
/// compared with the others, both are read twice.
pub fn of_teams_once(config: &Config) -> Cache {
    if config.inline_members { Cache::May } else { Cache::NoStore }
}
