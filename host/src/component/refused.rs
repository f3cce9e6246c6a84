//! What the machine refuses to the engine: memory, addresses, executable pages.

use std::io;

use wasmtime::Error;

/// Why the operating system refused something, if that is what an error is about.
pub(crate) fn refusal(error: &Error) -> Option<String> {
    error.chain().find_map(|cause| {
        let refused =
            cause.is::<io::Error>() || cause.is::<rustix::io::Errno>() || cause.is::<wasmtime::OutOfMemory>();
        refused.then(|| cause.to_string())
    })
}

/// The sentence for an instance that got no memory.
pub(crate) fn no_memory(place: &str, why: &str) -> String {
    format!(
        "{place}: this machine refuses the memory that the connector needs ({why}); raise the limit on it (ulimit -v, or \
         the memory of the container), or read fewer pages at the same time"
    )
}
