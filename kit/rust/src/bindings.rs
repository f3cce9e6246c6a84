//! What `wit-bindgen` makes of the contract, and of the part of WASI that it lists.

#![allow(unsafe_code, missing_docs, clippy::all, clippy::unwrap_used, reason = "generated")]

wit_bindgen::generate!({
    path: "../../wit",
    world: "connector",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export_connector",
    default_bindings_module: "baton_connector::bindings",
});

pub use exports::baton::connector::syncer;
