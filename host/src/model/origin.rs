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
