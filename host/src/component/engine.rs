//! Loading: from the bytes of a component to something that can be instantiated.
//!
//! The engine is set up once and shared; compiled code is kept in the user's cache folder between runs,
//! because compiling takes a quarter of a second and loading a few milliseconds. A component is checked
//! before anything of it runs: that it is one, that it exports our contract in our version, and that it
//! imports nothing but the part of WASI the contract lists.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::{Component, Linker, types::ComponentItem};

use super::limits::Limits;
use super::state::State;
use crate::model::contract::{INTERFACE, RunnerPre, VERSION};
use crate::model::error::Error;

/// How often a running component gives way to the timers that watch it. A deadline is met within this.
const TICK: Duration = Duration::from_millis(10);

/// The time of a call that needs neither config nor network: it answers at once, or hangs.
const CALL_ALONE: Duration = Duration::from_secs(30);

/// What the world of the contract lets a component import, without versions.
const IMPORTS: [&str; 7] = [
    "wasi:clocks/monotonic-clock",
    "wasi:config/store",
    "wasi:http/outgoing-handler",
    "wasi:http/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
];

/// How an engine is set up.
#[derive(Clone, Copy, Debug)]
pub struct EngineOptions {
    /// Keep compiled code in the user's cache folder.
    pub cache: bool,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions { cache: true }
    }
}

/// Compiles components. One serves any number of connectors and syncs.
#[derive(Clone)]
pub struct Engine {
    engine: wasmtime::Engine,
}

/// A loaded connector: compiled, checked and linked. Cloning is cheap.
#[derive(Clone)]
pub struct Connector {
    pub(crate) pre: RunnerPre<State>,
    /// Of calls outside a sync.
    pub(crate) limits: Arc<Limits>,
}

impl Connector {
    /// The same connector with other limits for the calls outside a sync, such as [`Connector::metadata`]. A sync
    /// has those of its options.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Connector {
        Connector { limits: Arc::new(limits), ..self }
    }
}

impl Engine {
    /// Set up an engine.
    pub fn new(options: EngineOptions) -> Result<Engine, Error> {
        let mut config = wasmtime::Config::new();
        config.epoch_interruption(true);
        if options.cache {
            // Without a place for a cache (no home folder, a read-only disk) the program is slower, not broken.
            match wasmtime::Cache::new(wasmtime::CacheConfig::new()) {
                Ok(cache) => drop(config.cache(Some(cache))),
                Err(error) => tracing::debug!(%error, "no cache for compiled code"),
            }
        }
        let engine = wasmtime::Engine::new(&config)
            .map_err(|error| Error::Setup(format!("cannot set up the WebAssembly engine: {error}")))?;
        let weak = engine.weak();
        std::thread::Builder::new()
            .name("epoch".into())
            .spawn(move || {
                while let Some(engine) = weak.upgrade() {
                    engine.increment_epoch();
                    drop(engine);
                    std::thread::sleep(TICK);
                }
            })
            .map_err(|error| Error::Setup(format!("cannot start the engine's timer: {error}")))?;
        Ok(Engine { engine })
    }

    /// Compile a component and check that it is a connector of our contract.
    pub fn load(&self, wasm: &[u8]) -> Result<Connector, Error> {
        let component = Component::from_binary(&self.engine, wasm).map_err(|error| {
            let why = error.root_cause().to_string();
            let why = why.lines().next().unwrap_or_default().trim_end_matches([' ', '-', '=', '[']);
            Error::Load(format!("this is not a WebAssembly component ({why})"))
        })?;
        self.check(&component)?;
        let mut linker: Linker<State> = Linker::new(&self.engine);
        let linked = wasmtime_wasi_io::add_to_linker_async(&mut linker)
            .and_then(|()| wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker))
            .and_then(|()| {
                wasmtime_wasi_config::add_to_linker(&mut linker, |state: &mut State| {
                    (&state.variables).into()
                })
            });
        linked.map_err(|error| Error::Setup(format!("cannot offer WASI to the connector: {error}")))?;
        let pre = linker
            .instantiate_pre(&component)
            .and_then(RunnerPre::new)
            .map_err(|error| Error::Load(format!("it does not fit the contract ({})", error.root_cause())))?;
        Ok(Connector { pre, limits: Arc::new(Limits { call: CALL_ALONE, ..Limits::default() }) })
    }

    fn check(&self, component: &Component) -> Result<(), Error> {
        let kind = component.component_type();
        let wanted = format!("{INTERFACE}@{VERSION}");
        let exported: Vec<String> = kind.exports(&self.engine).map(|(name, _)| name.to_owned()).collect();
        if !exported.contains(&wanted) {
            let other = exported.iter().find(|name| name.split('@').next() == Some(INTERFACE));
            return Err(Error::Load(match other {
                Some(other) => format!(
                    "it was made for {other}, this program speaks {wanted}; use a connector and a program \
                     of the same contract version"
                ),
                None => format!("it is no Baton connector: it does not export {wanted}"),
            }));
        }
        for (name, item) in kind.imports(&self.engine) {
            let interface = name.split('@').next().unwrap_or_default();
            // Types that an interface only names are no power.
            if !matches!(item.ty, ComponentItem::Type(_)) && !IMPORTS.contains(&interface) {
                return Err(Error::Load(format!(
                    "it wants {name}, which no connector is given (a connector may use {})",
                    IMPORTS.join(", ")
                )));
            }
        }
        Ok(())
    }
}
