//! A connector that misbehaves on order.
//!
//! It reads two made-up types of resources, as any connector does, until its config names a behaviour (`mode`) and
//! the export in which to show it (`at`). Each behaviour is one file. What needs no Rust at all, such as a start
//! function that never returns, is core WebAssembly in `core/`.

#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "the exports are only in a component"))]

mod bindings;
mod children;
mod config;
mod echo;
mod elsewhere;
mod endless;
mod flaws;
mod gone;
mod good;
mod headers;
mod http;
mod memory;
mod million;
mod open;
mod order;
mod random;
mod recursion;
mod rules;
mod sent;
mod slow;
mod spin;
mod tokens;
mod told;
mod tree;
mod warnings;
mod world;

use bindings::syncer::{
    ConfigField, ConnectorMetadata, EntitlementPage, Error, GrantPage, Guest, Resource, ResourcePage,
    ResourceType, Validation,
};
use order::{here, value};

/// The behaviours that need no page: they end in an error, or not at all.
fn act(export: &str) -> Result<(), Error> {
    if !here(export) {
        return Ok(());
    }
    match value("mode").as_str() {
        "config" => config::act(),
        "another-method" => sent::another_method(),
        "body" => sent::body(),
        "clock" => world::clock(),
        "echo-error" => echo::error(),
        "echo-host" => echo::host(),
        "echo-path" => echo::path(),
        "elsewhere" => elsewhere::act(),
        "error-control" => echo::moving(),
        "exit" => world::exit(),
        "flood" => world::flood(),
        "headers" => headers::act(),
        "headers-many" => sent::headers(),
        "lines" => world::lines(),
        "memory" => memory::grow(),
        "moments" => world::moments(),
        "gigabyte" => memory::gigabyte(),
        "open" => open::act(),
        "panic" => world::panic(),
        "recursion" => recursion::act(),
        "slow" => slow::act(),
        "spin" => spin::act(),
        "random" => random::error(export),
        "random-endless" => world::random(),
        "random-gigabyte" => world::gigabyte(),
        "secret" => world::secret(),
        "sent-basic" => sent::basic(),
        "sent-error" => sent::error(),
        "world" => world::look(),
        _ => Ok(()),
    }
}

struct Hostile;

impl Guest for Hostile {
    fn metadata() -> ConnectorMetadata {
        good::metadata()
    }

    fn config_schema() -> Vec<ConfigField> {
        good::schema()
    }

    fn validate() -> Result<Validation, Error> {
        act("validate")?;
        let identity = (value("mode") == "identity").then(|| format!("reader {}", value("token")));
        Ok(Validation { identity, rate_limit: None, warnings: vec![] })
    }

    fn list_resource_types() -> Result<Vec<ResourceType>, Error> {
        act("list-resource-types")?;
        if here("list-resource-types") {
            return Ok(rules::types(good::types()));
        }
        Ok(good::types())
    }

    fn list_resources(
        kind: String,
        parent: Option<Resource>,
        token: Option<String>,
    ) -> Result<ResourcePage, Error> {
        act("list-resources")?;
        let page = good::resources(&kind, parent.is_some());
        if !here("list-resources") {
            return Ok(page);
        }
        Ok(match value("mode").as_str() {
            "children" => children::of(&kind, parent.as_ref()),
            "echo-record" => echo::record(page),
            "echo-warning" => echo::warning(page),
            "echo-token" => echo::token(page, token.as_deref()),
            "endless" => endless::after(page, token.as_deref()),
            "gone" => gone::resources(page, &kind, parent.as_ref()),
            "million" => million::resources(),
            "sent-record" => sent::record(page),
            "sent-token" => sent::token(page, token.as_deref()),
            "sent-warning" => sent::warning(page),
            "random" => random::resources(&kind, parent.as_ref(), token.as_deref()),
            "told" => told::of(&kind, parent.as_ref())?,
            "told-parents" => told::of_parents(&kind, parent.as_ref()),
            "tokens" => tokens::many(page),
            "token-again" => tokens::again(page),
            "token-long" => tokens::long(page),
            "tree" => tree::of(&kind, parent.as_ref()),
            "warning-control" => warnings::moving(page),
            "warnings" => warnings::large(page),
            "warnings-many" => warnings::many(page),
            _ => rules::resources(page, &kind, parent.as_ref()),
        })
    }

    fn list_entitlements(resource: Resource, token: Option<String>) -> Result<EntitlementPage, Error> {
        act("list-entitlements")?;
        let page = good::entitlements(&resource);
        if !here("list-entitlements") {
            return Ok(page);
        }
        match value("mode").as_str() {
            "random" => Ok(random::entitlements(&resource, token.as_deref())),
            _ => rules::entitlements(page, token.as_deref()),
        }
    }

    fn list_grants(resource: Resource, token: Option<String>) -> Result<GrantPage, Error> {
        act("list-grants")?;
        let page = good::grants(&resource);
        if !here("list-grants") {
            return Ok(page);
        }
        Ok(match value("mode").as_str() {
            "echo-grant" => echo::grant(page),
            "gone" => gone::of(&resource).map(|()| page)?,
            "million" => million::grants(page),
            "random" => random::grants(&resource, token.as_deref()),
            _ => rules::grants(page),
        })
    }
}

// Only a component has these names; a linker for another target does not take them.
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code, reason = "the exported functions are generated")]
mod export {
    crate::bindings::export!(Hostile with_types_in crate::bindings);
    use crate::Hostile;
}
