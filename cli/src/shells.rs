//! What shells and manual readers want to know of the command line, made from the command line itself.

use baton_host::contract::ConfigField;
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::cli;
use crate::failure::Failure;
use crate::name;

/// The script by which a shell completes commands and flags, the connector's fields among them.
pub fn completion(schema: &[ConfigField], shell: &str) -> Result<String, Failure> {
    let shell = match shell {
        "bash" => Shell::Bash,
        "fish" => Shell::Fish,
        "powershell" => Shell::PowerShell,
        _ => Shell::Zsh,
    };
    let mut script = Vec::new();
    let called = name::called();
    generate(shell, &mut cli::shown(called, schema)?, called, &mut script);
    let script = text(script)?;
    // In half of the places where bash is told of a subcommand, the hyphen in the program's name is taken for the blank
    // before one.
    let (torn, whole) = (called.replace('-', "__subcmd__"), called.replace('-', "__"));
    Ok(if shell == Shell::Bash { script.replace(&torn, &whole) } else { script })
}

/// The manual page, in roff.
pub fn manual(schema: &[ConfigField]) -> Result<String, Failure> {
    let mut page = Vec::new();
    let command =
        cli::shown(name::called(), schema)?.version(env!("CARGO_PKG_VERSION")).disable_version_flag(true);
    Man::new(command).render(&mut page).map_err(Failure::io("cannot make the manual page"))?;
    text(page)
}

fn text(bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| Failure::Setting(format!("what was made is no text: {error}")))
}
