//! What a component brings and wants, before anything of it runs: our contract in our version, and no interface that
//! no connector is given.
//!
//! Toolchains bring WASI 0.2 whole, so all of it may be wanted; [`super::world`] answers it with an empty world. Whoever
//! wants more is told all of that at once, and what to do.

use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use crate::model::contract::{INTERFACE, VERSION};
use crate::model::error::Error;

/// The interfaces of WASI 0.2 that there are, by package. Any 0.2 version of them fits.
const WASI: [(&str, &[&str]); 7] = [
    (
        "wasi:cli",
        &[
            "environment",
            "exit",
            "stdin",
            "stdout",
            "stderr",
            "terminal-input",
            "terminal-output",
            "terminal-stdin",
            "terminal-stdout",
            "terminal-stderr",
        ],
    ),
    ("wasi:clocks", &["monotonic-clock", "wall-clock"]),
    ("wasi:filesystem", &["preopens", "types"]),
    ("wasi:http", &["outgoing-handler", "types"]),
    ("wasi:io", &["error", "poll", "streams"]),
    ("wasi:random", &["random", "insecure", "insecure-seed"]),
    (
        "wasi:sockets",
        &[
            "instance-network",
            "ip-name-lookup",
            "network",
            "tcp",
            "tcp-create-socket",
            "udp",
            "udp-create-socket",
        ],
    ),
];

/// How the values of its config come to a connector. A draft, whose versions do not fit one another.
const CONFIG: &str = "wasi:config/store@0.2.0-rc.1";

/// How a module begins that is no component: magic, version, layer.
const CORE: &[u8] = b"\0asm\x01\0\0\0";

/// What to say of bytes that the engine does not take, for the reason that it gives.
pub(super) fn no_component(bytes: &[u8], reason: &str) -> Error {
    if bytes.starts_with(CORE) {
        return Error::Load(
            "this is a core WebAssembly module, not a component; make a component of it with `wasm-tools component \
             new module.wasm -o connector.wasm`, or build it with a toolchain that makes one (Rust: `--target \
             wasm32-wasip2`)"
                .into(),
        );
    }
    let reason = reason.lines().next().unwrap_or_default().trim_end_matches([' ', '-', '=', '[']);
    Error::Load(format!("this is not a WebAssembly component ({reason})"))
}

/// Check what it exports and imports.
pub(super) fn check(engine: &wasmtime::Engine, component: &Component) -> Result<(), Error> {
    let kind = component.component_type();
    let wanted = format!("{INTERFACE}@{VERSION}");
    let exported: Vec<String> = kind.exports(engine).map(|(name, _)| name.to_owned()).collect();
    if !exported.contains(&wanted) {
        let other = exported.iter().find(|name| name.split('@').next() == Some(INTERFACE));
        return Err(Error::Load(match other {
            Some(other) => format!(
                "it was made for {other}, this program speaks {wanted}; use a connector and a program of the same \
                 contract version"
            ),
            None => format!("it is no Baton connector: it does not export {wanted}"),
        }));
    }
    // Types that an interface only names are no power.
    let refused: Vec<String> = kind
        .imports(engine)
        .filter(|(name, item)| !matches!(item.ty, ComponentItem::Type(_)) && !is_offered(name))
        .map(|(name, _)| name.to_owned())
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Error::Load(format!(
        "it wants {}, which no connector is given; build it without what needs that: a connector may use {CONFIG} and \
         the interfaces of WASI 0.2 (wasi:cli, clocks, filesystem, http, io, random, sockets), of which \
         wasi:http/outgoing-handler is the only way out",
        refused.join(", ")
    )))
}

/// Whether a connector is given an interface of this name.
fn is_offered(import: &str) -> bool {
    if import == CONFIG {
        return true;
    }
    let Some((interface, version)) = import.split_once('@') else { return false };
    let Some((package, name)) = interface.split_once('/') else { return false };
    let patch = version.strip_prefix("0.2.").unwrap_or_default();
    let whole = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
    whole && WASI.iter().any(|(known, names)| *known == package && names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_wasi_in_any_0_2_version_is_offered_and_nothing_else() {
        for offered in [
            "wasi:cli/environment@0.2.0",
            "wasi:cli/terminal-stderr@0.2.6",
            "wasi:clocks/monotonic-clock@0.2.10",
            "wasi:filesystem/types@0.2.3",
            "wasi:sockets/tcp@0.2.10",
            CONFIG,
        ] {
            assert!(is_offered(offered), "{offered}");
        }
        for other in [
            "wasi:cli/run@0.2.0",
            "wasi:cli/environment@0.3.0",
            "wasi:cli/environment@0.2.0-rc.1",
            "wasi:cli/environment@0.2.",
            "wasi:cli/environment",
            "wasi:config/store@0.2.0",
            "wasi:http/incoming-handler@0.2.0",
            "wasi:keyvalue/store@0.2.0",
            "somebody:else/anything",
            "baton:connector/syncer@0.2.0",
            "host",
        ] {
            assert!(!is_offered(other), "{other}");
        }
    }
}
