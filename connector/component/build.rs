//! Builds the connector for WebAssembly and writes into it who it is; `build/guest.rs` and `build/metadata.rs` say how.
//!
//! `BATON_PLANETSCALE_COMPONENT` names a ready component instead, for builds that must not run cargo twice.

#[path = "build/guest.rs"]
mod guest;
#[path = "build/metadata.rs"]
mod metadata;

use std::env;
use std::path::{Path, PathBuf};

const OVERRIDE: &str = "BATON_PLANETSCALE_COMPONENT";

fn main() {
    println!("cargo::rerun-if-env-changed={OVERRIDE}");
    let result = match env::var_os(OVERRIDE) {
        Some(ready) => {
            let ready = PathBuf::from(ready);
            println!("cargo::rerun-if-changed={}", ready.display());
            Ok(ready)
        }
        None => guest::build("connector", "baton-planetscale-connector", guest::BARE)
            .and_then(|component| metadata::add(&component, Path::new("../Cargo.toml"))),
    };
    match result {
        Ok(component) => println!("cargo::rustc-env=PLANETSCALE_COMPONENT={}", component.display()),
        Err(message) => {
            println!("cargo::error={message}");
            std::process::exit(1);
        }
    }
}
