//! The file a sync is written to, by its extension: `.c1z` for the baton tools, `.jsonl` for everything else.
//!
//! Another extension is refused: a file that is not what its name says would be found out by the next program.

use std::path::{Path, PathBuf, is_separator};

use baton_host::contract::ResourceId;
use baton_host::sink::Sink;
use baton_host::sink::c1z::{C1z, Options, SyncType};
use baton_host::sink::jsonl::JsonLines;

use super::failure::Failure;
use super::one_shot;
use super::settings::Settings;
use super::work::Work;

/// A file that is being written.
pub struct Output {
    path: PathBuf,
    sync_type: SyncType,
    kind: Kind,
}

/// What a file name asks for.
pub enum Form {
    /// A file for the baton tools.
    C1z,
    /// A JSON object a line.
    JsonLines,
}

impl Form {
    /// What this name asks for. Looked at before anything is made or removed beside it.
    pub fn of(path: &Path) -> Result<Form, Failure> {
        let refused = |why: &str| Err(Failure::Setting(format!("field file: {} {why}", path.display())));
        if path.as_os_str().is_empty() {
            return Err(Failure::Setting("field file: the name is empty".into()));
        }
        if path.is_dir() || path.as_os_str().to_string_lossy().ends_with(is_separator) {
            return refused("is a folder; give the name of a file in it");
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match name.rsplit_once('.') {
            Some(("", "c1z" | "jsonl")) => refused("needs a name before its extension"),
            Some((_, "c1z")) => Ok(Form::C1z),
            Some((_, "jsonl")) => Ok(Form::JsonLines),
            _ => refused("must end in .c1z (for the baton tools) or .jsonl (one JSON object a line)"),
        }
    }
}

enum Kind {
    C1z(Box<C1z>),
    JsonLines(Box<JsonLines>),
}

/// What there is to say of a finished file.
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// The sync's id in it, for a file that has any.
    pub sync_id: Option<String>,
    /// What kind of sync it was, for such a file.
    pub sync_type: Option<&'static str>,
    /// The size of the database in it and its own, for a file that is a packed database.
    pub sizes: Option<(u64, u64)>,
}

impl Output {
    /// Begin the file that the settings name.
    pub fn create(settings: &Settings, work: &Work) -> Result<Output, Failure> {
        let path = settings.file.clone();
        let sync_type = SyncType::of(&one_shot::options(settings));
        let kind = match Form::of(&path)? {
            Form::C1z => {
                let temp_dir = Some(work.folder().to_owned());
                let options = Options { temp_dir, keep: settings.keep, sync_type };
                Kind::C1z(Box::new(C1z::create(&path, options).map_err(baton_host::Error::Sink)?))
            }
            Form::JsonLines => {
                Kind::JsonLines(Box::new(JsonLines::create(&path).map_err(baton_host::Error::Sink)?))
            }
        };
        Ok(Output { path, sync_type, kind })
    }

    /// Syncs that are in the file already and do not hold this resource.
    pub fn earlier_without(&self, resource: &ResourceId) -> Result<u64, Failure> {
        match &self.kind {
            Kind::C1z(sink) => Ok(sink.earlier_without(resource).map_err(baton_host::Error::Sink)?),
            Kind::JsonLines(_) => Ok(0),
        }
    }

    /// Where the records go.
    pub fn sink(&mut self) -> &mut dyn Sink {
        match &mut self.kind {
            Kind::C1z(sink) => sink.as_mut(),
            Kind::JsonLines(sink) => sink.as_mut(),
        }
    }

    /// What was written, once the sync is complete.
    pub fn written(&self) -> Written {
        let path = self.path.clone();
        match &self.kind {
            Kind::C1z(sink) => Written {
                path,
                sync_id: Some(sink.sync_id().to_owned()),
                sync_type: Some(self.sync_type.name()),
                sizes: Some((sink.decompressed_bytes(), sink.compressed_bytes())),
            },
            Kind::JsonLines(_) => Written { path, sync_id: None, sync_type: None, sizes: None },
        }
    }
}
