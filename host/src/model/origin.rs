//! Scheme, host and port: what a URL field of a config names, and what a request goes to.

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
        http::Uri::builder()
            .scheme(self.scheme.as_str())
            .authority(self.authority())
            .path_and_query(path)
            .build()
            .ok()
    }

    /// As a contract and an operator write it: without the scheme's own port.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.authority())
    }

    fn authority(&self) -> String {
        let usual = if self.is_https() { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// Whether it is on this machine, by its address or as `localhost`.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        match host.parse::<std::net::IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        }
    }

    /// Whether requests to it are encrypted.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }
}

/// Why a text is no origin. The text is one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no origin; write scheme and host, and the port if it is another one: https://files.example.com"
)]
pub struct NotAnOrigin(String);

impl std::str::FromStr for Origin {
    type Err = NotAnOrigin;

    /// The whole text is an origin, without a path.
    fn from_str(text: &str) -> Result<Origin, NotAnOrigin> {
        let host = text.split_once("://").map(|(_, host)| host.strip_suffix('/').unwrap_or(host));
        host.filter(|host| !host.contains(['/', '\\', '?', '#']))
            .and_then(|_| Origin::parse(text))
            .ok_or_else(|| NotAnOrigin(text.to_owned()))
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}
