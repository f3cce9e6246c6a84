//! What the PlanetScale API answers, as types.
//!
//! A reply's body goes in, a page of records comes out, or a fault with its place. There is one function for each
//! address that is read, and nothing here knows of requests, of statuses, or of what becomes of the records.
//!
//! It is a crate of its own so that in the component, which is made small, this alone is made fast: it is most of what
//! the component does. For the same reason the functions are none that are compiled where they are called.
//!
//! `read`, `fault`, `place` and `object` read any JSON with `serde` and know nothing of PlanetScale; `records` are its
//! types.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod fault;
mod object;
mod place;
mod read;
mod records;

pub use fault::{Fault, What};
pub use read::{Result, read};
pub use records::{
    Database, Databases, DefaultOrganization, Identity, Membership, Organization, Page, Refusal, Team,
    TeamMembership, User,
};

/// Read a page of the organizations.
///
/// # Errors
/// It is something else; this goes for all of them.
pub fn organizations(reply: &[u8]) -> Result<Page<Organization>> {
    read(reply)
}

/// Read a page of an organization's members.
///
/// # Errors
/// It is something else.
pub fn members(reply: &[u8]) -> Result<Page<Membership>> {
    read(reply)
}

/// Read a page of an organization's teams, without who is in them and what they reach.
///
/// # Errors
/// It is something else.
pub fn teams(reply: &[u8]) -> Result<Page<Team>> {
    read(reply)
}

/// Read a page of an organization's teams, with who is in them.
///
/// # Errors
/// It is something else.
pub fn teams_with_members(reply: &[u8]) -> Result<Page<Team>> {
    let mut page = teams(reply)?;
    // Read apart, so that without them nothing of them is looked at.
    let inside: records::Inside<records::Members> = read(reply)?;
    for (team, found) in page.data.iter_mut().zip(inside.data) {
        team.members = Some(found.members);
    }
    Ok(page)
}

/// Read a page of an organization's teams, with the databases that they reach.
///
/// # Errors
/// It is something else.
pub fn teams_with_databases(reply: &[u8]) -> Result<Page<Team>> {
    let mut page = teams(reply)?;
    let inside: records::Inside<Databases> = read(reply)?;
    for (team, found) in page.data.iter_mut().zip(inside.data) {
        team.databases = Some(found);
    }
    Ok(page)
}

/// Read a page of a team's members.
///
/// # Errors
/// It is something else.
pub fn team_members(reply: &[u8]) -> Result<Page<TeamMembership>> {
    read(reply)
}

/// Read a record that is asked for by itself, as far as to see which it is.
///
/// # Errors
/// It is something else.
pub fn identity(reply: &[u8]) -> Result<Identity> {
    read(reply)
}

/// Read what the API says when it refuses.
///
/// # Errors
/// It is something else.
pub fn refusal(reply: &[u8]) -> Result<Refusal> {
    read(reply)
}
