//! The source files of the project, by their path from its root.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// What the names of source files end in.
const SOURCES: [&str; 8] = ["css", "go", "html", "js", "py", "rs", "sh", "ts"];

/// Folders that hold what was built or fetched, wherever they are; and below the examples of embedding.
const NOT_OURS: [&str; 3] = ["__pycache__", "node_modules", "target"];
const NOT_OURS_IN_EMBED: [&str; 1] = ["build"];

/// Paths and texts.
#[derive(Default)]
pub struct Tree(BTreeMap<String, String>);

impl Tree {
    /// What lies under a folder.
    pub fn under(root: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        tree.take(root, "")?;
        Ok(tree)
    }

    /// One that does not exist.
    pub fn made_up(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// A file's text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Paths and texts, in order.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn take(&mut self, folder: &Path, path: &str) -> io::Result<()> {
        for entry in folder.read_dir()? {
            let entry = entry?;
            let name = entry.file_name().into_string().unwrap_or_default();
            let path = format!("{path}{name}");
            if entry.file_type()?.is_dir() {
                let built = NOT_OURS.contains(&name.as_str())
                    || (path.starts_with("embed/") && NOT_OURS_IN_EMBED.contains(&name.as_str()));
                if !built && !name.starts_with('.') {
                    self.take(&entry.path(), &format!("{path}/"))?;
                }
            } else if name.rsplit_once('.').is_some_and(|(_, ending)| SOURCES.contains(&ending)) {
                self.0.insert(path, std::fs::read_to_string(entry.path())?);
            }
        }
        Ok(())
    }
}

/// The folder of a file, with a `/` behind it; empty for the root.
pub fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

/// A path without `..`.
pub fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether something lies in a folder, or is it. All lies in the root.
pub fn lies_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
