//! The double's own behaviour: what the product's tests rely on has to be true first.
//!
//! One subject a file. Requests go over raw sockets, because what is looked at is often what an HTTP
//! client would hide.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod changes;
mod client;
mod expected;
mod faults;
mod limits;
mod lists;
mod pointers;
mod scenarios;
mod tls;
mod wire;
