//! The YAML config file: `$BATON_CONFIG_PATH`, else `./.baton.yaml`. Keys are the names of flags and fields.
//!
//! As with the Go connectors there is no flag for it, and a file that is not there is none. One that is there and
//! is no YAML is none as well, but not without a word: somebody wrote it to be read. The parser's own message is
//! not repeated, because it quotes the file, and secrets are in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::Failure;

/// What the file says; empty without one.
#[derive(Default)]
pub struct File {
    values: BTreeMap<String, Value>,
    /// What the operator should know of it.
    pub warning: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Other(serde::de::IgnoredAny),
}

impl Value {
    /// As texts: none for null and mappings, which no flag has.
    fn texts(&self) -> Vec<String> {
        match self {
            Value::Bool(value) => vec![value.to_string()],
            Value::Int(value) => vec![value.to_string()],
            Value::Float(value) => vec![value.to_string()],
            Value::Text(value) => vec![value.clone()],
            Value::List(values) => values.iter().flat_map(Value::texts).collect(),
            Value::Other(_) => Vec::new(),
        }
    }
}

impl File {
    /// Read the file that `BATON_CONFIG_PATH` names, or the usual one.
    pub fn read(named: Option<&str>) -> Result<File, Failure> {
        let Some(named) = named else {
            return Ok(File::at(Path::new(".baton.yaml"), false));
        };
        let path = PathBuf::from(named);
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml") => Ok(File::at(&path, true)),
            _ => Err(Failure::Setting("expected config file to have .yaml or .yml extension".into())),
        }
    }

    fn at(path: &Path, wanted: bool) -> File {
        match std::fs::read_to_string(path) {
            Ok(text) => File::of(&text, path),
            Err(error) if wanted => {
                File::unread(format!("the config file {} is ignored: {error}", path.display()))
            }
            Err(_) => File::default(),
        }
    }

    fn of(text: &str, path: &Path) -> File {
        if text.trim().is_empty() {
            return File::default();
        }
        match serde_saphyr::from_str(text) {
            Ok(values) => File { values, warning: None },
            Err(_) => File::unread(format!(
                "the config file {} is ignored: it is not a YAML mapping of names to values",
                path.display()
            )),
        }
    }

    fn unread(warning: String) -> File {
        File { values: BTreeMap::new(), warning: Some(warning) }
    }

    /// The values of a key.
    pub fn get(&self, name: &str) -> Option<Vec<String>> {
        Some(self.values.get(name)?.texts()).filter(|texts| !texts.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_and_lists_are_read_as_texts() {
        let text = "acme-token: abc:def\nworkers: 4\nskip-full-sync: true\nsync-resource-types: [user, team]\nnothing:\n";
        let file = File::of(text, Path::new("x.yaml"));
        assert_eq!(file.warning, None);
        assert_eq!(file.get("acme-token"), Some(vec!["abc:def".into()]));
        assert_eq!(file.get("workers"), Some(vec!["4".into()]));
        assert_eq!(file.get("skip-full-sync"), Some(vec!["true".into()]));
        assert_eq!(file.get("sync-resource-types"), Some(vec!["user".into(), "team".into()]));
        assert_eq!(file.get("nothing"), None);
        assert_eq!(file.get("absent"), None);
    }

    #[test]
    fn a_broken_file_is_ignored_with_a_warning_that_quotes_none_of_it() {
        let file = File::of("acme-token: [hunter2", Path::new("x.yaml"));
        assert_eq!(file.get("acme-token"), None);
        let warning = file.warning.unwrap_or_default();
        assert!(warning.contains("x.yaml") && !warning.contains("hunter2"), "{warning}");
    }

    #[test]
    fn another_extension_is_an_error() {
        let failure = File::read(Some("x.json")).err().map(|failure| failure.to_string());
        assert_eq!(failure.as_deref(), Some("expected config file to have .yaml or .yml extension"));
    }
}
