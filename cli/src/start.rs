//! Which component, which command.
//!
//! The component comes first: flags, variables and their help follow from its schema. So `--component` is looked
//! for before anything else is read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;

use baton_host::contract::{ConfigField, ConnectorMetadata};
use baton_host::{Connector, Engine, EngineOptions, clock};
use baton_planetscale_component::PLANETSCALE;

use crate::cli::{self, Asked};
use crate::failure::Failure;
use crate::file::File;
use crate::given::variable;
use crate::logs::{CHOSEN, Format, LogSettings};
use crate::name::called;
use crate::print::print;
use crate::progress::Display;
use crate::settings::Sources;
use crate::stop::Stop;
use crate::{
    access, capabilities, config_schema, demo, from_files, health_check, last_line, logs, one_shot, review,
    service, shells, summary, threads,
};

/// Run the program.
pub fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            last_line::tell(&failure);
            ExitCode::from(failure.code())
        }
    }
}

fn run() -> Result<(), Failure> {
    let runtime = threads::runtime()?;
    let result = runtime.block_on(command());
    // A name lookup that hangs must not keep the program from ending.
    runtime.shutdown_background();
    result
}

async fn command() -> Result<(), Failure> {
    let stop = Stop::listen();
    let args = std::env::args_os().enumerate().map(|(place, arg)| {
        arg.into_string().map_err(|_| Failure::Usage(format!("argument {place} is no UTF-8 text")))
    });
    let args: Vec<String> = args.collect::<Result<_, _>>()?;
    // Of variables that are no text, only our own matter.
    let mut environment = HashMap::new();
    for (name, value) in std::env::vars_os() {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => drop(environment.insert(name, value)),
            (Ok(name), Err(_)) if name.starts_with("BATON_") => {
                return Err(Failure::Usage(format!("the variable {name} is no UTF-8 text")));
            }
            _ => {}
        }
    }
    // Only tests have a reason to.
    if let Some(seconds) = environment.get(clock::VARIABLE).and_then(|text| text.parse().ok()) {
        clock::move_by(seconds);
    }
    let set = |name: &str| environment.get(name).map(String::as_str).filter(|text| !text.is_empty());
    last_line::looks(guess(&args, &environment, &File::default()));
    let file = File::read(set("BATON_CONFIG_PATH"))?;
    last_line::looks(guess(&args, &environment, &file));
    let done = with_file(args, &environment, &file, &stop).await;
    done.map_err(|failure| match file.problem {
        Some(problem) => Failure::WithoutFile { failure: Box::new(failure), problem },
        None => failure,
    })
}

async fn with_file(
    args: Vec<String>,
    environment: &HashMap<String, String>,
    file: &File,
    stop: &Stop,
) -> Result<(), Failure> {
    let set = |name: &str| environment.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let component = named(&args, "component")
        .or_else(|| set(&variable("component")).map(str::to_owned))
        .or_else(|| file.get("component").and_then(|mut texts| texts.pop()));
    let wasm = read(component.as_deref())?;
    let connector = load(&wasm)?;
    let schema = connector.config_schema().await?;
    let asked = cli::parse(&schema, args)?;
    if !matches!(asked, Asked::Sync(_) | Asked::Demo(_)) {
        // What prints an answer writes no log.
        last_line::looks(Format::Console);
    }
    match asked {
        Asked::Text(text) => print(&text),
        Asked::Version => print(&version(component.as_deref(), &connector.metadata().await?)),
        Asked::Capabilities(typed) => {
            let sources = Sources { typed: &typed, environment, file };
            sources.check_typed()?;
            let config = baton_host::Config::incomplete(&schema, sources.given_fields(&schema))?;
            print(&capabilities::json(connector.resource_types_with(config).await?))
        }
        Asked::Config => print(&config_schema::json(&connector.metadata().await?, &schema)),
        Asked::HealthCheck(typed) => {
            let sources = Sources { typed: &typed, environment, file };
            sources.check_typed()?;
            health_check::run(&sources).await
        }
        Asked::Access(typed) => {
            let sources = Sources { typed: &typed, environment, file };
            sources.check_typed()?;
            print(&access::text(&sources, &connector.metadata().await?.cannot_see)?)
        }
        Asked::Completion(shell) => print(&shells::completion(&schema, &shell)?),
        Asked::Manual => print(&shells::manual(&schema)?),
        Asked::Review(typed) => review::run(&typed),
        Asked::Demo(typed) => {
            let sources = Sources { typed: &typed, environment, file };
            last_line::looks(sources.logs().format());
            sources.check_typed()?;
            if component.is_some() {
                return Err(Failure::field(
                    "component",
                    "field component: the demo is of the connector that is built in; leave --component out (from the \
                     variable and the config file, too)",
                ));
            }
            let display = start_logs(&sources, &connector.metadata().await?)?;
            if let Some(refusal) = sources.refusal() {
                return Err(Failure::Refused(refusal));
            }
            demo::run(&connector, &sources, &display, stop).await
        }
        Asked::Sync(typed) => {
            let given = Sources { typed: &typed, environment, file };
            last_line::looks(given.logs().format());
            let environment = from_files::read(&given, &schema)?;
            let sources = Sources { environment: &environment, ..given };
            last_line::looks(sources.logs().format());
            sync(&connector, &wasm, &schema, &sources, stop).await
        }
    }
}

/// A one-shot run, with everything checked before it starts.
async fn sync(
    connector: &Connector,
    wasm: &[u8],
    schema: &[ConfigField],
    sources: &Sources<'_>,
    stop: &Stop,
) -> Result<(), Failure> {
    sources.check_typed()?;
    let values = sources.fields(schema)?;
    sources.check_together()?;
    let settings = sources.settings()?;
    let metadata = connector.metadata().await?;
    let display = start_logs(sources, &metadata)?;
    if !sources.text("otel-collector-endpoint").is_empty() {
        tracing::warn!(
            "otel-collector-endpoint is given, but this program sends no traces and no logs anywhere: collect its \
             stderr, and with --health-check ask /metrics"
        );
    }
    if let Some(refusal) = sources.refusal() {
        return Err(Failure::Refused(refusal));
    }
    let same = baton_run::fingerprint(wasm, schema, &values);
    let config = baton_host::Config::new(schema, values)?;
    if service::is_wanted(sources) {
        return service::run(connector.clone(), config, sources, settings, stop).await;
    }
    if service::is_meant(sources) {
        tracing::warn!(
            "BATON_CLIENT_ID is empty or not there: this is one sync into a file, not a service for C1"
        );
    }
    let told = summary::Told { format: sources.logs().format(), display: &display, metadata: &metadata };
    one_shot::run(connector, config, settings, &same, told, stop).await?;
    // Once more, where it is seen: the sync was done with other values than somebody wrote down.
    if let Some(problem) = &sources.file.problem {
        tracing::warn!("{problem}");
    }
    Ok(())
}

fn start_logs(sources: &Sources<'_>, metadata: &ConnectorMetadata) -> Result<Arc<Display>, Failure> {
    let settings = sources.logs();
    let display = Display::new(settings.watched());
    let ConnectorMetadata { display_name, version, .. } = metadata;
    let named = logs::Named { connector: display_name.clone(), version: version.clone() };
    last_line::is_of(&named);
    logs::start(&settings, named, display.clone())?;
    if let Some(problem) = &sources.file.problem {
        tracing::warn!("{problem}");
    }
    Ok(display)
}

/// Which program this is, and of another connector than the one built in, which connector.
fn version(component: Option<&str>, metadata: &ConnectorMetadata) -> String {
    let program = format!("{} version {}\n", called(), env!("CARGO_PKG_VERSION"));
    match component {
        Some(_) => {
            format!("{} connector version {}, run by {program}", metadata.display_name, metadata.version)
        }
        None => program,
    }
}

/// The component's bytes: the one that was named, or the one built in.
fn read(component: Option<&str>) -> Result<Cow<'static, [u8]>, Failure> {
    Ok(match component {
        Some(path) => {
            std::fs::read(path).map_err(Failure::io(format!("cannot read the component {path}")))?.into()
        }
        None => PLANETSCALE.into(),
    })
}

fn load(wasm: &[u8]) -> Result<Connector, Failure> {
    Ok(Engine::new(EngineOptions::default())?.load(wasm)?)
}

/// How logs will look, as far as it can be told before flags are known.
fn guess(args: &[String], environment: &HashMap<String, String>, file: &File) -> Format {
    let given = |name: &str| {
        let variable = || environment.get(&variable(name)).filter(|text| !text.is_empty()).cloned();
        named(args, name).or_else(variable).or_else(|| file.get(name)?.pop())
    };
    let settings = LogSettings {
        level: String::new(),
        format: given("log-format").and_then(|word| Format::named(&word)),
        paths: Vec::new(),
        debug_until: None,
        chosen: CHOSEN.iter().any(|name| given(name).is_some()),
    };
    settings.format()
}

/// The last `--NAME VALUE` or `--NAME=VALUE`, before flags are known.
fn named(args: &[String], name: &str) -> Option<String> {
    let flag = format!("--{name}");
    let mut found = None;
    let mut rest = args.iter().skip(1);
    while let Some(arg) = rest.next() {
        if arg == "--" {
            break;
        }
        if *arg == flag {
            found = rest.next().cloned();
        } else if let Some(value) = arg.strip_prefix(&flag).and_then(|rest| rest.strip_prefix('=')) {
            found = Some(value.to_owned());
        }
    }
    found.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_found_before_flags_are_known() {
        let find = |args: &[&str]| {
            let args: Vec<String> = std::iter::once(&"x").chain(args).map(|arg| (*arg).to_owned()).collect();
            named(&args, "component")
        };
        assert_eq!(find(&["--component", "a.wasm", "--nope"]), Some("a.wasm".into()));
        assert_eq!(find(&["demo", "--component=a.wasm", "--component=b.wasm"]), Some("b.wasm".into()));
        assert_eq!(find(&["--component="]), None);
        assert_eq!(find(&["--component"]), None);
        assert_eq!(find(&["--", "--component=a.wasm"]), None);
    }
}
