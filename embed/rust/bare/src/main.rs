//! Who is in which organization and team, on wasmtime alone: no guard, no second attempt.

use std::error::Error;

use baton::exports::baton::connector::syncer::{Error as Refusal, GrantPage, Guest, Resource, ResourcePage};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_config::WasiConfigVariables;
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

/// Generated from the contract.
#[allow(missing_docs, reason = "generated")]
mod baton {
    wasmtime::component::bindgen!({ path: "../../../wit", world: "connector" });
}

#[derive(Default)]
struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    config: WasiConfigVariables,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: Default::default() }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::default();
    let file = std::env::args().nth(1).ok_or("which component?")?;
    let component = Component::from_file(&engine, file)?;
    let mut linker: Linker<State> = Linker::new(&engine);
    wasmtime_wasi_http::p2::add_to_linker_sync(&mut linker)?;
    wasmtime_wasi_config::add_to_linker(&mut linker, |state| (&state.config).into())?;
    let token = std::env::var("BATON_PLANETSCALE_SERVICE_TOKEN")?;
    let url = std::env::var("BATON_PLANETSCALE_API_URL")?;
    let mut config = WasiConfigVariables::new();
    config.insert("planetscale-service-token", &*token);
    config.insert("planetscale-api-url", &*url);
    let mut store = Store::new(&engine, State { config, ..State::default() });
    let connector = baton::Connector::instantiate(&mut store, &component, &linker)?;
    let syncer = connector.baton_connector_syncer();
    let organizations = resources(syncer, &mut store, "organization", None)?;
    for organization in &organizations {
        grants(syncer, &mut store, organization)?;
        for team in &resources(syncer, &mut store, "team", Some(organization))? {
            grants(syncer, &mut store, team)?;
        }
    }
    Ok(())
}

/// All resources of a type: page after page, and a page names those that follow.
fn resources(
    syncer: &Guest,
    store: &mut Store<State>,
    resource_type: &str,
    parent: Option<&Resource>,
) -> Result<Vec<Resource>, Box<dyn Error>> {
    let (mut found, mut tokens) = (vec![], vec![None]);
    while let Some(token) = tokens.pop() {
        let page: Result<ResourcePage, Refusal> =
            syncer.call_list_resources(&mut *store, resource_type, parent, token.as_deref())?;
        let page = page?;
        found.extend(page.items);
        tokens.extend(page.next.into_iter().map(Some));
    }
    Ok(found)
}

/// Print who holds what of a resource, in Baton's joined form.
fn grants(syncer: &Guest, store: &mut Store<State>, resource: &Resource) -> Result<(), Box<dyn Error>> {
    let mut tokens = vec![None];
    while let Some(token) = tokens.pop() {
        let page: Result<GrantPage, Refusal> =
            syncer.call_list_grants(&mut *store, resource, token.as_deref())?;
        let page = page?;
        for grant in page.items {
            let (on, who) = (grant.entitlement.resource, grant.principal);
            println!(
                "{}:{}:{}:{}:{}",
                on.resource_type, on.id, grant.entitlement.slug, who.resource_type, who.id
            );
        }
        tokens.extend(page.next.into_iter().map(Some));
    }
    Ok(())
}
