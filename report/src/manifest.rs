//! The manifest: what a review consists of, made of what, when and by what. Whoever keeps it apart from the rest can tell
//! later whether any file was altered.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Its name.
pub const MANIFEST: &str = "manifest.json";
/// The name of its signature.
pub const SIGNATURE: &str = "manifest.sig";

/// The manifest.
#[derive(Serialize, Deserialize)]
pub struct Manifest {
    /// Of this layout.
    pub version: u32,
    /// When the review was made, RFC 3339.
    pub made: String,
    /// By which program and version.
    pub program: String,
    /// The file that was reviewed.
    pub source: Source,
    /// The file that it was compared with, if it was another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Listed>,
    /// The SHA-256 of the connector's bytes, if the file tells it.
    pub component: Option<String>,
    /// What was asked for beyond the file.
    pub parameters: BTreeMap<String, String>,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// Every other file of the review.
    pub files: Vec<Listed>,
}

/// The file that was reviewed.
#[derive(Serialize, Deserialize)]
pub struct Source {
    /// It.
    #[serde(flatten)]
    pub file: Listed,
    /// The sync in it.
    pub sync: String,
    /// When that began, as the file has it.
    pub began: String,
    /// When it ended.
    pub ended: String,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name, within the review with `/` between folders.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

impl Listed {
    /// A file as it is now.
    pub fn of(path: &Path, name: String) -> Result<Listed, Error> {
        let mut file = File::open(path).map_err(Error::io("read", path))?;
        let mut context = Context::new(&SHA256);
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            let read = file.read(&mut buffer).map_err(Error::io("read", path))?;
            let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
            context.update(part);
            bytes += read as u64;
        }
        Ok(Listed { name, bytes, sha256: HEXLOWER.encode(context.finish().as_ref()) })
    }
}

/// Every file below a folder, by its name with `/` between folders, sorted.
pub fn files(folder: &Path) -> Result<Vec<String>, Error> {
    fn walk(folder: &Path, before: &str, all: &mut Vec<String>) -> Result<(), Error> {
        for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
            let entry = entry.map_err(Error::io("read", folder))?;
            let name = format!("{before}{}", entry.file_name().to_string_lossy());
            // A link is no folder of the review, wherever it leads.
            match entry.file_type().map_err(Error::io("read", folder))?.is_dir() {
                true => walk(&entry.path(), &format!("{name}/"), all)?,
                false => all.push(name),
            }
        }
        Ok(())
    }
    let mut all = Vec::new();
    walk(folder, "", &mut all)?;
    all.sort();
    Ok(all)
}
