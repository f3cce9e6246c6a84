//! The config of one connector: values for the fields it declares, and what follows from them.

use std::collections::{BTreeMap, BTreeSet};

use super::contract::{ConfigField, FieldKind};
use super::error::Error;
use super::origin::Origin;
use super::texts::{Texts, is_control};

/// A secret shorter than this is in texts by accident.
const SHORTEST_SECRET: usize = 6;

/// A text that must not be shown. It has no `Debug` and no `Display`, so it cannot get into a log or an
/// error by accident; `reveal` is the one way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret(text.to_owned())
    }
}

/// Checked values for a connector's fields, and the origins they allow it to reach.
#[derive(Clone)]
pub struct Config {
    values: BTreeMap<String, Secret>,
    secrets: Vec<Secret>,
    origins: BTreeSet<Origin>,
}

impl Config {
    /// Check values against a connector's schema.
    ///
    /// A value for a field that the schema does not have, a required field without one, and a value
    /// that is not of its field's kind are errors that name the field.
    pub fn new(
        schema: &[ConfigField],
        values: impl IntoIterator<Item = (String, Secret)>,
    ) -> Result<Config, Error> {
        let mut config = Config { values: BTreeMap::new(), secrets: Vec::new(), origins: BTreeSet::new() };
        for (name, value) in values {
            let Some(field) = schema.iter().find(|field| field.name == name) else {
                return Err(invalid(&name, "the connector has no such field"));
            };
            if value.reveal().is_empty() {
                continue;
            }
            config.check(field, &value)?;
            config.values.insert(name, value);
        }
        for field in schema.iter().filter(|field| field.required) {
            if !config.values.contains_key(&field.name) {
                return Err(invalid(&field.name, "is required, but has no value"));
            }
        }
        Ok(config)
    }

    fn check(&mut self, field: &ConfigField, value: &Secret) -> Result<(), Error> {
        let text = value.reveal();
        match &field.kind {
            FieldKind::Text | FieldKind::TextList => {}
            FieldKind::Url => {
                let origin = Origin::parse(text.trim()).ok_or_else(|| {
                    invalid(&field.name, "must be an absolute http or https URL without user information")
                })?;
                self.origins.insert(origin);
            }
            FieldKind::Integer if text.parse::<i64>().is_ok() => {}
            FieldKind::Integer => return Err(invalid(&field.name, "must be an integer")),
            FieldKind::Boolean if matches!(text, "true" | "false") => {}
            FieldKind::Boolean => return Err(invalid(&field.name, "must be true or false")),
            FieldKind::Choice(choices) if choices.iter().any(|choice| choice.value == text) => {}
            FieldKind::Choice(choices) => {
                let values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
                return Err(invalid(&field.name, &format!("must be one of {}", values.join(", "))));
            }
        }
        if field.secret {
            self.secrets.push(value.clone());
            // A compound secret (`id:value`) must not leak by its longer half either.
            if let Some((_, half)) = text.split_once(':').filter(|(_, half)| half.len() >= SHORTEST_SECRET) {
                self.secrets.push(half.into());
            }
        }
        Ok(())
    }

    /// The origins in its URL fields, sorted: those that the component may reach.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter()
    }

    /// What the component reads through `wasi:config/store`.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether bytes from outside hold a secret. Bytes that are no text may.
    pub(crate) fn reveals(&self, bytes: &[u8]) -> bool {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.secrets.iter().any(|secret| text.contains(secret.reveal())),
            Err(_) => true,
        }
    }

    /// Whether a record holds a secret.
    pub(crate) fn is_in(&self, record: &(impl Texts + ?Sized)) -> bool {
        let mut found = false;
        record.each(&mut |text| {
            found |= self.secrets.iter().map(Secret::reveal).any(|secret| {
                secret.len() >= SHORTEST_SECRET && text.len() >= secret.len() && text.contains(secret)
            });
        });
        found
    }
}

/// A text from outside as it may be shown: on one line, without secrets (an API may echo what it was sent), and no
/// longer than this many characters. Control characters are escaped; where there was a secret they are left out, since
/// they may have stood within it.
pub fn shown(text: &str, config: Option<&Config>, longest: usize) -> String {
    let secrets = config.map(|config| config.secrets.as_slice()).unwrap_or_default();
    // A text is cut behind the place where a secret could begin that the cut would leave half of; of what then
    // is left, no more than that is shown.
    let reach = secrets.iter().map(|secret| secret.reveal().len()).max().unwrap_or(0);
    let window = longest + 2 * reach;
    let mut letters = text.chars().filter(|c| !is_control(*c));
    let mut part: String = letters.by_ref().take(window).collect();
    let whole = letters.next().is_none();
    if !secrets.iter().any(|secret| part.contains(secret.reveal())) {
        return escaped(text, longest);
    }
    for secret in secrets {
        part = part.replace(secret.reveal(), "[redacted]");
    }
    let kept = if whole { longest } else { part.chars().count().saturating_sub(reach).min(longest) };
    if let Some((end, _)) = part.char_indices().nth(kept) {
        part.truncate(end);
    }
    part
}

/// The beginning of a text with its control characters escaped.
fn escaped(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    for c in text.chars().take(longest) {
        if is_control(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    if let Some((end, _)) = shown.char_indices().nth(longest) {
        shown.truncate(end);
    }
    shown
}

fn invalid(field: &str, message: &str) -> Error {
    Error::Config { field: field.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "an-id:a-secret-value";

    fn config() -> Config {
        let field = ConfigField {
            name: "token".into(),
            display_name: "Token".into(),
            description: "Opens the door.".into(),
            placeholder: None,
            suggested_value: None,
            kind: FieldKind::Text,
            required: true,
            secret: true,
        };
        Config::new(&[field], [("token".to_owned(), Secret::from(TOKEN))]).expect("a config")
    }

    #[test]
    fn no_part_of_a_secret_is_shown_wherever_a_text_is_cut() {
        let config = config();
        for before in 0..60 {
            for text in [TOKEN, "a-secret-value", "a-sec\nret-value"] {
                let text = "x".repeat(before) + &text.repeat(5);
                let shown = shown(&text, Some(&config), 40);
                assert!(shown.chars().count() <= 40);
                let rest = shown.replace("an-id:", "").replace("[redacted]", "");
                let rest = rest.trim_start_matches('x').trim_end_matches(|c| "[redacted".contains(c));
                assert_eq!(rest, "", "{text}: {shown}");
            }
        }
    }

    #[test]
    fn a_text_without_secrets_is_escaped_and_cut() {
        assert_eq!(shown("häuser\tund", Some(&config()), 10), "häuser\\tun");
        assert_eq!(shown("\u{1b}[1m\u{202e}\u{2028}", None, 40), "\\u{1b}[1m\\u{202e}\\u{2028}");
        assert_eq!(shown("kurz", None, 12), "kurz");
    }

    #[test]
    fn a_secret_is_found_in_a_record() {
        let config = config();
        assert!(config.is_in("it is a-secret-value, in fact"));
        assert!(!config.is_in("it is a-secret"));
    }
}
