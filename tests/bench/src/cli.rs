//! What can be asked for.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use baton_planetscale_demo::{Form, RateLimit};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::api::Manner;
use crate::outcome::Result;
use crate::run::most_connections;
use crate::subject::Subject;
use crate::table::Plan;
use crate::{counts, expansion, floor, limit, measured, protocols, subject, table, tenants};

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn value(name: &'static str, kind: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(kind).help(help)
}

fn number(name: &'static str, default: &'static str, help: &'static str) -> Arg {
    value(name, "N", help).value_parser(value_parser!(u32)).default_value(default)
}

fn path(name: &'static str, help: &'static str) -> Arg {
    value(name, "FILE", help).value_parser(value_parser!(PathBuf))
}

fn command() -> Command {
    let program = path("program", "This baton-planetscale; without it, one is built as this program was");
    let subject = [
        program.clone(),
        value("args", "TEXT", "Further arguments for it, separated by blanks").allow_hyphen_values(true),
        flag("tls", "Encrypted, with HTTP/2 on offer"),
        flag("http1", "Without HTTP/2 on offer"),
    ];
    let what = [
        value("scenario", "NAMES", "S, M, L, 10L (L with ten times its grants), or others of the double")
            .value_delimiter(',')
            .default_value("S,M,L"),
        number("workers", "0,8,32", "Worker counts").value_name("NUMBERS").value_delimiter(','),
        number("runs", "5", "Runs of each"),
    ];
    let table = Command::new("table")
        .about("Measure, and print the table with the goals beside it")
        .args(&subject)
        .args(&what)
        .arg(flag("cold", "Also without compiled code in the cache; S always is"))
        .arg(value(
            "against",
            "COMMAND",
            "A second program, measured in alternating runs: a shell's command, with {url}, {token}, {file}, \
             {workers} and {ca} for what it needs; address and token are also in its environment",
        ));
    let protocols = Command::new("protocols")
        .about("Measure over plain HTTP/1.1, TLS with HTTP/1.1, and TLS with HTTP/2, in alternating runs")
        .args(subject.iter().take(2))
        .args(&what);
    let counts = Command::new("counts")
        .about("Check requests, connections and records, without a look at the time")
        .args(&subject);
    let limit = Command::new("limit")
        .about("Sync once under a limit on requests, and say how often that was refused and how long it took")
        .args(&subject)
        .arg(number("requests", "1200", "Requests of the sync"))
        .arg(number("limit", "600", "Requests that are answered in a window"))
        .arg(number("window-ms", "60000", "The window's length"))
        .arg(number("workers", "8", "Worker count"))
        .arg(flag("advice", "A refusal says when to come back"))
        .arg(flag("told", "Each reply tells of the limit"))
        .arg(flag(
            "unknown",
            "The program is not told the limit, as the connector tells it that of the real host",
        ));
    let tenants = Command::new("tenants")
        .about("Sync many tenants of size S in one process, and in a process each")
        .arg(&program)
        .arg(number("tenants", "100", "Tenants"))
        .arg(number("at-once", "8", "Syncs at the same time"))
        .arg(number("runs", "3", "Runs of each"));
    let floor = Command::new("floor")
        .about(
            "The least that a native program has to do for the same file; address and token are those of \
             BATON_PLANETSCALE_API_URL and BATON_PLANETSCALE_SERVICE_TOKEN",
        )
        .arg(path("file", "What to write").default_value("sync.c1z"))
        .arg(number("workers", "0", "Worker count; 0 is as many as the program takes by itself"));
    let expansion = Command::new("expansion")
        .about("Write what teams are granted, and what follows from that for their members")
        .arg(number("grants", "62500", "Grants to a team"))
        .arg(number("members", "40", "Members of each team"))
        .arg(value("against", "COMMAND", "A shell's command that expands the file {file} in its place"));
    // What follows is this program's own, for the processes it starts.
    let measured = Command::new("measured")
        .hide(true)
        .args([path("log", "").required(true), number("longest", "60", "")])
        .arg(Arg::new("command").num_args(1..).trailing_var_arg(true).allow_hyphen_values(true));
    let some = [path("list", "").required(true), number("at-once", "8", "")];
    let here = Command::new("tenants-here").hide(true).args(&some);
    let expansion_here = Command::new("expansion-here").hide(true).arg(Arg::new("of").num_args(4));
    let apart = Command::new("tenants-apart").hide(true).args(&some).arg(program.required(true));
    Command::new("bench")
        .about("Measures a sync against a double of the API")
        .subcommand_required(true)
        .subcommands([table, protocols, counts, limit, tenants, expansion, floor])
        .subcommands([measured, here, apart, expansion_here])
}

/// Do what the command line says.
pub fn run() -> Result<ExitCode> {
    let given = command().get_matches();
    let Some((name, given)) = given.subcommand() else { return Ok(ExitCode::FAILURE) };
    let number = |name: &str| given.get_one::<u32>(name).copied().unwrap_or(0);
    let size = |name: &str| usize::try_from(number(name).max(1));
    let path = |name: &str| given.get_one::<PathBuf>(name).cloned();
    match name {
        "protocols" => {
            let names: Vec<String> = given.get_many("scenario").unwrap_or_default().cloned().collect();
            let workers: Vec<u32> = given.get_many("workers").unwrap_or_default().copied().collect();
            protocols::protocols(&ours(given)?, &names, &workers, size("runs")?)?;
        }
        "table" => {
            let ours = ours(given)?;
            let other = given.get_one::<String>("against").map(|line| Subject::other(line)).transpose()?;
            let plan = Plan {
                scenarios: given.get_many("scenario").unwrap_or_default().cloned().collect(),
                workers: given.get_many("workers").unwrap_or_default().copied().collect(),
                runs: size("runs")?,
                manner: manner(given),
                cold: given.get_flag("cold"),
            };
            let others = if plan.manner.tls { None } else { Some(Subject::floor()?) };
            let others: Vec<Subject> = others.into_iter().chain(other).collect();
            table::table(&ours, &others, &plan)?;
        }
        "counts" => return counts::counts(&ours(given)?, manner(given)),
        "limit" => {
            let form = if given.get_flag("advice") { Form::RetryAfterSeconds } else { Form::None };
            let rate = RateLimit {
                requests: number("limit"),
                window_ms: number("window-ms").into(),
                form,
                told: given.get_flag("told"),
            };
            let mut further = further(given);
            if !given.get_flag("unknown") {
                // The share that the program takes of it by itself.
                let per_minute = u64::from(rate.requests) * 60_000 * 98 / 100 / rate.window_ms.max(1);
                further.extend(["--requests-per-minute".to_owned(), per_minute.to_string()]);
            }
            let subject = Subject::ours(path("program"), further)?;
            limit::limit(&subject, number("requests").into(), rate, number("workers"), manner(given))?;
        }
        "tenants" => {
            let program = subject::path(path("program"))?;
            tenants::tenants(&program, size("tenants")?, size("at-once")?, size("runs")?)?;
        }
        "expansion" => {
            let size = expansion::Size { grants: number("grants"), members: number("members") };
            expansion::expansion(size, given.get_one::<String>("against").map(String::as_str))?;
        }
        "expansion-here" => {
            let of: Vec<&String> = given.get_many("of").unwrap_or_default().collect();
            let [file, grants, members, expand] = of[..] else { return Ok(ExitCode::FAILURE) };
            let size = expansion::Size { grants: grants.parse()?, members: members.parse()? };
            expansion::here(file.as_ref(), size, expand.parse()?)?;
        }
        "floor" => {
            let workers = usize::try_from(most_connections(number("workers")))?;
            let url = std::env::var("BATON_PLANETSCALE_API_URL")?;
            let token = std::env::var("BATON_PLANETSCALE_SERVICE_TOKEN")?;
            floor::floor(&url, &token, &path("file").unwrap_or_default(), workers)?;
        }
        "tenants-here" => tenants::here(&path("list").unwrap_or_default(), size("at-once")?)?,
        "tenants-apart" => {
            let (list, program) = (path("list").unwrap_or_default(), path("program").unwrap_or_default());
            tenants::apart(&list, size("at-once")?, &program)?;
        }
        _ => {
            let command: Vec<String> = given.get_many("command").unwrap_or_default().cloned().collect();
            let longest = Duration::from_secs(number("longest").into());
            measured::work(&command, &path("log").unwrap_or_default(), longest)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn ours(given: &ArgMatches) -> Result<Subject> {
    Subject::ours(given.get_one::<PathBuf>("program").cloned(), further(given))
}

fn further(given: &ArgMatches) -> Vec<String> {
    let further = given.get_one::<String>("args").map(String::as_str).unwrap_or_default();
    further.split_whitespace().map(str::to_owned).collect()
}

fn manner(given: &ArgMatches) -> Manner {
    Manner { tls: given.get_flag("tls"), http1: given.get_flag("http1") }
}
