//! The world of a component: WASI 0.2, and nothing in it.
//!
//! No arguments, environment variables, folders or standard input; a socket cannot be made and a name not looked up;
//! `exit` is a trap. What a connector writes to standard output and error becomes log lines. Clocks and random numbers
//! are real. The one way out is `wasi:http`, whose requests go through the network's egress.

use std::sync::Arc;

use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::WasiCtx;

use super::output::{Output, Stream};
use super::state::State;
use crate::model::error::Error;

/// Random bytes that one call gives at most: nothing interrupts it meanwhile.
const RANDOM: u64 = 64 << 10;

/// Handles of the host's that an instance has at the same time: streams, requests, replies, moments to wait for. Each
/// costs the host some dozens of bytes, and a connector needs a few hundred.
const HANDLES: usize = 100_000;

/// Everything that a connector may import.
pub(super) fn offer(engine: &wasmtime::Engine) -> Result<Linker<State>, Error> {
    let mut linker: Linker<State> = Linker::new(engine);
    let linked = wasmtime_wasi::p2::add_to_linker_async(&mut linker)
        .and_then(|()| wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker))
        .and_then(|()| {
            wasmtime_wasi_config::add_to_linker(&mut linker, |state: &mut State| (&state.variables).into())
        });
    match linked {
        Ok(()) => Ok(linker),
        Err(error) => Err(Error::Setup(format!("cannot offer WASI to the connector: {error}"))),
    }
}

/// The world of one instance.
pub(super) fn empty(output: &Arc<Output>) -> WasiCtx {
    let mut world = WasiCtx::builder();
    world
        .stdout(output.stream(Stream::Out))
        .stderr(output.stream(Stream::Err))
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .max_random_size(RANDOM);
    world.build()
}

/// Where the handles of one instance are kept.
pub(super) fn handles() -> ResourceTable {
    let mut table = ResourceTable::new();
    table.set_max_capacity(HANDLES);
    table
}
