//! What a sync of a scenario must give: the judge of the product.
//!
//! It is worked out from the scenario by the product's written rules, in a second way: it reads no
//! reply and no product code, so an error in either shows as a difference. Records are in Baton's
//! terms, sorted by id, and read and write JSON. Ids are joined here as Baton's files join them:
//! `type:id`, `type:id:slug`, `type:id:slug:principal type:principal id`.
//!
//! A manifest is of one moment. A scenario with changes has two: [`Manifest::of`] the scenario as it
//! begins, and of [`Scenario::after_changes`]. Faults are not looked at: a fault is either
//! overcome, and the manifest holds, or the sync fails.

mod build;
mod databases;
mod expected;
mod record;
mod when;

pub use expected::{ExpectedError, ExpectedWarning, Manifest};
pub use record::{Created, Entitlement, Expansion, Grant, Reference, Resource, ResourceType, User};
