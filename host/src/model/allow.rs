//! The operator's word for what a connector wants beyond reading from the origins of its URL fields.
//!
//! A connector declares what it needs (`further-origins` and `further-requests` of its metadata); that grants nothing.
//! What counts is what stands here, and it is taken only for what was declared.

use std::str::FromStr;

use super::origin::Origin;

/// What is allowed. Nothing is by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allow {
    /// Further origins that may be read from.
    pub origins: Vec<Origin>,
    /// Requests that are neither GET nor HEAD.
    pub writes: Vec<Write>,
}

/// A request that may be sent: method, origin and path, each exact; any query.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    pub(crate) method: http::Method,
    pub(crate) origin: Origin,
    pub(crate) path: String,
}

/// Why a text is no such request. The text is one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no request that can be allowed; write the method in upper case, a blank, and the exact address without \
     query, for example 'POST https://auth.example.com/oauth/token'"
)]
pub struct NotAWrite(String);

impl FromStr for Write {
    type Err = NotAWrite;

    fn from_str(text: &str) -> Result<Write, NotAWrite> {
        let (method, url) = text.trim().split_once(' ').ok_or_else(|| NotAWrite(text.to_owned()))?;
        Write::new(method, url.trim()).ok_or_else(|| NotAWrite(text.to_owned()))
    }
}

impl Write {
    /// None when the method cannot be allowed, or the address is not exact.
    pub(crate) fn new(method: &str, url: &str) -> Option<Write> {
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let method: http::Method = method.parse().ok()?;
        if [http::Method::CONNECT, http::Method::GET, http::Method::HEAD].contains(&method) {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        if url.contains(['?', '#']) {
            return None;
        }
        let origin = Origin::parse(&format!("{scheme}://{authority}"))?;
        Some(Write { method, origin, path: exact(path)? })
    }
}

impl std::fmt::Display for Write {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}{}", self.method, self.origin.url(), self.path)
    }
}

/// A path in its one spelling: what needs no encoding is not encoded, and hexadecimal digits are large. None when servers
/// read it differently: with an empty part, `.` or `..`, a backslash, or an encoded slash or control character.
pub(crate) fn exact(path: &str) -> Option<String> {
    let mut spelt = String::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            if !byte.is_ascii_graphic() || byte == b'\\' {
                return None;
            }
            spelt.push(char::from(byte));
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let decoded = u8::try_from(digit()? * 16 + digit()?).ok()?;
        match decoded {
            b'/' | b'\\' | ..0x20 | 0x7f => return None,
            b'-' | b'.' | b'_' | b'~' => spelt.push(char::from(decoded)),
            letter if letter.is_ascii_alphanumeric() => spelt.push(char::from(letter)),
            other => spelt.push_str(&format!("%{other:02X}")),
        }
    }
    let mut segments = spelt.strip_prefix('/')?.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if segment == "." || segment == ".." || (segment.is_empty() && !is_last) {
            return None;
        }
    }
    Some(spelt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling_or_none() {
        for (path, spelt) in [
            ("/", "/"),
            ("/oauth/token", "/oauth/token"),
            ("/oauth/token/", "/oauth/token/"),
            ("/%6Fauth/%74oken", "/oauth/token"),
            ("/a%3ab;c=d", "/a%3Ab;c=d"),
            ("/caf%c3%a9", "/caf%C3%A9"),
            ("/...", "/..."),
        ] {
            assert_eq!(exact(path).as_deref(), Some(spelt), "{path}");
        }
        for path in [
            "",
            "oauth",
            "//",
            "/a//b",
            "//evil.test/",
            "/.",
            "/./a",
            "/a/..",
            "/a/../b",
            "/%2e%2e/a",
            "/.%2E/a",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a%",
            "/a%4",
            "/a%zz",
            "/a b",
            "/a%00",
            "/a%0a",
            "/é",
        ] {
            assert_eq!(exact(path), None, "{path}");
        }
    }

    #[test]
    fn a_request_that_is_allowed_is_exact() {
        let write: Write = "POST https://auth.example.com:443/oauth/token".parse().expect("a request");
        assert_eq!(write.to_string(), "POST https://auth.example.com/oauth/token");
        assert_eq!("POST http://127.0.0.1:8080".parse::<Write>().map(|write| write.path), Ok("/".into()));
        for text in [
            "",
            "POST",
            "https://auth.example.com/",
            "post https://auth.example.com/",
            "GET https://auth.example.com/",
            "CONNECT https://auth.example.com/",
            "POST auth.example.com/oauth",
            "POST ftp://auth.example.com/",
            "POST https://user@auth.example.com/",
            "POST https://auth.example.com/a/../b",
            "POST https://auth.example.com/a?b",
            "POST https://auth.example.com?b",
            "* https://auth.example.com/",
        ] {
            let error = text.parse::<Write>().expect_err(text);
            assert!(error.to_string().starts_with(&format!("'{text}' is no request")), "{error}");
        }
    }
}
