//! Replies as types, and where one is not what it should be.
//!
//! Any type that `serde` reads can be read. Unknown fields are stepped over, and never become a value. A type that is
//! named in [`from_objects!`](crate::from_objects) is read from an object and from nothing else; as `serde` derives it,
//! it would be read from a list, too, by position.
//!
//! ```
//! use baton_connector::json;
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Group {
//!     id: String,
//! }
//!
//! let fault = json::read::<Group>(br#"{"id":7}"#).err().expect("a fault");
//! assert_eq!(fault.path, "id");
//! ```

mod fault;
mod object;
mod place;
mod read;

use alloc::format;

pub use fault::{Fault, What};
pub use object::{from_objects, nullable};
pub use read::{Result, read};

use crate::bindings::syncer::Error;
use crate::error::Exchange;

/// What a body of a product's holds, or the error for it.
///
/// # Errors
/// It is something else.
pub fn understood<T>(
    read: Result<T>,
    product: &str,
    body: &[u8],
    exchange: &Exchange,
) -> core::result::Result<T, Error> {
    read.map_err(|fault| misunderstood(*fault, product, body.len() as u64, exchange))
}

/// No value of the body is repeated.
#[inline(never)]
fn misunderstood(fault: Fault, product: &str, bytes: u64, exchange: &Exchange) -> Error {
    let form = format!("{product}'s reply has not the documented form");
    let path = &fault.path;
    let what = match fault.what {
        What::Utf8(at) => format!("{product}'s reply is not valid UTF-8, from byte {at} on"),
        What::Syntax(at) => format!("{product}'s reply is not valid JSON, from byte {at} on"),
        What::Cut => format!("{product}'s reply ends in the middle, after {bytes} bytes; run the sync again"),
        What::Longer => format!("{product}'s reply goes on after its end"),
        What::Kind { expected, found } => format!("{form}: expected {expected} at {path}, found {found}"),
        What::Large => format!("{form}: the number at {path} is out of range"),
        What::Missing => format!("{form}: missing field {path}"),
        What::Twice => format!("{form}: duplicate field {path}"),
        What::Deep => format!("{form}: it nests too deeply"),
    };
    exchange.reply(what, fault.path)
}
