//! Gives a connector environment variables as its config: `planetscale-service-token` is what
//! `BATON_PLANETSCALE_SERVICE_TOKEN` holds, as the program has it.
//!
//! With `-S config-var=…` a token is in the list of processes for as long as `wasmtime serve` runs, for everybody on
//! the machine to read. With this component between, `--env BATON_PLANETSCALE_SERVICE_TOKEN` names it only.

#[allow(unsafe_code, missing_docs, clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({
        inline: "package baton:environment; world environment { export wasi:config/store@0.2.0-rc.1; }",
        path: "../../../wit/deps/config",
        world: "baton:environment/environment",
        generate_all,
        pub_export_macro: true,
    });
}

use bindings::exports::wasi::config::store::{Error, Guest};
use wasip2::cli::environment::get_environment;

/// What stands before the name of a field.
const PREFIX: &str = "BATON_";

struct Variables;

impl Guest for Variables {
    fn get(key: String) -> Result<Option<String>, Error> {
        let wanted = format!("{PREFIX}{}", key.to_uppercase().replace('-', "_"));
        Ok(get_environment().into_iter().find(|(name, _)| *name == wanted).map(|(_, value)| value))
    }

    fn get_all() -> Result<Vec<(String, String)>, Error> {
        let field = |name: &str| Some(name.strip_prefix(PREFIX)?.to_lowercase().replace('_', "-"));
        Ok(get_environment().into_iter().filter_map(|(name, value)| Some((field(&name)?, value))).collect())
    }
}

#[allow(unsafe_code, missing_docs, reason = "the exported function is generated")]
mod export {
    use crate::{Variables, bindings};
    bindings::export!(Variables with_types_in bindings);
}
