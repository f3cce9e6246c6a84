//! The lists of the API, page by page: how each is read, and whether a reply may serve twice.
//!
//! A list of several pages that tells no counts comes as a whole (`whole.rs`).

use baton_planetscale_api::{
    Membership, Organization, Team, TeamMembership, members, organizations, team_members, teams,
    teams_with_databases, teams_with_members,
};

use crate::api::{self, Asked, List, Page};
use crate::bindings::syncer::Error;
use crate::config::Config;
use crate::http::Cache;
use crate::page::Cursor;
use crate::whole;

/// One page of the organizations. A sync begins with it, and so does a check of the config.
pub fn of_organizations(config: &Config, cursor: &Cursor, cache: Cache) -> Result<Page<Organization>, Error> {
    api::list(config, List::Organizations, cursor, cache, organizations)
}

/// The organizations: one page, or all.
pub fn of_all_organizations(config: &Config, cursor: &Cursor) -> Result<Page<Organization>, Error> {
    let ask = |cursor: &Cursor, cache| of_organizations(config, cursor, cache);
    let first = ask(cursor, Cache::May)?;
    whole::read(List::Organizations, cursor, first, Cache::May, |found| &found.id, &ask)
}

/// One page of an organization's members, whose one reply serves both users and grants.
pub fn of_members(
    config: &Config,
    organization: &str,
    cursor: &Cursor,
    cache: Cache,
) -> Result<Page<Membership>, Error> {
    let list = List::Members(organization);
    let ask = |cursor: &Cursor, cache| api::list(config, list, cursor, cache, members);
    whole::read(list, cursor, ask(cursor, cache)?, cache, |found| &found.user.id, &ask)
}

/// One page of an organization's teams.
pub fn of_teams(
    config: &Config,
    organization: &str,
    cursor: &Cursor,
    cache: Cache,
) -> Result<Page<Team>, Error> {
    let read = if config.inline_members { teams_with_members } else { teams };
    let list = List::Teams(organization);
    let ask = |cursor: &Cursor, cache| api::list(config, list, cursor, cache, read);
    whole::read(list, cursor, ask(cursor, cache)?, cache, |found| &found.id, &ask)
}

/// All of an organization's teams, with the databases that they reach.
pub fn of_all_teams(config: &Config, organization: &str) -> Result<Page<Team>, Error> {
    let list = List::Teams(organization);
    let ask = |cursor: &Cursor, cache| api::list(config, list, cursor, cache, teams_with_databases);
    whole::all(list, |found| &found.id, &ask)
}

/// One page of a team's own list of members.
pub fn of_team_members(
    config: &Config,
    organization: &str,
    slug: &str,
    cursor: &Cursor,
    cache: Cache,
) -> Result<Asked<TeamMembership>, Error> {
    let list = List::TeamMembers(organization, slug);
    let first = match api::ask(config, list, cursor, cache, team_members)? {
        Asked::Page(first) => first,
        missing => return Ok(missing),
    };
    let ask = |cursor: &Cursor, cache| api::list(config, list, cursor, cache, team_members);
    whole::read(list, cursor, first, cache, |found| &found.user.id, &ask).map(Asked::Page)
}

/// Nobody reads the list of teams again, unless an option asks for what else is in it, and these replies are most of a
/// sync's.
pub fn of_teams_once(config: &Config) -> Cache {
    if config.databases { Cache::May } else { of_team_members_once(config) }
}

/// Nor a team's own list; but where it is compared with the list of teams, both are read twice.
pub fn of_team_members_once(config: &Config) -> Cache {
    if config.inline_members { Cache::May } else { Cache::NoStore }
}
