//! Baton's messages and files.
//!
//! In go the records of a sync, page by page ([`baton_host::sink::Sink`]). Out comes a file that appears only whole:
//! [`C1z`], which ConductorOne's `baton` tools read, or [`JsonLines`], for whatever reads JSON. Both write Baton's own
//! messages ([`baton`]), so that they cannot disagree. [`Reading`] goes the other way: a `.c1z` in, its records out. Of a connector, its network and its config nothing is known here.

pub mod baton;
mod database;
mod envelope;
mod facts;
mod json_lines;
mod reader;
mod rows;
mod runs;
mod schema;
mod sync_type;
mod target;
mod writer;

pub use json_lines::JsonLines;
pub use reader::{Reading, Row, StoredGrant, StoredSync, Unreadable};
pub use sync_type::SyncType;
pub use writer::{C1z, Options};
