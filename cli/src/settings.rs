//! The values that count: **flag before variable before file before default**.
//!
//! Everything a run depends on is read here, once, and checked in the order in which the Go connectors check it:
//! what was typed can be read, required fields are there, flags that belong together came together, numbers
//! are within bounds. An unreadable number or bool in a variable or in the file is the default, as there.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use baton_host::contract::{ConfigField, FieldKind};
use baton_host::{Allow, Limits, NotABid, NotAWrite, NotAnOrigin, Secret, SyncOptions};
use baton_report::Output;
use baton_run::Place;
use clap::ArgMatches;

use crate::failure::Failure;
use crate::file::File;
use crate::flags::{FLAGS, Flag, Kind, TOGETHER};
use crate::given::{typed, variable};
use crate::logs::{CHOSEN, Format, LogSettings};
use crate::refusal::Refusal;
use crate::review;

/// Where values come from. It holds secrets, so it cannot be printed.
pub struct Sources<'a> {
    /// What was typed.
    pub typed: &'a ArgMatches,
    /// The environment.
    pub environment: &'a HashMap<String, String>,
    /// The config file.
    pub file: &'a File,
}

/// What a sync is done with.
pub struct Settings {
    /// Where it goes.
    pub place: Place,
    /// How it is done.
    pub sync: SyncOptions,
    /// How long ago a stopped run may have read its first page, for this one to go on with it.
    pub resume_within: Duration,
    /// Where a review of the file goes, if one is wanted.
    pub review: Option<Output>,
}

/// Pages read at the same time, whatever is asked for.
const MOST: usize = 64;
/// Processors that `--workers -1` uses at most.
const MOST_WORKERS: usize = 4;
/// Finished full syncs that stay in a file, the new one included.
const KEEP: usize = 2;

impl Sources<'_> {
    /// The texts given for a name, by the source that counts.
    fn given(&self, name: &str) -> Option<Vec<String>> {
        typed(self.typed, name)
            .or_else(|| self.variable(name).map(|text| vec![text.to_owned()]))
            .or_else(|| self.file.get(name))
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(&variable(name)).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// One text: the last.
    pub fn text(&self, name: &str) -> String {
        let default = FLAGS.iter().find(|flag| flag.name == name).map_or("", |flag| flag.default);
        self.given(name).and_then(|mut texts| texts.pop()).unwrap_or_else(|| default.to_owned())
    }

    /// All texts, cut at commas but not trimmed. Between double quotes a comma is one, as in Go.
    pub fn list(&self, name: &str) -> Vec<String> {
        let texts = self.given(name).unwrap_or_default();
        texts.iter().flat_map(|text| fields(text)).filter(|text| !text.is_empty()).collect()
    }

    /// A bool; an unreadable one is false.
    pub fn on(&self, name: &str) -> bool {
        bool_of(&self.text(name)).unwrap_or(false)
    }

    /// A number within the flag's bounds.
    pub fn number(&self, name: &str) -> Result<i64, Failure> {
        let Some(Flag { kind: Kind::Int(least, most), default, .. }) =
            FLAGS.iter().find(|flag| flag.name == name)
        else {
            return Ok(0);
        };
        let read = self.text(name).trim().parse::<i64>().ok();
        let number = read.or_else(|| default.parse().ok()).unwrap_or_default();
        let beyond = |than: &str, bound: i64| {
            let text =
                format!("field {name}: value must be {than} than or equal to {bound} but got {number}");
            Err(Failure::field(name, text))
        };
        match number {
            n if n < *least => beyond("greater", *least),
            n if n > *most => beyond("less", *most),
            n => Ok(n),
        }
    }

    /// What was typed can be read.
    pub fn check_typed(&self) -> Result<(), Failure> {
        for flag in FLAGS {
            let shown = match flag.short {
                Some(letter) => format!("-{letter}, --{}", flag.name),
                None => format!("--{}", flag.name),
            };
            for text in typed(self.typed, flag.name).unwrap_or_default() {
                let why = match flag.kind {
                    Kind::Int(..) => why_no_number(&text),
                    Kind::Bool if bool_of(&text).is_none() => Some(("ParseBool", "invalid syntax")),
                    _ => None,
                };
                if let Some((parser, why)) = why {
                    let text = format!(
                        "invalid argument {text:?} for \"{shown}\" flag: strconv.{parser}: parsing {text:?}: {why}"
                    );
                    return Err(Failure::UsageOf { field: flag.name.into(), text });
                }
            }
        }
        Ok(())
    }

    /// The values of the connector's fields. A required one must be given, and must not be empty.
    pub fn fields(&self, schema: &[ConfigField]) -> Result<Vec<(String, Secret)>, Failure> {
        let required = || schema.iter().filter(|field| field.required);
        let named = |no: &dyn Fn(&str) -> bool| -> Vec<&ConfigField> {
            required().filter(|field| no(&field.name)).collect()
        };
        let missing = named(&|name| self.given(name).is_none());
        if !missing.is_empty() {
            let mut missing = names(&missing);
            missing.sort_unstable();
            let text = format!("required flag(s) \"{}\" not set", missing.join("\", \""));
            return Err(Failure::UsageOf { field: missing.join(","), text });
        }
        let without = named(&|name| self.text(name).is_empty());
        let empty: Vec<String> = without
            .iter()
            .map(|field| {
                let (name, kind) = (&field.name, type_name(&field.kind));
                format!("field {name} of type {kind} is marked as required but it has a zero-value")
            })
            .collect();
        if !empty.is_empty() {
            let text = format!("errors found:\n{}", empty.join("\n"));
            return Err(Failure::field(names(&without).join(","), text));
        }
        Ok(self.given_fields(schema))
    }

    /// The same as far as they are given.
    pub fn given_fields(&self, schema: &[ConfigField]) -> Vec<(String, Secret)> {
        let value = |field: &ConfigField| match &field.kind {
            FieldKind::TextList => self.list(&field.name).join(","),
            FieldKind::Boolean => {
                let text = self.text(&field.name);
                bool_of(&text).map_or(text, |value| value.to_string())
            }
            _ => self.text(&field.name),
        };
        schema.iter().map(|field| (field.name.clone(), Secret::from(value(field)))).collect()
    }

    /// Flags that belong together came together.
    pub fn check_together(&self) -> Result<(), Failure> {
        for group in TOGETHER {
            let is_set = |name: &&str| !matches!(self.text(name).as_str(), "" | "false");
            let missing: Vec<&str> = group.iter().copied().filter(|name| !is_set(name)).collect();
            if !missing.is_empty() && missing.len() < group.len() {
                let (all, none) = (group.join(" "), missing.join(" "));
                let text = format!(
                    "if any flags in the group [{all}] are set they must all be set; missing [{none}]"
                );
                return Err(Failure::UsageOf { field: missing.join(","), text });
            }
        }
        Ok(())
    }

    /// Whether something is asked for that this program does not do.
    pub fn refusal(&self) -> Option<Refusal> {
        FLAGS.iter().find_map(|flag| {
            let value = self.text(flag.name);
            let is_set =
                !value.is_empty() && value != flag.default && (flag.kind != Kind::Bool || self.on(flag.name));
            if is_set { Refusal::of_flag(flag.name, &value, |other| self.text(other)) } else { None }
        })
    }

    /// How logs are written.
    pub fn logs(&self) -> LogSettings {
        LogSettings {
            level: self.text("log-level"),
            format: Format::named(&self.text("log-format")),
            paths: self.list("log-path"),
            debug_until: Some(self.text("log-level-debug-expires-at")).filter(|text| !text.is_empty()),
            chosen: CHOSEN.iter().any(|name| self.given(name).is_some()),
        }
    }

    /// What the connector may send beyond reading from the origins of its URL fields.
    fn allowed(&self) -> Result<Allow, Failure> {
        let field =
            |name: &str, why: &dyn std::fmt::Display| Failure::field(name, format!("field {name}: {why}"));
        let origin = |text: &String| text.parse().map_err(|error: NotAnOrigin| field("allow-origin", &error));
        let write = |text: &String| text.parse().map_err(|error: NotAWrite| field("allow-write", &error));
        Ok(Allow {
            origins: self.list("allow-origin").iter().map(origin).collect::<Result<_, _>>()?,
            writes: self.list("allow-write").iter().map(write).collect::<Result<_, _>>()?,
        })
    }

    /// Everything else.
    pub fn settings(&self) -> Result<Settings, Failure> {
        for flag in FLAGS {
            self.number(flag.name)?;
        }
        let engine = self.text("storage-engine");
        match engine.as_str() {
            "" | "sqlite" => {}
            "pebble" => {
                return Err(Failure::field(
                    "storage-engine",
                    "field storage-engine: this program writes sqlite files only, not pebble; leave the flag out \
                     (baton reads both, and converts with baton to-pebble)",
                ));
            }
            other => {
                let text =
                    format!("field storage-engine: value must be one of [ sqlite pebble] but got '{other}'");
                return Err(Failure::field("storage-engine", text));
            }
        }
        let targets =
            self.list("sync-resources").iter().map(|bid| bid.parse()).collect::<Result<Vec<_>, NotABid>>();
        let targets = targets
            .map_err(|error| Failure::field("sync-resources", format!("field sync-resources: {error}")))?;
        if self.on("skip-grants") && targets.is_empty() {
            return Err(Failure::field("skip-grants", "skip-grants can only be set within a targeted sync"));
        }
        let temp_dir = Some(self.text("c1z-temp-dir")).filter(|text| !text.is_empty()).map(PathBuf::from);
        if let Some(dir) = temp_dir.as_ref().filter(|dir| !dir.is_dir()) {
            let text = format!("the specified c1z temp dir does not exist: {}", dir.display());
            return Err(Failure::field("c1z-temp-dir", text));
        }
        let keep =
            self.variable("keep-sync-count").and_then(|text| text.parse().ok()).filter(|keep| *keep > 0);
        let cleans_up = !self.variable("skip-cleanup").and_then(bool_of).unwrap_or(false);
        let timeout = Duration::from_secs(self.number("http-timeout-seconds")?.unsigned_abs());
        let rate = u32::try_from(self.number("requests-per-minute")?).ok().filter(|rate| *rate > 0);
        let place = Place {
            file: PathBuf::from(self.text("file")),
            temp_dir,
            keep: cleans_up.then(|| keep.unwrap_or(KEEP)),
        };
        let sync = SyncOptions {
            workers: workers(if self.on("parallel-sync") { -1 } else { self.number("workers")? }),
            limits: limits(timeout),
            resource_types: self.list("sync-resource-types"),
            targets,
            skip_grants: self.on("skip-grants"),
            skip_entitlements_and_grants: self.on("skip-entitlements-and-grants"),
            program: review::program(),
            requests_per_minute: rate,
            allow: self.allowed()?,
            ..SyncOptions::default()
        };
        let resume_within = Duration::from_secs(self.number("resume-within")?.unsigned_abs() * 3600);
        let whole = sync.targets.is_empty() && !sync.skip_entitlements_and_grants;
        let review = review::wanted(&self.text("review"), &place.file, whole)?;
        Ok(Settings { place, sync, resume_within, review })
    }
}

fn names<'a>(fields: &[&'a ConfigField]) -> Vec<&'a str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

/// A call may take as long as one request of it may.
fn limits(http_timeout: Duration) -> Limits {
    let limits = Limits::default();
    Limits { request: http_timeout, call: limits.call.max(http_timeout), ..limits }
}

/// The fields of a line of comma-separated values.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(field) = fields.last_mut() else { break };
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    fields
}

fn workers(asked: i64) -> usize {
    match usize::try_from(asked) {
        Ok(0) => SyncOptions::default().workers,
        // More bring nothing, and a number that worked with another program is no reason to fail.
        Ok(asked) => asked.min(MOST),
        Err(_) => std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS),
    }
}

/// The spellings of Go's `strconv.ParseBool`.
fn bool_of(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

fn why_no_number(text: &str) -> Option<(&'static str, &'static str)> {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    match text.parse::<i64>() {
        Ok(_) => None,
        Err(error) if matches!(error.kind(), NegOverflow | PosOverflow) => {
            Some(("ParseInt", "value out of range"))
        }
        Err(_) => Some(("ParseInt", "invalid syntax")),
    }
}

fn type_name(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Url | FieldKind::Choice(_) => "string",
        FieldKind::Integer => "int",
        FieldKind::Boolean => "bool",
        FieldKind::TextList => "[]string",
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
