//! Values that stand in files, as systemd and Kubernetes hand out secrets: `--NAME-file`, `BATON_NAME_FILE`, or the key
//! `NAME-file` of the config file, for every field of the connector, the client id and the client secret.
//!
//! What is read takes the place of the variable, so that everything after this asks for values as it always does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

use baton_host::contract::ConfigField;
use clap::Arg;

use crate::failure::Failure;
use crate::given::{typed, variable};
use crate::settings::Sources;

/// The largest file, in bytes.
const LARGEST: u64 = 1 << 20;

/// Fields beside the connector's own.
const OTHERS: [&str; 2] = ["client-id", "client-secret"];

/// The name under which the file of a field's value is given.
pub fn name(field: &str) -> String {
    format!("{field}-file")
}

/// The flag for it. The help shows those of secrets.
pub fn flag(field: &ConfigField) -> Arg {
    let name = name(&field.name);
    let help = format!("Take the value of --{} from this file (${})", field.name, variable(&name));
    Arg::new(name.clone())
        .long(name)
        .value_name("FILE")
        .allow_hyphen_values(true)
        .help(help)
        .hide(!field.secret)
}

/// The environment, with every value that stands in a file.
pub fn read<'a>(
    sources: &Sources<'a>,
    schema: &[ConfigField],
) -> Result<Cow<'a, HashMap<String, String>>, Failure> {
    let mut environment = Cow::Borrowed(sources.environment);
    for field in schema.iter().map(|field| field.name.as_str()).chain(OTHERS) {
        let file = name(field);
        let path = sources.text(&file);
        if path.is_empty() {
            continue;
        }
        let in_variable = sources.environment.get(&variable(field)).is_some_and(|text| !text.is_empty());
        if in_variable || typed(sources.typed, field).is_some() || sources.file.get(field).is_some() {
            return Err(Failure::field(
                field,
                format!("{field} and {file} are both given; leave one of them out"),
            ));
        }
        let value = value_in(&path).map_err(|why| {
            Failure::field(field, format!("field {field}: the file {path}, which {file} names, {why}"))
        })?;
        environment.to_mut().insert(variable(field), value);
    }
    Ok(environment)
}

/// What a file holds, without the newline that editors put at its end.
fn value_in(path: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    file.map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("has more than {LARGEST} bytes; name the file that holds the value alone"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "is no UTF-8 text".to_owned())?;
    let value = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    match value.is_empty() {
        true => Err("is empty".into()),
        false => Ok(value.to_owned()),
    }
}
