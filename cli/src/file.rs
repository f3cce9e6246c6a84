//! The YAML config file: `$BATON_CONFIG_PATH`, else `./.baton.yaml`. Keys are the names of flags and fields, in any case.
//!
//! As with the Go connectors there is no flag for it, and the usual one need not be there. What their parser reads is
//! read: UTF-8 and UTF-16, the first document, values that are null. A file that cannot be read is none as well, but not
//! without a word: somebody wrote it to be read. The parser's own message is not repeated, because it quotes the file,
//! and secrets are in it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_saphyr::Error;

use crate::failure::Failure;

/// What the file says; empty without one.
#[derive(Default)]
pub struct File {
    values: BTreeMap<String, Value>,
    /// That it could not be read: which file, which line, why.
    pub problem: Option<String>,
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

/// Why a file cannot be read, and in which line.
type Unread = (Option<u64>, &'static str);

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
        match std::fs::read(path) {
            Ok(bytes) => File::of(&bytes, path),
            Err(error) if !wanted && error.kind() == io::ErrorKind::NotFound => File::default(),
            Err(error) => File::unread(format!("the config file {} cannot be read: {error}", path.display())),
        }
    }

    fn of(bytes: &[u8], path: &Path) -> File {
        match text(bytes).and_then(|text| first_document(&text)) {
            // As in Go, names are the same in upper and lower case.
            Ok(values) => File {
                values: values.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect(),
                problem: None,
            },
            Err((line, why)) => {
                let line = line.map(|line| format!(", line {line},")).unwrap_or_default();
                File::unread(format!("the config file {}{line} cannot be read: {why}", path.display()))
            }
        }
    }

    fn unread(problem: String) -> File {
        File { values: BTreeMap::new(), problem: Some(problem) }
    }

    /// The values of a key.
    pub fn get(&self, name: &str) -> Option<Vec<String>> {
        Some(self.values.get(name)?.texts()).filter(|texts| !texts.is_empty())
    }
}

/// The text of a file: UTF-8, or UTF-16 behind the mark that says so.
fn text(bytes: &[u8]) -> Result<String, Unread> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let text: Result<String, _> = char::decode_utf16(pairs.iter().copied().map(unit)).collect();
        text.ok().filter(|_| odd.is_empty()).ok_or((None, "it is UTF-16 that is damaged"))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(bytes).map_err(|error| {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
                (Some(line), "it is no UTF-8 text; save it as UTF-8")
            })?;
            Ok(text.to_owned())
        }
    }
}

/// The first of the documents in a text. What is behind it does not count, whatever it is.
fn first_document(text: &str) -> Result<BTreeMap<String, Value>, Unread> {
    let mut rest = text.as_bytes();
    let first = serde_saphyr::read::<_, Option<BTreeMap<String, Value>>>(&mut rest).next();
    match first {
        None => Ok(BTreeMap::new()),
        Some(Ok(values)) => Ok(values.unwrap_or_default()),
        Some(Err(error)) => {
            let line = error.location().map(|place| place.line()).filter(|line| *line > 0);
            Err((line, why(error.without_snippet())))
        }
    }
}

fn why(error: &Error) -> &'static str {
    match error {
        Error::DuplicateMappingKey { .. } => "a name is there twice",
        Error::Eof { .. } => "it ends in the middle of a value",
        _ => "it is not a YAML mapping of names to values",
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
