//! The members of an organization, for both who is there and who holds what; and what a list of them cannot be.
//!
//! **An organization always has an administrator.** The product lets nobody take the last one away. A list without any,
//! above all one with nobody, is what is shown to a token that may not see the members, and a file of it would be read
//! as everybody having lost access. So whoever reads a first page looks for an administrator: on that page, and if there
//! is none on those after it, which are asked for later anyway (a host with a cache sends no request twice for it).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use baton_planetscale_api::Membership;

use crate::api::{self, List, Page};
use crate::bindings::syncer::{Error, Warning};
use crate::config::Config;
use crate::error::Exchange;
use crate::http::Cache;
use crate::lists;
use crate::page::Cursor;
use crate::text::in_a_list;
use crate::twice;

/// The role of who may do anything.
pub const ADMIN: &str = "admin";
/// The role of everybody else.
pub const MEMBER: &str = "member";

/// Roles that a sentence names at most.
const NAMED: usize = 5;

/// One page of an organization's members, each person on it once.
pub fn page(
    config: &Config,
    organization: &str,
    cursor: &Cursor,
    is_first: bool,
    warnings: &mut Vec<Warning>,
) -> Result<Page<Membership>, Error> {
    let ask = |cache| lists::of_members(config, organization, cursor, cache);
    let page = ask(Cache::May)?;
    let who = |found: &Membership| (found.user.id.clone(), found.role.clone());
    let page = twice::told_once(page, who, || ask(Cache::Fresh), List::Members(organization), warnings)?;
    if is_first {
        has_administrator(config, organization, &page)?;
    }
    Ok(page)
}

fn has_administrator(config: &Config, organization: &str, first: &Page<Membership>) -> Result<(), Error> {
    let mut found = Found::default();
    if found.administrator(&first.records) {
        return Ok(());
    }
    let mut left = first.next.clone();
    while !left.is_empty() {
        let page = lists::of_members(config, organization, &left.remove(0), Cache::May)?;
        if found.administrator(&page.records) {
            return Ok(());
        }
        left.extend(page.next);
    }
    Err(found.refusal(organization))
}

/// What a list without an administrator holds.
#[derive(Default)]
struct Found {
    people: usize,
    /// Whether a role among them is known.
    is_known: bool,
    roles: Vec<String>,
}

impl Found {
    fn administrator(&mut self, members: &[Membership]) -> bool {
        self.people += members.len();
        for Membership { role, .. } in members {
            if role == ADMIN {
                return true;
            }
            self.is_known |= role == MEMBER;
            if self.roles.len() < NAMED && !self.roles.contains(role) {
                self.roles.push(role.clone());
            }
        }
        false
    }

    fn refusal(self, organization: &str) -> Error {
        let exchange = Exchange { status: Some(200), request_id: None };
        let people = self.people;
        if people > 0 && !self.is_known {
            let roles: Vec<String> =
                self.roles.iter().map(|role| format!("\"{}\"", in_a_list(role))).collect();
            return exchange.access(format!(
                "no role of the {people} members of organization {organization} is one that this connector knows \
                 ({}), so it cannot tell who administers it",
                roles.join(", ")
            ));
        }
        let why = match people {
            0 => " (it tells of nobody, and every organization has an administrator)".into(),
            _ => format!(
                " (of the {people} it tells of nobody is an administrator, and every organization has one)"
            ),
        };
        api::no_access_because(&exchange, List::Members(organization), &why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_planetscale_api::read;

    fn refused(roles: &[&str]) -> Option<String> {
        let member = |role: &&str| {
            let text =
                format!(r#"{{"user":{{"id":"u","two_factor_auth_configured":true}},"role":"{role}"}}"#);
            read(text.as_bytes()).expect("a membership")
        };
        let members: Vec<Membership> = roles.iter().map(member).collect();
        let mut found = Found::default();
        if found.administrator(&members) {
            return None;
        }
        match found.refusal("acme") {
            Error::Access(failure) => Some(failure.message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_list_without_an_administrator_is_missing_access_or_names_roles_that_nobody_knows() {
        assert_eq!(refused(&["member", "admin"]), None);
        for (roles, words) in [
            (&[][..], "it tells of nobody"),
            (&["member", "owner"], "of the 2 it tells of nobody is an administrator"),
        ] {
            let message = refused(roles).expect("a refusal");
            for part in [words, "acme", "read_organization"] {
                assert!(message.contains(part), "{message}");
            }
        }
        let message = refused(&["Admin", "owner", "Admin", ""]).expect("a refusal");
        assert!(message.contains(r#"("Admin", "owner", "")"#) && message.contains("4 members"), "{message}");
        assert!(!message.contains("read_organization"), "{message}");
    }
}
