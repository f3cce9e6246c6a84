//! The config of one connector: values for the fields it declares, and what follows from them.

use std::collections::BTreeMap;

use crate::allow_list::{AllowList, Origin};
use crate::contract::{ConfigField, FieldKind};
use crate::error::Error;

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
    allowed: AllowList,
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
        let mut config =
            Config { values: BTreeMap::new(), secrets: Vec::new(), allowed: AllowList::default() };
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
        match field.kind {
            FieldKind::Text | FieldKind::TextList => {}
            FieldKind::Url => {
                let origin = Origin::parse(text.trim()).ok_or_else(|| {
                    invalid(&field.name, "must be an absolute http or https URL without user information")
                })?;
                self.allowed.add(origin);
            }
            FieldKind::Integer if text.parse::<i64>().is_ok() => {}
            FieldKind::Integer => return Err(invalid(&field.name, "must be an integer")),
            FieldKind::Boolean if matches!(text, "true" | "false") => {}
            FieldKind::Boolean => return Err(invalid(&field.name, "must be true or false")),
        }
        if field.secret {
            self.secrets.push(value.clone());
            // A compound secret (`id:value`) must not leak by its longer half either.
            if let Some((_, half)) = text.split_once(':').filter(|(_, half)| half.len() >= 6) {
                self.secrets.push(half.into());
            }
        }
        Ok(())
    }

    /// The origins that the component may reach.
    pub fn allowed(&self) -> &AllowList {
        &self.allowed
    }

    /// What the component reads through `wasi:config/store`.
    pub(crate) fn variables(&self) -> wasmtime_wasi_config::WasiConfigVariables {
        self.values.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect()
    }

    /// Whether bytes from outside hold a secret. Bytes that are no text may.
    pub(crate) fn reveals(&self, bytes: &[u8]) -> bool {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.secrets.iter().any(|secret| text.contains(secret.reveal())),
            Err(_) => true,
        }
    }

    /// Take every secret out of a text that came from outside: an API may echo what it was sent.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.reveal(), "[redacted]"))
    }
}

fn invalid(field: &str, message: &str) -> Error {
    Error::Config { field: field.to_owned(), message: message.to_owned() }
}
