//! Web addresses, as far as this connector has to understand them: `http(s)://server/…`.
//!
//! Written for this one form, because it is a twentieth of a general parser, and it takes less: what it does not
//! know is no address.

/// The parts of an address.
pub struct Address<'a> {
    /// Whether the connection is encrypted.
    pub https: bool,
    /// Whether a user name or password stands before the server.
    pub user: bool,
    /// Host and port. See [`is_server`].
    pub server: &'a str,
    /// Path, query and fragment, unchecked; empty or with a leading `/`, `?` or `#`.
    pub rest: &'a str,
}

impl Address<'_> {
    /// Cut an address into its parts. None if it is not `http://` or `https://`.
    pub fn parse(text: &str) -> Option<Address<'_>> {
        let (https, text) = match strip(text, "https://") {
            Some(text) => (true, text),
            None => (false, strip(text, "http://")?),
        };
        let end = text.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(text.len());
        let (authority, rest) = text.split_at_checked(end)?;
        let user = authority.bytes().rposition(|byte| byte == b'@').map(|at| at + 1);
        let server = authority.get(user.unwrap_or_default()..)?;
        Some(Address { https, user: user.is_some(), server, rest })
    }

    /// Its beginning, up to the server: `https://host:port`.
    pub fn scheme(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }
}

/// A beginning in any case taken away.
fn strip<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (first, rest) = text.split_at_checked(beginning.len())?;
    first.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// Whether a text is a host, by name or by number, with or without a port.
pub fn is_server(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((six, port)) => {
            if six.is_empty()
                || !six.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
            {
                return false;
            }
            ("", port)
        }
        None => {
            let end = text.bytes().position(|byte| byte == b':').unwrap_or(text.len());
            let Some((host, port)) = text.split_at_checked(end).filter(|(host, _)| !host.is_empty()) else {
                return false;
            };
            (host, port)
        }
    };
    let port_is_good = match port.strip_prefix(':') {
        Some(port) => {
            port.bytes().all(|byte| byte.is_ascii_digit())
                && port.parse().is_ok_and(|port: u64| port < 1 << 16)
        }
        None => port.is_empty(),
    };
    port_is_good && host.bytes().all(is_unreserved)
}

/// Whether a text is a path in the form in which it is sent.
pub fn is_path(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let good = match byte {
            b'%' => {
                [bytes.next(), bytes.next()].iter().flatten().filter(|byte| byte.is_ascii_hexdigit()).count()
                    == 2
            }
            b'/' | b':' | b'@' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';'
            | b'=' => true,
            byte => is_unreserved(byte),
        };
        if !good {
            return false;
        }
    }
    true
}

/// The letters that RFC 3986 calls unreserved.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_host_and_perhaps_a_port() {
        for good in ["x.test", "x.test:1", "x:65535", "127.0.0.1:80", "[::1]", "[fe80::1.2.3.4]:8443", "a_b"]
        {
            assert!(is_server(good), "{good}");
        }
        for bad in [
            "", ":80", "x:", "x:65536", "x:+1", "x:1:2", "[]", "[::1", "[::1]x", "[x]", "x y", "x%41",
            "é.test", "a\\b",
        ] {
            assert!(!is_server(bad), "{bad}");
        }
    }

    #[test]
    fn a_path_is_already_encoded() {
        for good in ["", "/", "/a-b_c~d.e/f%20g", "/a:b@c"] {
            assert!(is_path(good), "{good}");
        }
        for bad in ["/a b", "/%", "/%4", "/%zz", "/é", "/a\\b", "/a\nb", "/a?b", "/a#b", "/[a]"] {
            assert!(!is_path(bad), "{bad}");
        }
    }

    #[test]
    fn the_server_is_what_comes_after_the_last_at_sign() {
        let address = Address::parse("HTTP://good.test@evil.test:81/x@y?z").expect("an address");
        assert_eq!((address.https, address.user), (false, true));
        assert_eq!((address.server, address.rest), ("evil.test:81", "/x@y?z"));
        for bad in ["", "x.test", "//x.test", "ftp://x.test", "https:/x.test", "é"] {
            assert!(Address::parse(bad).is_none(), "{bad}");
        }
    }
}
