//! The PlanetScale API: which path a list has, and what a reply's status means.
//!
//! Every refusal becomes the contract's error for what to do next. The vendor's own words are quoted, short and
//! without the token. PlanetScale answers 404 where others answer 403, so what a 404 means is the caller's to
//! say: see [`Asked`].

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use baton_planetscale_api as read;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::address::{self, Address};
use crate::bindings::syncer::{Error, RateLimit};
use crate::config::Config;
use crate::error::Exchange;
use crate::http::{self, Cache, Response};
use crate::page::{Cursor, Envelope};
use crate::reply;
use crate::text::{first_of, on_one_line};
use crate::wait;

/// Everything but the letters that RFC 3986 calls unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The access every list needs.
pub const ACCESS: &str = "read_organization";

/// A list of the API, by the names in its path.
#[derive(Clone, Copy)]
pub enum List<'a> {
    /// All organizations.
    Organizations,
    /// An organization's members.
    Members(&'a str),
    /// An organization's teams.
    Teams(&'a str),
    /// The members of a team: of this organization, the team with this slug.
    TeamMembers(&'a str, &'a str),
}

impl List<'_> {
    fn path(self) -> Result<String, Error> {
        match self {
            List::Organizations => path(&["organizations"]),
            List::Members(organization) => path(&["organizations", organization, "members"]),
            List::Teams(organization) => path(&["organizations", organization, "teams"]),
            List::TeamMembers(organization, slug) => {
                path(&["organizations", organization, "teams", slug, "members"])
            }
        }
    }

    /// Its name in a sentence.
    pub fn subject(self) -> String {
        let (what, organization) = match self {
            List::Organizations => return "the organizations".into(),
            List::Members(organization) => ("members".into(), organization),
            List::Teams(organization) => ("teams".into(), organization),
            List::TeamMembers(organization, slug) => (format!("members of team {slug}"), organization),
        };
        format!("the {what} of organization {organization}")
    }
}

/// A page that was read.
pub struct Page<T> {
    /// The records.
    pub records: Vec<T>,
    /// What follows.
    pub next: Vec<Cursor>,
    /// How many records the whole list has, as far as the reply tells.
    pub total: Option<u64>,
    /// What the reply said of the vendor's limits.
    pub rate_limit: Option<RateLimit>,
}

/// What came of asking for a page.
pub enum Asked<T> {
    /// The page.
    Page(Page<T>),
    /// 404.
    Missing(Exchange),
}

impl<T> Asked<T> {
    /// The page of this list; a 404 as missing access to it.
    pub fn reached(self, list: List) -> Result<Page<T>, Error> {
        match self {
            Asked::Page(page) => Ok(page),
            Asked::Missing(exchange) => Err(no_access(&exchange, list)),
        }
    }
}

/// The error for a list that the token does not reach.
pub fn no_access(exchange: &Exchange, list: List) -> Error {
    no_access_because(exchange, list, "")
}

/// The same, with what shows it: empty, or in brackets after a blank.
pub fn no_access_because(exchange: &Exchange, list: List, why: &str) -> Error {
    let subject = list.subject();
    exchange.access(format!(
        "PlanetScale does not show {subject} to this service token{why}; give the token the organization access {ACCESS}"
    ))
}

/// A path of names, each encoded so that it stays one segment.
fn path(segments: &[&str]) -> Result<String, Error> {
    let mut path = String::from("/v1");
    for segment in segments {
        // Servers and proxies resolve these away even when encoded: the request would be for something else.
        if matches!(*segment, "" | "." | "..") {
            let what = format!("PlanetScale gave the name \"{segment}\", which cannot be part of an address");
            return Err(Exchange::default().reply(what, ""));
        }
        path.push('/');
        path.extend(utf8_percent_encode(segment, SEGMENT));
    }
    Ok(path)
}

/// What reads a page's body.
pub type Read<T> = fn(&[u8]) -> read::Result<read::Page<T>>;

/// What reads a page's body, keeps the records and says how many they are.
type Take<'a> = &'a mut dyn FnMut(&[u8]) -> read::Result<(Envelope, usize)>;

/// One page of a list; a 404 as missing access to it.
pub fn list<T>(
    config: &Config,
    list: List,
    cursor: &Cursor,
    cache: Cache,
    read: Read<T>,
) -> Result<Page<T>, Error> {
    ask(config, list, cursor, cache, read)?.reached(list)
}

/// One page of a list; what a 404 means is the caller's to say.
pub fn ask<T>(
    config: &Config,
    list: List,
    cursor: &Cursor,
    cache: Cache,
    read: Read<T>,
) -> Result<Asked<T>, Error> {
    let mut records = Vec::new();
    let asked = turn(config, list, cursor, cache, &mut |body| {
        let page = read(body)?;
        let envelope = Envelope::of(&page);
        records = page.data;
        Ok((envelope, records.len()))
    })?;
    Ok(match asked {
        Asked::Page(Page { next, total, rate_limit, .. }) => {
            Asked::Page(Page { records, next, total, rate_limit })
        }
        Asked::Missing(exchange) => Asked::Missing(exchange),
    })
}

/// A page whose records are taken by whoever reads it: all that does not depend on their type, so that it is compiled
/// once.
#[inline(never)]
fn turn(config: &Config, list: List, cursor: &Cursor, cache: Cache, read: Take) -> Result<Asked<()>, Error> {
    let (path, subject) = (list.path()?, list.subject());
    let address = format!("{path}?page={}&per_page={}", cursor.page, cursor.per_page);
    let response = http::get(config, &address, cache)?;
    let exchange = response.exchange();
    if is_missing(&response) {
        return Ok(Asked::Missing(exchange));
    }
    let rate_limit = wait::limits(&response);
    let (next, total) = match accept(config, &response, &subject)? {
        Some(body) => reply::understood(read(body), body, &exchange)
            .and_then(|(envelope, count)| {
                Ok((cursor.next(&envelope, count, &exchange)?, envelope.total_count))
            })
            .map_err(|error| in_place(error, &subject))?,
        None => (vec![split(cursor, &subject, &exchange)?], None),
    };
    Ok(Asked::Page(Page { records: Vec::new(), next, total, rate_limit }))
}

/// Whose address a team's is, from the vendor: the id, or none when there is nothing.
pub fn team_at(config: &Config, organization: &str, slug: &str) -> Result<Option<String>, Error> {
    let subject = format!("team {slug} of organization {organization}");
    let path = path(&["organizations", organization, "teams", slug])?;
    let response = http::get(config, &path, Cache::Fresh)?;
    if is_missing(&response) {
        return Ok(None);
    }
    let exchange = response.exchange();
    let found = match accept(config, &response, &subject)? {
        Some(body) => reply::understood(read::identity(body), body, &exchange)
            .map_err(|error| in_place(error, &subject))?,
        None => return Err(too_large(&subject, &exchange)),
    };
    Ok(Some(found.id))
}

/// Whether PlanetScale says that there is nothing. A web page with this status is somebody else's.
fn is_missing(response: &Response) -> bool {
    response.status == 404 && !response.body.as_deref().is_some_and(is_html)
}

/// The same part of the list in smaller pages.
fn split(cursor: &Cursor, subject: &str, exchange: &Exchange) -> Result<Cursor, Error> {
    cursor.smaller().ok_or_else(|| too_large(subject, exchange))
}

fn too_large(subject: &str, exchange: &Exchange) -> Error {
    exchange.reply(format!("PlanetScale's reply with {subject} is larger than 16 MiB"), "")
}

/// Say which list an error is about.
fn in_place(mut error: Error, subject: &str) -> Error {
    let failure = match &mut error {
        Error::Reply(reply) => &mut reply.failure,
        Error::Changed(failure) => failure,
        _ => return error,
    };
    failure.message = format!("{} (in {subject})", failure.message);
    error
}

/// The body of a good reply, none when it is too large; the error for any other status.
fn accept<'a>(config: &Config, response: &'a Response, subject: &str) -> Result<Option<&'a [u8]>, Error> {
    let exchange = response.exchange();
    let body = response.body.as_deref();
    if response.status != 200 {
        return Err(refusal(config, response, &exchange, subject));
    }
    if let Some(coding) =
        response.header("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity"))
    {
        let coding = on_one_line(&config.token.redact(&coding));
        let what =
            format!("PlanetScale's reply with {subject} is compressed ({coding}), which was not asked for");
        return Err(exchange.reply(what, ""));
    }
    if body.is_some_and(is_html) {
        return Err(exchange.reply(
            format!("a web page came in place of {subject}; check planetscale-api-url, and whether a proxy is in the way"),
            "",
        ));
    }
    Ok(body)
}

fn refusal(config: &Config, response: &Response, exchange: &Exchange, subject: &str) -> Error {
    let says = vendor_words(config, response);
    let status = u64::from(response.status);
    match status {
        401 => exchange.credentials(format!(
            "PlanetScale does not know the service token{says}; create a new one and set planetscale-service-token"
        )),
        403 => exchange.access(format!(
            "PlanetScale refuses to show {subject}{says}; give the token the organization access {ACCESS}"
        )),
        429 => exchange.wait(
            format!("PlanetScale takes no more requests for now, while reading {subject}"),
            wait::after(response),
        ),
        408 | 425 | 500..=599 => {
            let what = format!("PlanetScale failed to give {subject} (HTTP {status}){says}");
            match wait::told(response) {
                Some(seconds) => exchange.wait(what, Some(seconds)),
                None => exchange.again(what),
            }
        }
        300..=399 => {
            let to = response.header("location").and_then(|to| origin(&to));
            let to = to.map(|to| on_one_line(&config.token.redact(&format!(" to {to}")))).unwrap_or_default();
            exchange.reply(
                format!("the API redirects{to} instead of giving {subject}, and redirects are not followed; set planetscale-api-url to the API itself"),
                "",
            )
        }
        _ => exchange.reply(
            format!("PlanetScale answered with HTTP {status} in place of {subject}{says}"),
            "",
        ),
    }
}

/// What the vendor says of a refusal, for a sentence: short, on one line, without the token.
fn vendor_words(config: &Config, response: &Response) -> String {
    let body = response.body.as_deref().unwrap_or_default();
    if is_html(body) {
        return " (a web page came: is a proxy in the way?)".to_owned();
    }
    let Ok(said) = read::refusal(body) else { return String::new() };
    let Some(message) = first_of(&[said.message.as_deref(), said.code.as_deref()]) else {
        return String::new();
    };
    // Redacted before it is cut: half a token would not be recognised.
    format!(" (it says: {})", on_one_line(&config.token.redact(&message)))
}

fn is_html(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// Scheme and host of a URL: the rest may hold anything.
fn origin(url: &str) -> Option<String> {
    let address = Address::parse(url).filter(|address| address::is_server(address.server))?;
    Some(format!("{}://{}", address.scheme(), address.server))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_segment_whatever_it_holds() {
        let path = path(&["organizations", "a/b?c#d%2f@é ..", "teams"]).expect("a path");
        assert_eq!(path, "/v1/organizations/a%2Fb%3Fc%23d%252f%40%C3%A9%20../teams");
        for name in ["", ".", ".."] {
            assert!(super::path(&["organizations", name]).is_err(), "{name:?}");
        }
    }

    #[test]
    fn of_a_redirect_only_the_origin_is_repeated() {
        assert_eq!(origin("https://u:p@evil.test:81/x?token=1").as_deref(), Some("https://evil.test:81"));
        assert_eq!(origin("/relative"), None);
    }
}
