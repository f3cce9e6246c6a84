//! The `.c1z` file: a SQLite database with the records of one or more syncs, compressed, behind a magic number.
//!
//! It is what ConductorOne's `baton` tools read. A sync is written into a working database that nobody else
//! sees. Only when it is complete is the database packed into a temporary file beside the target and renamed
//! there. A target that is a `.c1z` already keeps its earlier syncs, so that two can be compared.
//!
//! The parts: `schema` (tables and indexes), `rows` (records to rows), `expand` (grants that follow from others), `runs`
//! (the syncs of a file, and which of them go), `envelope` (database to file and back).

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Connection;
use tempfile::TempDir;

use baton_host::contract::{ResourceId, ResourceType};
use baton_host::records::{List, Records, joined};
use baton_host::sink::{Scratch, Sink};
use baton_host::{Facts, SinkError, clock, shown};

use crate::envelope::Sizes;
use crate::expand::{self, Expanded};
use crate::open::open;
use crate::runs::Run;
use crate::sync_type::SyncType;
use crate::target::Target;
use crate::{baton, envelope, facts, rows, runs, schema};

/// How a `.c1z` is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the working database lies; beside the target if not given.
    pub temp_dir: Option<PathBuf>,
    /// What kind of sync it is.
    pub sync_type: SyncType,
    /// How many finished full syncs stay in the file, this one included; all of them if not given.
    pub keep: Option<usize>,
    /// When the sync began, if it was before now.
    pub began: Option<SystemTime>,
    /// Whether grants that follow from others are worked out. They are only where everything is read.
    pub expand: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { temp_dir: None, sync_type: SyncType::Full, keep: Some(2), began: None, expand: true }
    }
}

/// A `.c1z` in the making.
pub struct C1z {
    target: Target,
    /// None once it is finished. Before `work`, so that it is closed before its directory goes.
    database: Option<Connection>,
    work: Option<TempDir>,
    /// Where the working database lies, for messages.
    directory: PathBuf,
    run: Run,
    keep: Option<usize>,
    /// Whether a sync was taken out of the file already.
    thinned: bool,
    types: BTreeMap<String, baton::ResourceType>,
    sizes: Sizes,
    /// Whether grants are expanded, and if any was written that does.
    expands: bool,
    expandable: bool,
    expanded: Option<Expanded>,
}

impl C1z {
    /// Begin a sync that becomes the file at `path`, or its newest one if the file is there.
    pub fn create(path: &Path, options: Options) -> Result<C1z, SinkError> {
        let target = Target::new(path)?;
        let directory = options.temp_dir.as_deref().unwrap_or(target.directory());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".c1z-");
        // The database in it is all that the file holds.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let work = builder.tempdir_in(directory).map_err(|error| {
            SinkError(format!("cannot create a working directory in {}: {error}", directory.display()))
        })?;
        let file = work.path().join("sync.db");
        let found = envelope::unpack(&target, &file)?;
        let begin = || -> Result<(Connection, Run, usize), schema::Unusable> {
            let database = open(&file)?;
            if found {
                schema::examine(&database)?;
            }
            schema::prepare(&database)?;
            if found {
                schema::runs_are_readable(&database)?;
            }
            let ahead = runs::remove_ahead(&database)?;
            let run = Run::begin(&database, options.sync_type, options.began.unwrap_or_else(clock::now))?;
            Ok((database, run, ahead))
        };
        let (database, run, ahead) = begin().map_err(|error| match found {
            true => envelope::damaged(&target, error),
            false => failed(&target, directory, error),
        })?;
        if ahead > 0 {
            tracing::warn!(
                syncs = ahead,
                "syncs in {} that ended in the future, by a clock that was wrong, are taken out: readers would show them \
                 instead of this one",
                path.display()
            );
        }
        let directory = directory.to_owned();
        Ok(C1z {
            target,
            database: Some(database),
            work: Some(work),
            directory,
            run,
            keep: options.keep,
            thinned: ahead > 0,
            types: BTreeMap::new(),
            sizes: Sizes::default(),
            expands: options.expand && options.sync_type == SyncType::Full,
            expandable: false,
            expanded: None,
        })
    }

    /// The id of this sync in the file.
    pub fn sync_id(&self) -> &str {
        &self.run.id
    }

    /// How many earlier syncs in the file do not hold this resource.
    pub fn earlier_without(&self, resource: &ResourceId) -> Result<u64, SinkError> {
        let found = runs::without(self.database()?, &self.run.id, &joined(resource));
        found.map_err(|error| failed(&self.target, &self.directory, error))
    }

    /// What came of expanding grants. None: they are not expanded.
    pub fn expanded(&self) -> Option<Expanded> {
        self.expanded
    }

    /// How large the database in the finished file is.
    pub fn decompressed_bytes(&self) -> u64 {
        self.sizes.decompressed
    }

    /// How large the finished file is.
    pub fn compressed_bytes(&self) -> u64 {
        self.sizes.compressed
    }

    /// A file is of one connector: readers would take the newest sync for a later state of the one before, in which
    /// everybody lost all access. So another one's is refused, before its records come.
    fn refuse_other(&self, kinds: &[ResourceType]) -> Result<(), SinkError> {
        let before = runs::types_before(self.database()?, &self.run.id);
        let before = before.map_err(|error| failed(&self.target, &self.directory, error))?;
        let mut own: Vec<&str> =
            self.types.keys().map(String::as_str).chain(kinds.iter().map(|kind| kind.id.as_str())).collect();
        own.sort();
        own.dedup();
        if before.is_empty() || before.iter().any(|kind| own.contains(&kind.as_str())) {
            return Ok(());
        }
        let shown = |kinds: &str| shown(kinds, None, 200);
        Err(self.target.cannot(
            "write",
            format!(
                "its newest sync is of another connector: it has the resource types {}, and this connector's are {}; give \
                 another file name",
                shown(&before.join(", ")),
                shown(&own.join(", "))
            ),
        ))
    }

    /// Why a record did not become a row.
    fn unwritten(&self, error: rows::Failed) -> SinkError {
        match error {
            rows::Failed::Unfit(error) => SinkError(error.to_string()),
            error @ (rows::Failed::SameId(_) | rows::Failed::Contradiction(_)) => {
                self.target.cannot("write", error)
            }
            rows::Failed::Database(error) => failed(&self.target, &self.directory, error),
        }
    }

    /// Work out what follows from the grants that were written.
    fn expand(&self, database: &Connection, work: &Path) -> Result<Expanded, SinkError> {
        let scratch = work.join("holders.db");
        let expanded = match self.expandable {
            true => expand::run(database, &self.run.id, &scratch),
            false => Ok(Expanded::default()),
        };
        // Room for what is packed next. What is left goes with the folder.
        let _ = std::fs::remove_file(scratch);
        expanded.map_err(|error| self.unwritten(error))
    }

    fn database(&self) -> Result<&Connection, SinkError> {
        self.database.as_ref().ok_or_else(|| self.target.cannot("write", "it is finished already"))
    }
}

/// That the working database failed, which may lie on another disk than the target.
fn failed(target: &Target, directory: &Path, error: impl Display) -> SinkError {
    // A rule of the file's own is named by its text.
    let error = shown(&error.to_string(), None, 300);
    let limit = longest_file()
        .map(|limit| format!(", and no file may have more than {limit} bytes here (ulimit -f)"));
    let limit = limit.unwrap_or_default();
    target.cannot("write", format!("the working database in {} failed: {error}{limit}", directory.display()))
}

/// How large a file may be, where that is limited: the database does not say that this was why it failed.
#[cfg(unix)]
fn longest_file() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Fsize).current
}

/// How large a file may be, where that is limited.
#[cfg(not(unix))]
fn longest_file() -> Option<u64> {
    None
}

impl Sink for C1z {
    fn know(&mut self, types: &[ResourceType]) {
        self.types.extend(types.iter().map(|kind| (kind.id.clone(), baton::resource_type(kind))));
    }

    fn write(&mut self, list: &List, records: Records) -> Result<(), SinkError> {
        if let Records::ResourceTypes(items) = &records {
            self.refuse_other(items)?;
        }
        let database = self.database()?;
        let rows = rows::Rows { database, sync: &self.run.id, now: runs::now() };
        let written = match &records {
            Records::ResourceTypes(items) => rows.resource_types(items),
            Records::Resources(items) => rows.resources(items),
            Records::Entitlements(items) => rows.entitlements(list, items, &self.types),
            Records::Grants(items) => rows.grants(items),
        };
        written.map_err(|error| self.unwritten(error))?;
        match &records {
            Records::ResourceTypes(items) => self.know(items),
            Records::Grants(items) => self.expandable |= items.iter().any(|item| item.expansion.is_some()),
            Records::Resources(_) | Records::Entitlements(_) => {}
        }
        Ok(())
    }

    fn scratch(&mut self) -> Result<Scratch, SinkError> {
        let folder = self.work.as_ref().map_or(self.directory.as_path(), TempDir::path);
        let file = tempfile::tempfile_in(folder);
        let file = file.map_err(|error| failed(&self.target, &self.directory, error))?;
        let (path, directory) = (self.target.path().display(), self.directory.display());
        Ok(Scratch::file(file, format!("cannot write {path}: the working database in {directory} failed")))
    }

    /// An entitlement that the second reading does not name is gone as well: it is taken back, too.
    fn restart(&mut self, list: &List) -> Result<(), SinkError> {
        rows::take_back(self.database()?, &self.run.id, list)
            .map_err(|error| failed(&self.target, &self.directory, error))
    }

    fn note(&mut self, found: &Facts) -> Result<(), SinkError> {
        facts::keep(self.database()?, &self.run.id, found)
            .map_err(|error| failed(&self.target, &self.directory, error))
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        let (Some(database), Some(work)) = (self.database.take(), self.work.take()) else {
            return Err(self.target.cannot("write", "it is finished already"));
        };
        if self.expands {
            self.expanded = Some(self.expand(&database, work.path())?);
        }
        let file = work.path().join("sync.db");
        let packed = work.path().join("packed.db");
        let end = || -> rusqlite::Result<bool> {
            let pruned = match self.keep {
                Some(keep) => self.run.prune(&database, keep)?,
                None => false,
            } || self.thinned;
            self.run.end(&database)?;
            if pruned {
                // Not `VACUUM`, whose copy would lie in the system's temporary directory, however small that is.
                let name = packed.to_string_lossy();
                database.execute("VACUUM INTO ?1", [name.as_ref()])?;
            }
            Ok(pruned)
        };
        let failed = |error| failed(&self.target, &self.directory, error);
        let pruned = end().map_err(failed)?;
        database.close().map_err(|(_, error)| failed(error))?;
        self.sizes = envelope::pack(&self.target, if pruned { &packed } else { &file })?;
        Ok(())
    }
}
