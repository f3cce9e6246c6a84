//! Who this connector is towards C1: the client id and the client secret that C1 shows once, when the connector
//! is set up.
//!
//! Both are parsed when the program starts, so that a mistake in them is told before anything is sent.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::Ed25519KeyPair;
use serde::Deserialize;

use crate::error::Error;
use baton_host::Secret;

/// `NAME@HOST[:PORT]/REST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientId {
    whole: String,
    name: String,
    host: String,
}

impl ClientId {
    /// Read a client id.
    pub fn parse(text: &str) -> Result<ClientId, Error> {
        // Quotes and blanks come from a file of variables that is read as it stands.
        if text.contains(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
            return Err(Error::ClientId);
        }
        let (name, rest) = text.split_once('@').ok_or(Error::ClientId)?;
        let (host, _) = rest.split_once('/').filter(|(host, _)| !host.is_empty()).ok_or(Error::ClientId)?;
        Ok(ClientId { whole: text.to_owned(), name: name.to_owned(), host: host.to_owned() })
    }

    /// The whole of it, as C1 knows it.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// The connector's name in it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where tokens come from: a host, or a host and a port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whom a token request is addressed to: the host without its port.
    pub fn audience(&self) -> &str {
        match self.host.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.host,
        }
    }
}

/// The private key of a client. It cannot be printed, and signs only.
pub struct ClientSecret {
    key: Ed25519KeyPair,
    key_id: Option<String>,
}

/// The key as JSON writes it.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    d: String,
    x: String,
    kid: Option<String>,
}

impl ClientSecret {
    /// Read a client secret: four parts between colons, of which the third is the version and the fourth the key.
    pub fn parse(text: &Secret) -> Result<ClientSecret, Error> {
        let mut parts = text.reveal().splitn(4, ':').skip(2);
        let (Some("v1"), Some(key)) = (parts.next(), parts.next()) else { return Err(Error::ClientSecret) };
        let bytes = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| Error::ClientSecret);
        let jwk: Jwk = serde_json::from_slice(&bytes(key)?).map_err(|_| Error::ClientSecret)?;
        if jwk.kty != "OKP" || jwk.crv != "Ed25519" {
            return Err(Error::ClientSecret);
        }
        let key = Ed25519KeyPair::from_seed_and_public_key(&bytes(&jwk.d)?, &bytes(&jwk.x)?)
            .map_err(|_| Error::ClientSecret)?;
        Ok(ClientSecret { key, key_id: jwk.kid.filter(|id| !id.is_empty()) })
    }

    /// Sign a message.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).as_ref().to_vec()
    }

    /// The key's name, if it has one.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair of RFC 8037, appendix A.
    const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn secret(jwk: &str) -> Result<ClientSecret, Error> {
        ClientSecret::parse(&Secret::from(format!("a:b:v1:{}", BASE64URL_NOPAD.encode(jwk.as_bytes()))))
    }

    #[test]
    fn a_client_id_is_cut_at_the_first_at_and_the_first_slash() {
        let id = ClientId::parse("tall-fox-1@acme.conductor.one/ccc/x@y").expect("a client id");
        assert_eq!((id.name(), id.host()), ("tall-fox-1", "acme.conductor.one"));
        assert_eq!(id.as_str(), "tall-fox-1@acme.conductor.one/ccc/x@y");
    }

    #[test]
    fn the_audience_has_no_port() {
        let audience = |text| ClientId::parse(text).expect("a client id").audience().to_owned();
        assert_eq!(audience("a@c1.example:8443/x"), "c1.example");
        assert_eq!(audience("a@c1.example/x"), "c1.example");
    }

    #[test]
    fn a_client_id_without_its_parts_is_refused() {
        for text in ["", "name", "name@host", "host/rest", "name/rest@"] {
            assert_eq!(
                ClientId::parse(text).err().map(|e| e.to_string()).as_deref(),
                Some("invalid client id")
            );
        }
    }

    #[test]
    fn a_secret_is_a_private_ed25519_key_of_version_1() {
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","d":"{D}","x":"{X}"}}"#);
        let secret = secret(&jwk).expect("a secret");
        assert_eq!(secret.key_id(), None);
        assert_eq!(secret.sign(b"message").len(), 64);
    }

    #[test]
    fn anything_else_is_refused_without_a_word_of_it() {
        let good = format!(r#"{{"kty":"OKP","crv":"Ed25519","d":"{D}","x":"{X}"}}"#);
        let whole = |version: &str, key: &str| Secret::from(format!("a:b:{version}:{key}"));
        let encoded = BASE64URL_NOPAD.encode(good.as_bytes());
        let mut found = vec![
            ClientSecret::parse(&whole("v2", &encoded)),
            ClientSecret::parse(&whole("v1", &format!("{encoded}="))),
            ClientSecret::parse(&Secret::from(format!("a:v1:{encoded}"))),
        ];
        for (from, to) in [("OKP", "EC"), ("Ed25519", "X25519"), (X, D), (D, "AA"), (r#","x":"#, r#","y":"#)]
        {
            found.push(secret(&good.replace(from, to)));
        }
        for refused in found {
            assert_eq!(refused.err().map(|e| e.to_string()).as_deref(), Some("invalid client secret"));
        }
    }
}
