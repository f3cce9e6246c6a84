//! Log lines on stderr; stdout stays empty during a sync.
//!
//! JSON lines for machines have the keys of the Go connectors' logs (`level`, `ts`, `caller`, `msg`, then fields),
//! console lines for people have the same parts between tabs. Only this product's own modules are heard: a
//! library deep in the network stack must not be able to write a header into a log.
//!
//! On a terminal where nobody chose otherwise, only warnings are shown: the moving line says the rest.

use std::io::IsTerminal;
use std::sync::{Arc, LazyLock};

use baton_host::clock;
use baton_service::DebugLog;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::failure::Failure;
use crate::log_file::{self, Place};
use crate::progress::Display;

/// Where C1 gets the log of a task from, which holds every level. As global as the log itself.
pub static TASK_LOG: LazyLock<Arc<DebugLog>> = LazyLock::new(Arc::default);

/// What says how logs are to be, each in its own way: nobody watches a service, not even at a terminal.
pub const CHOSEN: [&str; 4] = ["log-level", "log-format", "log-path", "client-id"];

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    /// One object a line.
    Json,
    /// Tabs between the parts.
    Console,
}

/// How logs are written.
pub struct LogSettings {
    /// The level's word.
    pub level: String,
    /// The format, when it was chosen.
    pub format: Option<Format>,
    /// Files; empty: stderr.
    pub paths: Vec<String>,
    /// After this moment debug is info.
    pub debug_until: Option<String>,
    /// Whether anything of this was chosen by the user.
    pub chosen: bool,
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

impl LogSettings {
    /// Whether a person watches: stderr is a terminal, and nothing else was asked for.
    pub fn watched(&self) -> bool {
        !self.chosen && std::io::stderr().is_terminal()
    }

    /// The format, chosen or not.
    pub fn format(&self) -> Format {
        let person = std::io::stdout().is_terminal() || self.watched();
        self.format.unwrap_or(if person { Format::Console } else { Format::Json })
    }

    /// The level: an unknown word is info.
    fn level(&self, now: OffsetDateTime) -> Result<Level, Failure> {
        let until = self.debug_until.as_deref().map(|text| OffsetDateTime::parse(text, &Rfc3339)).transpose();
        let until = until.map_err(|_| {
            Failure::field(
                "log-level-debug-expires-at",
                "field log-level-debug-expires-at: value must be a moment as RFC 3339 writes it, for example \
                 2030-01-31T12:00:00Z",
            )
        })?;
        Ok(match self.level.as_str() {
            "debug" if until.is_none_or(|until| now < until) => Level::DEBUG,
            "warn" => Level::WARN,
            "error" => Level::ERROR,
            _ if self.watched() => Level::WARN,
            _ => Level::INFO,
        })
    }
}

/// Hear the product's events from now on.
pub fn start(settings: &LogSettings, display: Arc<Display>) -> Result<(), Failure> {
    let names = match settings.paths.as_slice() {
        [] => &["stderr".to_owned()],
        paths => paths,
    };
    let places = names.iter().map(|name| Place::open(name, &display)).collect::<Result<Vec<_>, _>>()?;
    let places = Arc::new(places);
    let level = settings.level(OffsetDateTime::from(clock::now()))?;
    log_file::follow(&places)?;
    let lines = Lines { places, level, format: settings.format() };
    // Fails only if somebody in this process was there before, and nobody is.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines));
    Ok(())
}

struct Lines {
    places: Arc<Vec<Place>>,
    level: Level,
    format: Format,
}

/// What each line within a span says besides its own.
struct Common(Map<String, Value>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    /// What is heard changes when the log of a task begins, so it is asked each time.
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target().starts_with("baton_") { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        let heard = *metadata.level() <= self.level || TASK_LOG.is_wanted();
        heard && metadata.target().starts_with("baton_")
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut parts = Parts::default();
        attributes.record(&mut parts);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Common(parts.fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let now = OffsetDateTime::from(clock::now());
        let mut parts = Parts::default();
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Common(fields)) = span.extensions().get() {
                parts.fields.extend(fields.clone());
            }
        }
        event.record(&mut parts);
        if *event.metadata().level() <= self.level {
            let line = line(self.format, now, event.metadata(), &parts);
            self.places.iter().for_each(|place| place.write(&line));
        }
        if TASK_LOG.is_wanted() {
            TASK_LOG.write(&line(Format::Json, now, event.metadata(), &parts));
        }
    }
}

/// The message of an event, and its fields.
#[derive(Default)]
pub struct Parts {
    /// The message.
    pub message: String,
    /// The fields, by name.
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

fn line(format: Format, now: OffsetDateTime, metadata: &Metadata<'_>, parts: &Parts) -> String {
    let level = match *metadata.level() {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        _ => "debug",
    };
    written(format, now, level, &caller(metadata), parts)
}

/// Folder, file and line, as in the Go connectors' logs.
fn caller(metadata: &Metadata<'_>) -> String {
    let file = metadata.file().unwrap_or_default().replace('\\', "/");
    let short: Vec<&str> = file.rsplit('/').take(2).collect();
    let short = short.into_iter().rev().collect::<Vec<_>>().join("/");
    format!("{short}:{}", metadata.line().unwrap_or_default())
}

/// A line, without the newline at its end.
pub fn written(format: Format, now: OffsetDateTime, level: &str, caller: &str, parts: &Parts) -> String {
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

    fn parts() -> Parts {
        let mut parts = Parts { message: "Synced \"users\"\nwell".into(), fields: Map::new() };
        parts.fields.insert("count".into(), 3.into());
        parts
    }

    fn settings(level: &str, until: Option<&str>) -> LogSettings {
        LogSettings {
            level: level.into(),
            format: None,
            paths: Vec::new(),
            debug_until: until.map(str::to_owned),
            chosen: true,
        }
    }

    #[test]
    fn a_json_line_is_one_object_with_the_known_keys_first() {
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(1_500);
        let line = written(Format::Json, now, "info", "src/walk.rs:7", &parts());
        assert!(
            line.starts_with("{\"level\":\"info\",\"ts\":1.500000,\"caller\":\"src/walk.rs:7\",\"msg\":"),
            "{line}"
        );
        let read: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(read["count"], 3);
        assert_eq!(read["msg"], "Synced \"users\"\nwell");
    }

    #[test]
    fn a_console_line_is_one_line_with_tabs() {
        let line = written(Format::Console, OffsetDateTime::UNIX_EPOCH, "warn", "src/walk.rs:7", &parts());
        assert_eq!(
            line,
            "1970-01-01T00:00:00.000Z\tWARN\tsrc/walk.rs:7\tSynced \"users\" well\t{\"count\":3}"
        );
    }

    #[test]
    fn unknown_levels_are_info_and_debug_ends_at_its_moment() {
        let level = |word: &str, until: Option<&str>| {
            settings(word, until).level(OffsetDateTime::UNIX_EPOCH).map_err(|failure| failure.to_string())
        };
        assert_eq!(level("loud", None), Ok(Level::INFO));
        assert_eq!(level("error", None), Ok(Level::ERROR));
        assert_eq!(level("debug", None), Ok(Level::DEBUG));
        assert_eq!(level("debug", Some("1971-01-01T00:00:00Z")), Ok(Level::DEBUG));
        assert_eq!(level("debug", Some("1969-01-01T00:00:00Z")), Ok(Level::INFO));
        assert!(
            level("debug", Some("soon"))
                .is_err_and(|text| text.starts_with("field log-level-debug-expires-at:"))
        );
    }
}
