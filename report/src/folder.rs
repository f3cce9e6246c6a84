//! The folder that a review is: it appears whole, or not at all.
//!
//! Everything is made in a folder beside the one that was asked for, which then gets its name. What is there already is
//! not touched: a workbook in it may hold somebody's decisions.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use time::format_description::well_known::Rfc3339;

use crate::error::Error;
use crate::html;
use crate::json;
use crate::manifest::{Listed, MANIFEST, Manifest, SIGNATURE, Source, files};
use crate::review::Review;
use crate::sign::Key;
use crate::split;
use crate::table::access;
use crate::tables::others;
use crate::verify::verify;
use crate::{comma, workbook};

/// What is made of a review.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The folder, which is not there or empty.
    pub folder: PathBuf,
    /// A workbook for each resource of this type, too.
    pub split: Option<String>,
    /// The private key that the manifest is signed with.
    pub sign: Option<PathBuf>,
    /// Put it in the place of a review that is there, if nothing in that was altered.
    pub replace: bool,
}

impl Output {
    /// The folder in which the review's own will be.
    pub fn beside(&self) -> PathBuf {
        beside(&self.folder)
    }
}

/// What there is to say of a review that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The page to begin with.
    pub page: PathBuf,
    /// Files in the folder.
    pub files: usize,
    /// Findings that are open.
    pub findings: usize,
    /// Who signed it: the public key.
    pub signed: Option<String>,
}

/// That a folder can be made, looked at before a sync is: better now than after an hour.
pub fn check(output: &Output) -> Result<(), Error> {
    let folder = &output.folder;
    let name = folder.display();
    if folder.as_os_str().is_empty() {
        return Err(Error::Folder("the name of the folder for the review is empty".into()));
    }
    match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) if folder.exists() && !folder.is_dir() => {
            let _ = error;
            return Err(Error::Folder(format!("{name} is there and not a folder; give another name")));
        }
        Err(error) => return Err(Error::Io { what: "read", path: folder.clone(), error }),
        Ok(mut entries) => {
            let is_empty = entries.next().is_none();
            let is_unaltered = output.replace && verify(folder, None).is_ok();
            if !is_empty && !is_unaltered {
                return Err(Error::Folder(format!(
                    "there are other files in {name}, and none of them is touched; give a folder that is new or empty"
                )));
            }
        }
    }
    let beside = beside(folder);
    if !beside.is_dir() {
        return Err(Error::Folder(format!(
            "there is no folder {}, in which {name} could be made",
            beside.display()
        )));
    }
    Ok(())
}

/// Make it.
pub fn make(review: &Review, output: &Output) -> Result<Made, Error> {
    check(output)?;
    let key = output.sign.as_deref().map(Key::read).transpose()?;
    let parent = beside(&output.folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".review-");
    // As wide as any folder that somebody makes.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    let work = builder.tempdir_in(&parent).map_err(Error::io("make a folder in", &parent))?;
    let rows = fill(review, output, work.path())?;
    let manifest = manifest(review, output, rows, work.path())?;
    let bytes = serde_json::to_vec_pretty(&manifest).map_err(|error| Error::make(MANIFEST, error))?;
    put(&work.path().join(MANIFEST), &bytes)?;
    let mut signed = None;
    if let Some(key) = key {
        let signature = key.sign(&bytes);
        signed = Some(signature.holder(&bytes)?);
        let text = serde_json::to_vec_pretty(&signature).map_err(|error| Error::make(SIGNATURE, error))?;
        put(&work.path().join(SIGNATURE), &text)?;
    }
    publish(work, output)?;
    Ok(Made {
        page: output.folder.join("index.html"),
        files: manifest.files.len() + 1 + usize::from(signed.is_some()),
        findings: review.findings.open(),
        signed,
    })
}

impl Review {
    /// Access as workbooks of at most so many rows each, the first one at `path`. Returns their names, and how many rows
    /// there are. [`make`] takes as many rows as a spreadsheet has.
    pub fn workbook(&self, path: &Path, most: usize) -> Result<(Vec<String>, u64), Error> {
        workbook::write(self, &access(self, |_| true), path, most, true)
    }
}

/// Every file but the manifest. Returns the rows of each table.
fn fill(review: &Review, output: &Output, folder: &Path) -> Result<BTreeMap<String, u64>, Error> {
    for (name, page) in html::pages(review)? {
        put(&folder.join(name), page.as_bytes())?;
    }
    let all = access(review, |_| true);
    let (_, number) = review.workbook(&folder.join("review.xlsx"), workbook::MOST_ROWS)?;
    let mut rows = BTreeMap::from([("access".to_owned(), number)]);
    let tables = folder.join("csv");
    std::fs::create_dir(&tables).map_err(Error::io("make", &tables))?;
    comma::write(&all, &tables.join("access.csv"))?;
    for table in others(review) {
        let number = comma::write(&table, &tables.join(format!("{}.csv", table.name)))?;
        rows.insert(table.name.to_owned(), number);
    }
    let document = folder.join("review.json");
    let mut file = BufWriter::new(File::create(&document).map_err(Error::io("write", &document))?);
    json::write(review, &mut file)?;
    file.flush().map_err(Error::io("write", &document))?;
    put(&folder.join("review.schema.json"), json::SCHEMA.as_bytes())?;
    if let Some(kind) = &output.split {
        split::write(review, kind, folder)?;
    }
    Ok(rows)
}

fn manifest(
    review: &Review,
    output: &Output,
    rows: BTreeMap<String, u64>,
    folder: &Path,
) -> Result<Manifest, Error> {
    let request = &review.request;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let listed = |path: &Path| Listed::of(path, name(path));
    let mut parameters = BTreeMap::from([
        ("privileged".to_owned(), request.rules.privileged.join(", ")),
        ("domains".to_owned(), request.rules.domains.join(", ")),
        ("many".to_owned(), request.rules.many.to_string()),
        ("off".to_owned(), request.rules.off.join(", ")),
        ("accepted".to_owned(), request.rules.accept.len().to_string()),
    ]);
    if let Some((path, _)) = &request.people {
        let people = listed(path)?;
        parameters.insert("people".to_owned(), format!("{} (SHA-256 {})", people.name, people.sha256));
    }
    if let Some(split) = &output.split {
        parameters.insert("split".to_owned(), split.clone());
    }
    let sync = &review.model.sync;
    let made_of = files(folder)?.into_iter().map(|name| Listed::of(&folder.join(&name), name));
    Ok(Manifest {
        version: 1,
        made: review.made.format(&Rfc3339).unwrap_or_default(),
        program: request.program.clone(),
        source: Source {
            file: listed(&request.file)?,
            sync: sync.id.clone(),
            began: sync.began.clone(),
            ended: sync.ended.clone(),
        },
        since: request.since.as_deref().map(listed).transpose()?,
        component: review.facts.as_ref().map(|facts| facts.component.clone()),
        parameters,
        rows,
        files: made_of.collect::<Result<_, _>>()?,
    })
}

/// Give the folder its name.
fn publish(work: TempDir, output: &Output) -> Result<(), Error> {
    let folder = &output.folder;
    // Somebody may have put something there meanwhile.
    check(output)?;
    let parent = beside(folder);
    let aside = tempfile::Builder::new().prefix(".review-").tempdir_in(&parent);
    let aside = aside.map_err(Error::io("make a folder in", &parent))?;
    let before = aside.path().join("before");
    let is_there = folder.exists();
    if is_there {
        // It goes when the new one is in its place, and comes back when that fails.
        std::fs::rename(folder, &before).map_err(Error::io("replace", folder))?;
    }
    if let Err(error) = std::fs::rename(work.path(), folder) {
        if is_there && std::fs::rename(&before, folder).is_err() {
            // Rather a folder with an odd name than none.
            let _ = aside.keep();
        }
        return Err(Error::io("make", folder)(error));
    }
    // It has another name now, and is not temporary any more.
    let _ = work.keep();
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes).map_err(Error::io("write", path))
}

fn beside(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
