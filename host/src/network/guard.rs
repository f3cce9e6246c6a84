//! Which requests leave: the rule that a connector only reads, and the exceptions that its operator allowed.
//!
//! | request | leaves |
//! |---|---|
//! | GET, HEAD to the origin of a URL field | always |
//! | GET, HEAD to a declared further origin | when the operator allowed that origin |
//! | a declared further request, exact in method, origin and path | when the operator allowed it |
//! | everything else | never |
//!
//! To declare grants nothing, and to allow what was not declared is an error before the first request: a flag that
//! outlived its connector's need is found out. A refusal says which flag would allow it, and the connector's reason.

use http::{HeaderMap, HeaderName, Method};

use super::allow_list::AllowList;
use crate::model::allow::{Allow, Write, exact};
use crate::model::config::Config;
use crate::model::contract::{ConnectorMetadata, FurtherOrigin, FurtherRequest};
use crate::model::error::Error;
use crate::model::origin::Origin;

/// Headers by which some servers take another method than the one of the request.
const OTHER_METHOD: [&str; 3] = ["x-http-method", "x-http-method-override", "x-method-override"];

/// Headers that carry a credential whatever the connector declares.
const CREDENTIALS: [HeaderName; 2] = [http::header::AUTHORIZATION, http::header::COOKIE];

/// What one sync may send.
pub(crate) struct Guard {
    /// May be read from.
    readable: AllowList,
    /// Declared, and not allowed.
    origins: Vec<(Origin, String)>,
    /// Declared, with the reason, and whether it is allowed.
    writes: Vec<(Write, String, bool)>,
    credentials: Vec<HeaderName>,
    /// Every origin that anything is sent to.
    reached: AllowList,
}

impl Guard {
    /// What a connector declares, under this config, and with the operator's word.
    pub fn new(metadata: &ConnectorMetadata, config: &Config, allow: &Allow) -> Result<Guard, Error> {
        let (mut readable, mut origins, mut writes) = (Vec::new(), Vec::new(), Vec::new());
        readable.extend(config.origins().cloned());
        for declared in &metadata.further_origins {
            let (origin, reason) = further_origin(declared)?;
            match allow.origins.contains(&origin) {
                true => readable.push(origin),
                false => origins.push((origin, reason)),
            }
        }
        for declared in &metadata.further_requests {
            if let Some((write, reason)) = further_request(declared, config)? {
                let allowed = allow.writes.contains(&write);
                writes.push((write, reason, allowed));
            }
        }
        if let Some(other) = allow.origins.iter().find(|origin| !readable.contains(origin)) {
            return Err(undeclared(
                "allow-origin",
                &other.url(),
                origins.iter().map(|(origin, _)| origin.url()),
            ));
        }
        if let Some(other) =
            allow.writes.iter().find(|write| !writes.iter().any(|(known, ..)| known == *write))
        {
            let declared = writes.iter().map(|(write, ..)| format!("'{write}'"));
            return Err(undeclared("allow-write", &format!("'{other}'"), declared));
        }
        let mut credentials = CREDENTIALS.to_vec();
        for name in &metadata.credential_headers {
            let lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
            match name.parse() {
                Ok(name) if lower => credentials.push(name),
                _ => {
                    return Err(broken(format!(
                        "the credential header '{name}' is no header's name in lower case"
                    )));
                }
            }
        }
        let written = writes.iter().filter(|(.., allowed)| *allowed).map(|(write, ..)| &write.origin);
        let reached = AllowList::of(readable.iter().chain(written));
        Ok(Guard { readable: AllowList::of(&readable), origins, writes, credentials, reached })
    }

    /// Every origin that anything may be sent to.
    pub fn reached(&self) -> &AllowList {
        &self.reached
    }

    /// Headers whose values are credentials.
    pub fn credentials<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (&'a HeaderName, &'a str)> {
        let values = move |name: &'a HeaderName| {
            headers.get_all(name).iter().filter_map(move |value| Some((name, value.to_str().ok()?)))
        };
        self.credentials.iter().flat_map(values)
    }

    /// The address to which a request goes, as it was read for the check; or what the connector did that it may not, to
    /// be read behind "the connector".
    pub fn admit<B>(&self, request: &http::Request<B>) -> Result<http::Uri, String> {
        let (method, uri) = (request.method(), request.uri());
        if let Some(name) = OTHER_METHOD.iter().find(|name| request.headers().contains_key(**name)) {
            return Err(format!(
                "tried to send another method than {method} in the header {name}; it was stopped"
            ));
        }
        match *method {
            Method::GET | Method::HEAD => self.read(uri),
            _ => self.write(method, uri),
        }
    }

    fn read(&self, uri: &http::Uri) -> Result<http::Uri, String> {
        let origin = self.readable.check(uri).map_err(|target| self.unreadable(uri, &target))?;
        origin.with_path_of(uri).ok_or_else(|| {
            format!("tried to reach an address at {} that is no path; it was stopped", origin.url())
        })
    }

    fn unreadable(&self, uri: &http::Uri, target: &str) -> String {
        let declared = self.origins.iter().find(|(origin, _)| AllowList::of([origin]).check(uri).is_ok());
        match declared {
            Some((origin, reason)) => format!(
                "wants to read from {0}, which nobody allowed. If you agree, add --allow-origin {0}. Its reason: {reason}",
                origin.url()
            ),
            None => {
                format!("tried to reach {target}, which no URL field of its config names; it was stopped")
            }
        }
    }

    fn write(&self, method: &Method, uri: &http::Uri) -> Result<http::Uri, String> {
        let origins = self.writes.iter().map(|(write, ..)| &write.origin);
        let known = AllowList::of(origins).check(uri);
        let path = exact(uri.path());
        let same = |write: &Write| {
            write.method == *method
                && known.as_ref().is_ok_and(|origin| write.origin == *origin)
                && path.as_ref().is_some_and(|path| write.path == *path)
        };
        match self.writes.iter().find(|(write, ..)| same(write)) {
            Some((write, _, true)) => {
                let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
                let target = format!("{}{query}", write.path).parse::<http::Uri>().ok();
                target
                    .and_then(|path| write.origin.with_path_of(&path))
                    .ok_or_else(|| format!("tried to send {write} with a query that is none; it was stopped"))
            }
            Some((write, reason, false)) => Err(format!(
                "wants to send {write}, which may change something there, and nobody allowed it. If you agree, add \
                 --allow-write '{write}'. Its reason: {reason}"
            )),
            None => {
                let host = uri.authority().map_or("", |authority| authority.host());
                Err(format!(
                    "tried to send {method} to {host}{}, which it does not declare; a connector only reads, so it was \
                     stopped",
                    uri.path()
                ))
            }
        }
    }
}

fn further_origin(declared: &FurtherOrigin) -> Result<(Origin, String), Error> {
    let text = &declared.origin;
    let origin = Origin::parse(text).filter(|origin| origin.url() == *text);
    match origin.filter(|origin| origin.is_https() || origin.is_loopback()) {
        Some(origin) => Ok((origin, declared.reason.clone())),
        None => Err(broken(format!(
            "the further origin '{text}' is no https://host or https://host:port in lower case (http is taken for \
             loopback addresses)"
        ))),
    }
}

/// None when the field that its address begins with has no value.
fn further_request(declared: &FurtherRequest, config: &Config) -> Result<Option<(Write, String)>, Error> {
    let FurtherRequest { method, url, reason } = declared;
    let full = match url.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((field, rest)) => match config.url(field) {
            Some(base) => format!("{}{rest}", base.strip_suffix('/').unwrap_or(base)),
            None => return Ok(None),
        },
        None => url.clone(),
    };
    match Write::new(method, &full)
        .filter(|write| write.origin.is_https() || write.origin.is_loopback() || full != *url)
    {
        Some(write) => Ok(Some((write, reason.clone()))),
        None => Err(broken(format!(
            "the further request '{method} {url}' is not exact: a method in upper case other than GET, HEAD and CONNECT, \
             and an https address without query, '.', '..', empty parts and encoded slashes"
        ))),
    }
}

fn undeclared(field: &str, wanted: &str, declared: impl Iterator<Item = String>) -> Error {
    let declared: Vec<String> = declared.collect();
    let instead = match declared.is_empty() {
        true => "and declares no other".to_owned(),
        false => format!("and declares {}", declared.join(", ")),
    };
    let message =
        format!("the connector does not declare {wanted}, {instead}; leave out what it does not need");
    Error::Config { field: field.to_owned(), message }
}

fn broken(rule: String) -> Error {
    Error::Contract { place: "metadata".to_owned(), rule }
}
