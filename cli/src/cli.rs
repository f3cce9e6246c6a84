//! The command line: what may be typed, and in which words a mistake is told.
//!
//! It is built when the program runs, because half of it comes from the component: a flag for each field of the
//! connector's schema. The parser is clap's; its errors are told in the words of the Go connectors, which
//! customers' scripts match. Values stay text here: `settings.rs` reads them, whatever source they come from.

use baton_host::contract::{ConfigField, FieldKind};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::failure::Failure;
use crate::flags::{FLAGS, Flag, Kind};
use crate::from_files;
use crate::given::variable;
use crate::name;
use crate::reserved;
use crate::review;

/// Shells that there is completion for.
pub const SHELLS: [&str; 4] = ["bash", "fish", "powershell", "zsh"];

/// What was asked for.
pub enum Asked {
    /// One sync, with what was typed.
    Sync(ArgMatches),
    /// What the connector can do, as it is configured.
    Capabilities(ArgMatches),
    /// The connector's fields.
    Config,
    /// Whether a service that runs on this machine is well.
    HealthCheck(ArgMatches),
    /// What one person holds.
    Access(ArgMatches),
    /// The embedded example.
    Demo(ArgMatches),
    /// A review of a file, or whether one was altered.
    Review(ArgMatches),
    /// Completion for this shell.
    Completion(String),
    /// The manual page.
    Manual,
    /// Which program and connector this is.
    Version,
    /// Only this text: the help.
    Text(String),
}

/// Read the command line.
pub fn parse(schema: &[ConfigField], args: impl IntoIterator<Item = String>) -> Result<Asked, Failure> {
    reserved::check(schema)?;
    let args: Vec<String> = args.into_iter().collect();
    let called = name::of(args.first().map(String::as_str));
    let mut matches = match command(&called, schema).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | WITHOUT_SHELL) => {
            return Ok(Asked::Text(error.render().to_string()));
        }
        Err(error) => return Err(Failure::Usage(in_words(&called, &error))),
    };
    if matches.get_flag("version") {
        return Ok(Asked::Version);
    }
    // Global flags travel down to the subcommand, so its matches hold them all.
    Ok(match matches.remove_subcommand() {
        Some((name, matches)) if name == "capabilities" => Asked::Capabilities(matches),
        Some((name, _)) if name == "config" => Asked::Config,
        Some((name, matches)) if name == "health-check" => Asked::HealthCheck(matches),
        Some((name, matches)) if name == "access" => Asked::Access(matches),
        Some((name, matches)) if name == "completion" => {
            Asked::Completion(matches.subcommand_name().unwrap_or_default().to_owned())
        }
        Some((name, _)) if name == "man" => Asked::Manual,
        Some((name, matches)) if name == "review" => Asked::Review(matches),
        Some((_, matches)) => Asked::Demo(matches),
        None => Asked::Sync(matches),
    })
}

/// Nothing was typed where a word is wanted: the help says which there are.
const WITHOUT_SHELL: ErrorKind = ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;

/// The command line as its help has it: what is hidden there is left out.
pub fn shown(called: &str, schema: &[ConfigField]) -> Result<Command, Failure> {
    reserved::check(schema)?;
    Ok(with_flags(called, schema, |flag| !flag.hidden))
}

fn command(called: &str, schema: &[ConfigField]) -> Command {
    with_flags(called, schema, |_| true)
        .subcommand(Command::new("man").hide(true).about("Print the manual page, as roff"))
}

fn with_flags(called: &str, schema: &[ConfigField], wanted: impl Fn(&Flag) -> bool) -> Command {
    let version = Arg::new("version").short('v').long("version").action(ArgAction::SetTrue);
    Command::new(called.to_owned())
        .bin_name(called)
        .about("Reads who has access to what, into a file that the baton tools read. It changes nothing.")
        .after_help(
            "Every value may also come from its environment variable or from a YAML file \
             ($BATON_CONFIG_PATH, else ./.baton.yaml); a flag counts before a variable, a variable before the file.",
        )
        .disable_version_flag(true)
        .args_override_self(true)
        .next_help_heading("Connector")
        .args(schema.iter().flat_map(|field| [of_field(field), from_files::flag(field)]))
        .next_help_heading("Options")
        .args(FLAGS.iter().filter(|flag| wanted(flag)).map(of_flag))
        .arg(version.help("Print the version"))
        .subcommand(Command::new("capabilities").about("Print what the connector reads as it is configured, as JSON"))
        .subcommand(Command::new("config").about("Print the fields of the connector's config, as JSON"))
        .subcommand(health_check())
        .subcommand(access())
        .subcommand(completion())
        .subcommand(review::command())
        .subcommand(Command::new("demo").about(
            "Sync a small made-up company from this program's own API on this machine, and show what came of it",
        ))
}

fn access() -> Command {
    let who = Arg::new("who").value_name("WHO").required(true);
    Command::new("access")
        .about("Print what one person holds, and by which ways, from a .c1z (see --file)")
        .arg(who.help("An e-mail address, a login, an id, or a name or a part of one"))
}

fn completion() -> Command {
    let of = |shell: &&'static str| Command::new(*shell).about(format!("Print the script for {shell}"));
    Command::new("completion")
        .about("Print a script by which a shell completes this program's commands and flags")
        .subcommands(SHELLS.iter().map(of))
        .subcommand_required(true)
        .arg_required_else_help(true)
}

fn health_check() -> Command {
    Command::new("health-check")
        .about("Ask a service on this machine (see --health-check) whether it is well")
        .arg(
            Arg::new("endpoint")
                .long("endpoint")
                .value_name("health|ready|live")
                .default_value("health")
                .help("What to ask: health (config and access), ready (C1 knows it) or live (it answers)"),
        )
        .arg(
            Arg::new("timeout")
                .long("timeout")
                .value_name("N")
                .default_value("5")
                .help("Give up after so many seconds"),
        )
}

fn of_flag(flag: &Flag) -> Arg {
    let help = format!("{} (${})", flag.help, variable(flag.name));
    let arg = Arg::new(flag.name).long(flag.name).help(help).hide(flag.hidden).global(true);
    let arg = match flag.short {
        Some(letter) => arg.short(letter),
        None => arg,
    };
    shaped(arg, flag.kind)
}

fn of_field(field: &ConfigField) -> Arg {
    let required = if field.required { "required: " } else { "" };
    let help = format!("{required}{} (${})", field.description, variable(&field.name));
    let kind = match &field.kind {
        FieldKind::Text | FieldKind::Url | FieldKind::Choice(_) => Kind::Text,
        FieldKind::Integer => Kind::Int(i64::MIN, i64::MAX),
        FieldKind::Boolean => Kind::Bool,
        FieldKind::TextList => Kind::List,
    };
    // What a connector can do may depend on its fields, so they may stand behind a command, too.
    shaped(Arg::new(field.name.clone()).long(field.name.clone()).help(help).global(true), kind)
}

fn shaped(arg: Arg, kind: Kind) -> Arg {
    match kind {
        Kind::Bool => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_name("true|false")
            .action(ArgAction::Set),
        Kind::List => arg.value_name("LIST").action(ArgAction::Append).allow_hyphen_values(true),
        Kind::Int(..) => arg.value_name("N").action(ArgAction::Set).allow_hyphen_values(true),
        Kind::Text => arg.value_name("TEXT").action(ArgAction::Set).allow_hyphen_values(true),
    }
}

/// A mistake in the words of the Go connectors.
fn in_words(called: &str, error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let unknown = context(ContextKind::InvalidSubcommand).or(context(ContextKind::InvalidArg));
    match (error.kind(), unknown) {
        (ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand, Some(text)) => {
            let name = text.split('=').next().unwrap_or(text);
            match name.strip_prefix('-') {
                Some(rest) if rest.starts_with('-') => format!("unknown flag: {name}"),
                Some(rest) => format!("unknown shorthand flag: '{rest}' in {name}"),
                None => format!("unknown command \"{name}\" for \"{called}\""),
            }
        }
        (ErrorKind::MissingRequiredArgument, _) => "accepts 1 arg(s), received 0".to_owned(),
        (ErrorKind::InvalidValue, Some(flag)) => {
            format!("flag needs an argument: {}", flag.split(' ').next().unwrap_or(flag))
        }
        _ => {
            let text = error.render().to_string();
            text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given::typed;
    use crate::name::PROGRAM;

    fn schema() -> Vec<ConfigField> {
        [("acme-token", true, FieldKind::Text), ("acme-url", false, FieldKind::Url)]
            .map(|(name, secret, kind)| ConfigField {
                name: name.into(),
                display_name: name.into(),
                description: "A value.".into(),
                placeholder: None,
                suggested_value: None,
                kind,
                required: true,
                secret,
            })
            .into()
    }

    fn run(args: &[&str]) -> Result<Asked, String> {
        let args = std::iter::once(PROGRAM).chain(args.iter().copied()).map(str::to_owned);
        parse(&schema(), args).map_err(|failure| failure.to_string().lines().next().unwrap_or("").to_owned())
    }

    fn mistake(args: &[&str]) -> String {
        run(args).err().unwrap_or_else(|| "no mistake".into())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        command(PROGRAM, &schema()).debug_assert();
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_the_go_connectors() {
        assert_eq!(mistake(&["--nope"]), "unknown flag: --nope");
        assert_eq!(mistake(&["--nope=3"]), "unknown flag: --nope");
        assert_eq!(mistake(&["--config", "x.yaml"]), "unknown flag: --config");
        assert_eq!(mistake(&["--diff-syncs"]), "unknown flag: --diff-syncs");
        assert_eq!(mistake(&["--base-sync-id=1"]), "unknown flag: --base-sync-id");
        assert_eq!(mistake(&["--applied-sync-id", "1"]), "unknown flag: --applied-sync-id");
        assert_eq!(mistake(&["access"]), "accepts 1 arg(s), received 0");
        assert_eq!(mistake(&["-x"]), "unknown shorthand flag: 'x' in -x");
        assert_eq!(mistake(&["x"]), "unknown command \"x\" for \"baton-planetscale\"");
        assert_eq!(mistake(&["capabilitie"]), "unknown command \"capabilitie\" for \"baton-planetscale\"");
        assert_eq!(mistake(&["--file"]), "flag needs an argument: --file");
    }

    #[test]
    fn the_last_of_a_repeated_flag_counts_and_lists_add_up() {
        let Ok(Asked::Sync(found)) =
            run(&["--workers", "-1", "--workers=4", "-f", "a.c1z", "--sync-resource-types", "a,b"])
        else {
            panic!("a sync");
        };
        assert_eq!(typed(&found, "workers"), Some(vec!["4".into()]));
        assert_eq!(typed(&found, "file"), Some(vec!["a.c1z".into()]));
        assert_eq!(typed(&found, "sync-resource-types"), Some(vec!["a,b".into()]));
        assert_eq!(typed(&found, "log-level"), None);
    }

    #[test]
    fn a_bool_flag_takes_its_value_only_after_an_equals_sign() {
        let Ok(Asked::Sync(found)) = run(&["--skip-full-sync", "--health-check=false"]) else {
            panic!("a sync");
        };
        assert_eq!(typed(&found, "skip-full-sync"), Some(vec!["true".into()]));
        assert_eq!(typed(&found, "health-check"), Some(vec!["false".into()]));
    }

    #[test]
    fn flags_before_and_after_a_subcommand_both_reach_it() {
        for args in [["demo", "--file", "x.jsonl"], ["--file", "x.jsonl", "demo"]] {
            let Ok(Asked::Demo(found)) = run(&args) else { panic!("the demo") };
            assert_eq!(typed(&found, "file"), Some(vec!["x.jsonl".into()]));
        }
    }

    #[test]
    fn the_help_lists_the_connectors_fields_and_says_by_what_name_it_was_called() {
        let Ok(Asked::Text(help)) = run(&["--help"]) else { panic!("the help") };
        assert!(
            help.contains("--acme-token") && help.contains("required: A value. ($BATON_ACME_TOKEN)"),
            "{help}"
        );
        assert!(!help.contains("--c1z-temp-dir"), "{help}");
        assert!(matches!(run(&["-v"]), Ok(Asked::Version)));
        let called = ["/opt/baton-acme".to_owned(), "--help".to_owned()];
        let Ok(Asked::Text(help)) = parse(&schema(), called) else { panic!("the help") };
        assert!(help.contains("Usage: baton-acme "), "{help}");
        let called = ["/opt/baton-acme".to_owned(), "x".to_owned()];
        let mistake = parse(&schema(), called).err().map(|failure| failure.to_string());
        assert!(mistake.is_some_and(|text| text.starts_with("unknown command \"x\" for \"baton-acme\"")));
    }
}
