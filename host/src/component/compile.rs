//! From the bytes of a component to code that runs: with the threads that this machine gives, and with what an earlier
//! run compiled.

use rayon::ThreadPoolBuilder;
use wasmtime::component::Component;
use wasmtime::{Config, Engine};

use super::cache::{Cache, Key};
use super::refused::refusal;
use super::surface::no_component;
use crate::model::error::Error;

/// Threads that compile. A connector has a few hundred functions: more threads than this find nothing to do.
const MOST_THREADS: usize = 4;

/// Addresses that an instance's memory is given at first. A page of records takes half of it. With gigabytes, as is
/// usual, the code could do without comparing each address with the memory's end, but a machine that limits the addresses
/// of a process would give it none; and with all that an instance may have, many workers would use up such a limit.
const RESERVED: u64 = 4 << 20;
/// Addresses that a memory is given each time it grows past what it has, for which it is moved.
const MORE: u64 = 16 << 20;

/// How a component is compiled, and what an instance takes of this machine.
pub(crate) fn settings() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.memory_reservation(RESERVED).memory_reservation_for_growth(MORE).memory_guard_size(1 << 16);
    // What a memory holds at first is copied, some ten kilobytes. Else it would be mapped from a file without a name,
    // which not every machine lets a program make.
    config.memory_init_cow(false);
    config
}

/// The component, ready to be instantiated.
pub(crate) fn component(engine: &Engine, cache: Option<&Cache>, wasm: &[u8]) -> Result<Component, Error> {
    let kept = cache.map(|cache| (cache, Key::new(wasm, engine.precompile_compatibility_hash())));
    if let Some(code) = kept.as_ref().and_then(|(cache, key)| cache.find(key)) {
        match deserialize(engine, &code) {
            Ok(component) => return Ok(component),
            Err(error) => tracing::debug!(%error, "compiled code is made anew"),
        }
    }
    let code = compile(engine, wasm)?;
    let component = deserialize(engine, &code).map_err(|error| match refusal(&error) {
        Some(why) => Error::Setup(format!(
            "this machine refuses memory for compiled code ({why}); where a policy forbids a program to make memory \
             executable (SELinux, seccomp, MemoryDenyWriteExecute of systemd), allow it for this program, and where \
             the memory of a process is limited (ulimit -v), raise the limit"
        )),
        None => Error::Setup(format!("compiled code cannot be loaded: {}", error.root_cause())),
    })?;
    if let Some((cache, key)) = kept {
        cache.keep(&key, &code);
    }
    Ok(component)
}

fn compile(engine: &Engine, wasm: &[u8]) -> Result<Vec<u8>, Error> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    // The compiler's own pool has a thread for each processor, and panics if it does not get them.
    let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|_| "compile".into());
    let compiled = match Some(pool).filter(|_| threads > 1).map(ThreadPoolBuilder::build) {
        Some(Ok(pool)) => pool.install(|| engine.precompile_component(wasm)),
        none => {
            if let Some(Err(error)) = none {
                tracing::debug!(%error, "compiling on one thread");
            }
            let mut alone = settings();
            alone.parallel_compilation(false);
            Engine::new(&alone).and_then(|engine| engine.precompile_component(wasm))
        }
    };
    compiled.map_err(|error| no_component(wasm, &error.root_cause().to_string()))
}

/// Compiled code, made ready to run.
#[expect(unsafe_code, reason = "there is no other way to load compiled code")]
fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the bytes have to be what this engine's compiler made, unchanged. They come from it in this process, or
    // from the cache, which gives out only what carries its own SHA-256, from files that only our user can have written,
    // under a key that holds the engine's version and settings; the engine compares those once more.
    unsafe { Component::deserialize(engine, code) }
}
