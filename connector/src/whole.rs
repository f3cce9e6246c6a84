//! Lists that tell no counts, read until two readings agree.
//!
//! Pages are cut from a list as it is at that moment. When a record goes away between two of them, the first one of the
//! next page moves onto the one that was read, and is never told. A list with counts says so; organizations come without.
//! So where such a list has more than one page it is read as a whole, again from the vendor, until two readings hold the
//! same records: three at most. What two readings lose is lost only if the same happens at the same place twice.
//!
//! It is one call, because a later one would not know what was read, and a host need not keep replies.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::api::{List, Page};
use crate::bindings::syncer::Error;
use crate::error::Exchange;
use crate::http::Cache;
use crate::page::Cursor;
use crate::text::in_a_list;

/// Asks for a page.
type Ask<'a, T> = &'a dyn Fn(&Cursor, Cache) -> Result<Page<T>, Error>;

/// Readings at most.
const MOST: usize = 3;

/// The page that came for this position, or in place of a first page all pages, where more follow and the list tells no
/// counts. `id` tells a record's id, `ask` asks for a page.
pub fn read<T>(
    list: List,
    cursor: &Cursor,
    first: Page<T>,
    cache: Cache,
    id: fn(&T) -> &str,
    ask: Ask<'_, T>,
) -> Result<Page<T>, Error> {
    let goes_on = first.next.iter().any(|next| next.page > 1);
    if cursor.page > 1 || first.total.is_some() || !goes_on {
        return Ok(first);
    }
    let mut before: Vec<Vec<String>> = vec![];
    let mut reading = rest(list, first, cache, id, ask)?;
    loop {
        let ids: Vec<String> = reading.records.iter().map(|record| id(record).into()).collect();
        if before.contains(&ids) {
            return Ok(reading);
        }
        before.push(ids);
        if before.len() == MOST {
            return Err(keeps_changing(list));
        }
        reading = rest(list, ask(cursor, Cache::Fresh)?, Cache::Fresh, id, ask)?;
    }
}

/// All pages of a list, as one.
pub fn all<T>(list: List, id: fn(&T) -> &str, ask: Ask<'_, T>) -> Result<Page<T>, Error> {
    let cursor = Cursor::default();
    let first = read(list, &cursor, ask(&cursor, Cache::May)?, Cache::May, id, ask)?;
    rest(list, first, Cache::May, id, ask)
}

/// A first page and all that follow it, as one.
fn rest<T>(
    list: List,
    first: Page<T>,
    cache: Cache,
    id: fn(&T) -> &str,
    ask: Ask<'_, T>,
) -> Result<Page<T>, Error> {
    let mut whole = first;
    let mut seen = BTreeSet::new();
    // One that is twice on one page is told elsewhere.
    seen.extend(whole.records.iter().map(|record| String::from(id(record))));
    while !whole.next.is_empty() {
        let page = ask(&whole.next.remove(0), cache)?;
        let ids = page.records.iter().map(|record| id(record).into()).collect();
        note(&mut seen, ids, list)?;
        whole.records.extend(page.records);
        whole.next.extend(page.next);
        whole.rate_limit = page.rate_limit.or(whole.rate_limit);
    }
    Ok(whole)
}

/// Take in which records a page has; none of them may have been on an earlier one. Without an end to a list that begins
/// again there would be none to the call.
#[inline(never)]
fn note(seen: &mut BTreeSet<String>, ids: Vec<String>, list: List) -> Result<(), Error> {
    if let Some(twice) = ids.iter().find(|id| seen.contains(*id)) {
        return Err(changed(format!(
            "{} came on two pages of {}, which changed while it was read",
            in_a_list(twice),
            list.subject()
        )));
    }
    seen.extend(ids);
    Ok(())
}

#[cold]
#[inline(never)]
fn keeps_changing(list: List) -> Error {
    changed(format!(
        "{MOST} readings of {} had other records each: it keeps changing while it is read",
        list.subject()
    ))
}

fn changed(message: String) -> Error {
    Exchange { status: Some(200), request_id: None }.changed(message)
}

#[cfg(test)]
mod tests {
    use core::cell::RefCell;

    use super::*;

    /// Readings of two pages each, one after the other.
    fn of(readings: &[[&[&str]; 2]], total: Option<u64>) -> (Result<Vec<String>, Error>, Vec<Cache>) {
        let (asked, turn) = (RefCell::new(vec![]), RefCell::new(0));
        let ask = |cursor: &Cursor, cache: Cache| {
            asked.borrow_mut().push(cache);
            let at = *turn.borrow();
            let [first, second] = readings.get(at).copied().expect("no more readings");
            let mut after = Cursor::default();
            after.page = 2;
            let (ids, next) = match cursor.page {
                1 => (first, vec![after]),
                _ => {
                    *turn.borrow_mut() += 1;
                    (second, vec![])
                }
            };
            let records = ids.iter().map(|id| String::from(*id)).collect();
            Ok(Page { records, next, total, rate_limit: None })
        };
        let (list, cursor) = (List::Organizations, Cursor::default());
        let page = ask(&cursor, Cache::May)
            .and_then(|first| read(list, &cursor, first, Cache::May, |id: &String| id, &ask));
        (page.map(|page| page.records), asked.into_inner())
    }

    #[test]
    fn it_is_read_until_two_readings_agree() {
        let (whole, lost) = ([&["a", "b"][..], &["c"]], [&["a", "b"][..], &[]]);
        for (readings, fresh) in
            [(&[whole, whole][..], 2), (&[lost, whole, whole], 4), (&[whole, lost, whole], 4)]
        {
            let (records, asked) = of(readings, None);
            assert_eq!(records.ok(), Some(vec!["a".into(), "b".into(), "c".into()]));
            let anew = asked.iter().filter(|cache| **cache == Cache::Fresh).count();
            assert_eq!((asked.len() - anew, anew), (2, fresh));
        }
    }

    #[test]
    fn one_that_keeps_changing_or_begins_again_is_an_error() {
        let readings =
            ["a", "b", "c"].map(|id| [&["x", "y"][..], core::slice::from_ref(Box::leak(Box::new(id)))]);
        assert!(matches!(of(&readings, None).0, Err(Error::Changed(_))));
        assert!(matches!(of(&[[&["a"], &["a"]]], None).0, Err(Error::Changed(_))));
    }

    #[test]
    fn one_with_counts_is_read_page_by_page() {
        let (records, asked) = of(&[[&["a"], &["b"]]], Some(2));
        assert_eq!((records.ok(), asked.len()), (Some(vec!["a".into()]), 1));
    }
}
