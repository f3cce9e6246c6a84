//! Whom a component may talk to.
//!
//! An entry is an origin, taken from the URL fields of the connector's config:
//!
//! | config value | what may be reached |
//! |---|---|
//! | `https://api.example.com` | `https://api.example.com:443` |
//! | `https://api.example.com/some/path` | `https://api.example.com:443`, any path |
//! | `http://127.0.0.1:8080` | `http://127.0.0.1:8080` |
//!
//! Scheme, host and port are compared exactly, after both sides went through the same URL parser (so
//! `127.1` is `127.0.0.1`, and `EXAMPLE.com` is `example.com`). There are no wildcards. **No entry
//! means that nothing may be reached.** A request with user information in its authority never matches.

use std::collections::BTreeSet;

use crate::model::origin::Origin;

/// The origins a component may talk to.
#[derive(Clone, Debug, Default)]
pub struct AllowList(BTreeSet<Origin>);

impl AllowList {
    /// Only these origins.
    pub fn of<'a>(origins: impl IntoIterator<Item = &'a Origin>) -> AllowList {
        AllowList(origins.into_iter().cloned().collect())
    }

    /// Whether any of them is encrypted.
    pub fn has_https(&self) -> bool {
        self.0.iter().any(Origin::is_https)
    }

    /// The origin of a request, if it may be sent; otherwise where it wanted to go, for the message.
    pub fn check(&self, uri: &http::Uri) -> Result<Origin, String> {
        let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
        let target = format!("{}://{authority}", uri.scheme_str().unwrap_or("https"));
        match Origin::parse(&target) {
            Some(origin) if self.0.contains(&origin) => Ok(origin),
            // What is before an `@` may be a password: it is not repeated.
            _ => Err(match target.rsplit_once('@') {
                Some((_, host)) => format!("a URL with user information at {host}"),
                None => target,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(entries: &[&str], target: &str) -> bool {
        let origins: Vec<Origin> =
            entries.iter().map(|entry| Origin::parse(entry).expect("an origin")).collect();
        AllowList::of(&origins).check(&target.parse().expect("a URI")).is_ok()
    }

    #[test]
    fn an_empty_list_allows_nothing() {
        assert!(!allows(&[], "https://api.example.com/"));
    }

    #[test]
    fn scheme_host_and_port_have_to_match_exactly() {
        let entry = ["https://api.example.com/base"];
        assert!(allows(&entry, "https://api.example.com/v1/x"));
        assert!(allows(&entry, "https://API.example.com:443/"));
        for other in [
            "http://api.example.com/",
            "https://api.example.com:8443/",
            "https://api.example.com.evil.test/",
            "https://evil.test/",
            "https://user@api.example.com/",
            "https://api.example.com@evil.test/",
            "https://sub.api.example.com/",
        ] {
            assert!(!allows(&entry, other), "{other}");
        }
    }

    #[test]
    fn other_spellings_of_an_address_are_the_same_address() {
        assert!(allows(&["http://127.0.0.1:80"], "http://127.0.0.1/"));
        for other in ["http://127.0.0.2/", "http://[::1]/", "http://localhost/"] {
            assert!(!allows(&["http://127.0.0.1:80"], other), "{other}");
        }
    }
}
