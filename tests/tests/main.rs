//! All tests of the component in the host, as one program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
mod attack;
mod checks;
mod component;
mod dependencies;
mod faults;
mod hostile;
mod inline;
mod loading;
mod matrix;
mod network;
mod properties;
mod reach;
mod records;
mod replies;
mod requests;
mod secrets;
mod security;
mod shapes;
mod soak;
mod targeted;
mod vanished;
