//! A connector as a sync that goes on when it is asked to: exports `baton:steps/sync`.
//!
//! The packages for Node and Python run it. It waits for nothing itself, so that they can be stopped while it does.

use std::cell::RefCell;

use baton_walk::syncer;
use baton_walk::{Step, Walk, told};
use serde_json::{Value, json};

#[allow(unsafe_code, missing_docs, clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "steps", pub_export_macro: true });
}

use bindings::exports::baton::steps::sync::{Guest, Step as Told};

thread_local! {
    /// The one sync of this instance.
    static WALK: RefCell<Walk> = RefCell::default();
}

struct Sync;

impl Guest for Sync {
    fn metadata() -> String {
        told::metadata(&syncer::metadata()).to_string()
    }

    fn config_schema() -> String {
        Value::from_iter(syncer::config_schema().iter().map(told::config_field)).to_string()
    }

    fn validate() -> Result<String, String> {
        let validation = syncer::validate().map_err(|error| told::error(&error).to_string())?;
        let mut answer = json!({ "warnings": told::warnings(&validation.warnings) });
        if let (Some(identity), Some(answer)) = (validation.identity, answer.as_object_mut()) {
            answer.insert("identity".to_owned(), identity.into());
        }
        Ok(answer.to_string())
    }

    fn next() -> Result<Told, String> {
        match WALK.with_borrow_mut(Walk::step) {
            Ok(Step::Lines(lines)) => Ok(Told::Lines(lines.iter().map(|line| format!("{line}\n")).collect())),
            Ok(Step::Pause(time)) => Ok(Told::Pause(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))),
            Ok(Step::End) => Ok(Told::End),
            Err(error) => Err(told::error(&error).to_string()),
        }
    }
}

#[allow(unsafe_code, missing_docs, reason = "the exported function is generated")]
mod export {
    use crate::{Sync, bindings};
    bindings::export!(Sync with_types_in bindings);
}
