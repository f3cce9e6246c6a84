//! All tests of the component in the host, as one program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
mod attack;
mod checks;
mod component;
mod deadline;
mod dependencies;
mod faults;
mod gateways;
mod hostile;
mod inline;
mod limits;
mod loading;
mod matrix;
mod network;
mod properties;
mod reach;
mod records;
mod replies;
mod requests;
mod resumed;
mod secrets;
mod security;
mod sinks;
mod soak;
mod stalled;
mod targeted;
mod vanished;
