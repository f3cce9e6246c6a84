//! A new project: files from templates, in a folder of the connector's name.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::print;

/// In which language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Language {
    Rust,
    Python,
}

/// What was asked for.
pub struct New {
    /// The connector's name.
    pub name: String,
    /// In which language.
    pub language: Language,
    /// A checkout with the kit.
    pub kit: Option<String>,
}

/// Files of a project, each with the place of its template.
macro_rules! templates {
    ($language:literal: $($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../templates/", $language, "/", $file)))),*]
    };
}

const RUST: &[(&str, &str)] = templates!("rust": "Cargo.toml", "README.md", "gitignore", "src/lib.rs", "src/records.rs", "examples/server.rs");

const PYTHON: &[(&str, &str)] = templates!("python": "README.md", "gitignore", "app.py", "records.py", "server.py", "test_records.py", "requirements.txt");

/// The module that connectors in Python are built on.
const MODULE: &str = include_str!("../../python/baton_connector.py");

/// The contract, and what it takes from others: what a connector in Python is made with.
const CONTRACT: &[(&str, &str)] = &[
    ("wit/connector.wit", include_str!("../../../wit/connector.wit")),
    ("wit/deps/cli/cli.wit", include_str!("../../../wit/deps/cli/cli.wit")),
    ("wit/deps/clocks/clocks.wit", include_str!("../../../wit/deps/clocks/clocks.wit")),
    ("wit/deps/config/config.wit", include_str!("../../../wit/deps/config/config.wit")),
    ("wit/deps/http/http.wit", include_str!("../../../wit/deps/http/http.wit")),
    ("wit/deps/io/io.wit", include_str!("../../../wit/deps/io/io.wit")),
];

/// Write it.
pub fn project(new: &New) -> Result<(), Failure> {
    let name = new.name.as_str();
    let fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(fit)
        && !name.ends_with('-')
        && !name.contains("--");
    if !is_name {
        return Err(Failure::usage(format!(
            "'{name}' is no name; it takes lower-case letters, digits and '-', a letter first"
        )));
    }
    let folder = PathBuf::from(name);
    std::fs::create_dir(&folder).map_err(Failure::io(format!("cannot make the folder {name}")))?;
    let kit = match &new.kit {
        Some(checkout) => {
            let path = Path::new(checkout).join("kit/rust");
            let path =
                path.canonicalize().map_err(Failure::io(format!("there is no kit at {}", path.display())))?;
            format!("path = \"{}\"", path.display())
        }
        None => format!("git = \"{}\"", env!("CARGO_PKG_REPOSITORY")),
    };
    let replaced = |text: &str| {
        text.replace("{{name}}", name)
            .replace("{{Name}}", &titled(name))
            .replace("{{module}}", &name.replace('-', "_"))
            .replace("{{VARIABLE}}", &name.replace('-', "_").to_uppercase())
            .replace("{{kit}}", &kit)
    };
    let files = if new.language == Language::Rust { RUST } else { PYTHON };
    for (file, template) in files {
        // A file of that name would count in our own tree, too.
        write(&folder, &file.replace("gitignore", ".gitignore"), &replaced(template))?;
    }
    if new.language == Language::Python {
        write(&folder, "baton_connector.py", MODULE)?;
        CONTRACT.iter().try_for_each(|(file, text)| write(&folder, file, text))?;
    }
    print::text(&format!("{name} is begun: read {name}/README.md, which has every command from here on\n"))
}

fn write(folder: &Path, file: &str, text: &str) -> Result<(), Failure> {
    let path = folder.join(file);
    if let Some(above) = path.parent() {
        std::fs::create_dir_all(above)
            .map_err(Failure::io(format!("cannot make the folder {}", above.display())))?;
    }
    std::fs::write(&path, text).map_err(Failure::io(format!("cannot write {}", path.display())))
}

/// As a product writes itself: `my-vendor` is `My Vendor`.
fn titled(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    name.split('-').map(word).collect::<Vec<_>>().join(" ")
}
