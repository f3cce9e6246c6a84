//! Whether a review is still what it was made as.

use std::path::Path;

use crate::error::Error;
use crate::manifest::{Listed, MANIFEST, Manifest, SIGNATURE, files};
use crate::sign::{Signature, public_key};

/// What was found of a review of which no file was altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Files that are as they were.
    pub files: usize,
    /// When it was made.
    pub made: String,
    /// By which program.
    pub program: String,
    /// Who signed it.
    pub signed: Signed,
}

/// Who signed a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// Nobody.
    No,
    /// The holder of the key that was given.
    ByKey(String),
    /// The holder of this public key, whoever that is.
    BySomebody(String),
}

/// Look at every file of a review. With a public key, it has to be signed by the key's holder.
pub fn verify(folder: &Path, key: Option<&Path>) -> Result<Verified, Error> {
    let wanted = key.map(public_key).transpose()?;
    let path = folder.join(MANIFEST);
    let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::Folder(format!("{} is no review: there is no {MANIFEST} in it", folder.display()))
        }
        _ => Error::Io { what: "read", path: path.clone(), error },
    })?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| {
        Error::Altered(format!("{} was altered: it cannot be read any more ({error})", path.display()))
    })?;
    let mut wrong = Vec::new();
    let there = files(folder)?;
    for listed in &manifest.files {
        if !there.contains(&listed.name) {
            wrong.push(format!("{} is missing", listed.name));
            continue;
        }
        let now = Listed::of(&folder.join(&listed.name), listed.name.clone())?;
        if now != *listed {
            wrong.push(format!("{} was altered", listed.name));
        }
    }
    let is_known = |name: &String| {
        name == MANIFEST || name == SIGNATURE || manifest.files.iter().any(|one| one.name == *name)
    };
    wrong.extend(there.iter().filter(|name| !is_known(name)).map(|name| format!("{name} was added")));
    let signed = match there.iter().any(|name| name == SIGNATURE) {
        false => Signed::No,
        true => {
            let path = folder.join(SIGNATURE);
            let text = std::fs::read(&path).map_err(Error::io("read", &path))?;
            let signature: Result<Signature, _> = serde_json::from_slice(&text);
            match signature.map_err(|_| ()).and_then(|signature| signature.holder(&bytes).map_err(|_| ())) {
                Err(()) => {
                    wrong.push(format!("{SIGNATURE} is no signature of this {MANIFEST}"));
                    Signed::No
                }
                Ok(holder) => match &wanted {
                    Some(wanted) if *wanted == holder => Signed::ByKey(holder),
                    Some(_) => {
                        wrong.push(format!("it is signed by another key, {holder}"));
                        Signed::No
                    }
                    None => Signed::BySomebody(holder),
                },
            }
        }
    };
    if wanted.is_some() && signed == Signed::No && wrong.is_empty() {
        wrong.push("it is not signed".into());
    }
    match wrong.is_empty() {
        true => Ok(Verified {
            files: manifest.files.len(),
            made: manifest.made,
            program: manifest.program,
            signed,
        }),
        false => Err(Error::Altered(format!(
            "the review in {} is not what was made: {}",
            folder.display(),
            wrong.join("; ")
        ))),
    }
}
