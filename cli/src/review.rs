//! The commands about reviews: make one of a file, and look whether one was altered. Neither needs network or credentials.

use std::path::{Path, PathBuf};

use baton_report::{Made, Output, Request, Review, Rules, Signed};
use clap::{Arg, ArgMatches, Command};

use crate::failure::Failure;
use crate::name::PROGRAM;
use crate::print::print;

/// What a review of PlanetScale goes by.
const RULES: &str = include_str!("../review.yaml");

/// The command.
pub fn command() -> Command {
    let text = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("review")
        .about(
            "Make a review of who reaches what from a .c1z: pages, workbooks, CSV and JSON, with a manifest",
        )
        .args_conflicts_with_subcommands(true)
        .arg(Arg::new("c1z").value_name("FILE.c1z").help("The file to review"))
        .arg(text("out", "DIR", "The folder to make; it is not there yet, or empty"))
        .arg(text("people", "FILE.csv", "The people who should be there, with a column of e-mail addresses"))
        .arg(text("people-column", "NAME", "The column with the addresses, if it is not called so"))
        .arg(text(
            "since",
            "OLD.c1z",
            "Compare with the latest sync of this file, not with the file's own earlier one",
        ))
        .arg(text(
            "rules",
            "FILE.yaml",
            "Rules to lay over those built in: domains, findings that are off or accepted",
        ))
        .arg(text("split", "TYPE", "A workbook for each resource of this type as well: organization, team"))
        .arg(text("sign", "KEYFILE", "Sign the manifest with this private key (Ed25519, PEM)"))
        .subcommand(
            Command::new("verify")
                .about("Say whether any file of a review was altered")
                .arg(Arg::new("dir").value_name("DIR").required(true).help("The folder of the review"))
                .arg(text("key", "PUBLIC", "It has to be signed by the holder of this public key")),
        )
}

/// Do what was asked for.
pub fn run(typed: &ArgMatches) -> Result<(), Failure> {
    let path = |typed: &ArgMatches, name: &str| typed.get_one::<String>(name).map(PathBuf::from);
    if let Some(("verify", typed)) = typed.subcommand() {
        let folder = path(typed, "dir").unwrap_or_default();
        let found = baton_report::verify(&folder, path(typed, "key").as_deref())?;
        let signed = match found.signed {
            Signed::No => "It is not signed.".to_owned(),
            Signed::ByKey(key) => format!("It is signed by {key}, as it has to be."),
            Signed::BySomebody(key) => format!("It is signed by {key}, whose owner is not checked."),
        };
        return print(&format!(
            "None of the {} files in {} was altered since {} made them on {}.\n{signed}\n",
            found.files,
            folder.display(),
            found.program,
            found.made
        ));
    }
    let missing =
        |what: &str| Failure::Usage(format!("{what}, as in: {PROGRAM} review sync.c1z --out review"));
    let file = path(typed, "c1z").ok_or_else(|| missing("the review needs a file"))?;
    let folder = path(typed, "out").ok_or_else(|| missing("the review needs a folder to make"))?;
    let mut rules = rules()?;
    if let Some(path) = path(typed, "rules") {
        rules = rules.with_file(&path)?;
    }
    let column = typed.get_one::<String>("people-column").cloned();
    if column.is_some() && path(typed, "people").is_none() {
        return Err(Failure::Usage(
            "--people-column says which column of --people is read, and that is missing".into(),
        ));
    }
    let output = Output {
        folder,
        split: typed.get_one::<String>("split").cloned(),
        sign: path(typed, "sign"),
        replace: false,
    };
    let request = Request {
        file,
        rules,
        people: path(typed, "people").map(|path| (path, column)),
        since: path(typed, "since"),
        scratch: output.beside(),
        program: program(),
    };
    baton_report::check(&output)?;
    let made = baton_report::make(&Review::of(request)?, &output)?;
    print(&told(&made))
}

/// The folder for the review of a sync, if one is wanted. Looked at before the sync: better now than after an hour.
pub fn wanted(folder: &str, file: &Path, is_whole: bool) -> Result<Option<Output>, Failure> {
    if folder.is_empty() {
        return Ok(None);
    }
    if !is_whole || file.extension().is_none_or(|extension| extension != "c1z") {
        return Err(Failure::Setting(
            "field review: a review needs a .c1z with everything in it, so neither .jsonl nor a sync that leaves out something"
                .into(),
        ));
    }
    let output = Output { folder: PathBuf::from(folder), ..Output::default() };
    baton_report::check(&output)?;
    Ok(Some(output))
}

/// The review of a file that was just written.
pub fn of_sync(file: PathBuf, output: &Output, rules: Rules) -> Result<Made, Failure> {
    let request =
        Request { file, rules, people: None, since: None, scratch: output.beside(), program: program() };
    Ok(baton_report::make(&Review::of(request)?, output)?)
}

/// The rules built in.
pub fn rules() -> Result<Rules, Failure> {
    Ok(Rules::default().with(RULES, "the program itself")?)
}

/// The program, with its version.
pub fn program() -> String {
    format!("{PROGRAM} {}", env!("CARGO_PKG_VERSION"))
}

/// What there is to say of a review.
pub fn told(made: &Made) -> String {
    let findings = match made.findings {
        0 => "No finding is open".to_owned(),
        1 => "1 finding is open".to_owned(),
        number => format!("{number} findings are open"),
    };
    let signed = made.signed.as_ref().map(|key| format!(" Signed by {key}.")).unwrap_or_default();
    format!("{findings}. The review begins with {} ({} files).{signed}\n", made.page.display(), made.files)
}
