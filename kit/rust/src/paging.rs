//! Lists in pages, by number or by cursor, and what happens when they change while they are read.
//!
//! A **cursor** of the vendor's is a position as it is: give it back as [`Page::next`](crate::Page::next). By **number**
//! ([`Window`]) the first page tells how many records there are, and so names all the others, which a host asks for at the
//! same time. Pages are cut from a list as it is at that moment: when its length changes meanwhile, a record may be told
//! twice or never. That is the error `changed`, and the host reads the list again.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::bindings::syncer::Error;
use crate::error::{Exchange, internal};

/// More records than any list has; a reply that claims more is not believed.
const MOST: u64 = 100_000_000;

/// Part of a list whose records are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The number of its first record.
    pub first: u64,
    /// How many records are asked for.
    pub size: u64,
    /// How many the list has, as an earlier page told.
    total: Option<u64>,
}

impl Window {
    /// The part that a position stands for; the first of this size without one.
    ///
    /// # Errors
    /// The position is none of this list's.
    pub fn at(position: Option<&str>, size: u64) -> Result<Window, Error> {
        let Some(text) = position else { return Ok(Window { first: 0, size, total: None }) };
        let mut numbers = text.split('.').map(|number| match number {
            "-" => Some(None),
            number => number.parse().ok().map(Some),
        });
        let mut next = || numbers.next().flatten();
        match (next(), next(), next()) {
            (Some(Some(first)), Some(Some(size)), Some(total)) if size > 0 => {
                Ok(Window { first, size, total })
            }
            _ => Err(internal("the page token holds no position in a list; start the list again")),
        }
    }

    /// The number of its page, from 1, for vendors that count pages.
    pub fn page(&self) -> u64 {
        self.first / self.size.max(1) + 1
    }

    /// The positions that follow, after a reply with so many records.
    ///
    /// `total` is how many records the whole list has, as the vendor says it; without it the list ends with a page that
    /// is not full. A vendor that gives less than was asked for is followed in its own steps.
    ///
    /// # Errors
    /// The list changed while it was read, or the vendor's count cannot be true.
    pub fn next(
        &self,
        records: usize,
        total: Option<u64>,
        exchange: &Exchange,
    ) -> Result<Vec<String>, Error> {
        let records = records as u64;
        let end = self.first.saturating_add(records);
        let Some(total) = total else {
            return Ok(match records {
                0 => vec![],
                some if some < self.size => vec![],
                _ => vec![Window { first: end, ..*self }.position(None)],
            });
        };
        if total > MOST {
            return Err(exchange.reply(format!("the vendor says that the list has {total} records"), ""));
        }
        if self.total.is_some_and(|before| before != total) {
            return Err(exchange.changed("the list changed while it was read: its length is now another"));
        }
        if records > self.size {
            return Err(exchange
                .reply(format!("the vendor gave {records} records in place of {} at most", self.size), ""));
        }
        if self.total.is_none() && self.first == 0 {
            // The step is what the vendor gives, which may be less than was asked for.
            return match records {
                0 if total > 0 => {
                    Err(exchange
                        .reply(format!("the vendor gave none of the {total} records that it counts"), ""))
                }
                0 => Ok(vec![]),
                step => {
                    let starts = (step..total).step_by(usize::try_from(step).unwrap_or(usize::MAX));
                    let window = |first| Window { first, size: step, total: None };
                    Ok(starts.map(|first| window(first).position(Some(total))).collect())
                }
            };
        }
        let expected = self.size.min(total.saturating_sub(self.first));
        if records != expected {
            return Err(exchange.changed(format!(
                "records {} to {end} came where {expected} of {total} were to come: the list changed while it was read",
                self.first
            )));
        }
        // The first page named all the others.
        Ok(vec![])
    }

    fn position(&self, total: Option<u64>) -> String {
        let total = total.map_or_else(|| "-".into(), |total| format!("{total}"));
        format!("{}.{}.{total}", self.first, self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(at: Option<&str>, records: usize, total: Option<u64>) -> Result<Vec<String>, Error> {
        Window::at(at, 100).expect("a position").next(records, total, &Exchange::default())
    }

    #[test]
    fn the_first_page_names_all_the_others() {
        let pages = next(None, 100, Some(250)).expect("pages");
        assert_eq!(pages, ["100.100.250", "200.100.250"]);
        assert_eq!(next(Some(&pages[1]), 50, Some(250)).ok(), Some(vec![]));
        assert_eq!(Window::at(Some(&pages[1]), 100).map(|window| window.page()).ok(), Some(3));
        assert_eq!((next(None, 0, Some(0)).ok(), next(None, 7, Some(7)).ok()), (Some(vec![]), Some(vec![])));
    }

    #[test]
    fn a_vendor_that_gives_less_is_followed_in_its_steps() {
        let pages = next(None, 2, Some(5)).expect("pages");
        assert_eq!(pages, ["2.2.5", "4.2.5"]);
        assert_eq!(next(Some("4.2.5"), 1, Some(5)).ok(), Some(vec![]));
    }

    #[test]
    fn a_list_that_grew_or_shrank_is_noticed() {
        for (at, records, total) in
            [("100.100.150", 51, 151), ("100.100.150", 49, 150), ("100.100.150", 0, 100)]
        {
            assert!(matches!(next(Some(at), records, Some(total)), Err(Error::Changed(_))), "{at}");
        }
        assert!(matches!(next(None, 0, Some(3)), Err(Error::Reply(_))));
        assert!(matches!(next(None, 101, Some(300)), Err(Error::Reply(_))));
        assert!(matches!(next(None, 1, Some(u64::MAX)), Err(Error::Reply(_))));
    }

    #[test]
    fn without_a_count_a_list_ends_with_a_page_that_is_not_full() {
        assert_eq!(next(None, 100, None).ok(), Some(vec!["100.100.-".into()]));
        assert_eq!(next(Some("100.100.-"), 100, None).ok(), Some(vec!["200.100.-".into()]));
        assert_eq!(
            (next(Some("100.100.-"), 99, None).ok(), next(None, 0, None).ok()),
            (Some(vec![]), Some(vec![]))
        );
    }

    #[test]
    fn what_is_no_position_is_refused() {
        for text in ["", "1", "1.0.-", "x.100.-", "1.100", "-.100.5"] {
            assert!(Window::at(Some(text), 100).is_err(), "{text}");
        }
    }
}
