//! A double of the PlanetScale API, in this process, and what a sync of it must give.
//!
//! Three nouns make up the crate:
//!
//! - a [`Scenario`] says who is in which organization and team, what the API leaves out, how slow it
//!   is, what changes while it is read and what goes wrong. It is plain data and travels as JSON, so
//!   a case that failed once can be run again from a file;
//! - a [`Server`] answers on a loopback port as PlanetScale would answer for that scenario;
//! - a [`Manifest`] is the list of records that a sync of the scenario must give. It is derived from
//!   the scenario alone: it knows neither the server nor the connector, and so can judge both.
//!
//! ```
//! use baton_planetscale_demo::{Manifest, Scenario, Server};
//!
//! let scenario = Scenario::demo();
//! let expected = Manifest::of(&scenario);
//! let server = Server::start(scenario)?;
//! println!("{} serves {} grants", server.url(), expected.grants.len());
//! # Ok::<(), baton_planetscale_demo::StartError>(())
//! ```

mod advice;
mod api;
mod endpoint;
mod fault;
mod manifest;
mod scenario;
mod server;

pub use advice::{Advice, Form};
pub use api::CREDENTIAL_MARK;
pub use endpoint::Endpoint;
pub use fault::{Cut, Fault, FaultKind, PagePlace, Phase, Place};
pub use manifest::{
    Created, Entitlement, Expansion, ExpectedError, ExpectedWarning, Grant, Manifest, Reference, Resource,
    ResourceType, User,
};
pub use scenario::{
    Change, ChangeKind, Database, InlineMembers, Membership, Organization, Person, RateLimit, Scenario,
    ScenarioError, Team, Told, Trigger, UnknownScenario,
};
pub use server::{Authority, Counters, Options, Seen, Server, StartError};
