//! Gives a connector Spin's variables as its config.
//!
//! Spin has `wasi:config/store` in an earlier version than the contract, and its variables' names have `_` where the
//! fields of a config have `-`. So this component stands between them: it exports the one and imports the other.

#[allow(unsafe_code, missing_docs, clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "variables", generate_all, pub_export_macro: true });
}

use bindings::exports::wasi::config0_2_0_rc_1::store::{Error, Guest};
use bindings::wasi::config0_2_0_draft_2024_09_27::store;

struct Variables;

impl Guest for Variables {
    fn get(key: String) -> Result<Option<String>, Error> {
        store::get(&key.replace('-', "_")).map_err(|error| match error {
            store::Error::Upstream(message) => Error::Upstream(message),
            store::Error::Io(message) => Error::Io(message),
        })
    }

    fn get_all() -> Result<Vec<(String, String)>, Error> {
        Err(Error::Upstream("Spin gives a variable to who names it, and no list of them".to_owned()))
    }
}

#[allow(unsafe_code, missing_docs, reason = "the exported function is generated")]
mod export {
    use crate::{Variables, bindings};
    bindings::export!(Variables with_types_in bindings);
}
