//! Members as the list of teams carries them: asked for by an option, and believed as far as they are proven.
//!
//! Each team of `/teams` comes with its members inside, a hundred teams for one request, where a team's own list costs
//! a request each. Whether the list inside is ever cut is undocumented. One rule says what is believed:
//!
//! **A list that is shorter than one known to be whole is whole.** A cut shows in the longest lists and in no shorter
//! one. So whoever reads an organization's first page of teams reads all of them (a host with a cache sends no
//! request twice for it) and compares the longest lists with the teams' own: as many members, and on the first page
//! nobody else. If they agree, the teams with shorter lists carry their members' ids in their profile, and
//! `list-grants` takes them from there. The longest are read from their own lists as without the option, for which
//! the compared reply serves, and so is a list that is not shorter for any other reason: it may have grown since.
//!
//! If they do not agree, or the lists inside are empty while the team's own is not, nothing is believed: no list is
//! shorter than 0, every team of the organization is read by itself, and a warning says so, once, because the first
//! page is read once.
//!
//! Nothing has to be remembered. The length that is proven travels in the page tokens, the ids in the resource, and
//! both hold whatever instance is asked and whatever was kept: a list that changed meanwhile differs from the team's
//! own, or has the members of one moment, as every list of a sync has.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use baton_planetscale_api::Identity;

use crate::api::Asked;
use crate::bindings::syncer::{Error, Resource, Warning};
use crate::config::{Config, INLINE_MEMBERS};
use crate::http::Cache;
use crate::ids::Parent;
use crate::lists;
use crate::page::Cursor;
use crate::profile;

/// The key of the ids in a team's profile.
pub const MEMBERS: &str = "member_ids";

/// What is between two ids.
const BETWEEN: char = ',';

/// Longest lists that are compared. When more teams have the same length, the rest of them are read from their own
/// lists all the same; one call has to end.
const COMPARED: usize = 100;

/// Longer lists are not put into a profile: their teams are few, and everybody who keeps the record keeps it.
const LONGEST: usize = 500;

/// The members of a team that was passed back, if it carries them.
pub fn members<'a>(config: &Config, team: &'a Resource, token: Option<&str>) -> Option<Vec<&'a str>> {
    // A list that was begun page by page is read to its end.
    let ids = profile::text(team, MEMBERS).filter(|_| config.inline_members && token.is_none())?;
    Some(ids.split(BETWEEN).filter(|id| !id.is_empty()).collect())
}

/// The length below which an organization's lists are whole: 0, and a warning, when a team's own list is another.
pub fn prove(config: &Config, parent: &Parent, warnings: &mut Vec<Warning>) -> Result<u64, Error> {
    let (mut longest, mut teams) = (0, vec![]);
    let mut left = vec![Cursor::default()];
    while let Some(cursor) = left.pop() {
        let page = lists::of_teams(config, &parent.name, &cursor, Cache::May)?;
        left.extend(page.next);
        for team in page.records {
            let length = team.members.as_ref().map_or(0, Vec::len);
            if length > longest {
                longest = length;
                teams.clear();
            }
            if length == longest && teams.len() < COMPARED {
                teams.push(team);
            }
        }
    }
    let longest = longest as u64;
    for team in teams {
        let inside = |id: &str| team.members.iter().flatten().any(|member| member.id == id);
        let agrees = match lists::of_team_members(config, &parent.name, &team.slug, &Cursor::default())? {
            Asked::Page(page) => {
                page.total == Some(longest) && page.records.iter().all(|found| inside(&found.user.id))
            }
            // Renamed or deleted since: whoever reads the team by itself finds out.
            Asked::Missing(_) => false,
        };
        if !agrees {
            warnings.push(Warning {
                message: format!(
                    "in organization {} the list of teams does not tell all members of team {}: each team is read \
                     by itself, as without {INLINE_MEMBERS}",
                    parent.name, team.slug
                ),
                resource: Some(parent.id.clone()),
            });
            return Ok(0);
        }
    }
    Ok(longest)
}

/// The ids as one text, of a list that is believed. None for one that is too long, or has somebody twice, which no
/// whole list has, or an id that would not come out again.
pub fn carried(members: Option<&[Identity]>, whole: Option<u64>) -> Option<String> {
    let members = members.filter(|members| (members.len() as u64) < whole.unwrap_or(0))?;
    if members.len() > LONGEST {
        return None;
    }
    let mut text = String::new();
    for (at, Identity { id }) in members.iter().enumerate() {
        let twice = members.iter().take(at).any(|before| before.id == *id);
        if twice || id.is_empty() || id.contains(BETWEEN) {
            return None;
        }
        if at > 0 {
            text.push(BETWEEN);
        }
        text.push_str(id);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(ids: &[&str]) -> Vec<Identity> {
        ids.iter().map(|id| Identity { id: (*id).into() }).collect()
    }

    #[test]
    fn a_list_that_would_not_come_out_as_it_went_in_is_not_carried() {
        let joined = |members: &[Identity]| carried(Some(members), Some(1_000));
        assert_eq!(joined(&people(&["b", "a"])).as_deref(), Some("b,a"));
        assert_eq!(joined(&[]).as_deref(), Some(""));
        for ids in [&["a", "b", "a"][..], &[""], &["a", ""], &["a,b"]] {
            assert_eq!(joined(&people(ids)), None, "{ids:?}");
        }
        let many: Vec<_> = (0..=LONGEST).map(|number| Identity { id: format!("u{number}") }).collect();
        assert_eq!(joined(&many), None);
        assert!(joined(&many[1..]).is_some());
    }

    #[test]
    fn only_what_is_shorter_than_a_whole_list_is_carried() {
        for (whole, is_carried) in [(None, false), (Some(0), false), (Some(2), false), (Some(3), true)] {
            assert_eq!(carried(Some(&people(&["a", "b"])), whole).is_some(), is_carried, "{whole:?}");
        }
    }
}
