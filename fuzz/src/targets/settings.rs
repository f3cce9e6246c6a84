//! What a run depends on: command line, environment variables and the YAML config file.
//!
//! What is tried is text: lines with one argument each, or with a variable (`BATON_...=value`), then a line `---`, then
//! the file. Without that line all of it is the file.
//!
//! It is refused in a sentence that does not hold the token; or it is settings within their bounds, each from the source
//! that counts, and a config that leads the token nowhere but to the address in it.

use std::collections::HashMap;
use std::fs;

use baton_host::contract::{ConfigField, FieldKind};
use baton_host::{Config, Secret};
use url::Url;

use crate::config;
use baton_planetscale::cli::{self, Asked};
use baton_planetscale::failure::Failure;
use baton_planetscale::file::File;
use baton_planetscale::flags::FLAGS;
use baton_planetscale::given;
use baton_planetscale::name::PROGRAM;
use baton_planetscale::settings::Sources;

/// The half of the token that must be nowhere.
const SECRET: &str = "a-secret-value";

/// Try it.
pub fn try_bytes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (head, file) = text.split_once("\n---\n").unwrap_or(("", &text));
    let (variables, args): (Vec<&str>, Vec<&str>) = head.lines().partition(|line| line.starts_with("BATON_"));
    let Some(file) = read(file) else { return };
    if let Some(problem) = &file.problem {
        assert!(!problem.contains("secret"), "a broken file is quoted");
    }
    stays_the_same(&file);
    let schema = schema();
    let args = std::iter::once(PROGRAM).chain(args).map(str::to_owned);
    let typed = match cli::parse(&schema, args) {
        Ok(
            Asked::Sync(typed)
            | Asked::Demo(typed)
            | Asked::HealthCheck(typed)
            | Asked::Capabilities(typed)
            | Asked::Access(typed),
        ) => typed,
        Ok(
            Asked::Config
            | Asked::Review(_)
            | Asked::Completion(_)
            | Asked::Manual
            | Asked::Version
            | Asked::Text(_),
        ) => return,
        Err(failure) => return is_a_sentence(&failure, !head.contains(SECRET)),
    };
    let environment: HashMap<String, String> = variables
        .iter()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let sources = Sources { typed: &typed, environment: &environment, file: &file };
    for flag in FLAGS {
        comes_from_where_it_counts(&sources, flag.name, flag.default);
    }
    if let Err(failure) = use_them(&sources, &schema) {
        // Somebody may have given it as something that is no secret, which may be repeated.
        let open = FLAGS.iter().map(|flag| flag.name).filter(|name| *name != "client-secret");
        let said = |name| file.get(name).is_some_and(|texts| texts.iter().any(|text| text.contains(SECRET)));
        let is_secret = !head.contains(SECRET) && !open.chain([config::API_URL]).any(said);
        is_a_sentence(&failure, is_secret);
    }
}

/// As a run reads them, one after another.
fn use_them(sources: &Sources<'_>, schema: &[ConfigField]) -> Result<(), Failure> {
    sources.check_typed()?;
    drop(sources.refusal().map(|refusal| refusal.to_string()));
    drop(sources.logs());
    let values = sources.fields(schema)?;
    sources.check_together()?;
    let settings = sources.settings()?;
    assert!((1..=64).contains(&settings.sync.workers), "{} workers", settings.sync.workers);
    assert!(
        (1..=1_800).contains(&settings.sync.limits.request.as_secs()),
        "{:?}",
        settings.sync.limits.request
    );
    assert!(settings.place.keep != Some(0), "the new sync itself would go");
    leads_to_its_address(schema, values)
}

/// The connector reads the address with a parser of its own, the host with another: whatever both take, they take for
/// the same place.
fn leads_to_its_address(schema: &[ConfigField], values: Vec<(String, Secret)>) -> Result<(), Failure> {
    let value = |name: &str| {
        let found = values.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.reveal().to_owned()).unwrap_or_default()
    };
    let (token, url) = (value(config::SERVICE_TOKEN), value(config::API_URL));
    let (inline, databases) = (value(config::INLINE_MEMBERS), value(config::DATABASES));
    let host = Config::new(schema, values)?;
    let connector = config::Config::parse(Some(&token), Some(&url), Some(&inline), Some(&databases));
    let Ok(connector) = connector else { return Ok(()) };
    let scheme = if connector.base.https { "https" } else { "http" };
    let asked = format!("{scheme}://{}", connector.base.authority);
    let asked = Url::parse(&asked).map(|url| url.origin().ascii_serialization());
    let allowed: Vec<Option<String>> = host
        .origins()
        .map(|origin| Url::parse(&origin.to_string()).ok().map(|url| url.origin().ascii_serialization()))
        .collect();
    assert_eq!(allowed, [asked.ok()], "the connector asks another host than it may");
    Ok(())
}

/// Flag before variable before file before default.
fn comes_from_where_it_counts(sources: &Sources<'_>, name: &str, default: &str) {
    let of_typed = given::typed(sources.typed, name).map(|texts| texts.last().cloned().unwrap_or_default());
    let of_variable =
        sources.environment.get(&given::variable(name)).filter(|text| !text.is_empty()).cloned();
    let of_file = || sources.file.get(name).and_then(|mut texts| texts.pop());
    let expected = of_typed.or(of_variable).or_else(of_file).unwrap_or_else(|| default.to_owned());
    assert_eq!(sources.text(name), expected, "{name} is not of the source that counts");
}

/// What the file says of a name, written down again as texts, is what it says.
fn stays_the_same(file: &File) {
    let names = FLAGS.iter().map(|flag| flag.name).chain([config::SERVICE_TOKEN, config::API_URL]);
    let said: Vec<(&str, Vec<String>)> = names.filter_map(|name| Some((name, file.get(name)?))).collect();
    let lines: String =
        said.iter().map(|(name, texts)| format!("{name}: {}\n", serde_json::json!(texts))).collect();
    let Some(again) = read(&lines) else { return };
    assert_eq!(again.problem, None, "what was read cannot be read again: {lines}");
    for (name, texts) in said {
        assert_eq!(again.get(name), Some(texts), "{name} became another value");
    }
}

fn is_a_sentence(failure: &Failure, is_secret: bool) {
    let text = failure.to_string();
    assert!(!text.trim().is_empty() && failure.code() > 0, "a failure without a word");
    assert!(!is_secret || !text.contains(SECRET), "the token is told: {text}");
}

fn read(text: &str) -> Option<File> {
    let folder = tempfile::tempdir().ok()?;
    let path = folder.path().join("config.yaml");
    fs::write(&path, text).ok()?;
    match File::read(path.to_str()) {
        Ok(file) => Some(file),
        Err(failure) => panic!("a config file ends a run: {failure}"),
    }
}

/// The connector's fields, in the host's words.
fn schema() -> Vec<ConfigField> {
    let field = |name: &str, kind, secret| ConfigField {
        name: name.into(),
        display_name: name.into(),
        description: "A value.".into(),
        placeholder: None,
        suggested_value: None,
        kind,
        required: true,
        secret,
    };
    vec![field(config::SERVICE_TOKEN, FieldKind::Text, true), field(config::API_URL, FieldKind::Url, false)]
}
