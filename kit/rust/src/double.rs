//! In tests on this machine: a vendor and a config that do not exist.
//!
//! A connector's crate is built for this machine, too, and there its requests go to a function and its config is a list.
//! Each thread has its own, so tests do not meet.
//!
//! ```
//! use baton_connector::{Client, Words, config, double};
//!
//! # const WORDS: Words = Words {
//! #     product: "Acme", credential: "token", renew: "make a new one", access: "let it read", address: "acme-url",
//! # };
//! double::config(&[("acme-url", "https://acme.test/api")]);
//! double::answers(|request| {
//!     assert_eq!(request.path, "/api/users");
//!     double::reply(403, r#"{"message":"not for you"}"#)
//! });
//! let client = Client::new(&WORDS, config::url("acme-url").expect("a URL"));
//! assert!(client.get(&["users"]).expect("a request").fetch("the users").is_err());
//! ```

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::cell::RefCell;
use std::thread_local;

use crate::bindings::wasi::http::types::ErrorCode;
use crate::http::{Failed, Request, Response};

type Answer = Box<dyn FnMut(&Request) -> Response>;

thread_local! {
    static ANSWER: RefCell<Option<Answer>> = const { RefCell::new(None) };
    static CONFIG: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// Let requests of this thread be answered by a function.
pub fn answers(answer: impl FnMut(&Request) -> Response + 'static) {
    ANSWER.set(Some(Box::new(answer)));
}

/// Let the config of this thread have these values.
pub fn config(values: &[(&str, &str)]) {
    CONFIG.set(values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect());
}

/// A reply with a body.
pub fn reply(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: Some(body.as_bytes().to_vec()) }
}

/// What a request is answered with; where there is nobody to answer, the connection is refused.
pub(crate) fn answer(request: &Request) -> Result<Response, Failed> {
    ANSWER.with_borrow_mut(|answer| match answer {
        Some(answer) => Ok(answer(request)),
        None => Err(Failed::NoReply(ErrorCode::ConnectionRefused)),
    })
}

/// A value of the config.
pub(crate) fn value(name: &str) -> Option<String> {
    CONFIG
        .with_borrow(|values| values.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone()))
}
