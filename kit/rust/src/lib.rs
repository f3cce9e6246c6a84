//! What an author of a connector builds on.
//!
//! A connector reads one system's users, groups and roles, and gives them in the terms of the contract
//! (`wit/connector.wit`). Its author writes what is known of that system alone: which lists there are, how a record of
//! each becomes one of the contract, who holds what. That is the trait [`Connector`]; [`connector!`] makes a component of
//! it. What every connector needs besides is here:
//!
//! | module | what it takes over |
//! |---|---|
//! | [`client`] | Requests. |
//! | [`vendor`] | What a reply's status means: the contract's error for what the caller does next. |
//! | [`wait`] | `Retry-After` and the usual headers that tell limits. |
//! | [`json`] | Replies as types, and where one is not what it should be. |
//! | [`paging`] | Lists by number or by cursor, and what happens when they change while they are read. |
//! | [`token`] | Page tokens that hold for one list alone. |
//! | [`record`] | Records that break no rule. |
//! | [`text`], [`moment`], [`profile`] | What records are made of. |
//! | [`config`] | Fields, and their values, checked. |
//! | [`oauth`] | Access tokens for a client's id and secret. |
//! | [`log`] | Log lines. |
//! | [`double`] | In tests on this machine: a server and a config that do not exist. |
//!
//! ```text
//! your connector → client → the vendor
//!       ↓             ↓
//!     record        json, wait
//! ```
//!
//! It works on `wasm32-wasip2`, and without the standard library on `wasm32-unknown-unknown`, for which
//! [`bare_runtime!`] gives an allocator and a panic handler.

#![no_std]

extern crate alloc;
#[cfg(not(target_arch = "wasm32"))]
extern crate std;

pub mod address;
#[doc(hidden)]
pub mod bindings;
pub mod client;
pub mod config;
mod connector;
#[cfg(not(target_arch = "wasm32"))]
pub mod double;
pub mod error;
pub mod http;
pub mod json;
pub mod log;
pub mod moment;
pub mod oauth;
pub mod paging;
pub mod profile;
pub mod record;
mod refusal;
mod reply;
mod send;
pub mod text;
pub mod token;
pub mod vendor;
pub mod wait;

/// The contract's types, as they are documented in `wit/connector.wit`.
pub use bindings::syncer as contract;
pub use client::Client;
pub use connector::{Connector, Page, metadata};
pub use http::Cache;
pub use reply::{Found, Missing, Reply};
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
#[doc(hidden)]
pub use talc;
pub use vendor::Words;

/// Make a component of a type that is a [`Connector`].
///
/// On any other target it makes nothing, so that the same crate can be tested on this machine.
#[macro_export]
macro_rules! connector {
    ($name:ident) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the exported functions are generated")]
        const _: () = {
    $crate::bindings::export_connector!($name with_types_in $crate::bindings);
        };
    };
}

/// What the standard library has on other targets: an allocator, and an end for a connector that panics. For crates
/// without it (`#![no_std]`) on `wasm32-unknown-unknown`, where its messages would be a tenth of the component.
#[macro_export]
macro_rules! bare_runtime {
    () => {
        #[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
        mod baton_runtime {
            #[global_allocator]
            static ALLOCATOR: $crate::talc::wasm::WasmDynamicTalc =
                $crate::talc::wasm::new_wasm_dynamic_allocator();

            /// End the instance: its host sees a trap.
            #[panic_handler]
            fn panic(_: &::core::panic::PanicInfo) -> ! {
                ::core::arch::wasm32::unreachable()
            }
        }
    };
}
