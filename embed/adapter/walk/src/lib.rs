//! A whole sync of the connector that this is composed with, as JSON lines: the records of the program's own
//! `--file access.jsonl`, in the same words (`docs/json-lines.md`).
//!
//! [`Walk`] makes one call of the connector a step. Between steps everything is at rest, so whoever drives it may write,
//! wait, stop, or do something else. Lines come as the answers arrive, in the order resource types, resources,
//! entitlements, grants; nothing of a grant is kept past its list. What is kept is the name of each resource, because one
//! that is listed in two places is one record, eight bytes of what it said, and the records of those that are asked about again. So memory follows the
//! number of resources, not the number of grants. The last line of a complete sync is `complete` with the counts.
//!
//! A call is made again where the contract says so. What it says of a list that changed, to begin it again and drop
//! what came of it, cannot be done here, because the lines are gone: that sync ends with `changed`, and the caller
//! starts anew.

mod bindings;
mod json;
mod overlap;
mod parts;
mod patience;
pub mod told;
mod traits;
mod walk;

pub use bindings::syncer;
pub use walk::{Step, Walk};
