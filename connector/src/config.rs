//! The values this connector is given, checked once, into types that cannot be wrong.
//!
//! | field | form |
//! |---|---|
//! | `planetscale-service-token` | `<id>:<value>`, cut at the first colon, both halves there |
//! | `planetscale-api-url` | `http(s)://host[:port][/path]`; a trailing `/` or `/v1` is dropped |
//! | `planetscale-inline-team-members`, `planetscale-databases` | `true` or `false`; without a value `false` |

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::address::{self, Address};
use crate::bindings::syncer::{ConfigField, Error, FieldKind};
use crate::error;

/// The field with the credential.
pub const SERVICE_TOKEN: &str = "planetscale-service-token";
/// The field with the address of the API.
pub const API_URL: &str = "planetscale-api-url";
/// The field that lets the list of teams tell who is in them.
pub const INLINE_MEMBERS: &str = "planetscale-inline-team-members";
/// The field that lets the list of teams tell which databases there are.
pub const DATABASES: &str = "planetscale-databases";

/// The vendor's own address.
pub const VENDOR_URL: &str = "https://api.planetscale.com";

/// The fields, in the order of a form.
pub fn schema() -> Vec<ConfigField> {
    vec![
        ConfigField {
            name: SERVICE_TOKEN.into(),
            display_name: "Service token (id:token)".into(),
            description:
                "The id and the value of a PlanetScale service token, joined by a colon. It needs the \
                          organization access read_organization."
                    .into(),
            placeholder: Some("id:token".into()),
            suggested_value: None,
            kind: FieldKind::Text,
            required: true,
            secret: true,
        },
        ConfigField {
            name: API_URL.into(),
            display_name: "API URL".into(),
            description: "Where the PlanetScale API is reached. The connector talks to nobody else.".into(),
            placeholder: Some(VENDOR_URL.into()),
            suggested_value: Some(VENDOR_URL.into()),
            kind: FieldKind::Url,
            required: true,
            secret: false,
        },
        ConfigField {
            name: INLINE_MEMBERS.into(),
            display_name: "Take team members from the list of teams".into(),
            description:
                "Far fewer requests. The longest lists are compared with the teams' own; if they differ, \
                          each team is read by itself, with a warning."
                    .into(),
            placeholder: None,
            suggested_value: None,
            kind: FieldKind::Boolean,
            required: false,
            secret: false,
        },
        ConfigField {
            name: DATABASES.into(),
            display_name: "Read the databases of teams".into(),
            description:
                "Which team reaches which database, from the list of teams, without a further request. \
                          PlanetScale does not tell who was made Database Administrator one by one."
                    .into(),
            placeholder: None,
            suggested_value: None,
            kind: FieldKind::Boolean,
            required: false,
            secret: false,
        },
    ]
}

/// A service token. It has no `Debug`: it goes into the `Authorization` header and nowhere else.
pub struct ServiceToken {
    text: String,
    colon: usize,
}

impl ServiceToken {
    fn parse(text: &str) -> Result<ServiceToken, Error> {
        let wrong = |message| Err(error::config(SERVICE_TOKEN, message));
        if text.is_empty() {
            return wrong("has no value; it takes the form id:token");
        }
        // Visible ASCII only: anything else cannot be sent in a header and is a slip of the hand.
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return wrong(
                "contains blanks, line breaks or other characters that no token has; copy it again",
            );
        }
        match text.find(':') {
            None => {
                wrong("has no colon; it takes the form id:token, with the id of the service token before it")
            }
            Some(0) => wrong("has nothing before its colon; it takes the form id:token"),
            Some(colon) if colon + 1 == text.len() => {
                wrong("has nothing after its colon; it takes the form id:token")
            }
            Some(colon) => Ok(ServiceToken { text: text.to_owned(), colon }),
        }
    }

    /// The header's value: no scheme word before it.
    pub fn authorization(&self) -> &str {
        &self.text
    }

    /// Its public half, by which the vendor names it.
    pub fn id(&self) -> &str {
        self.text.get(..self.colon).unwrap_or_default()
    }

    /// A text of the vendor's without the token, whole or by its secret half, and without control characters: those go
    /// first, because what they part may be the token.
    pub fn redact(&self, text: &str) -> String {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        let value = self.text.get(self.colon + 1..).unwrap_or_default();
        replace(&replace(&text, &self.text), value)
    }
}

/// A text without a secret. Like `str::replace`, whose search is made for texts a thousand times longer, and is large.
fn replace(text: &str, secret: &str) -> String {
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

/// Where the API is.
#[derive(Debug, PartialEq)]
pub struct Base {
    /// Whether the connection is encrypted.
    pub https: bool,
    /// Host and port.
    pub authority: String,
    /// What comes before `/v1`; empty or with a leading and no trailing slash.
    pub path: String,
}

impl Base {
    fn parse(text: &str) -> Result<Base, Error> {
        let wrong = |message| Err(error::config(API_URL, message));
        if text.is_empty() {
            return wrong("has no value; PlanetScale's own is https://api.planetscale.com");
        }
        let Some(address) = Address::parse(text) else {
            return wrong("must begin with https:// or http://");
        };
        if address.user {
            return wrong("must not contain a user name or password; the credential is the service token");
        }
        if address.server.is_empty() || address.server.starts_with(':') {
            return wrong("names no host");
        }
        if address.rest.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
            return wrong("must not contain a query (?) or fragment (#)");
        }
        if !address::is_server(address.server) || !address::is_path(address.rest) {
            return wrong("is not a URL; it takes the form https://api.planetscale.com");
        }
        let path = address.rest.trim_end_matches('/');
        let path = path.strip_suffix("/v1").unwrap_or(path).trim_end_matches('/');
        if path.split('/').any(|part| matches!(part, "." | "..")) {
            return wrong("must not contain . or .. in its path");
        }
        Ok(Base { https: address.https, authority: address.server.to_owned(), path: path.to_owned() })
    }
}

/// The checked config.
pub struct Config {
    /// The credential.
    pub token: ServiceToken,
    /// The address.
    pub base: Base,
    /// Whether the list of teams may tell who is in them.
    pub inline_members: bool,
    /// Whether the list of teams tells which databases there are.
    pub databases: bool,
}

impl Config {
    /// Check the values. The host's answer for a field it has no value for is the same as an empty one.
    pub fn parse(
        token: Option<&str>,
        url: Option<&str>,
        inline: Option<&str>,
        databases: Option<&str>,
    ) -> Result<Config, Error> {
        Ok(Config {
            token: ServiceToken::parse(token.unwrap_or_default())?,
            base: Base::parse(url.unwrap_or_default())?,
            inline_members: flag(INLINE_MEMBERS, inline)?,
            databases: flag(DATABASES, databases)?,
        })
    }

    /// Read and check the values the host gave.
    pub fn load() -> Result<Config, Error> {
        let (token, url) = (value(SERVICE_TOKEN)?, value(API_URL)?);
        let (inline, databases) = (value(INLINE_MEMBERS)?, value(DATABASES)?);
        Config::parse(token.as_deref(), url.as_deref(), inline.as_deref(), databases.as_deref())
    }
}

/// Whether there are databases to read, which is known also of a config that has nothing else.
pub fn has_databases() -> Result<bool, Error> {
    flag(DATABASES, value(DATABASES)?.as_deref())
}

fn flag(name: &str, value: Option<&str>) -> Result<bool, Error> {
    match value.unwrap_or_default() {
        "true" => Ok(true),
        "" | "false" => Ok(false),
        _ => Err(error::config(name, "must be true or false")),
    }
}

fn value(name: &str) -> Result<Option<String>, Error> {
    crate::bindings::wasi::config::store::get(name)
        .map_err(|_| error::config(name, "could not be read from the host's config store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field_of(result: Result<Config, Error>) -> Option<String> {
        match result {
            Err(Error::Config(failure)) => Some(failure.field),
            _ => None,
        }
    }

    #[test]
    fn a_token_needs_both_halves_and_no_blanks() {
        for text in ["", ":", "id:", ":value", "id", "id: value", " id:value", "id:value\n", "id:välue"] {
            let field = field_of(Config::parse(Some(text), Some("https://x.test"), None, None));
            assert_eq!(field.as_deref(), Some(SERVICE_TOKEN), "{text:?}");
        }
        assert!(Config::parse(Some("id:va:lue"), Some("https://x.test"), None, None).is_ok());
    }

    #[test]
    fn a_url_with_anything_beyond_host_port_and_path_is_refused() {
        for text in [
            "",
            "api.planetscale.com",
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
            let field = field_of(Config::parse(Some("a:b"), Some(text), None, None));
            assert_eq!(field.as_deref(), Some(API_URL), "{text:?}");
        }
    }

    #[test]
    fn a_path_stays_and_a_trailing_slash_or_version_goes() {
        for (text, path) in [
            ("https://x.test", ""),
            ("https://x.test/", ""),
            ("https://x.test/v1", ""),
            ("https://x.test/v1/", ""),
            ("https://x.test:8443/proxy/planetscale/", "/proxy/planetscale"),
        ] {
            let base = Base::parse(text).expect("a good URL");
            assert_eq!(base.path, path, "{text}");
        }
    }

    #[test]
    fn the_list_of_teams_tells_nothing_unless_it_is_asked_to() {
        let parse = |text| Config::parse(Some("a:b"), Some("https://x.test"), text, None);
        for (text, inline) in [(None, false), (Some(""), false), (Some("false"), false), (Some("true"), true)]
        {
            assert_eq!(parse(text).map(|config| config.inline_members).ok(), Some(inline), "{text:?}");
        }
        for text in ["TRUE", "1", " true"] {
            assert_eq!(field_of(parse(Some(text))).as_deref(), Some(INLINE_MEMBERS), "{text:?}");
        }
    }

    #[test]
    fn an_echoed_token_is_taken_out_of_texts() {
        let token = ServiceToken::parse("abc:s3cret").expect("a token");
        assert_eq!(token.redact("bad abc:s3cret, s3cret!"), "bad [redacted], [redacted]!");
        assert_eq!(token.redact("s3\t\tcret\n"), "[redacted]");
    }
}
