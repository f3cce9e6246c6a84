//! The world of a component: WASI 0.2, and nothing in it.
//!
//! No arguments, environment variables, folders or standard input; a socket cannot be made and a name not looked up;
//! `exit` is a trap. What a connector writes to standard output and error becomes log lines. Clocks and random numbers
//! are real. The one way out is `wasi:http`, whose requests go through the network's egress.

use std::sync::Arc;

use wasmtime::component::{Linker, Resource, ResourceTable};
use wasmtime_wasi::WasiCtx;
use wasmtime_wasi_http::Error as HttpError;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;

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
        })
        .and_then(|()| tell_broken_bodies(&mut linker));
    match linked {
        Ok(()) => Ok(linker),
        Err(error) => Err(Error::Setup(format!("cannot offer WASI to the connector: {error}"))),
    }
}

/// Answer what became of a body that broke off. The engine's own answer knows the errors of its own requests only, and
/// not those of an egress, so that a reply which is too large would be asked for again.
fn tell_broken_bodies(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    linker.instance("wasi:http/types@0.2.12")?.func_wrap(
        "http-error-code",
        |store, (error,): (Resource<wasmtime::Error>,)| {
            let state: &State = store.data();
            let code = match state.table.get(&error)?.downcast_ref::<HttpError>() {
                Some(HttpError::HttpResponseBodySize(size)) => Some(ErrorCode::HttpResponseBodySize(*size)),
                Some(HttpError::HttpResponseIncomplete) => Some(ErrorCode::HttpResponseIncomplete),
                Some(HttpError::ConnectionReadTimeout) => Some(ErrorCode::ConnectionReadTimeout),
                _ => None,
            };
            Ok((code,))
        },
    )?;
    linker.allow_shadowing(false);
    Ok(())
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
