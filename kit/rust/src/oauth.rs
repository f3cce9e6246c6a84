//! Access tokens for a client's id and secret (RFC 6749, section 4.4).
//!
//! The request is a POST, so the connector declares it, and its operator allows it:
//!
//! ```
//! # use baton_connector::contract::FurtherRequest;
//! # use baton_connector::oauth::declared;
//! let requests: Vec<FurtherRequest> = vec![declared("{acme-url}/oauth/token", "Acme")];
//! ```
//!
//! An instance keeps its token until shortly before it ends; another instance asks for its own.

use alloc::format;
use alloc::string::String;

use serde::Deserialize;
use spin::Mutex;

use crate::bindings::syncer::{Error, FurtherRequest};
use crate::client::Client;
use crate::http::Cache;
use crate::json::from_objects;

/// How long before its end a token is no longer used, in seconds.
const BEFORE_END: u64 = 30;

/// The life of a token that tells none, in seconds.
const UNTOLD: u64 = 300;

/// The token of this instance, what it was given for, and when it ends.
static KEPT: Mutex<Option<(String, String, u64)>> = Mutex::new(None);

#[derive(Deserialize)]
#[serde(remote = "Self")]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

from_objects!(Granted);

/// What metadata declare of it.
pub fn declared(url: &str, product: &str) -> FurtherRequest {
    FurtherRequest {
        method: "POST".into(),
        url: url.into(),
        reason: format!("{product} gives an access token for the client's id and secret."),
    }
}

/// The client with an access token for this id and secret, asked for at `path` of the same address.
///
/// # Errors
/// The vendor gives none.
pub fn client_credentials(
    client: Client,
    path: &[&str],
    id: &str,
    secret: &str,
    scope: Option<&str>,
) -> Result<Client, Error> {
    let client = client.secret(secret);
    let whom = format!("{path:?} {id} {scope:?}");
    let kept = KEPT.lock().clone().filter(|(of, _, end)| *of == whom && seconds() < *end);
    if let Some((_, token, _)) = kept {
        return Ok(client.bearer(&token));
    }
    let mut form =
        alloc::vec![("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    form.extend(scope.map(|scope| ("scope", scope)));
    let call = client.call("POST", path)?.form(&form).cache(Cache::NoStore);
    let granted: Granted = call.fetch("an access token")?.json()?;
    let life = granted.expires_in.unwrap_or(UNTOLD).saturating_sub(BEFORE_END);
    *KEPT.lock() = Some((whom, granted.access_token.clone(), seconds().saturating_add(life)));
    Ok(client.bearer(&granted.access_token))
}

#[cfg(target_arch = "wasm32")]
fn seconds() -> u64 {
    crate::bindings::wasi::clocks::monotonic_clock::now() / 1_000_000_000
}

#[cfg(not(target_arch = "wasm32"))]
fn seconds() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use core::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::config::Url;
    use crate::double;
    use crate::vendor::Words;

    const WORDS: Words =
        Words { product: "Acme", credential: "client", renew: "x", access: "y", address: "acme-url" };

    #[test]
    fn a_token_is_asked_for_once_for_each_client_and_until_it_ends() {
        static ASKED: AtomicU32 = AtomicU32::new(0);
        double::answers(|request| {
            let body = String::from_utf8(request.body.clone().unwrap_or_default()).expect("text");
            if request.method == "GET" {
                let header = request.headers.iter().find(|(name, _)| name == "authorization");
                return double::reply(
                    200,
                    &format!("{:?}", header.map(|(_, value)| value).expect("a header")),
                );
            }
            assert!(body.starts_with("grant_type=client_credentials&client_id="), "{body}");
            assert!(body.ends_with("client_secret=a%26b") || body.ends_with("scope=read"), "{body}");
            let number = ASKED.fetch_add(1, Ordering::Relaxed);
            let life = if body.contains("client_id=short") { 30 } else { 3_600 };
            double::reply(200, &format!(r#"{{"access_token":"t{number}","expires_in":{life}}}"#))
        });
        let token = |id: &str, scope| {
            let url = Url::parse("acme-url", "https://acme.test").expect("a URL");
            let client =
                client_credentials(Client::new(&WORDS, url), &["token"], id, "a&b", scope).expect("a client");
            let reply = client.get(&["x"]).expect("a request").fetch("x").expect("a reply");
            reply.json::<String>().expect("text")
        };
        assert_eq!((token("one", None), token("one", None)), ("Bearer t0".into(), "Bearer t0".into()));
        assert_eq!(token("one", Some("read")), "Bearer t1");
        // Nearly at its end it is as good as none.
        assert_eq!((token("short", None), token("short", None)), ("Bearer t2".into(), "Bearer t3".into()));
    }
}
