//! What a connector says of itself and of its config, before anything is asked of it: the form that the contract gives it.

use std::collections::HashSet;

use url::Url;

use crate::model::contract::{Choice, ConfigField, ConnectorMetadata, FieldKind};
use crate::model::origin::Origin;
use crate::model::texts::is_control;

/// Longest name of a product, and description of it, in bytes.
const NAME: usize = 256;
const DESCRIPTION: usize = 4_096;
/// Longest version and name of a field.
const SHORT: usize = 64;
/// Longest reason and sentence of what cannot be seen.
const SENTENCE: usize = 1_024;
/// Values that a field may be one of.
const CHOICES: usize = 100;

/// What a catalog shows.
pub(super) fn metadata(of: &ConnectorMetadata) -> Result<(), String> {
    sentence("display name", &of.display_name, NAME)?;
    let is_plain = of.version.bytes().all(|byte| byte.is_ascii_graphic());
    if of.version.is_empty() || of.version.len() > SHORT || !is_plain {
        return Err(format!(
            "the version '{}' is not 1 to {SHORT} printable ASCII characters without blank",
            of.version
        ));
    }
    sentence("description", &of.description, DESCRIPTION)?;
    for (what, url) in [("documentation URL", &of.documentation_url), ("icon URL", &of.icon_url)] {
        if let Some(url) = url {
            address(what, url)?;
        }
    }
    for limit in &of.request_limits {
        if !is_origin_or_field(&limit.origin) {
            return Err(format!(
                "the request limit is for '{}', which is neither an origin in lower case without its usual port nor a field \
                 in braces",
                limit.origin
            ));
        }
        if limit.requests_per_minute == 0 {
            return Err(format!("the request limit of {} is 0 in a minute", limit.origin));
        }
    }
    for further in &of.further_origins {
        sentence(&format!("reason for {}", further.origin), &further.reason, SENTENCE)?;
    }
    for further in &of.further_requests {
        sentence(&format!("reason for {}", further.url), &further.reason, SENTENCE)?;
    }
    for spot in &of.cannot_see {
        sentence("sentence of what cannot be seen", &spot.message, SENTENCE)?;
        if let Some(kind) = spot.resource_types.iter().find(|kind| kind.is_empty() || kind.len() > 128) {
            return Err(format!("what cannot be seen is said of '{kind}', which is no resource type's id"));
        }
    }
    Ok(())
}

/// The fields of a config.
pub(super) fn schema(fields: &[ConfigField]) -> Result<(), String> {
    let mut names = HashSet::new();
    for field in fields {
        let name = &field.name;
        if !is_field_name(name) {
            return Err(format!(
                "the field '{name}' is not named by 1 to {SHORT} lower-case letters, digits and '-', a letter first and no \
                 '-' last or twice in a row"
            ));
        }
        if !names.insert(name) {
            return Err(format!("the field '{name}' is there twice"));
        }
        for text in [&field.display_name, &field.description] {
            if let Some(c) = text.chars().find(|c| is_control(*c)) {
                return Err(format!("the field '{name}' has the control character U+{:04X}", u32::from(c)));
            }
        }
        if let FieldKind::Choice(choices) = &field.kind {
            check_choices(choices).map_err(|rule| format!("the field '{name}' has {rule}"))?;
        }
    }
    Ok(())
}

fn check_choices(choices: &[Choice]) -> Result<(), String> {
    if choices.is_empty() || choices.len() > CHOICES {
        return Err(format!("{} values to choose from, of which 1 to {CHOICES} are taken", choices.len()));
    }
    let mut values = HashSet::new();
    for choice in choices {
        if choice.value.is_empty() || choice.value.contains(is_control) {
            return Err("a value to choose that is empty or has control characters".to_owned());
        }
        if !values.insert(&choice.value) {
            return Err(format!("the value '{}' to choose twice", choice.value));
        }
    }
    Ok(())
}

fn is_origin_or_field(text: &str) -> bool {
    match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}').is_some_and(is_field_name),
        None => Origin::parse(text).is_some_and(|origin| origin.url() == text),
    }
}

fn is_field_name(name: &str) -> bool {
    let usual = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    begins && name.len() <= SHORT && name.bytes().all(usual) && !name.ends_with('-') && !name.contains("--")
}

/// A text that people read: not empty, not too long, on one line.
fn sentence(what: &str, text: &str, longest: usize) -> Result<(), String> {
    if text.trim().is_empty() || text.len() > longest {
        return Err(format!("the {what} has {} bytes, of which 1 to {longest} are taken", text.trim().len()));
    }
    match text.chars().find(|c| is_control(*c)) {
        Some(c) => Err(format!("the {what} has the control character U+{:04X}", u32::from(c))),
        None => Ok(()),
    }
}

/// An `https` URL, or a path on the catalog's own site.
fn address(what: &str, url: &str) -> Result<(), String> {
    let is_path = url.starts_with('/') && !url.starts_with("//");
    let is_link = url.starts_with("https://") && Url::parse(url).is_ok_and(|url| url.host().is_some());
    match (is_path || is_link) && url.len() <= 2_048 && !url.contains(is_control) {
        true => Ok(()),
        false => Err(format!("the {what} '{url}' is neither https nor a path")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::contract::{BlindSpot, FurtherOrigin, FurtherRequest, RequestLimit};

    fn good() -> ConnectorMetadata {
        ConnectorMetadata {
            display_name: "Acme".into(),
            version: "1.0.0-rc.1+5".into(),
            description: "Reads Acme.".into(),
            documentation_url: Some("https://acme.example/docs".into()),
            icon_url: Some("/static/acme.svg".into()),
            request_limits: vec![],
            further_origins: vec![],
            further_requests: vec![],
            credential_headers: vec![],
            cannot_see: vec![],
        }
    }

    fn refused(change: impl FnOnce(&mut ConnectorMetadata)) -> String {
        let mut of = good();
        change(&mut of);
        metadata(&of).expect_err("a rule is broken")
    }

    #[test]
    fn what_a_catalog_shows_has_its_form() {
        assert_eq!(metadata(&good()), Ok(()));
        for version in ["", "1 0", "1\n", "ä", &"1".repeat(65)] {
            let said = refused(|of| of.version = version.into());
            assert!(said.contains("not 1 to 64 printable ASCII characters"), "{said}");
        }
        for name in ["", " ", "a\u{202e}b", &"n".repeat(257)] {
            assert!(refused(|of| of.display_name = name.into()).starts_with("the display name has"));
        }
        assert!(refused(|of| of.description = "d".repeat(4_097)).contains("1 to 4096 are taken"));
        for url in ["http://acme.example", "//acme.example", "javascript:x", "https://"] {
            assert!(
                refused(|of| of.icon_url = Some(url.into())).contains("neither https nor a path"),
                "{url}"
            );
        }
        let limit = |origin: &str, rate| RequestLimit { origin: origin.into(), requests_per_minute: rate };
        let none = limit("https://acme.example", 0);
        assert!(refused(|of| of.request_limits.push(none)).contains("is 0 in a minute"));
        for origin in
            ["", "acme.example", "https://ACME.example", "https://acme.example/v1", "{}", "{acme-url"]
        {
            let nowhere = limit(origin, 60);
            assert!(refused(|of| of.request_limits.push(nowhere)).contains("neither an origin"), "{origin}");
        }
        let mut of = good();
        of.request_limits = vec![limit("https://acme.example:8443", 60), limit("{acme-url}", 1)];
        assert_eq!(metadata(&of), Ok(()));
        let reasonless = FurtherOrigin { origin: "https://x.example".into(), reason: " ".into() };
        assert!(refused(|of| of.further_origins.push(reasonless)).starts_with("the reason for https://x"));
        let (method, url, reason) = ("POST".into(), "https://x.example/y".into(), "r".repeat(1_025));
        let longer = FurtherRequest { method, url, reason };
        assert!(refused(|of| of.further_requests.push(longer)).contains("1 to 1024 are taken"));
        let spot = |message: &str, kind: &str| BlindSpot {
            message: message.into(),
            resource_types: vec![kind.into()],
        };
        assert!(refused(|of| of.cannot_see.push(spot("", "user"))).contains("cannot be seen"));
        assert!(
            refused(|of| of.cannot_see.push(spot("It cannot.", ""))).contains("is no resource type's id")
        );
    }

    fn field(name: &str, kind: FieldKind) -> ConfigField {
        ConfigField {
            name: name.into(),
            display_name: "Field".into(),
            description: "What it is.".into(),
            placeholder: None,
            suggested_value: None,
            kind,
            required: false,
            secret: false,
        }
    }

    #[test]
    fn a_field_has_a_name_that_can_be_a_flag_and_choices_that_differ() {
        let long = "n".repeat(64);
        for name in ["a", "acme-url", "a1-2", &long] {
            assert_eq!(schema(&[field(name, FieldKind::Text)]), Ok(()), "{name}");
        }
        for name in ["", "1a", "-a", "a-", "a--b", "Acme", "a_b", "a b", "ä", &format!("{long}n")] {
            let said = schema(&[field(name, FieldKind::Text)]).expect_err(name);
            assert!(said.starts_with(&format!("the field '{name}' is not named by")), "{said}");
        }
        let twice = [field("acme-url", FieldKind::Url), field("acme-url", FieldKind::Text)];
        assert_eq!(schema(&twice), Err("the field 'acme-url' is there twice".to_owned()));
        let choice = |value: &str| Choice { value: value.into(), display_name: "One".into() };
        let of = |choices: Vec<Choice>| schema(&[field("acme-region", FieldKind::Choice(choices))]);
        assert_eq!(of(vec![choice("eu"), choice("us")]), Ok(()));
        for (choices, said) in [
            (vec![], "0 values to choose from"),
            ((0..101).map(|at| choice(&at.to_string())).collect(), "101 values to choose from"),
            (vec![choice("")], "a value to choose that is empty"),
            (vec![choice("eu"), choice("eu")], "the value 'eu' to choose twice"),
        ] {
            assert!(of(choices).expect_err(said).contains(said), "{said}");
        }
    }
}
