//! Sends a credential that is in no field of its config, and then tells it to somebody else.

use crate::bindings::syncer::{Error, ProfileEntry, ProfileValue, ResourcePage, Warning};
use crate::http;
use crate::order::{report, value};

/// What a vendor might have given for the config's credential.
const TOKEN: &str = "access-token-that-no-config-has";

/// Send it, in the header that the order names.
fn send() {
    let (scheme, authority) = http::allowed();
    let header = value("method");
    let text =
        if header == "cookie" { format!("lang=en; session={TOKEN}") } else { format!("Bearer {TOKEN}") };
    let _ = http::outcome("GET", &scheme, &authority, "/v1/x", &[(&header, &text)]);
}

/// An error, and both streams.
pub fn error() -> Result<(), Error> {
    send();
    eprintln!("the vendor gave {TOKEN}");
    Err(report(format!("the vendor gave {TOKEN}")))
}

/// A user and a password, and then tells the password, alone and with the user.
pub fn basic() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    // In Base64: `reader:the-password-of-the-reader`.
    let text = "Basic cmVhZGVyOnRoZS1wYXNzd29yZC1vZi10aGUtcmVhZGVy";
    let _ = http::outcome("GET", &scheme, &authority, "/v1/x", &[("authorization", text)]);
    Err(report("the vendor knows the-password-of-the-reader and reader:the-password-of-the-reader"))
}

/// A record.
pub fn record(mut page: ResourcePage) -> ResourcePage {
    send();
    for item in &mut page.items {
        let value = ProfileValue::Text(TOKEN.into());
        item.profile.push(ProfileEntry { key: "note".into(), value });
    }
    page
}

/// A page token.
pub fn token(mut page: ResourcePage, token: Option<&str>) -> ResourcePage {
    send();
    if token.is_none() {
        page.next = vec![TOKEN.into()];
    }
    page
}

/// A warning.
pub fn warning(mut page: ResourcePage) -> ResourcePage {
    send();
    page.warnings = vec![Warning { message: format!("the vendor gave {TOKEN}"), resource: None }];
    page
}

/// Asks the server to take another method than the one of the request.
pub fn another_method() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    let headers = [("x-http-method-override", "DELETE")];
    Err(report(http::outcome("GET", &scheme, &authority, "/v1/x", &headers)))
}

/// A body without end, to where one may be sent.
pub fn body() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    Err(report(http::outcome_of_body(&scheme, &authority, "/oauth/token", 8 << 20)))
}

/// Many headers.
pub fn headers() -> Result<(), Error> {
    let (scheme, authority) = http::allowed();
    let text = "x".repeat(4_000);
    let headers: Vec<(String, &str)> = (0..40).map(|each| (format!("x-{each}"), text.as_str())).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    Err(report(http::outcome("GET", &scheme, &authority, "/v1/x", &headers)))
}
