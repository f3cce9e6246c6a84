//! Names that no connector's field may have, because they are the program's own flags.
//!
//! The contract lists them, so that a connector's author knows them without this program: a test compares the two.

use baton_host::Error;
use baton_host::contract::ConfigField;

use crate::failure::Failure;
use crate::flags::{FLAGS, GONE};

/// Flags that are no values: what every program answers, and what is kept for a command to come.
const KEPT: [&str; 3] = ["help", "review", "version"];

/// How the name of a flag ends whose value comes from a file.
const FROM_FILE: &str = "-file";

/// Field names come from a component, and must not take a name that the program needs. Their form was checked when the
/// component told them.
pub fn check(schema: &[ConfigField]) -> Result<(), Failure> {
    let Some((name, why)) = schema.iter().find_map(|field| Some((&field.name, reserved(&field.name)?)))
    else {
        return Ok(());
    };
    let rule = format!("the field '{}' {why}", name.escape_debug());
    Err(Failure::Library(Error::Contract { place: "config schema".to_owned(), rule }))
}

fn reserved(name: &str) -> Option<&'static str> {
    if name.ends_with(FROM_FILE) {
        return Some("ends with -file, which is kept for values that come from a file");
    }
    let is_flag = KEPT.contains(&name) || GONE.contains(&name) || FLAGS.iter().any(|flag| flag.name == name);
    is_flag.then_some("has the name of a flag that every connector has; the contract lists them")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use baton_host::contract::FieldKind;

    use super::*;

    fn refused(name: &str) -> Option<String> {
        let field = ConfigField {
            name: name.into(),
            display_name: name.into(),
            description: "A value.".into(),
            placeholder: None,
            suggested_value: None,
            kind: FieldKind::Text,
            required: false,
            secret: false,
        };
        check(&[field]).err().map(|failure| {
            assert_eq!(failure.code(), 13);
            failure.to_string()
        })
    }

    #[test]
    fn a_component_cannot_take_a_flag_of_the_program_and_is_told_which_rule_it_breaks() {
        for (name, said) in [
            ("file", "the field 'file' has the name of a flag"),
            ("help", "the field 'help' has the name of a flag"),
            ("review", "the field 'review' has the name of a flag"),
            ("diff-syncs", "the field 'diff-syncs' has the name of a flag"),
            ("acme-token-file", "the field 'acme-token-file' ends with -file"),
        ] {
            let text = refused(name).unwrap_or_default();
            assert!(text.contains(said) && text.ends_with("likely a connector bug"), "{name}: {text}");
        }
        assert_eq!(refused("acme-token"), None);
    }

    #[test]
    fn the_contract_lists_the_names_of_this_program() {
        let contract = include_str!("../../wit/connector.wit");
        let (_, list) = contract.split_once("# Reserved field names").expect("the list");
        let (list, _) = list.split_once("package baton:connector").expect("the package");
        let told: BTreeSet<&str> =
            list.split('`').skip(1).step_by(2).filter(|name| *name != FROM_FILE).collect();
        let own = FLAGS
            .iter()
            .map(|flag| flag.name)
            .filter(|name| !name.ends_with(FROM_FILE))
            .chain(GONE.iter().copied())
            .chain(KEPT);
        let own: BTreeSet<&str> = own.collect();
        let difference: Vec<_> = told.symmetric_difference(&own).collect();
        assert!(difference.is_empty(), "only in one of them: {difference:?}");
    }
}
