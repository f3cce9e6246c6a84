//! The records in Baton's own terms: the protobuf messages of `c1.connector.v2` and their JSON.
//!
//! Both file sinks write these messages: `.c1z` as protobuf, JSON Lines as the JSON that protobuf defines. The
//! way from the contract's records to them is written once, here, so that the two files cannot disagree.
//!
//! Only what a connector that reads can fill in is declared. A field that is not known is not written at all:
//! in Baton an absent value means "the vendor does not say".

mod annotations;
mod from_contract;
mod from_traits;
mod json;
mod json_annotations;
mod json_parts;
mod parts;
mod records;
mod well_known;

pub use annotations::*;
pub use from_contract::{Unfit, derived, entitlement, expandable, grant, resource, resource_type};
pub use records::*;
pub use well_known::{Any, Kind, ListValue, Struct, Timestamp, Value};
