//! The threat model names the tests that show it; here it is held to its word.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The rows of a table, as cells.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let table = text.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Where the tests of a name are.
fn file(module: &[&str]) -> PathBuf {
    match module {
        ["program", module] => root().join(format!("tests/program/{module}.rs")),
        ["service", module] => root().join(format!("tests/service/{module}.rs")),
        ["host", wing, module] => root().join(format!("host/src/{wing}/{module}.rs")),
        [module] => root().join(format!("tests/tests/{module}.rs")),
        other => panic!("no tests have the name {other:?}"),
    }
}

#[test]
fn every_row_of_the_threat_model_has_its_tests() {
    let text = std::fs::read_to_string(root().join("SECURITY.md")).expect("the threat model");
    let rows = rows(&text);
    assert!(rows.len() > 10);
    for row in rows {
        let [_, does, _, shown] = row[..] else { panic!("not four cells: {row:?}") };
        let names: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test shows what stops who {does}");
        for name in names {
            let mut module: Vec<&str> = name.split("::").collect();
            let test = module.pop().expect("a name");
            let source = std::fs::read_to_string(file(&module)).unwrap_or_else(|e| panic!("{name}: {e}"));
            let begin = match test.strip_suffix('*') {
                Some(begin) => format!("fn {begin}"),
                None => format!("fn {test}("),
            };
            let mut after = source.split("test]\n").skip(1).chain(source.split("\")]\n").skip(1));
            assert!(
                after.any(|code| code.trim_start().trim_start_matches("async ").starts_with(&begin)),
                "{name}"
            );
        }
    }
}
