//! What a connector lists at the top, on wasmtime alone: no guard, no second attempt, no check of the pages.

#![allow(missing_docs, reason = "the contract, as it is generated")]

use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Result, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_config::WasiConfigVariables;
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

// The functions and records of the contract, as Rust.
wasmtime::component::bindgen!({ path: "../../../wit", world: "connector" });

/// What the imports work on.
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

fn main() -> Result<()> {
    let engine = Engine::default();
    let file = std::env::args().nth(1).unwrap_or("planetscale.wasm".to_owned());
    let component = Component::from_file(&engine, file)?;

    let mut linker = Linker::<State>::new(&engine);
    wasmtime_wasi_http::p2::add_to_linker_sync(&mut linker)?;
    wasmtime_wasi_config::add_to_linker(&mut linker, |state| (&state.config).into())?;

    let config = WasiConfigVariables::from_iter([
        ("planetscale-service-token", &*std::env::var("BATON_PLANETSCALE_SERVICE_TOKEN")?),
        ("planetscale-api-url", &*std::env::var("BATON_PLANETSCALE_API_URL")?),
    ]);
    let mut store = Store::new(&engine, State { config, ..State::default() });
    let connector = Connector::instantiate(&mut store, &component, &linker)?;
    let syncer = connector.baton_connector_syncer();

    for kind in syncer.call_list_resource_types(&mut store)?? {
        let mut tokens = vec![None];
        // A page names those that follow: none, one or several.
        while let Some(token) = tokens.pop() {
            let page = syncer.call_list_resources(&mut store, &kind.id, None, token.as_deref())??;
            tokens.extend(page.next.into_iter().map(Some));
            for resource in page.items {
                println!("{}:{} {}", kind.id, resource.id.id, resource.display_name);
            }
        }
    }
    Ok(())
}
