//! What a stopped sync leaves for the next one, so that it goes on where it was.
//!
//! A sync writes down each page when it was taken in, and each reply that serves a second list. One that finds
//! them there walks the same way through them, without a request, until it comes to what nobody has read yet.
//! So there is no state to save beside them and none to get out of step: a page that is missing is asked for.
//!
//! The library decides what is written down and when it counts no more; where it lies is the caller's choice
//! ([`Journal`]). [`FileJournal`] is a file.

pub(crate) mod entries;
mod file;
pub(crate) mod pages;

pub use entries::{Journal, Kind};
pub use file::{FileJournal, Fingerprint, Found};
