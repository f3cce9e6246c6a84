//! Host
pub mod contract;
pub mod sink;
mod allow_list;
mod client;
mod config;
mod egress;
mod engine;
mod error;
mod instance;
mod limits;
mod pace;
pub use allow_list::{AllowList, Origin};
pub use config::{Config, Secret};
pub use engine::{Connector, Engine, EngineOptions};
pub use error::Error;
pub use limits::Limits;
