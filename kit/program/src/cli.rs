//! What may be typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command};
use tracing::Level;

use crate::begin::{Language, New};
use crate::check::Settings;
use crate::failure::Failure;
use crate::logs;
use crate::subject::Typed;

/// What was asked for.
pub enum Asked {
    /// A new project.
    New(New),
    /// What a component is and wants.
    Inspect {
        /// The component.
        file: PathBuf,
        /// For programs.
        json: bool,
    },
    /// One function.
    Call {
        /// The component and its config.
        subject: Typed,
        /// As the contract calls it.
        function: String,
        /// A JSON object.
        arguments: String,
    },
    /// A whole sync.
    Run {
        /// The component and its config.
        subject: Typed,
        /// Where to.
        file: PathBuf,
        /// Pages at the same time.
        workers: usize,
    },
    /// Every rule of the contract.
    Check {
        /// The component and its config.
        subject: Typed,
        /// How much is tried.
        settings: Settings,
        /// For programs.
        json: bool,
    },
}

/// Read the command line; or the text that was asked for.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Result<Asked, String>, Failure> {
    let matches = match command().try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            return Ok(Err(error.render().to_string()));
        }
        Err(error) => return Err(Failure::usage(error.render().to_string().trim_end().to_owned())),
    };
    let Some((name, matches)) = matches.subcommand() else {
        return Ok(Err(command().render_help().to_string()));
    };
    logs::start(if matches.get_flag("debug") { Level::DEBUG } else { Level::WARN });
    let is_json = || text(matches, "format") == "json";
    Ok(Ok(match name {
        "new" => Asked::New(New {
            name: text(matches, "name"),
            language: if text(matches, "language") == "python" { Language::Python } else { Language::Rust },
            kit: matches.get_one::<String>("kit").cloned(),
        }),
        "inspect" => Asked::Inspect { file: file(matches, "component"), json: is_json() },
        "call" => Asked::Call {
            subject: subject(matches)?,
            function: text(matches, "function"),
            arguments: text(matches, "arguments"),
        },
        "run" => Asked::Run {
            subject: subject(matches)?,
            file: file(matches, "file"),
            workers: number(matches, "workers")?,
        },
        _ => {
            let settings = Settings {
                lists: number(matches, "lists")?,
                seconds: number(matches, "longest-call")?,
                mebibytes: number(matches, "most-memory")?,
            };
            Asked::Check { subject: subject(matches)?, settings, json: is_json() }
        }
    }))
}

fn command() -> Command {
    let format =
        || flag("format", "FORMAT", "How it is told").value_parser(["table", "json"]).default_value("table");
    Command::new("baton-kit")
        .version(env!("CARGO_PKG_VERSION"))
        .about("For authors of connectors: from nothing to a checked one.")
        .subcommand(
            Command::new("new")
                .about("Begin a connector: a project that builds, with a server to try it on, and tests")
                .arg(Arg::new("name").value_name("NAME").required(true).help("Lower-case letters, digits and -"))
                .arg(flag("language", "LANGUAGE", "In which language").value_parser(["rust", "python"]).default_value("rust"))
                .arg(flag("kit", "FOLDER", "The folder of a checkout that holds the kit; else it is fetched when it is needed"))
                .arg(debug()),
        )
        .subcommand(
            Command::new("inspect")
                .about("Say what a component is, what its config has, what it wants to reach and send, and why")
                .arg(component())
                .arg(format())
                .arg(debug()),
        )
        .subcommand(
            with_config(Command::new("call").about("Ask one function; JSON in and out"))
                .arg(Arg::new("function").value_name("FUNCTION").required(true).value_parser([
                    "metadata",
                    "config-schema",
                    "validate",
                    "list-resource-types",
                    "list-resources",
                    "list-entitlements",
                    "list-grants",
                ]))
                .arg(Arg::new("arguments").value_name("JSON").default_value("{}").help(
                    "An object with resource_type and parent, or resource, and page_token; resources as list-resources prints them",
                )),
        )
        .subcommand(
            with_config(Command::new("run").about("Sync everything into a file"))
                .arg(flag("file", "FILE", "Where to: .c1z or .jsonl").short('f').default_value("sync.jsonl"))
                .arg(flag("workers", "N", "Pages that are read at the same time").default_value("4")),
        )
        .subcommand(
            with_config(Command::new("check").about(
                "Say which rules of the contract a component keeps: without a config those that need none, with one all, \
                 against the system that it names. Exit code 1 when one is broken",
            ))
            .arg(flag("lists", "N", "Lists of each type that are read again").default_value("20"))
            .arg(flag("longest-call", "SECONDS", "What a call may take").default_value("60"))
            .arg(flag("most-memory", "MIB", "What an instance may take; a host allows 128").default_value("64"))
            .arg(format()),
        )
}

fn with_config(command: Command) -> Command {
    let many = |name: &'static str, value, help| flag(name, value, help).action(ArgAction::Append);
    command
        .arg(component())
        .arg(many(
            "set",
            "FIELD=VALUE",
            "A value of the config; also as the variable BATON_FIELD, in upper case with _ for -",
        ))
        .arg(many("allow-write", "'METHOD URL'", "Let this declared request leave"))
        .arg(many("allow-origin", "ORIGIN", "Let it read from this declared origin"))
        .arg(debug())
}

fn component() -> Arg {
    Arg::new("component").value_name("FILE").required(true).help("The component")
}

fn debug() -> Arg {
    Arg::new("debug")
        .long("debug")
        .action(ArgAction::SetTrue)
        .help("Show what it writes to stdout, and where it crashed")
}

fn flag(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn text(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).cloned().unwrap_or_default()
}

fn file(matches: &ArgMatches, name: &str) -> PathBuf {
    PathBuf::from(text(matches, name))
}

fn number<T: std::str::FromStr>(matches: &ArgMatches, name: &str) -> Result<T, Failure> {
    let text = text(matches, name);
    text.parse().map_err(|_| Failure::usage(format!("--{name} takes a number, and not '{text}'")))
}

fn subject(matches: &ArgMatches) -> Result<Typed, Failure> {
    let all =
        |name: &str| matches.get_many::<String>(name).into_iter().flatten().cloned().collect::<Vec<_>>();
    let pair = |text: String| match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Failure::usage(format!("--set takes FIELD=VALUE, and '{text}' has no ="))),
    };
    Ok(Typed {
        component: file(matches, "component"),
        values: all("set").into_iter().map(pair).collect::<Result<_, _>>()?,
        writes: all("allow-write"),
        origins: all("allow-origin"),
    })
}
