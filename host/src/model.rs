//! What everything else speaks of: the contract's types, records and lists, config and secrets, errors, ids.

pub mod allow;
pub mod bid;
pub mod clock;
pub mod config;
pub mod contract;
pub mod error;
pub mod facts;
pub(crate) mod identity;
pub(crate) mod lock;
pub mod origin;
pub mod records;
pub mod secret;
pub(crate) mod secrets;
pub(crate) mod texts;
