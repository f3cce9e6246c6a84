//! Names that no field may have, from the contract's own text.

/// The contract.
const CONTRACT: &str = include_str!("../../../../wit/connector.wit");

/// Where the names begin, and where they end.
const BETWEEN: (&str, &str) = ("# Reserved field names", "package baton:connector");

/// Whether a field's name is a host's.
pub fn is_reserved(name: &str) -> bool {
    name.ends_with("-file") || names().any(|reserved| reserved == name)
}

fn names() -> impl Iterator<Item = &'static str> {
    let (begin, end) = BETWEEN;
    let section = CONTRACT.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    section.map_or("", |(section, _)| section).split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_names_them() {
        assert!(names().count() > 70);
        for name in ["file", "log-level", "workers", "client-secret", "acme-file", "allow-origin"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["acme-url", "filename", "level"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
