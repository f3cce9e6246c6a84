//! The API's answers, as values: a request's address in, a status and a body out.
//!
//! Nothing here knows of sockets, time or faults. The [`World`] is the scenario as it is at this
//! moment; it answers one request at a time.

mod body;
mod envelope;
mod password;
mod reply;
mod route;
mod world;

pub use password::CREDENTIAL_MARK;
pub(crate) use reply::Reply;
pub(crate) use route::{Route, Unroutable, route};
pub(crate) use world::World;
