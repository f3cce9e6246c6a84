//! The contract, and what it lists of WASI.

#![allow(clippy::all, reason = "generated")]

wit_bindgen::generate!({ path: "../../../wit", world: "connector", generate_all, pub_export_macro: true });

pub use exports::baton::connector::syncer;
