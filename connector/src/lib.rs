//! The PlanetScale connector: a component that reads the organizations, members and teams a service token reaches.
//!
//! It implements `baton:connector/syncer` (see `wit/connector.wit`) and talks to one API. Data goes one way through it:
//! `http` (bytes) → `api` (status, path) → the crate beside this one (types) → `lists` (pages) → one file for each resource
//! type (records). `page` holds the position in a list, `wait` reads what the vendor says of its limits, `config` the values
//! it is given, and `inline` says how far the members inside the list of teams are believed. What a reply cannot say of
//! the product, however well-formed it is, is refused in `members`, `twice` and `whole`.

// A component has no use for the standard library's panic messages, and they would be a tenth of it: nobody hears them.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "the exports are only in a component"))]

extern crate alloc;

mod address;
mod api;
mod bindings;
mod config;
mod database;
mod error;
mod http;
mod ids;
mod inline;
mod lists;
mod members;
mod moment;
mod organization;
mod page;
mod profile;
mod reply;
mod team;
mod text;
mod twice;
mod user;
mod wait;
mod whole;

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use bindings::syncer::{
    ConfigField, ConnectorMetadata, EntitlementPage, Error, GrantPage, Guest, RequestLimit, Resource,
    ResourcePage, ResourceType, Validation,
};
use config::Config;
use ids::{DATABASE, ORGANIZATION, TEAM, USER};

struct PlanetScale;

impl Guest for PlanetScale {
    fn metadata() -> ConnectorMetadata {
        ConnectorMetadata {
            display_name: "PlanetScale".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            description: "Reads the organizations, users and teams of PlanetScale.".into(),
            documentation_url: Some("/docs/baton/planetscale".into()),
            icon_url: Some("/static/app-icons/planetscale.svg".into()),
            request_limits: vec![RequestLimit {
                origin: config::VENDOR_URL.into(),
                requests_per_minute: 600,
            }],
            further_origins: vec![],
            further_requests: vec![],
            credential_headers: vec![],
            cannot_see: database::cannot_see(),
        }
    }

    fn config_schema() -> Vec<ConfigField> {
        config::schema()
    }

    fn validate() -> Result<Validation, Error> {
        // The request that a sync begins with: a host with a cache sends it once.
        let config = Config::load()?;
        let page = organization::first_page(&config)?;
        let identity = format!("service token {}", config.token.id());
        Ok(Validation { identity: Some(identity), rate_limit: page.rate_limit, warnings: vec![] })
    }

    fn list_resource_types() -> Result<Vec<ResourceType>, Error> {
        let mut types = vec![organization::resource_type(), user::resource_type(), team::resource_type()];
        if config::has_databases()? {
            types.push(database::resource_type());
        }
        Ok(types)
    }

    fn list_resources(
        resource_type: String,
        parent: Option<Resource>,
        page_token: Option<String>,
    ) -> Result<ResourcePage, Error> {
        let (config, token) = (Config::load()?, page_token.as_deref());
        match (resource_type.as_str(), &parent, token) {
            (DATABASE, ..) if !config.databases => Err(unknown(DATABASE)),
            (ORGANIZATION, None, token) => organization::list(&config, token),
            (USER, Some(parent), token) => user::list(&config, &ids::parent(parent)?, token),
            (TEAM, Some(parent), token) => team::list(&config, &ids::parent(parent)?, token),
            (DATABASE, Some(parent), token) => database::list(&config, &ids::parent(parent)?, token),
            // Organizations have no parent, the others have one.
            (ORGANIZATION | USER | TEAM | DATABASE, _, None) => Ok(ResourcePage {
                items: vec![],
                next: vec![],
                total: None,
                rate_limit: None,
                warnings: vec![],
            }),
            (ORGANIZATION | USER | TEAM | DATABASE, _, Some(_)) => {
                Err(error::internal("a list without records has no further page"))
            }
            (other, ..) => Err(unknown(other)),
        }
    }

    fn list_entitlements(resource: Resource, page_token: Option<String>) -> Result<EntitlementPage, Error> {
        match (resource.id.resource_type.as_str(), page_token) {
            (_, Some(_)) => Err(error::internal("entitlements have one page only")),
            (ORGANIZATION, None) => organization::entitlements(&resource),
            (TEAM, None) => team::entitlements(&resource),
            (DATABASE, None) => Ok(database::entitlements(&resource)),
            (USER, None) => Ok(EntitlementPage {
                items: vec![],
                next: vec![],
                total: None,
                rate_limit: None,
                warnings: vec![],
            }),
            (other, None) => Err(unknown(other)),
        }
    }

    fn list_grants(resource: Resource, page_token: Option<String>) -> Result<GrantPage, Error> {
        let (config, token) = (Config::load()?, page_token.as_deref());
        match resource.id.resource_type.as_str() {
            ORGANIZATION => organization::grants(&config, &resource, token),
            TEAM => team::grants(&config, &resource, token),
            DATABASE => database::grants(&resource, token),
            USER => {
                Ok(GrantPage { items: vec![], next: vec![], total: None, rate_limit: None, warnings: vec![] })
            }
            other => Err(unknown(other)),
        }
    }
}

fn unknown(resource_type: &str) -> Error {
    error::internal(format!("PlanetScale has no resources of type {resource_type}"))
}

/// What the standard library has on other targets.
#[cfg(target_arch = "wasm32")]
mod runtime {
    #[global_allocator]
    static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

    /// End the instance: its host sees a trap.
    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo) -> ! {
        core::arch::wasm32::unreachable()
    }
}

// Only a component has these names; a linker for another target does not take them.
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code, reason = "the exported functions are generated")]
mod export {
    crate::bindings::export!(PlanetScale with_types_in crate::bindings);
    use crate::PlanetScale;
}
