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
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::failure::Failure;
pub use crate::line::{Format, Named};
use crate::line::{Parts, line};
use crate::log_file::{self, Place};
use crate::progress::Display;

/// Where C1 gets the log of a task from, which holds every level. As global as the log itself.
pub static TASK_LOG: LazyLock<Arc<DebugLog>> = LazyLock::new(Arc::default);

/// What says how logs are to be, each in its own way: nobody watches a service, not even at a terminal.
pub const CHOSEN: [&str; 4] = ["log-level", "log-format", "log-path", "client-id"];

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
pub fn start(settings: &LogSettings, named: Named, display: Arc<Display>) -> Result<(), Failure> {
    let names = match settings.paths.as_slice() {
        [] => &["stderr".to_owned()],
        paths => paths,
    };
    let places = names.iter().map(|name| Place::open(name, &display)).collect::<Result<Vec<_>, _>>()?;
    let places = Arc::new(places);
    let level = settings.level(OffsetDateTime::from(clock::now()))?;
    log_file::follow(&places)?;
    let lines = Lines { places, level, format: settings.format(), named };
    // Fails only if somebody in this process was there before, and nobody is.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines));
    Ok(())
}

struct Lines {
    places: Arc<Vec<Place>>,
    level: Level,
    format: Format,
    named: Named,
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
            let line = line(self.format, now, event.metadata(), &self.named, &parts);
            self.places.iter().for_each(|place| place.write(&line));
        }
        if TASK_LOG.is_wanted() {
            TASK_LOG.write(&line(Format::Json, now, event.metadata(), &self.named, &parts));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
