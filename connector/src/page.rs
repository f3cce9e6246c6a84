//! Page tokens, and the step from one page to those that follow.
//!
//! All state of a list is in the token: which page, how many a page, what the first page said of the total.
//! It carries a checksum over itself and the list it belongs to, so that one which was altered, or came from
//! another list, is refused instead of giving the wrong people.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use baton_planetscale_api as read;
use fnv::FnvHasher;

use crate::bindings::syncer::Error;
use crate::error::{Exchange, internal};

/// What the API gives at most, and so what is asked for first.
const FULL: u64 = 100;

/// More pages than any organization has; a reply that claims more is not believed.
const MOST_PAGES: u64 = 100_000;

/// What a page says about its list, without the records.
pub struct Envelope {
    /// The page this is, from 1.
    pub current_page: u64,
    /// Records on a full page.
    pub per_page: u64,
    /// The page after this one.
    pub next_page: Option<u64>,
    /// Records in the whole list.
    pub total_count: Option<u64>,
    /// Pages in the whole list.
    pub total_pages: Option<u64>,
}

impl Envelope {
    /// That of a page.
    pub fn of<T>(page: &read::Page<T>) -> Envelope {
        Envelope {
            current_page: page.current_page,
            per_page: page.per_page,
            next_page: page.next_page,
            total_count: page.total_count,
            total_pages: page.total_pages,
        }
    }
}

/// A position in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// From 1.
    pub page: u64,
    /// Asked for; the API may give less.
    pub per_page: u64,
    /// The last page of a part that is read in smaller pages, because as one page it was too large.
    until: Option<u64>,
    /// What an earlier page said of the list's length.
    total: Option<u64>,
    /// The team's slug, when it was renamed since it was listed.
    pub slug: Option<String>,
    /// Lists of members inside the list of teams are whole when they are shorter than this; see `inline.rs`.
    pub whole: Option<u64>,
}

impl Default for Cursor {
    fn default() -> Self {
        Cursor { page: 1, per_page: FULL, until: None, total: None, slug: None, whole: None }
    }
}

impl Cursor {
    /// The position a token stands for, in this list; the first page without one.
    pub fn read(token: Option<&str>, list: &str) -> Result<Cursor, Error> {
        let Some(token) = token else { return Ok(Cursor::default()) };
        Cursor::decode(token, list).ok_or_else(|| {
            internal("the page token was not issued for this list by this version of the connector; start the list again")
        })
    }

    /// The token of this position in this list.
    pub fn write(&self, list: &str) -> String {
        let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value}"));
        let (until, total, whole) = (number(self.until), number(self.total), number(self.whole));
        let numbers = format!("2.{}.{}.{until}.{total}.{whole}", self.page, self.per_page);
        let slug = self.slug.as_deref();
        let sum = checksum(&numbers, slug, list);
        // Last, because it may hold anything.
        match slug {
            Some(slug) => format!("{numbers}.{sum}.{slug}"),
            None => format!("{numbers}.{sum}"),
        }
    }

    /// The tokens of several positions.
    #[inline(never)]
    pub fn write_all(cursors: &[Cursor], list: &str) -> Vec<String> {
        cursors.iter().map(|cursor| cursor.write(list)).collect()
    }

    fn decode(token: &str, list: &str) -> Option<Cursor> {
        // The checksum is looked at below, with all the rest.
        let mut parts = token.splitn(8, '.').skip(1);
        let mut number = || -> Option<Option<u64>> {
            let text = parts.next()?;
            if text == "-" { Some(None) } else { text.parse().ok().map(Some) }
        };
        let (page, per_page) = (number()??, number()??);
        let (until, total, whole) = (number()?, number()?, number()?);
        let slug = parts.nth(1).map(str::to_owned);
        let cursor = Cursor { page, per_page, until, total, slug, whole };
        // Written again it has to be the same text: no second spelling of a token is one.
        (cursor.write(list) == token).then_some(cursor)
    }

    /// The same part of the list in smaller pages; none when it cannot be smaller.
    pub fn smaller(&self) -> Option<Cursor> {
        let per_page = match self.per_page {
            0 | 1 => return None,
            FULL => FULL / 4,
            size if size % 5 == 0 => size / 5,
            _ => 1,
        };
        let parts = self.per_page / per_page;
        let page = (self.page - 1).checked_mul(parts)?.checked_add(1)?;
        // Read from its beginning, a list tells its length by itself.
        let until = if self.page == 1 && self.until.is_none() {
            None
        } else {
            // A larger part that was being split goes on with its next page after this one's parts.
            Some(self.until.unwrap_or(self.page).checked_mul(parts)?)
        };
        Some(Cursor { page, per_page, until, ..self.clone() })
    }

    fn at(&self, page: u64, total: Option<u64>) -> Cursor {
        Cursor { page, total, ..self.clone() }
    }

    /// The positions that follow, after a reply with this envelope and so many records.
    ///
    /// They are of the size that the first page says the API gives, which may be less than was asked for. A page that is
    /// too large is read in parts, and those would lie elsewhere if it were cut by another size than it was counted by.
    #[inline(never)]
    pub fn next(&self, reply: &Envelope, records: usize, exchange: &Exchange) -> Result<Vec<Cursor>, Error> {
        let size = reply.per_page;
        if self.page > 1 && reply.current_page == self.page && size != self.per_page {
            return Err(exchange.changed(format!(
                "the list changed while it was read: its pages have {size} records now, and had {}",
                self.per_page
            )));
        }
        let mut next = self.following(reply, records, exchange)?;
        for cursor in next.iter_mut().filter(|_| size > 0) {
            cursor.per_page = size.min(cursor.per_page);
        }
        Ok(next)
    }

    fn following(&self, reply: &Envelope, records: usize, exchange: &Exchange) -> Result<Vec<Cursor>, Error> {
        let page = self.page;
        let wrong = |what: String, path: &str| Err(exchange.reply(what, path));
        if reply.current_page != page {
            return wrong(
                format!("PlanetScale answered with page {} to a request for page {page}", reply.current_page),
                "current_page",
            );
        }
        if let Some(next) = reply.next_page.filter(|next| *next != page + 1) {
            return wrong(
                format!(
                    "PlanetScale names page {next} as the one after page {page}, so the list would never be complete"
                ),
                "next_page",
            );
        }
        let (Some(total), Some(pages)) = (reply.total_count, reply.total_pages) else {
            return Ok(match reply.next_page {
                Some(_) if page >= MOST_PAGES => {
                    return wrong(format!("the list goes on after {page} pages"), "next_page");
                }
                Some(_) => vec![self.at(self.page + 1, None)],
                None => Vec::new(),
            });
        };
        let size = reply.per_page;
        if size == 0 || pages > MOST_PAGES || total.div_ceil(size).max(1) != pages.max(1) {
            return wrong(
                format!(
                    "PlanetScale's counts contradict each other: {total} records, {pages} pages of {size}"
                ),
                "total_pages",
            );
        }
        if self.total.is_some_and(|before| before != total) || page > pages.max(1) {
            return Err(exchange.changed("the list changed while it was read: its length is now another"));
        }
        let expected = if page < pages { size } else { total - size * (pages.max(1) - 1) };
        let records = records as u64;
        if records != expected || reply.next_page.is_some() != (page < pages) {
            return Err(exchange.changed(format!(
                "page {page} of {pages} holds {records} records where PlanetScale's own count says {expected}"
            )));
        }
        Ok(match self.until {
            Some(until) if self.page < until.min(pages) => vec![self.at(self.page + 1, Some(total))],
            Some(_) => Vec::new(),
            None if self.page == 1 => (2..=pages).map(|page| self.at(page, Some(total))).collect(),
            // The first page told no counts, so nobody else asks for the page after this one.
            None if self.total.is_none() && self.page < pages => vec![self.at(self.page + 1, None)],
            None => Vec::new(),
        })
    }
}

fn checksum(numbers: &str, slug: Option<&str>, list: &str) -> u64 {
    // Without a key: against slips and mixed-up lists, not against an adversary, who is the host.
    let mut hasher = FnvHasher::default();
    (numbers, slug, list).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(page: u64, total: u64) -> Envelope {
        let pages = total.div_ceil(100);
        Envelope {
            current_page: page,
            per_page: 100,
            next_page: (page < pages).then_some(page + 1),
            total_count: Some(total),
            total_pages: Some(pages),
        }
    }

    fn next(cursor: &Cursor, reply: &Envelope, records: usize) -> Result<Vec<Cursor>, Error> {
        cursor.next(reply, records, &Exchange::default())
    }

    #[test]
    fn a_token_reads_back_and_only_in_its_own_list() {
        let slug = Some("a.b/=-é".into());
        let cursor = Cursor { page: 7, total: Some(650), slug, whole: Some(40), ..Cursor::default() };
        let token = cursor.write("grants/org-1");
        assert_eq!(Cursor::read(Some(&token), "grants/org-1").ok(), Some(cursor));
        assert!(matches!(Cursor::read(Some(&token), "grants/org-2"), Err(Error::Internal(_))));
    }

    #[test]
    fn no_altered_token_is_taken() {
        let token = Cursor { page: 2, total: Some(150), ..Cursor::default() }.write("list");
        for at in 0..token.len() {
            for letter in ['0', '1', '.', '-', 'f', ' '] {
                let mut altered = token.clone();
                altered.replace_range(at..=at, letter.encode_utf8(&mut [0]));
                if altered != token {
                    assert!(Cursor::read(Some(&altered), "list").is_err(), "{altered}");
                }
            }
        }
    }

    #[test]
    fn the_first_page_names_all_the_others() {
        let pages = next(&Cursor::default(), &envelope(1, 250), 100).expect("pages");
        assert_eq!(pages.iter().map(|cursor| cursor.page).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(next(&pages[1], &envelope(3, 250), 50).ok(), Some(vec![]));
    }

    #[test]
    fn a_list_whose_first_page_told_no_counts_is_read_to_its_end() {
        let silent = Envelope { total_count: None, total_pages: None, ..envelope(1, 250) };
        let second = next(&Cursor::default(), &silent, 100).expect("a page");
        let third = next(&second[0], &envelope(2, 250), 100).expect("a page");
        assert_eq!(third.iter().map(|cursor| cursor.page).collect::<Vec<_>>(), [3]);
        assert_eq!(next(&third[0], &envelope(3, 250), 50).ok(), Some(vec![]));
    }

    #[test]
    fn a_list_that_grew_or_shrank_or_lies_is_noticed() {
        let second = Cursor { page: 2, total: Some(150), ..Cursor::default() };
        for (reply, records) in [(envelope(2, 151), 51), (envelope(2, 150), 49), (envelope(2, 100), 0)] {
            assert!(matches!(next(&second, &reply, records), Err(Error::Changed(_))));
        }
    }

    #[test]
    fn a_next_page_that_does_not_move_on_is_an_error() {
        for wrong in [0, 1, 3] {
            let reply =
                Envelope { next_page: Some(wrong), total_count: None, total_pages: None, ..envelope(1, 500) };
            assert!(matches!(next(&Cursor::default(), &reply, 100), Err(Error::Reply(_))), "{wrong}");
        }
        let repeated = envelope(1, 250);
        let second = Cursor { page: 2, total: Some(250), ..Cursor::default() };
        assert!(matches!(next(&second, &repeated, 100), Err(Error::Reply(_))));
    }

    #[test]
    fn a_page_that_is_too_large_is_read_in_parts_that_cover_it() {
        let third = Cursor { page: 3, total: Some(400), ..Cursor::default() };
        let part = third.smaller().expect("smaller pages");
        assert_eq!((part.page, part.per_page, part.until), (9, 25, Some(12)));
        assert_eq!(Cursor { per_page: 1, ..third }.smaller(), None);
    }

    #[test]
    fn the_parts_of_a_page_are_cut_by_the_size_that_the_api_gives() {
        for (size, smaller) in [(100, 25), (50, 10), (20, 4), (4, 1), (3, 1)] {
            let told = Envelope { per_page: size, total_count: None, total_pages: None, ..envelope(1, 500) };
            let second = &next(&Cursor::default(), &told, 3).expect("a page")[0];
            let part = second.smaller().expect("smaller pages");
            let before = (part.page - 1) * part.per_page;
            assert_eq!((part.per_page, before), (smaller, size), "{size}");
            let other = Envelope { current_page: 2, next_page: Some(3), per_page: size + 1, ..told };
            assert!(matches!(next(second, &other, 3), Err(Error::Changed(_))));
        }
    }
}
