//! Baton's messages and files.
//!
//! In go the records of a sync, page by page ([`baton_host::sink::Sink`]). Out comes a file that appears only whole:
//! [`C1z`], which ConductorOne's `baton` tools read, or [`JsonLines`], for whatever reads JSON. Both write Baton's own
//! messages ([`baton`]), so that they cannot disagree. A `.c1z` that is there is read again: by [`Reading`] record after
//! record, by [`Reader`] for what one person holds. Of a connector, its network and its config nothing is known here.

pub mod baton;
mod envelope;
mod expand;
mod facts;
mod json_lines;
mod open;
mod reader;
mod reading;
mod rows;
mod runs;
mod schema;
mod sync_type;
mod target;
mod writer;

pub use expand::Expanded;
pub use json_lines::JsonLines;
pub use reader::{Access, Holding, Person, ReadError, Reader};
pub use reading::{Reading, Row, StoredGrant, StoredSync, Unreadable};
pub use sync_type::SyncType;
pub use writer::{C1z, Options};
