//! What is on one page twice.
//!
//! **Somebody** who is there twice with the same role, and again when the page is asked for anew, is there twice in the
//! vendor's data: that is one person, and a warning. One page is one answer, so nothing moved between the two. With two
//! roles nobody can say which holds, and across pages the pages overlap: both are a list that changed.
//!
//! **Two organizations, or two teams of one organization, of the same name** are not told apart by any address: the
//! members of the one would be told as those of the other.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::api::{List, Page};
use crate::bindings::syncer::{Error, Warning};
use crate::error::Exchange;
use crate::ids;
use crate::text::in_a_list;

/// A page with each person once. `who` tells a record's person and role, `again` asks for the page anew.
pub fn told_once<T>(
    page: Page<T>,
    who: impl Fn(&T) -> (String, String),
    again: impl FnOnce() -> Result<Page<T>, Error>,
    list: List,
    warnings: &mut Vec<Warning>,
) -> Result<Page<T>, Error> {
    let people = |page: &Page<T>| page.records.iter().map(&who).collect();
    let first = doubles(people(&page), list)?;
    if first.is_empty() {
        return Ok(page);
    }
    let mut page = again()?;
    let second = doubles(people(&page), list)?;
    if !same(&first, &second) {
        return Err(changed(&format!(
            "other people are twice in {} when it is asked for anew",
            list.subject()
        )));
    }
    // From the end on, so that what is left keeps its place.
    for (id, at) in second {
        page.records.remove(at);
        warnings.push(counted_once(&id, list));
    }
    Ok(page)
}

#[inline(never)]
fn counted_once(id: &str, list: List) -> Warning {
    let message = format!(
        "user {} is twice in {}, also when it is asked for anew: counted as one",
        in_a_list(id),
        list.subject()
    );
    Warning { message, resource: Some(ids::user(id)) }
}

/// Who is there once more, and where, from the end on.
#[inline(never)]
fn doubles(people: Vec<(String, String)>, list: List) -> Result<Vec<(String, usize)>, Error> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, (id, role)) in people.iter().enumerate() {
        let Some(before) = known.insert(id, role) else { continue };
        if before != role {
            return Err(changed(&format!(
                "user {} is twice in {}, as \"{}\" and as \"{}\"",
                in_a_list(id),
                list.subject(),
                in_a_list(before),
                in_a_list(role)
            )));
        }
        found.push((id.clone(), at));
    }
    found.reverse();
    Ok(found)
}

/// Whether the same people are there once more, in whatever order.
fn same(one: &[(String, usize)], other: &[(String, usize)]) -> bool {
    let times = |found: &[(String, usize)], id: &str| found.iter().filter(|(known, _)| known == id).count();
    one.len() == other.len() && one.iter().all(|(id, _)| times(one, id) == times(other, id))
}

/// Refuse records of different ids with one name in addresses. `of` tells a record's id and name.
pub fn told_apart<T>(records: &[T], of: impl Fn(&T) -> (&str, &str), list: List) -> Result<(), Error> {
    apart(records.iter().map(of).collect(), list)
}

#[inline(never)]
fn apart(records: Vec<(&str, &str)>, list: List) -> Result<(), Error> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (id, name) in records {
        if let Some(other) = known.insert(name, id).filter(|other| *other != id) {
            let message = format!(
                "two of {} have the name \"{}\" ({} and {}), so what belongs to which cannot be told",
                list.subject(),
                in_a_list(name),
                in_a_list(other),
                in_a_list(id)
            );
            return Err(ok().reply(message, "data"));
        }
    }
    Ok(())
}

/// The error for a list that was not one moment's.
pub fn changed(message: &str) -> Error {
    ok().changed(message)
}

fn ok() -> Exchange {
    Exchange { status: Some(200), request_id: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(people: &[(&str, &str)]) -> Page<(String, String)> {
        let records = people.iter().map(|(id, role)| ((*id).into(), (*role).into())).collect();
        Page { records, next: Vec::new(), total: None, rate_limit: None }
    }

    fn told(first: &[(&str, &str)], anew: &[(&str, &str)]) -> Result<(Vec<String>, usize), Error> {
        let mut warnings = Vec::new();
        let list = List::Members("acme");
        let page = told_once(page(first), Clone::clone, || Ok(page(anew)), list, &mut warnings)?;
        Ok((page.records.into_iter().map(|(id, _)| id).collect(), warnings.len()))
    }

    #[test]
    fn somebody_who_stays_twice_is_one_and_told() {
        let twice = &[("a", "member"), ("b", "admin"), ("a", "member"), ("c", "member"), ("b", "admin")];
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect::<Vec<String>>();
        assert_eq!(told(twice, twice).ok(), Some((ids(&["a", "b", "c"]), 2)));
        let three = &[("a", "m"), ("a", "m"), ("a", "m")];
        assert_eq!(told(three, three).ok(), Some((ids(&["a"]), 2)));
        // Nobody is asked for anew without a reason.
        assert_eq!(told(&twice[..2], &[]).ok(), Some((ids(&["a", "b"]), 0)));
    }

    #[test]
    fn two_roles_or_a_page_that_says_something_else_is_a_list_that_changed() {
        let (twice, once) = (&[("a", "m"), ("a", "m")], &[("a", "m"), ("b", "m")]);
        for (first, anew) in
            [(twice, once), (twice, &[("b", "m"), ("b", "m")]), (&[("a", "m"), ("a", "admin")], twice)]
        {
            assert!(matches!(told(first, anew), Err(Error::Changed(_))), "{first:?}");
        }
    }

    #[test]
    fn one_name_for_two_is_refused_and_one_record_twice_is_another_matter() {
        let apart = |names: &[(&'static str, &'static str)]| {
            told_apart(names, |(id, name)| (id, name), List::Organizations)
        };
        assert!(apart(&[("o1", "acme"), ("o2", "other"), ("o1", "acme")]).is_ok());
        match apart(&[("o1", "acme"), ("o2", "other"), ("o3", "acme")]) {
            Err(Error::Reply(failure)) => {
                for part in ["acme", "o1", "o3"] {
                    assert!(failure.failure.message.contains(part), "{}", failure.failure.message);
                }
            }
            other => panic!("{other:?}"),
        }
    }
}
