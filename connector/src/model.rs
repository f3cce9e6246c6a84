//! The API's replies as types: only what is read, and no more lenient than the records need.
//!
//! Unknown fields are skipped, which is also how the credential metadata in a team's member list stays out of
//! this component: it is stepped over while parsing and never becomes a value. A field that says who has
//! access (ids, roles, slugs, counts, management flags) has no default: without it the reply is an error that
//! names the place. Fields that only describe may be absent or null.

use serde::{Deserialize, Deserializer};

use crate::error::Exchange;
use crate::syncer::{Error, Timestamp};

/// One page of a list, and what it says about itself.
#[derive(Deserialize)]
pub struct List<T> {
    /// The page this is, from 1.
    pub current_page: u64,
    /// Records on a full page.
    pub per_page: u64,
    /// The page after this one. It may be null, but it has to be there: it is how a list ends.
    #[serde(deserialize_with = "nullable")]
    pub next_page: Option<u64>,
    /// Records in the whole list; organizations do not tell.
    #[serde(default)]
    pub total_count: Option<u64>,
    /// Pages in the whole list; organizations do not tell.
    #[serde(default)]
    pub total_pages: Option<u64>,
    /// The records.
    pub data: Vec<T>,
}

/// What a page says about its list, without the records.
pub struct Envelope {
    /// As in [`List`].
    pub current_page: u64,
    /// As in [`List`].
    pub per_page: u64,
    /// As in [`List`].
    pub next_page: Option<u64>,
    /// As in [`List`].
    pub total_count: Option<u64>,
    /// As in [`List`].
    pub total_pages: Option<u64>,
}

impl<T> List<T> {
    /// The page's own words, and its records.
    pub fn into_parts(self) -> (Envelope, Vec<T>) {
        let List { current_page, per_page, next_page, total_count, total_pages, data } = self;
        (Envelope { current_page, per_page, next_page, total_count, total_pages }, data)
    }
}

/// An organization.
#[derive(Deserialize)]
pub struct Organization {
    pub id: String,
    /// What paths use. It can be renamed.
    pub name: String,
    #[serde(default)]
    pub plan: Option<String>,
    #[serde(default)]
    pub sso: Option<bool>,
    #[serde(default)]
    pub sso_directory: Option<bool>,
    /// Whether roles come from the identity provider and cannot be changed here.
    pub idp_managed_roles: bool,
    #[serde(default)]
    pub created_at: Option<String>,
}

/// That somebody belongs to an organization.
#[derive(Deserialize)]
pub struct Membership {
    pub user: User,
    /// `member`, `admin`, or a word the API's description does not have, such as `analyst`.
    pub role: String,
}

/// That somebody belongs to a team. Its `passwords` are not read.
#[derive(Deserialize)]
pub struct TeamMembership {
    pub user: TeamUser,
}

/// The part of a user that a team's grant needs.
#[derive(Deserialize)]
pub struct TeamUser {
    pub id: String,
}

/// An account.
#[derive(Deserialize)]
pub struct User {
    pub id: String,
    pub email: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub avatar_url: Option<String>,
    #[serde(default)]
    pub created_at: Option<String>,
    pub two_factor_auth_configured: bool,
    #[serde(default)]
    pub email_verified: Option<bool>,
    /// Managed by single sign-on.
    #[serde(default)]
    pub sso: Option<bool>,
    /// Managed by an authentication provider.
    #[serde(default)]
    pub managed: Option<bool>,
    /// Managed by a directory.
    #[serde(default)]
    pub directory_managed: Option<bool>,
    #[serde(default)]
    pub default_organization: Option<DefaultOrganization>,
}

/// Which organization a user sees first.
#[derive(Deserialize)]
pub struct DefaultOrganization {
    #[serde(default)]
    pub name: Option<String>,
}

/// A team. Its inline `members` and `databases` are not read.
#[derive(Deserialize)]
pub struct Team {
    pub id: String,
    /// What paths use. It can be renamed.
    pub slug: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// Whether a directory keeps its members.
    pub managed: bool,
    #[serde(default)]
    pub created_at: Option<String>,
}

/// What the API says when it refuses.
#[derive(Deserialize)]
pub struct Refusal {
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub message: Option<String>,
}

/// `null` is a value, absence is an error.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

/// Read a reply's body, or say where in it reading ended.
pub fn parse<'de, T: Deserialize<'de>>(body: &'de [u8], exchange: &Exchange) -> Result<T, Error> {
    let mut from = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let path = error.path().to_string();
        misunderstood(error.into_inner(), path, body.len(), exchange)
    })?;
    from.end().map_err(|_| exchange.reply("PlanetScale's reply goes on after its end", ""))?;
    Ok(value)
}

/// The error for a body that is not what the API documents.
#[inline(never)]
fn misunderstood(error: serde_json::Error, path: String, bytes: usize, exchange: &Exchange) -> Error {
    let what = match error.classify() {
        serde_json::error::Category::Eof => {
            format!("PlanetScale's reply ends in the middle, after {bytes} bytes; run the sync again")
        }
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
            format!("PlanetScale's reply is not valid JSON ({error})")
        }
        // The deserializer's text may quote a value: only what it says up to there is repeated.
        serde_json::error::Category::Data => {
            format!("PlanetScale's reply has not the documented form: {}", without_values(&error))
        }
    };
    exchange.reply(what, if path == "." { String::new() } else { path })
}

/// The deserializer's sentence without the value it met: `invalid type: string "…", expected a boolean` keeps
/// only what was expected.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(", expected ") {
        Some(at) => text.get(at + 2..).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// A moment from the API's text. The API documents no form, so a text that is no RFC 3339 is no moment.
pub fn moment(text: Option<&str>) -> Option<Timestamp> {
    let format = &time::format_description::well_known::Rfc3339;
    let moment = time::OffsetDateTime::parse(text?, format).ok()?;
    Some(Timestamp { seconds: moment.unix_timestamp(), nanoseconds: moment.nanosecond() })
}

/// The first text that is not blank.
pub fn first_of<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Option<&'a str> {
    texts.into_iter().flatten().map(str::trim).find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"{"type":"list","current_page":1,"per_page":100,"next_page":null,"total_count":1,
        "total_pages":1,"data":[{"id":"m1","user":{"id":"u1","email":"a@b.c","two_factor_auth_configured":true,
        "new_field":{"deep":[1,2]}},"role":"admin"}]}"#;

    fn failure_of(body: &str) -> (String, String) {
        match parse::<List<Membership>>(body.as_bytes(), &Exchange::default()) {
            Err(Error::Reply(failure)) => (failure.failure.message, failure.path),
            _ => panic!("expected a reply error for {body}"),
        }
    }

    #[test]
    fn unknown_fields_are_skipped() {
        let page: List<Membership> = parse(PAGE.as_bytes(), &Exchange::default()).expect("a page");
        assert_eq!(page.data[0].user.id, "u1");
        assert_eq!(page.total_count, Some(1));
    }

    #[test]
    fn a_missing_or_wrong_field_that_access_hangs_on_is_named() {
        for field in ["\"role\":\"admin\"", "\"id\":\"u1\",", "\"next_page\":null,", "\"current_page\":1,"] {
            let cut = PAGE.replace(field, "\"x\":1").replace("\"x\":1\"", "\"x\":1,\"");
            let (message, _) = failure_of(&cut);
            let name = field.split('"').nth(1).unwrap_or_default();
            assert!(message.contains(name), "{message} does not name {name}");
        }
        let (message, path) = failure_of(&PAGE.replace("\"u1\"", "17"));
        assert_eq!(path, "data[0].user.id");
        assert!(!message.contains("17"), "{message} repeats the value");
    }

    #[test]
    fn cut_and_broken_json_say_so() {
        assert!(failure_of(&PAGE[..60]).0.contains("ends in the middle"));
        assert!(failure_of("<html>").0.contains("not valid JSON"));
        assert!(failure_of(&format!("{PAGE}x")).0.contains("after its end"));
    }

    #[test]
    fn a_moment_is_read_from_rfc_3339_only() {
        let moment = moment(Some("2024-02-29T12:00:00.5+01:00")).expect("a moment");
        assert_eq!((moment.seconds, moment.nanoseconds), (1_709_204_400, 500_000_000));
        for text in ["", "yesterday", "2024-02-30T00:00:00Z"] {
            assert!(super::moment(Some(text)).is_none());
        }
    }
}
