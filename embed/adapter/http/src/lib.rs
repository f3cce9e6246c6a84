//! A connector as a web service: exports `wasi:http/incoming-handler`.
//!
//! | request | reply |
//! |---|---|
//! | `POST /sync` | a whole sync as JSON lines, written as they are read |
//! | `GET /schema` | the fields of the config |
//! | `GET /health` | that the service runs, and which connector is in it |
//!
//! The first page is asked for before a sync's reply begins, so that bad credentials are a status and not half a
//! reply. What goes wrong later is the reply's last line, `error`; a complete one ends with `complete`.
//!
//! Who may ask is in `door`.

mod door;
mod reply;

use baton_walk::syncer::{self, Error};
use baton_walk::{Step, Walk, told};
use serde_json::{Value, json as value};
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{IncomingRequest, Method, ResponseOutparam};

use crate::reply::Reply;

struct Service;

impl Guest for Service {
    fn handle(request: IncomingRequest, reply: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        // A client that is gone is nobody's fault: the engine ends the request.
        let _ = match (request.method(), path) {
            (Method::Get, "/health") => {
                let connector = syncer::metadata().display_name;
                reply::whole(reply, 200, &value!({ "status": "ok", "connector": connector }))
            }
            (method, path) => match door::open(&request) {
                Err(door::Closed { status, message, header }) => {
                    reply::refusal(reply, status, message, header)
                }
                Ok(()) => inside(&method, path, reply),
            },
        };
    }
}

fn inside(method: &Method, path: &str, reply: ResponseOutparam) -> Result<(), reply::Gone> {
    match (method, path) {
        (Method::Post, "/sync") => stream(reply),
        (Method::Get, "/schema") => {
            let fields: Vec<Value> = syncer::config_schema().iter().map(told::config_field).collect();
            reply::whole(reply, 200, &value!(fields))
        }
        (_, "/sync") => reply::refusal(reply, 405, "this takes POST only", ("allow", "POST")),
        (_, "/schema" | "/health") => reply::refusal(reply, 405, "this takes GET only", ("allow", "GET")),
        _ => {
            let message = "there are POST /sync, GET /schema and GET /health";
            reply::whole(reply, 404, &value!({ "error": { "message": message } }))
        }
    }
}

fn stream(reply: ResponseOutparam) -> Result<(), reply::Gone> {
    let mut walk = Walk::default();
    let first = loop {
        match walk.step() {
            Ok(Step::Lines(lines)) => break lines,
            Ok(Step::Pause(time)) => reply::pause(time),
            Ok(Step::End) => break Vec::new(),
            Err(error) => {
                return reply::whole(reply, status(&error), &value!({ "error": told::error(&error) }));
            }
        }
    };
    let mut lines = Reply::begin(reply, 200, &[("content-type", "application/x-ndjson")])?;
    let mut page = first;
    loop {
        for line in &page {
            lines.line(line)?;
        }
        page = match walk.step() {
            Ok(Step::Lines(page)) => page,
            Ok(Step::Pause(time)) => {
                lines.write()?;
                reply::pause(time);
                Vec::new()
            }
            Ok(Step::End) => return lines.end(),
            Err(error) => return lines.end_with(&value!({ "error": told::error(&error) })),
        };
    }
}

/// Whose fault it is, in the words of HTTP: the service's config, the vendor's answer, or passing trouble.
fn status(error: &Error) -> u16 {
    match error {
        Error::Config(_) | Error::Internal(_) => 500,
        Error::Wait(_) | Error::Again(_) | Error::Changed(_) => 503,
        Error::Credentials(_) | Error::Access(_) | Error::Gone(_) | Error::Reply(_) => 502,
    }
}

#[allow(unsafe_code, missing_docs, reason = "the exported function is generated")]
mod export {
    use crate::Service;
    wasip2::http::proxy::export!(Service);
}
