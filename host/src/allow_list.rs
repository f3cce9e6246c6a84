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

use url::Url;

/// Scheme, host and port of a URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute `http` or `https` URL without user information.
    pub fn parse(text: &str) -> Option<Origin> {
        let url = Url::parse(text).ok()?;
        let known = matches!(url.scheme(), "http" | "https");
        if !known || !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return None;
        }
        Some(Origin {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// The address in this origin that has another one's path and query. None when that is no path.
    pub(crate) fn with_path_of(&self, uri: &http::Uri) -> Option<http::Uri> {
        let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        if !path.starts_with('/') {
            return None;
        }
        let usual = if self.is_https() { 443 } else { 80 };
        let authority =
            if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) };
        http::Uri::builder()
            .scheme(self.scheme.as_str())
            .authority(authority)
            .path_and_query(path)
            .build()
            .ok()
    }

    /// Whether requests to it are encrypted.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// The origins a component may talk to.
#[derive(Clone, Debug, Default)]
pub struct AllowList(BTreeSet<Origin>);

impl AllowList {
    /// Add an origin.
    pub fn add(&mut self, origin: Origin) {
        self.0.insert(origin);
    }

    /// The origins, sorted.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.0.iter()
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
        let mut list = AllowList::default();
        for entry in entries {
            list.add(Origin::parse(entry).expect("an origin"));
        }
        list.check(&target.parse().expect("a URI")).is_ok()
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
