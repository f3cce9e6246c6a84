//! The component alone, without host and network: a function answers its requests.
//!
//! For properties that need very many calls. Fuel bounds what a call may compute, so a call that would not end
//! fails the same way on every machine.

use std::future::Future;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use baton_planetscale_component::PLANETSCALE;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use wasmtime::component::{Component, HasData, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi_http::{
    Error as HttpError, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};
use wasmtime_wasi_io::IoView;

#[allow(missing_docs, reason = "the WIT file documents them")]
mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit",
        inline: "
            package baton:direct;
            world runner {
                export baton:connector/syncer@0.2.0;
            }
        ",
        world: "baton:direct/runner",
        exports: { default: async },
    });
}

pub use generated::exports::baton::connector::syncer;

/// What a call may compute: a hundred times what the largest page takes.
const FUEL: u64 = 20_000_000_000;

/// The origin and path of the config.
pub const URL: &str = "https://api.example.test/base";

/// A reply.
#[derive(Clone, Debug)]
pub struct Canned {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
}

type Answer = Arc<dyn Fn(&http::Uri) -> Canned + Send + Sync>;
type Sent = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), HttpError>> + Send>);

struct Hooks {
    answer: Answer,
    asked: Arc<Mutex<Vec<http::Uri>>>,
}

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _fut: Box<dyn Future<Output = Result<(), HttpError>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, HttpError>> + Send> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.uri().clone());
        let canned = (self.answer)(request.uri());
        Box::new(async move {
            let body = Full::new(Bytes::from(canned.body)).map_err(HttpError::from).boxed_unsync();
            let mut reply = http::Response::new(body);
            *reply.status_mut() = http::StatusCode::from_u16(canned.status).unwrap_or_default();
            let nothing: Box<dyn Future<Output = Result<(), HttpError>> + Send> = Box::new(async { Ok(()) });
            Ok((reply, nothing))
        })
    }
}

struct State {
    table: ResourceTable,
    http: WasiHttpCtx,
    hooks: Hooks,
    variables: wasmtime_wasi_config::WasiConfigVariables,
}

impl IoView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.hooks }
    }
}

impl HasData for State {
    type Data<'a> = &'a mut State;
}

type Ready = LazyLock<wasmtime::Result<generated::RunnerPre<State>>>;

static METERED: Ready = LazyLock::new(|| ready(true));
static UNMETERED: Ready = LazyLock::new(|| ready(false));

fn ready(metered: bool) -> wasmtime::Result<generated::RunnerPre<State>> {
    let mut config = Config::new();
    config.consume_fuel(metered);
    let engine = Engine::new(&config)?;
    let component = Component::from_binary(&engine, PLANETSCALE)?;
    let mut linker: Linker<State> = Linker::new(&engine);
    wasmtime_wasi_io::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi_config::add_to_linker(&mut linker, |state: &mut State| (&state.variables).into())?;
    generated::RunnerPre::new(linker.instantiate_pre(&component)?)
}

/// An instance of the component.
pub struct Direct {
    store: Store<State>,
    runner: generated::Runner,
    metered: bool,
    asked: Arc<Mutex<Vec<http::Uri>>>,
}

/// What a call gave; the outer error is a trap, which must never be.
pub type Called<T> = wasmtime::Result<Result<T, syncer::Error>>;

impl Direct {
    /// An instance whose requests are answered by a function.
    ///
    /// # Errors
    /// The component does not load.
    pub async fn new(
        answer: impl Fn(&http::Uri) -> Canned + Send + Sync + 'static,
    ) -> wasmtime::Result<Direct> {
        Direct::start(&METERED, true, &[], answer).await
    }

    /// The same with further values of the config.
    ///
    /// # Errors
    /// The component does not load.
    pub async fn with(
        further: &[(&str, &str)],
        answer: impl Fn(&http::Uri) -> Canned + Send + Sync + 'static,
    ) -> wasmtime::Result<Direct> {
        Direct::start(&METERED, true, further, answer).await
    }

    /// The same without a bound on what a call may compute: counting takes longer than some of what is counted.
    ///
    /// # Errors
    /// The component does not load.
    pub async fn unmetered(
        answer: impl Fn(&http::Uri) -> Canned + Send + Sync + 'static,
    ) -> wasmtime::Result<Direct> {
        Direct::start(&UNMETERED, false, &[], answer).await
    }

    async fn start(
        ready: &Ready,
        metered: bool,
        further: &[(&str, &str)],
        answer: impl Fn(&http::Uri) -> Canned + Send + Sync + 'static,
    ) -> wasmtime::Result<Direct> {
        let ready = ready.as_ref().map_err(|error| wasmtime::Error::msg(error.to_string()))?;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let values = [("planetscale-service-token", "an-id:a-value"), ("planetscale-api-url", URL)];
        let state = State {
            table: ResourceTable::new(),
            http: WasiHttpCtx::new(),
            hooks: Hooks { answer: Arc::new(answer), asked: asked.clone() },
            variables: values.iter().chain(further).copied().collect(),
        };
        let mut store = Store::new(ready.engine(), state);
        if metered {
            store.set_fuel(FUEL)?;
        }
        let runner = ready.instantiate_async(&mut store).await?;
        Ok(Direct { store, runner, metered, asked })
    }

    /// A page of resources.
    ///
    /// # Errors
    /// It trapped.
    pub async fn resources(
        &mut self,
        kind: &str,
        parent: Option<&syncer::Resource>,
        token: Option<&str>,
    ) -> Called<syncer::ResourcePage> {
        self.fill()?;
        self.runner.baton_connector_syncer().call_list_resources(&mut self.store, kind, parent, token).await
    }

    /// A page of grants.
    ///
    /// # Errors
    /// It trapped.
    pub async fn grants(
        &mut self,
        resource: &syncer::Resource,
        token: Option<&str>,
    ) -> Called<syncer::GrantPage> {
        self.fill()?;
        self.runner.baton_connector_syncer().call_list_grants(&mut self.store, resource, token).await
    }

    fn fill(&mut self) -> wasmtime::Result<()> {
        if self.metered { self.store.set_fuel(FUEL) } else { Ok(()) }
    }

    /// Every address it asked for since the last time.
    pub fn asked(&self) -> Vec<http::Uri> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn resource(kind: &str, id: &str, profile: &[(&str, &str)]) -> syncer::Resource {
    syncer::Resource {
        id: syncer::ResourceId { resource_type: kind.into(), id: id.into() },
        parent: None,
        display_name: "Name".into(),
        description: None,
        child_resource_types: Vec::new(),
        external_link: None,
        created_at: None,
        profile: profile
            .iter()
            .map(|(key, value)| syncer::ProfileEntry {
                key: (*key).into(),
                value: syncer::ProfileValue::Text((*value).into()),
            })
            .collect(),
        traits: Vec::new(),
    }
}

/// An organization as it was listed.
#[must_use]
pub fn organization(id: &str, name: &str) -> syncer::Resource {
    resource("organization", id, &[("name", name)])
}

/// A team as it was listed.
#[must_use]
pub fn team(id: &str, organization: &str, slug: &str) -> syncer::Resource {
    resource("team", id, &[("organization_name", organization), ("slug", slug)])
}
