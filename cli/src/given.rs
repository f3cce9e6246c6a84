//! What a value is called where it may be given, and what was typed for it.

use clap::ArgMatches;

/// The environment variable of a flag or field.
pub fn variable(name: &str) -> String {
    format!("BATON_{}", name.to_uppercase().replace('-', "_"))
}

/// A value of a flag or field as typed, each time it was given. None: not typed.
pub fn typed(matches: &ArgMatches, name: &str) -> Option<Vec<String>> {
    let values = matches.try_get_many::<String>(name).ok().flatten()?;
    Some(values.cloned().collect())
}
