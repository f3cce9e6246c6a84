//! One line of the log: for machines with the keys of the Go connectors' logs, for people with the same parts between tabs.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::{Level, Metadata};

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    /// One object a line.
    Json,
    /// Tabs between the parts.
    Console,
}

impl Format {
    /// The format of this name.
    pub fn named(word: &str) -> Option<Format> {
        match word {
            "json" => Some(Format::Json),
            "console" => Some(Format::Console),
            _ => None,
        }
    }
}

/// Whose log it is: what each line for machines says besides its own, so that the logs of several connectors can be told
/// apart where they are gathered.
#[derive(Clone, Debug)]
pub struct Named {
    /// The connector, as a catalog shows it.
    pub connector: String,
    /// Its own version.
    pub version: String,
}

/// The message of an event, and its fields.
#[derive(Default)]
pub struct Parts {
    /// What it says.
    pub message: String,
    /// Its fields.
    pub fields: Map<String, Value>,
}

impl Parts {
    fn put(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            (name, value) => drop(self.fields.insert(name.to_owned(), value)),
        }
    }
}

impl Visit for Parts {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.put(field, format!("{value:?}").into());
    }
}

/// The line of an event.
pub fn line(
    format: Format,
    now: OffsetDateTime,
    metadata: &Metadata<'_>,
    named: &Named,
    parts: &Parts,
) -> String {
    let level = match *metadata.level() {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        _ => "debug",
    };
    written(format, now, level, &caller(metadata), Some(named), parts)
}

/// Folder, file and line, as in the Go connectors' logs.
fn caller(metadata: &Metadata<'_>) -> String {
    let file = metadata.file().unwrap_or_default().replace('\\', "/");
    let short: Vec<&str> = file.rsplit('/').take(2).collect();
    let short = short.into_iter().rev().collect::<Vec<_>>().join("/");
    format!("{short}:{}", metadata.line().unwrap_or_default())
}

/// A line of other origin. Before the connector was asked, it has no name.
pub fn written(
    format: Format,
    now: OffsetDateTime,
    level: &str,
    caller: &str,
    named: Option<&Named>,
    parts: &Parts,
) -> String {
    match format {
        Format::Json => {
            // Written by hand at the top, so that the order is the one people know.
            let ts = now.unix_timestamp_nanos() as f64 / 1e9;
            let text = |text: &str| Value::from(text).to_string();
            let mut line = format!(
                "{{\"level\":{},\"ts\":{ts:.6},\"caller\":{},\"msg\":{}",
                text(level),
                text(caller),
                text(&parts.message)
            );
            if let Some(Named { connector, version }) = named {
                let (connector, version) = (text(connector), text(version));
                line.push_str(&format!(",\"connector\":{connector},\"connector_version\":{version}"));
            }
            for (name, value) in &parts.fields {
                line.push_str(&format!(",{}:{value}", text(name)));
            }
            line.push('}');
            line
        }
        Format::Console => {
            let layout =
                format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
            let time = now.format(&layout).unwrap_or_default();
            // One line stays one line, whatever a message holds.
            let message = parts.message.replace(['\n', '\r', '\t'], " ");
            let line = format!("{time}\t{}\t{caller}\t{message}", level.to_uppercase());
            if parts.fields.is_empty() {
                return line;
            }
            format!("{line}\t{}", Value::Object(parts.fields.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Named {
        Named { connector: "Acme \"X\"".into(), version: "1.4.0".into() }
    }

    fn parts() -> Parts {
        let mut parts = Parts { message: "Synced \"users\"\nwell".into(), fields: Map::new() };
        parts.fields.insert("count".into(), 3.into());
        parts
    }

    #[test]
    fn a_json_line_is_one_object_with_the_known_keys_first() {
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(1_500);
        let line = written(Format::Json, now, "info", "src/walk.rs:7", Some(&named()), &parts());
        assert!(
            line.starts_with("{\"level\":\"info\",\"ts\":1.500000,\"caller\":\"src/walk.rs:7\",\"msg\":"),
            "{line}"
        );
        let read: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(read["count"], 3);
        assert_eq!(read["msg"], "Synced \"users\"\nwell");
        assert_eq!((&read["connector"], &read["connector_version"]), (&"Acme \"X\"".into(), &"1.4.0".into()));
    }

    #[test]
    fn a_console_line_is_one_line_with_tabs() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let line = written(Format::Console, now, "warn", "src/walk.rs:7", Some(&named()), &parts());
        assert_eq!(
            line,
            "1970-01-01T00:00:00.000Z\tWARN\tsrc/walk.rs:7\tSynced \"users\" well\t{\"count\":3}"
        );
    }
}
