//! The client id and the client secret that C1 shows once and somebody copies.
//!
//! What is tried is the id on the first line, and the key behind it, as JSON. In the secret it stands encoded, and that
//! is done here; a line that begins with `raw ` is the whole secret as it is.
//!
//! Each is refused in a sentence that holds nothing of it, or is an id with its parts, or a key.

use baton_host::Secret;
use baton_service::{ClientId, ClientSecret};
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

/// Try it.
pub fn try_bytes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (id, key) = text.split_once('\n').unwrap_or((&text, ""));
    try_id(id);
    match key.strip_prefix("raw ") {
        Some(secret) => drop(refused_or(secret)),
        None => try_key(key),
    }
}

fn try_id(text: &str) {
    match ClientId::parse(text) {
        Err(error) => assert_eq!(error.to_string(), "invalid client id"),
        Ok(id) => {
            assert_eq!(id.as_str(), text);
            assert!(text.starts_with(&format!("{}@{}/", id.name(), id.host())), "{text} in other parts");
            assert!(id.host().starts_with(id.audience()), "another audience than the host");
        }
    }
}

fn try_key(key: &str) {
    let secret = format!("conductorone:secret:v1:{}", BASE64URL_NOPAD.encode(key.as_bytes()));
    if refused_or(&secret).is_some() {
        let Ok(key) = serde_json::from_str::<Value>(key) else { panic!("a key that is no JSON was taken") };
        assert_eq!((&key["kty"], &key["crv"]), (&Value::from("OKP"), &Value::from("Ed25519")));
        let bytes = |name: &str| {
            let text = key[name].as_str().unwrap_or_default();
            BASE64URL_NOPAD.decode(text.as_bytes()).map_or(0, |bytes| bytes.len())
        };
        assert_eq!((bytes("d"), bytes("x")), (32, 32), "a key of another size");
    }
}

fn refused_or(secret: &str) -> Option<ClientSecret> {
    match ClientSecret::parse(&Secret::from(secret)) {
        Ok(secret) => Some(secret),
        Err(error) => {
            assert_eq!(error.to_string(), "invalid client secret");
            None
        }
    }
}
