//! What a component may use up, and how much of an answer is believed.

use std::time::Duration;

use wasmtime::ResourceLimiter;

/// The limits of one connector. The defaults fit a connector that reads pages of a hundred records.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Linear memory of one instance, in bytes. A page takes 2 MiB; the largest reply allowed, about 60.
    pub memory: usize,
    /// Elements of all tables of one instance.
    pub table_elements: usize,
    /// The time of one call: compute and network together, waiting for the request rate apart.
    pub call: Duration,
    /// The time of one HTTP request, from the connection to the last byte.
    pub request: Duration,
    /// HTTP requests that one instance has open at the same time. A call that asks page after page needs one.
    pub open_requests: usize,
    /// The size of one reply's body, in bytes.
    pub reply: u64,
    /// Records on one page. Vendors give 100 to 1,000.
    pub page_items: usize,
    /// Pages of one list: an end for a connector that always names another.
    pub list_pages: usize,
    /// Pages of a whole sync: an end for a connector whose every resource has another one under it.
    pub pages: usize,
    /// Warnings that are kept; more are counted.
    pub warnings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            memory: 128 << 20,
            table_elements: 100_000,
            call: Duration::from_secs(300),
            request: Duration::from_secs(300),
            open_requests: 16,
            // A little over what connectors should refuse themselves, so that theirs is the sentence read.
            reply: 17 << 20,
            page_items: 100_000,
            list_pages: 100_000,
            // Two weeks at PlanetScale's request rate.
            pages: 10_000_000,
            warnings: 1_000,
        }
    }
}

/// Refuses growth past the limits, and remembers that it did: the engine's own error for it looks like
/// any crash.
pub(crate) struct Limiter {
    pub memory: usize,
    pub table_elements: usize,
    pub exceeded: bool,
    /// The largest memory there is, in bytes. It never gets smaller.
    pub grown: usize,
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, _now: usize, desired: usize, _max: Option<usize>) -> wasmtime::Result<bool> {
        self.grown = self.grown.max(desired);
        self.allow(desired <= self.memory)
    }

    fn table_growing(&mut self, _now: usize, desired: usize, _max: Option<usize>) -> wasmtime::Result<bool> {
        self.allow(desired <= self.table_elements)
    }

    // Instances, tables and memories of one component: a component is a handful of modules.
    fn instances(&self) -> usize {
        100
    }

    fn tables(&self) -> usize {
        100
    }

    fn memories(&self) -> usize {
        10
    }
}

impl Limiter {
    fn allow(&mut self, within: bool) -> wasmtime::Result<bool> {
        if within {
            return Ok(true);
        }
        self.exceeded = true;
        // An error stops the call at once; `Ok(false)` would let the component go on and crash later.
        Err(wasmtime::Error::msg("memory limit reached"))
    }
}
