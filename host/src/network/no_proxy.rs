//! Which targets no proxy is asked for: `NO_PROXY`, as Go's `httpproxy` reads it.
//!
//! There is no standard for this variable. Connectors of this kind are written in Go, so a machine on which one worked
//! has a value that Go understands, and what Go reaches directly must not go through a proxy here. An entry is one of
//! these, in any case, with blanks around it:
//!
//! | entry | meant are |
//! |---|---|
//! | `*` | all targets |
//! | `10.0.0.0/8`, `fd00::/8` | addresses of that network, any port |
//! | `10.0.0.1`, `10.0.0.1:8080`, `fd00::1`, `[fd00::1]:8080` | that address |
//! | `example.com`, `example.com:8080` | that name and all names within it |
//! | `.example.com`, `*.example.com`, with a port or without | the names within it alone |
//!
//! What fits none of these is passed over, as Go does. `tests/interop` compares the two.

use std::net::{IpAddr, Ipv6Addr};

/// The entries of one list.
#[derive(Debug, Default)]
pub(super) struct NoProxy(Vec<Entry>);

#[derive(Debug, PartialEq)]
enum Entry {
    All,
    /// Addresses that begin with these bits.
    Network(IpAddr, u32),
    Address(IpAddr, Port),
    /// Names that end with this text, which begins with a dot; with `itself` also the name without the dot.
    Domain {
        suffix: String,
        itself: bool,
        port: Port,
    },
}

/// As it is written: a target's is compared with it letter by letter. None stands for every port.
type Port = Option<String>;

impl NoProxy {
    /// Read a list.
    pub fn parse(text: &str) -> NoProxy {
        let mut entries = Vec::new();
        for part in text.split(',') {
            match entry(&part.trim().to_lowercase()) {
                // All that stands beside it says nothing more.
                Some(Entry::All) => return NoProxy(vec![Entry::All]),
                entry => entries.extend(entry),
            }
        }
        NoProxy(entries)
    }

    /// Whether a target is meant. An address that is written as a name has no brackets.
    pub fn holds(&self, host: &str, port: &str) -> bool {
        let host = host.to_lowercase();
        let address = host.parse::<IpAddr>().ok().map(|address| address.to_canonical());
        self.0.iter().any(|entry| entry.fits(&host, address, port))
    }
}

impl Entry {
    fn fits(&self, host: &str, address: Option<IpAddr>, port: &str) -> bool {
        let at = |wanted: &Port| wanted.as_deref().is_none_or(|wanted| wanted == port);
        match (self, address) {
            (Entry::All, _) => true,
            (Entry::Network(network, bits), Some(address)) => prefix(address, *bits) == Some(*network),
            (Entry::Address(own, wanted), Some(address)) => *own == address && at(wanted),
            (Entry::Domain { suffix, itself, port: wanted }, None) => {
                let is_itself = *itself && suffix.strip_prefix('.') == Some(host);
                (is_itself || host.ends_with(suffix.as_str())) && at(wanted)
            }
            _ => false,
        }
    }
}

/// What an entry in lower case means.
fn entry(text: &str) -> Option<Entry> {
    if text == "*" {
        return Some(Entry::All);
    }
    if let Some(network) = network(text) {
        return Some(network);
    }
    let (host, port) = match split_port(text) {
        Some((host, port)) => (host, Some(port).filter(|port| !port.is_empty()).map(str::to_owned)),
        None => (text, None),
    };
    if let Ok(address) = host.parse::<IpAddr>() {
        return Some(Entry::Address(address.to_canonical(), port));
    }
    let name = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host);
    let (itself, name) = match name.strip_prefix('.') {
        Some(name) => (false, name),
        None if name.is_empty() => return None,
        None => (true, name),
    };
    Some(Entry::Domain { suffix: format!(".{}", in_ascii(name)), itself, port })
}

/// `address/bits`.
fn network(text: &str) -> Option<Entry> {
    let (address, bits) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    if bits.is_empty() || !bits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let network = prefix(address, bits.parse().ok()?)?;
    // The same network in the other family's writing.
    match (network, network.to_canonical()) {
        (IpAddr::V6(_), canonical @ IpAddr::V4(_)) => {
            Some(Entry::Network(canonical, bits.parse::<u32>().ok()?.checked_sub(96)?))
        }
        _ => Some(Entry::Network(network, bits.parse().ok()?)),
    }
}

/// The address with all but its first bits cleared; none when it has not that many.
fn prefix(address: IpAddr, bits: u32) -> Option<IpAddr> {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(bits)?).unwrap_or(0);
            Some(IpAddr::V4((v4.to_bits() & mask).into()))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(bits)?).unwrap_or(0);
            Some(IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask)))
        }
    }
}

/// `host:port`, with the host in brackets where it holds colons itself.
fn split_port(text: &str) -> Option<(&str, &str)> {
    let (before, port) = text.rsplit_once(':')?;
    let host = match before.strip_prefix('[') {
        Some(host) => host.strip_suffix(']')?,
        None if before.contains(':') => return None,
        None => before,
    };
    (!host.contains(['[', ']']) && !port.contains(['[', ']'])).then_some((host, port))
}

/// A name as it stands in a request. One that cannot be written so fits nothing.
fn in_ascii(name: &str) -> String {
    match url::Host::parse(name) {
        Ok(host) if !name.is_ascii() => host.to_string(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a list names a target, in all: each line was asked of Go.
    #[test]
    fn entries_mean_what_they_mean_to_go() {
        const NAME: (&str, &str) = ("api.example.com", "443");
        for (list, (host, port), meant) in [
            ("example.com", NAME, true),
            ("api.example.com", NAME, true),
            ("API.Example.COM", NAME, true),
            ("  example.com  ,other.test", NAME, true),
            (".example.com", NAME, true),
            ("*.example.com", NAME, true),
            ("*.api.example.com", NAME, false),
            (".api.example.com", NAME, false),
            ("ample.com", NAME, false),
            ("*ample.com", NAME, false),
            ("example.com:443", NAME, true),
            ("*.example.com:443", NAME, true),
            ("example.com:80", NAME, false),
            ("example.com:", NAME, true),
            ("*", NAME, true),
            ("other.test, * ,", NAME, true),
            ("*:443", NAME, false),
            (":443", NAME, false),
            ("", NAME, false),
            (" , ,", NAME, false),
            ("bücher.example", ("xn--bcher-kva.example", "443"), true),
            (".bücher.example", ("a.xn--bcher-kva.example", "443"), true),
            ("10.0.0.7", ("10.0.0.7", "80"), true),
            ("10.0.0.7:80", ("10.0.0.7", "80"), true),
            ("10.0.0.7:81", ("10.0.0.7", "80"), false),
            ("10.0.0.0/8", ("10.9.9.9", "80"), true),
            ("10.0.0.0/8:80", ("10.9.9.9", "80"), false),
            ("0.0.0.0/0", ("10.9.9.9", "80"), true),
            ("10.0.0.0/33", ("10.9.9.9", "80"), false),
            ("10.0.0.010", ("10.0.0.8", "80"), false),
            ("0.0.0.7", ("10.0.0.7", "80"), false),
            ("2001:db8::1", ("2001:db8::1", "80"), true),
            ("[2001:db8::1]:80", ("2001:db8::1", "80"), true),
            ("[2001:db8::1]:81", ("2001:db8::1", "80"), false),
            ("[2001:db8::1]", ("2001:db8::1", "80"), false),
            ("2001:DB8::/32", ("2001:db8::1", "80"), true),
            ("::ffff:10.0.0.7", ("10.0.0.7", "80"), true),
            ("::ffff:10.0.0.0/104", ("10.9.9.9", "80"), true),
            ("10.0.0.7", ("::ffff:10.0.0.7", "80"), true),
            ("::/0", ("10.0.0.7", "80"), false),
        ] {
            assert_eq!(NoProxy::parse(list).holds(host, port), meant, "{list:?} for {host}:{port}");
        }
    }
}
