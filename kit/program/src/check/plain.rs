//! What needs no config: metadata, fields, types; well formed, and the same on two instances.

use std::collections::HashSet;
use std::fmt::Debug;

use baton_host::contract::{ConfigField, ConnectorMetadata, FieldKind, ResourceType};
use baton_host::{Connector, Error};
use url::Url;

use super::report::Report;
use super::reserved::is_reserved;

/// Try all of it. Each question is put to an instance of its own.
pub async fn all(connector: &Connector, report: &mut Report) {
    let two = (connector.metadata().await, connector.metadata().await);
    judge(two, ("metadata", "metadata-same"), report, metadata);
    let two = (connector.config_schema().await, connector.config_schema().await);
    judge(two, ("fields", "fields-same"), report, |schema| fields(schema));
    let two = (connector.resource_types().await, connector.resource_types().await);
    judge(two, ("types", "types-same"), report, |found| types(found));
}

fn judge<T: PartialEq + Debug>(
    (one, other): (Result<T, Error>, Result<T, Error>),
    (formed, same): (&'static str, &'static str),
    report: &mut Report,
    check: impl Fn(&T) -> Result<String, String>,
) {
    let (one, other) = match (one, other) {
        (Ok(one), Ok(other)) => (one, other),
        (Err(error), _) | (_, Err(error)) => return report.broken(formed, error.to_string()),
    };
    match check(&one) {
        Ok(note) => report.kept(formed, note),
        Err(rule) => report.broken(formed, rule),
    }
    match one == other {
        true => report.kept(same, ""),
        false => report.broken(same, "they differ"),
    }
}

fn metadata(of: &ConnectorMetadata) -> Result<String, String> {
    sized("the display name", &of.display_name, 1, 256)?;
    sized("the version", &of.version, 1, 64)?;
    sized("the description", &of.description, 0, 4_096)?;
    if !of.version.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("the version '{}' has other than printable ASCII characters", of.version));
    }
    for link in of.documentation_url.iter().chain(&of.icon_url) {
        let is_good = (link.starts_with('/') && !link.starts_with("//")) || is_url(link, &["https"]);
        is_good
            .then_some(())
            .ok_or_else(|| format!("{link} is no https URL, and no path on the catalog's site"))?;
    }
    for limit in &of.request_limits {
        let is_field = limit.origin.starts_with('{') && limit.origin.ends_with('}');
        if limit.requests_per_minute == 0 || !(is_field || is_origin(&limit.origin)) {
            return Err(format!(
                "the limit of {} requests for {} is none",
                limit.requests_per_minute, limit.origin
            ));
        }
    }
    for further in &of.further_origins {
        sized("the reason for an origin", &further.reason, 1, 1_024)?;
        if !is_origin(&further.origin) {
            return Err(format!("{} is no origin", further.origin));
        }
    }
    for further in &of.further_requests {
        sized("the reason for a request", &further.reason, 1, 1_024)?;
        let is_usual = further.method.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_usual || matches!(further.method.as_str(), "" | "CONNECT" | "GET" | "HEAD") {
            return Err(format!("'{}' is no method of a further request", further.method));
        }
        let is_field = further.url.starts_with('{') && further.url.contains("}/");
        if !is_field && !is_url(&further.url, &["https", "http"]) {
            return Err(format!("{} is no address", further.url));
        }
    }
    if let Some(name) = of.credential_headers.iter().find(|name| {
        name.is_empty()
            || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    }) {
        return Err(format!("'{name}' is no header's name in lower case"));
    }
    of.cannot_see.iter().try_for_each(|spot| sized("what it cannot see", &spot.message, 1, 1_024))?;
    Ok(format!("{} {}", of.display_name, of.version))
}

fn fields(schema: &[ConfigField]) -> Result<String, String> {
    let mut names = HashSet::new();
    for field in schema {
        let name = field.name.as_str();
        let fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.len() <= 64
            && name.bytes().all(fit)
            && !name.ends_with('-')
            && !name.contains("--");
        if !is_name {
            return Err(format!(
                "'{name}' is not lower-case letters, digits and '-' with a letter first, 1 to 64 of them"
            ));
        }
        if is_reserved(name) {
            return Err(format!("the name {name} is reserved for hosts; begin it with the product's"));
        }
        if !names.insert(name) {
            return Err(format!("{name} is there twice"));
        }
        if field.display_name.is_empty() || field.description.is_empty() {
            return Err(format!("{name} has no label or no description"));
        }
        if let FieldKind::Choice(choices) = &field.kind {
            let mut values = HashSet::new();
            let is_good =
                choices.iter().all(|choice| !choice.value.is_empty() && values.insert(&choice.value));
            if !is_good || choices.is_empty() || choices.len() > 100 {
                return Err(format!("{name} has not 1 to 100 choices with a value of its own each"));
            }
        }
    }
    Ok(format!("{} fields", schema.len()))
}

fn types(found: &[ResourceType]) -> Result<String, String> {
    let mut ids = HashSet::new();
    for kind in found {
        let id = kind.id.as_str();
        sized("the id of a resource type", id, 1, 128)?;
        sized("the name of a resource type", &kind.display_name, 1, 1_024)?;
        if id.contains([':', '/']) || !ids.insert(id) {
            return Err(format!("the resource type '{id}' has a ':' or '/' in its id, or is there twice"));
        }
        if kind.has_grants && !kind.has_entitlements {
            return Err(format!(
                "the resource type '{id}' has grants, but no entitlements, and grants are of entitlements"
            ));
        }
    }
    let ids: Vec<&str> = found.iter().map(|kind| kind.id.as_str()).collect();
    if ids.is_empty() { Err("there are no resource types".into()) } else { Ok(ids.join(", ")) }
}

fn sized(what: &str, text: &str, least: usize, most: usize) -> Result<(), String> {
    match (least..=most).contains(&text.len()) {
        true => Ok(()),
        false => Err(format!("{what} has {} bytes, and has to have {least} to {most}", text.len())),
    }
}

fn is_url(text: &str, schemes: &[&str]) -> bool {
    Url::parse(text).is_ok_and(|url| schemes.contains(&url.scheme()) && url.host().is_some())
}

/// Scheme and host in lower case, with a port that is not the scheme's own.
fn is_origin(text: &str) -> bool {
    is_url(text, &["https", "http"])
        && Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}
