//! Runs Baton connectors that are WebAssembly components.
//!
//! A connector is a component of the world in `wit/`: it reads one system's users, groups and roles. This crate
//! loads one, gives it its config, guards it, walks it through a whole sync, and hands the records to a sink.
//! It knows nothing of any vendor. Each step is a module, and data goes one way through them:
//!
//! `engine` (load, check, link) → `instance` (a call under limits) ⇄ `egress` (its one way out) →
//! `worker` (ask again where that helps) → `walk` (every list, every page) → `checks` → [`sink`].
//!
//! ```no_run
//! use baton_host::{Config, Engine, EngineOptions, Secret, SyncOptions, sink::Memory};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let connector = Engine::new(EngineOptions::default())?.load(&std::fs::read("planetscale.wasm")?)?;
//! let values = [
//!     ("planetscale-service-token".to_owned(), Secret::from("id:value")),
//!     ("planetscale-api-url".to_owned(), Secret::from("https://api.planetscale.com")),
//! ];
//! let config = Config::new(&connector.config_schema().await?, values)?;
//! let mut found = Memory::default();
//! let summary = connector.sync(config, &mut found, SyncOptions::default()).await?;
//! println!("{} requests, {} grants", summary.requests, found.grants.len());
//! # Ok(())
//! # }
//! ```
//!
//! The component may read from the origins in its config's URL fields alone, and send what [`Allow`] says besides. It
//! holds no file, environment variable or socket, and is stopped at the limits in [`Limits`]. Nothing of it is kept between two syncs.

mod component;
pub mod journal;
mod model;
pub mod network;
pub mod sink;
mod sync;

pub use component::engine::{Connector, Engine, EngineOptions};
pub use component::limits::Limits;
pub use model::allow::{Allow, NotAWrite, Write};
pub use model::bid::{NotABid, Target};
pub use model::config::{Config, Secret, shown};
pub use model::error::{Error, SinkError};
pub use model::facts::Facts;
pub use model::identity::identity;
pub use model::origin::{NotAnOrigin, Origin};
pub use model::{clock, contract, facts, records};
pub use sync::options::{Event, Observer, Retry, Summary, SyncOptions};
pub use sync::session::{Asked, Caller, Session};
