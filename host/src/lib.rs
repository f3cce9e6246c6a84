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
//! The component may reach only the origins in its config's URL fields, holds no file, environment variable or
//! socket, and is stopped at the limits in [`Limits`]. Nothing of it is kept between two syncs.

mod allow_list;
#[cfg(feature = "baton")]
pub mod baton;
mod bid;
mod checks;
mod client;
mod config;
mod connections;
pub mod contract;
mod egress;
mod engine;
mod error;
mod instance;
pub mod journal;
mod limits;
mod network_error;
mod pace;
mod replies;
mod resolve;
#[cfg(feature = "service")]
pub mod service;
pub mod sink;
mod sync;
mod texts;
mod walk;
mod worker;
pub use allow_list::{AllowList, Origin};
pub use bid::{NotABid, Target};
pub use config::{Config, Secret};
pub use engine::{Connector, Engine, EngineOptions};
pub use error::Error;
pub use limits::Limits;
pub use sync::{Event, Observer, Summary, SyncOptions};
pub use worker::Retry;

/// What a mutex guards, also after a thread that held it stopped unexpectedly: that ends the sync with an error of its
/// own, and nobody waits for this lock in vain.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
