//! Requests to one vendor. What a reply's status means is in [`vendor`](crate::vendor): every refusal becomes the
//! contract's error for what to do next, and quotes the vendor's own words, short and without the credential.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::address::Address;
use crate::bindings::syncer::Error;
use crate::config::Url;
use crate::error::Exchange;
use crate::http::{Cache, Request};
use crate::reply::{Found, Reply};
use crate::send::send;
use crate::vendor::{Vendor, Words};

/// Everything but the letters that RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One vendor, at one address.
#[derive(Clone)]
pub struct Client {
    vendor: Vendor,
    base: Url,
    headers: Vec<(String, String)>,
}

impl Client {
    /// The vendor at this address.
    pub fn new(words: &'static Words, base: Url) -> Client {
        let headers = vec![("accept".into(), "application/json".into())];
        let vendor = Vendor { words, server: base.server.clone(), secrets: Vec::new() };
        Client { vendor, base, headers }
    }

    /// Send this header with each request; in place of one of the same name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Client {
        self.headers.retain(|(found, _)| found != name);
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Keep this out of sentences, whatever the vendor quotes.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Client {
        self.vendor.secrets.push(secret.into());
        self
    }

    /// Send this token with each request, as RFC 6750 has it.
    #[must_use]
    pub fn bearer(self, token: &str) -> Client {
        self.secret(token).header("authorization", &format!("Bearer {token}"))
    }

    /// Ask for a path of names below the address, each encoded so that it stays one segment.
    ///
    /// # Errors
    /// A name cannot be part of an address.
    pub fn get(&self, path: &[&str]) -> Result<Call<'_>, Error> {
        self.call("GET", path)
    }

    /// The same with another method. It only leaves when the connector declares it, and its operator allows it.
    ///
    /// # Errors
    /// A name cannot be part of an address.
    pub fn call(&self, method: &str, path: &[&str]) -> Result<Call<'_>, Error> {
        let path = format!("{}{}", self.base.path, segments(self.vendor.words.product, path)?);
        Ok(self.at(method, path))
    }

    /// Ask for an address that the vendor named, such as a list's next page.
    ///
    /// # Errors
    /// It is of another server: the credential goes to the configured one alone.
    pub fn follow(&self, link: &str) -> Result<Call<'_>, Error> {
        let own = Address::parse(link).filter(|found| {
            !found.user && found.https == self.base.https && found.server == self.base.server
        });
        let path = match own {
            Some(found) => found.rest,
            None if link.starts_with('/') && !link.starts_with("//") => link,
            None => {
                let product = self.vendor.words.product;
                let what = format!(
                    "{product} names an address of another server as the next one, which is not followed"
                );
                return Err(Exchange::default().reply(what, ""));
            }
        };
        Ok(self.at("GET", path.to_owned()))
    }

    fn at(&self, method: &str, path: String) -> Call<'_> {
        let request = Request {
            method: method.into(),
            https: self.base.https,
            server: self.base.server.clone(),
            path,
            headers: self.headers.clone(),
            body: None,
        };
        Call { client: self, request, cache: Cache::May }
    }

    /// A text of the vendor's without secrets and control characters.
    pub fn redact(&self, text: &str) -> String {
        self.vendor.redact(text)
    }
}

/// A path of names, each encoded so that it stays one segment.
///
/// # Errors
/// A name cannot be part of an address.
pub fn segments(product: &str, names: &[&str]) -> Result<String, Error> {
    let mut path = String::new();
    for name in names {
        // Servers and proxies resolve these away even when encoded: the request would be for something else.
        if matches!(*name, "" | "." | "..") {
            let what = format!("{product} gave the name \"{name}\", which cannot be part of an address");
            return Err(Exchange::default().reply(what, ""));
        }
        path.push('/');
        path.extend(utf8_percent_encode(name, ENCODED));
    }
    Ok(path)
}

/// A request in the making.
pub struct Call<'a> {
    client: &'a Client,
    request: Request,
    cache: Cache,
}

impl<'a> Call<'a> {
    /// Add a parameter to the query.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Display) -> Call<'a> {
        self.request.path.push(if self.request.path.contains('?') { '&' } else { '?' });
        self.request.path.push_str(&pair(name, &value.to_string()));
        self
    }

    /// Add a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Call<'a> {
        self.request.headers.push((name.into(), value.into()));
        self
    }

    /// Whether an earlier reply may serve.
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Call<'a> {
        self.cache = cache;
        self
    }

    /// Send a form.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Call<'a> {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| pair(name, value)).collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&").into_bytes())
    }

    /// Send a body of this kind.
    #[must_use]
    pub fn body(mut self, kind: &str, body: Vec<u8>) -> Call<'a> {
        self.request.body = Some(body);
        self.header("content-type", kind)
    }

    /// The reply, when it is a good one; `subject` names in a sentence what is asked for: `the members of team x`.
    ///
    /// # Errors
    /// There is none, or a refusal; a 404 is one.
    pub fn fetch(self, subject: &str) -> Result<Reply<'a>, Error> {
        match self.find(subject)? {
            Found::Reply(reply) => Ok(reply),
            Found::Missing(missing) => Err(missing.no_access("")),
        }
    }

    /// The same, where what a 404 means is the caller's to say. A web page with that status is somebody else's, and a
    /// refusal.
    ///
    /// # Errors
    /// There is none, or another refusal.
    pub fn find(mut self, subject: &str) -> Result<Found<'a>, Error> {
        match self.cache {
            Cache::May => {}
            Cache::NoStore => self.request.headers.push(("cache-control".into(), "no-store".into())),
            Cache::Fresh => self.request.headers.push(("cache-control".into(), "no-cache".into())),
        }
        let vendor = &self.client.vendor;
        let response = send(&self.request).map_err(|failed| vendor.unanswered(&failed))?;
        Reply::of(vendor, response, subject)
    }
}

fn pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, ENCODED), utf8_percent_encode(value, ENCODED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::double;

    const WORDS: Words = Words {
        product: "Acme",
        credential: "token",
        renew: "make a new one",
        access: "let it read",
        address: "acme-url",
    };

    const TOKEN: &str = "t0p-s3cret";

    fn client() -> Client {
        Client::new(&WORDS, Url::parse("acme-url", "https://acme.test/api").expect("a URL")).bearer(TOKEN)
    }

    /// The error for a reply.
    fn refused(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
        let mut reply = double::reply(status, body);
        reply.headers =
            headers.iter().map(|(name, value)| ((*name).into(), value.as_bytes().to_vec())).collect();
        double::answers(move |_| reply.clone());
        let result = client().get(&["users"]).and_then(|call| call.fetch("the users")?.json::<u64>());
        result.expect_err("a refusal")
    }

    #[test]
    fn a_name_stays_one_segment_whatever_it_holds() {
        let path = segments("Acme", &["organizations", "a/b?c#d%2f@é ..", "teams"]).expect("a path");
        assert_eq!(path, "/organizations/a%2Fb%3Fc%23d%252f%40%C3%A9%20../teams");
        for name in ["", ".", ".."] {
            assert!(segments("Acme", &["organizations", name]).is_err(), "{name:?}");
        }
    }

    #[test]
    fn each_status_becomes_what_the_caller_does_next() {
        for (status, headers, body, is) in [
            (401, &[][..], "{}", "credentials"),
            (403, &[], "{}", "access"),
            (404, &[], "{}", "access"),
            (404, &[], "<html>", "reply"),
            (429, &[("retry-after", "7")], "", "wait 7"),
            (429, &[], "", "wait"),
            (500, &[], "", "again"),
            (503, &[("retry-after", "9")], "", "wait 9"),
            (302, &[("location", "https://u:p@evil.test/x?token=1")], "", "reply"),
            (200, &[], "<html>", "reply"),
            (200, &[], "{", "reply"),
            (200, &[("content-encoding", "br")], "1", "reply"),
            (418, &[], "", "reply"),
        ] {
            let found = match refused(status, headers, body) {
                Error::Credentials(_) => "credentials".into(),
                Error::Access(_) => "access".into(),
                Error::Wait(wait) => wait.after.map_or("wait".into(), |after| format!("wait {after}")),
                Error::Again(_) => "again".into(),
                Error::Reply(_) => "reply".to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(found, is, "{status} {headers:?} {body}");
        }
    }

    #[test]
    fn the_vendor_is_quoted_without_the_token_and_of_a_redirect_only_the_origin_is_told() {
        let told = |error: Error| format!("{error:?}");
        let said = told(refused(403, &[], &format!(r#"{{"message":"{TOKEN} is not for you"}}"#)));
        assert!(said.contains("(it says: [redacted] is not for you)") && !said.contains(TOKEN), "{said}");
        let said = told(refused(302, &[("location", "https://u:p@evil.test:81/x?token=1")], ""));
        assert!(
            said.contains("redirects to https://evil.test:81 instead") && !said.contains("u:p"),
            "{said}"
        );
    }

    #[test]
    fn a_request_is_made_of_what_was_said() {
        double::answers(|request| {
            assert_eq!((request.method.as_str(), request.server.as_str()), ("GET", "acme.test"));
            assert_eq!(request.path, "/api/users?filter=a%20b%26c&page=2");
            let header =
                |name: &str| request.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value);
            assert_eq!(header("authorization").map(String::as_str), Some("Bearer t0p-s3cret"));
            assert_eq!(header("cache-control").map(String::as_str), Some("no-store"));
            double::reply(200, "7")
        });
        let client = client();
        let call = client.get(&["users"]).expect("a request").query("filter", "a b&c").query("page", 2);
        let reply = call.cache(Cache::NoStore).fetch("the users").expect("a reply");
        assert_eq!(reply.json::<u64>().ok(), Some(7));
    }

    #[test]
    fn a_link_is_followed_to_the_same_server_only() {
        let client = client();
        for (link, path) in
            [("https://acme.test/api/users?after=2", "/api/users?after=2"), ("/api/x", "/api/x")]
        {
            assert_eq!(client.follow(link).map(|call| call.request.path).ok().as_deref(), Some(path));
        }
        for link in ["https://evil.test/", "http://acme.test/", "//evil.test/", "https://u@acme.test/", "x"] {
            assert!(client.follow(link).is_err(), "{link}");
        }
    }
}
