//! The fields of a connector's config, and their values, checked.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::address::{self, Address};
use crate::bindings::syncer::{Choice, ConfigField, Error, FieldKind};
use crate::error;

/// A field, as the contract has it: what is not said is not there. Give it a product's name as a beginning
/// (`acme-token`), then it meets no flag of a host.
///
/// ```
/// # use baton_connector::config::{field, secret};
/// # use baton_connector::contract::FieldKind;
/// let fields = [field("acme-url", "Address", "Where Acme is.", FieldKind::Url), secret("acme-token", "Token", "Of Acme.")];
/// ```
pub fn field(name: &str, display_name: &str, description: &str, kind: FieldKind) -> ConfigField {
    ConfigField {
        name: name.into(),
        display_name: display_name.into(),
        description: description.into(),
        placeholder: None,
        suggested_value: None,
        required: !matches!(kind, FieldKind::Boolean),
        kind,
        secret: false,
    }
}

/// A field whose value is shown to nobody.
pub fn secret(name: &str, display_name: &str, description: &str) -> ConfigField {
    ConfigField { secret: true, ..field(name, display_name, description, FieldKind::Text) }
}

/// A field with one of these values; each is told with what a form shows.
pub fn choice(name: &str, display_name: &str, description: &str, choices: &[(&str, &str)]) -> ConfigField {
    let choices =
        choices.iter().map(|(value, shown)| Choice { value: (*value).into(), display_name: (*shown).into() });
    field(name, display_name, description, FieldKind::Choice(choices.collect()))
}

/// A value; none where there is none, or an empty one.
///
/// # Errors
/// The host could not read it.
pub fn value(name: &str) -> Result<Option<String>, Error> {
    stored(name)
        .map(|value| value.filter(|value| !value.is_empty()))
        .map_err(|()| error::config(name, "could not be read from the host's config store"))
}

/// A value that has to be there.
///
/// # Errors
/// It is not.
pub fn text(name: &str) -> Result<String, Error> {
    value(name)?.ok_or_else(|| error::config(name, "has no value"))
}

/// A credential that goes into a header: visible ASCII alone. Anything else is a slip of the hand.
///
/// # Errors
/// It is not there, or holds something else.
pub fn credential(name: &str) -> Result<String, Error> {
    let text = text(name)?;
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text);
    }
    let why = "contains blanks, line breaks or other characters that no token has; copy it again";
    Err(error::config(name, why))
}

/// A yes or no; without a value no.
///
/// # Errors
/// It is something else.
pub fn boolean(name: &str) -> Result<bool, Error> {
    match value(name)?.as_deref() {
        Some("true") => Ok(true),
        None | Some("false") => Ok(false),
        Some(_) => Err(error::config(name, "must be true or false")),
    }
}

/// Texts joined by commas, without blanks around them; without a value none.
///
/// # Errors
/// The host could not read it.
pub fn list(name: &str) -> Result<Vec<String>, Error> {
    let text = value(name)?.unwrap_or_default();
    Ok(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect())
}

/// Where an API is.
///
/// # Errors
/// It is not there, or no address of one.
pub fn url(name: &str) -> Result<Url, Error> {
    Url::parse(name, &text(name)?)
}

/// Where an API is: checked, so that a path can be put behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Url {
    /// Whether the connection is encrypted.
    pub https: bool,
    /// Host and port.
    pub server: String,
    /// What comes before every path; empty, or with a leading and no trailing slash.
    pub path: String,
}

impl Url {
    /// Take a field's value apart.
    ///
    /// # Errors
    /// It is no address of an API.
    pub fn parse(field: &str, text: &str) -> Result<Url, Error> {
        let wrong = |message: &str| Err(error::config(field, message));
        let Some(address) = Address::parse(text) else {
            return wrong("must begin with https:// or http://");
        };
        if address.user {
            return wrong("must not contain a user name or password; the credential is a field of its own");
        }
        if address.server.is_empty() || address.server.starts_with(':') {
            return wrong("names no host");
        }
        if address.rest.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
            return wrong("must not contain a query (?) or fragment (#)");
        }
        if !address::is_server(address.server) || !address::is_path(address.rest) {
            return wrong("is not a URL; it takes the form https://api.example.com");
        }
        let path = address.rest.trim_end_matches('/');
        if path.split('/').any(|part| matches!(part, "." | "..")) {
            return wrong("must not contain . or .. in its path");
        }
        Ok(Url { https: address.https, server: address.server.to_owned(), path: path.to_owned() })
    }

    /// Without this at the end of its path, where it is there: `/v1`.
    #[must_use]
    pub fn without(mut self, end: &str) -> Url {
        let path = self.path.strip_suffix(end).unwrap_or(&self.path).trim_end_matches('/');
        self.path = path.to_owned();
        self
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.server)
    }
}

/// A text without secrets, and without control characters: those go first, because what they part may be a secret.
pub fn redacted(text: &str, secrets: &[String]) -> String {
    let mut text: String = text.chars().filter(|c| !c.is_control()).collect();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = replaced(&text, secret);
    }
    text
}

/// Like `str::replace`, whose search is made for texts a thousand times longer, and is large.
fn replaced(text: &str, secret: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(secret) {
            left.push_str("[redacted]");
            rest = after;
        } else {
            left.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    left
}

#[cfg(target_arch = "wasm32")]
fn stored(name: &str) -> Result<Option<String>, ()> {
    crate::bindings::wasi::config::store::get(name).map_err(|_| ())
}

#[cfg(not(target_arch = "wasm32"))]
fn stored(name: &str) -> Result<Option<String>, ()> {
    Ok(crate::double::value(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::double;

    #[test]
    fn a_url_with_anything_beyond_host_port_and_path_is_refused() {
        for text in [
            "api.example.com",
            "ftp://x.test",
            "https://",
            "https:///v1",
            "https://user@x.test",
            "https://user:secret@x.test",
            "https://x.test?a=b",
            "https://x.test#f",
            "https://x.test/a b",
            " https://x.test",
            "https://x.test/../y",
        ] {
            let error = Url::parse("acme-url", text).expect_err(text);
            assert!(matches!(error, Error::Config(failure) if failure.field == "acme-url"), "{text}");
        }
        for (text, path) in [
            ("https://x.test", ""),
            ("https://x.test/", ""),
            ("https://x.test/v1/", ""),
            ("https://x.test:8443/proxy/x/", "/proxy/x"),
        ] {
            let url = Url::parse("acme-url", text).expect("a good URL").without("/v1");
            assert_eq!(url.path, path, "{text}");
        }
    }

    #[test]
    fn values_are_what_their_kind_says() {
        double::config(&[("a", "x y"), ("b", "true"), ("c", ""), ("d", " p, ,q"), ("e", "TRUE")]);
        assert_eq!((text("a").ok().as_deref(), value("c").ok()), (Some("x y"), Some(None)));
        assert!(text("c").is_err() && credential("a").is_err());
        assert_eq!(
            (boolean("b").ok(), boolean("c").ok(), boolean("none").ok()),
            (Some(true), Some(false), Some(false))
        );
        assert!(boolean("e").is_err());
        assert_eq!(list("d").ok(), Some(["p", "q"].map(String::from).into()));
    }

    #[test]
    fn secrets_are_taken_out_also_where_control_characters_part_them() {
        let secrets = ["abc:s3cret", "s3cret", ""].map(String::from);
        assert_eq!(redacted("bad abc:s3cret, s3cret!", &secrets), "bad [redacted], [redacted]!");
        assert_eq!(redacted("s3\t\tcret\n", &secrets), "[redacted]");
    }
}
