//! The config of one connector: values for the fields it declares, and what follows from them.

use std::collections::{BTreeMap, BTreeSet};

use super::contract::{ConfigField, FieldKind};
use super::error::Error;
use super::origin::Origin;
pub use super::secret::Secret;
use super::secrets::{SHORTEST, Secrets};
use super::texts::{Texts, is_control};

/// Checked values for a connector's fields, and the origins they allow it to reach.
#[derive(Clone)]
pub struct Config {
    values: BTreeMap<String, Secret>,
    secrets: Secrets,
    origins: BTreeSet<Origin>,
    /// The values of its URL fields.
    urls: BTreeMap<String, String>,
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
        let config = Config::incomplete(schema, values)?;
        for field in schema.iter().filter(|field| field.required) {
            if !config.values.contains_key(&field.name) {
                return Err(invalid(&field.name, "is required, but has no value"));
            }
        }
        Ok(config)
    }

    /// The same where required fields may have no value: enough for what needs no credentials, such as the resource
    /// types.
    pub fn incomplete(
        schema: &[ConfigField],
        values: impl IntoIterator<Item = (String, Secret)>,
    ) -> Result<Config, Error> {
        let mut config = Config {
            values: BTreeMap::new(),
            secrets: Secrets::default(),
            origins: BTreeSet::new(),
            urls: BTreeMap::new(),
        };
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
                self.urls.insert(field.name.clone(), text.trim().to_owned());
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
            if is_quoted(text) {
                return Err(invalid(
                    &field.name,
                    "has quotes around it, which are taken as part of the value; remove them where it is set (an env \
                     file keeps them)",
                ));
            }
            self.secrets.add(value);
        }
        Ok(())
    }

    /// The origins in its URL fields, sorted: those that the component may reach.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter()
    }

    /// The value of a URL field.
    pub(crate) fn url(&self, field: &str) -> Option<&str> {
        self.urls.get(field).map(String::as_str)
    }

    /// The same config for one sync, which finds out secrets of its own.
    pub(crate) fn for_sync(self) -> Config {
        Config { secrets: self.secrets.for_sync(), ..self }
    }

    /// A header that carries a credential was sent. Whether there is something new in it.
    pub(crate) fn note_sent(&self, header: &str, value: &str) -> bool {
        self.secrets.note_sent(header, value)
    }

    /// What the component reads through `wasi:config/store`.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether bytes from outside hold a secret. Bytes that are no text may.
    pub(crate) fn reveals(&self, bytes: &[u8]) -> bool {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.secrets.any(|secret| text.contains(secret)),
            Err(_) => true,
        }
    }

    /// Whether a record holds a secret.
    pub(crate) fn is_in(&self, record: &(impl Texts + ?Sized)) -> bool {
        let mut found = false;
        record.each(&mut |text| {
            found |= self.secrets.any(|secret| {
                secret.len() >= SHORTEST && text.len() >= secret.len() && text.contains(secret)
            });
        });
        found
    }
}

/// A text from outside as it may be shown: on one line, without secrets (an API may echo what it was sent), and no
/// longer than this many characters. What could move a cursor or turn the order of letters around is escaped.
pub fn shown(text: &str, config: Option<&Config>, longest: usize) -> String {
    let mut secrets = Vec::new();
    if let Some(config) = config {
        config.secrets.each(|secret| secrets.push(secret.to_owned()));
    }
    // A text is cut behind the place where a secret could begin that the cut would leave half of; of what then
    // is left, no more than that is shown.
    let reach = secrets.iter().map(String::len).max().unwrap_or(0);
    let window = longest + 2 * reach;
    // Looked for without what is escaped, so that no character within a secret hides it.
    let mut letters = text.chars().filter(|letter| !is_control(*letter));
    let mut part: String = letters.by_ref().take(window).collect();
    let whole = letters.next().is_none();
    if !secrets.iter().any(|secret| part.contains(secret)) {
        return escaped(text, longest);
    }
    for secret in &secrets {
        part = part.replace(secret, "[redacted]");
    }
    let kept = if whole { longest } else { part.chars().count().saturating_sub(reach).min(longest) };
    if let Some((end, _)) = part.char_indices().nth(kept) {
        part.truncate(end);
    }
    part
}

/// Whether a text stands in quotes. No secret does, but an env file keeps the ones that a shell would take away.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    ['"', '\''].iter().any(|quote| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote))
}

/// At most so many characters, escapes counted and whole.
fn escaped(text: &str, longest: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for letter in text.chars() {
        let before = out.len();
        match is_control(letter) {
            true => out.extend(letter.escape_default()),
            false => out.push(letter),
        }
        length += out.get(before..).map_or(0, |added| added.chars().count());
        if length > longest {
            out.truncate(before);
            break;
        }
    }
    out
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
    fn a_text_without_secrets_is_only_escaped_and_cut() {
        let text = "häuser\tund \u{1b}[1mStraßen\u{202e}";
        assert_eq!(shown(text, Some(&config()), 12), "häuser\\tund ");
        assert_eq!(shown(text, Some(&config()), 40), "häuser\\tund \\u{1b}[1mStraßen\\u{202e}");
        assert_eq!(shown("kurz", None, 12), "kurz");
    }

    #[test]
    fn bytes_that_are_no_text_may_hold_a_secret() {
        let config = config();
        assert!(!config.reveals(b"nothing"));
        assert!(config.reveals(b"it is a-secret-value"));
        // Cut into by a byte that is no text, it is still one for whoever looks at the bytes.
        assert!(config.reveals(b"\xffan-id:a-secret-value") && config.reveals(b"\xff"));
    }

    #[test]
    fn quotes_around_a_secret_are_refused_and_it_is_not_shown() {
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
        let of = |value: &str| {
            Config::new(std::slice::from_ref(&field), [("token".to_owned(), Secret::from(value))])
        };
        for quoted in ["\"an-id:value\"", "'an-id:value'", " \"an-id:value\" ", "\"\""] {
            let Err(error) = of(quoted) else { panic!("{quoted} was taken") };
            assert_eq!(error.code(), 3);
            assert!(error.to_string().starts_with("field token: has quotes around it"), "{error}");
            assert!(!error.to_string().contains("value'"), "{error}");
        }
        for plain in ["an-id:va\"lue", "an-id:value\"", "'an-id:value", "\""] {
            let Ok(config) = of(plain) else { panic!("{plain} was refused") };
            assert_eq!(config.values().map(|(_, value)| value.reveal()).collect::<Vec<_>>(), [plain]);
        }
    }

    #[test]
    fn a_secret_is_found_in_a_record() {
        let config = config();
        assert!(config.is_in("it is a-secret-value, in fact"));
        assert!(!config.is_in("it is a-secret"));
    }
}
