//! Loading: from the bytes of a component to something that can be instantiated.
//!
//! The engine is set up once and shared; compiled code is kept in the user's cache folder between runs,
//! because compiling takes a quarter of a second and loading a few milliseconds. A component is checked
//! before anything of it runs (`surface.rs`), and given what it imports (`world.rs`).

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;

use super::cache::Cache;
use super::compile;
use super::limits::Limits;
use super::state::State;
use super::{surface, world};
use crate::model::contract::RunnerPre;
use crate::model::error::Error;

/// How often a running component gives way to the timers that watch it. A deadline is met within this.
const TICK: Duration = Duration::from_millis(10);

/// The time of a call that needs neither config nor network: it answers at once, or hangs.
const CALL_ALONE: Duration = Duration::from_secs(30);

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
    cache: Option<Cache>,
}

/// A loaded connector: compiled, checked and linked. Cloning is cheap.
#[derive(Clone)]
pub struct Connector {
    pub(crate) pre: RunnerPre<State>,
    /// Of calls outside a sync.
    pub(crate) limits: Arc<Limits>,
    digest: Arc<str>,
}

impl Connector {
    /// The same connector with other limits for the calls outside a sync, such as [`Connector::metadata`]. A sync
    /// has those of its options.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Connector {
        Connector { limits: Arc::new(limits), ..self }
    }

    /// The SHA-256 of its bytes, in hexadecimal digits: which connector it is, whatever it says of itself.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl Engine {
    /// Set up an engine.
    pub fn new(options: EngineOptions) -> Result<Engine, Error> {
        let cache = options.cache.then(Cache::of_user).and_then(|cache| {
            // Without a place for one (no home folder, a read-only disk) the program is slower, not broken.
            cache.inspect_err(|error| tracing::debug!(%error, "no cache for compiled code")).ok()
        });
        let engine = wasmtime::Engine::new(&compile::settings())
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
            .map_err(|error| {
                Error::Setup(format!(
                    "this machine refuses a thread for the engine's timer ({error}); raise the limit on threads (ulimit -u, \
                     the pids of the container)"
                ))
            })?;
        Ok(Engine { engine, cache })
    }

    /// Compile a component and check that it is a connector of our contract.
    pub fn load(&self, wasm: &[u8]) -> Result<Connector, Error> {
        let component = compile::component(&self.engine, self.cache.as_ref(), wasm)?;
        surface::check(&self.engine, &component)?;
        let pre = world::offer(&self.engine)?
            .instantiate_pre(&component)
            .and_then(RunnerPre::new)
            .map_err(|error| Error::Load(format!("it does not fit the contract ({})", error.root_cause())))?;
        let bytes = digest::digest(&digest::SHA256, wasm);
        let digits: String = bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let limits = Arc::new(Limits { call: CALL_ALONE, ..Limits::default() });
        Ok(Connector { pre, limits, digest: digits.into() })
    }
}
