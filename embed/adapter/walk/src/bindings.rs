//! What `wit-bindgen` makes of the contract.

#![allow(missing_docs, clippy::all, reason = "generated")]

wit_bindgen::generate!({
    inline: "package baton:walk; world walk { import baton:connector/syncer@0.2.0; }",
    path: "../../../wit",
    world: "baton:walk/walk",
    generate_all,
});

pub use baton::connector::syncer;
