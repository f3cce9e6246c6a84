//! A review of who reaches what, made from a `.c1z` for somebody who has to sign that it is right.
//!
//! In goes a file that a sync has written ([`Request`]). Out comes a folder ([`make`]): pages to read, workbooks to decide
//! in, tables and JSON for other programs, and a manifest that tells later whether any of them was altered ([`verify`]).
//! It needs no network and no credentials, and knows no product: what is privileged, and in which words, is data
//! ([`Rules`]).
//!
//! The way: `gather` (rows to records) → `model` → `paths` (who reaches what, on every way) → `findings`, `changes`,
//! `people` → [`Review`] → `html`, `tables` (`workbook`, `comma`), `json` → `folder`.

mod changes;
mod checks_of_people;
mod checks_of_places;
mod comma;
mod error;
mod findings;
mod folder;
mod gather;
mod html;
mod json;
mod limits;
mod look;
mod manifest;
mod model;
mod paths;
mod people;
mod review;
mod rule;
mod rules;
mod sign;
mod split;
mod table;
mod tables;
mod verify;
mod words;
mod workbook;

pub use error::Error;
pub use folder::{Made, Output, check, make};
pub use review::{Request, Review};
pub use rules::Rules;
pub use verify::{Signed, Verified, verify};
