//! The file a sync is written to, by its extension: `.c1z` for the baton tools, `.jsonl` for everything else.
//!
//! Another extension is refused: a file that is not what its name says would be found out by the next program.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

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
    kind: Kind,
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
    /// The size of the database in it and its own, for a file that is a packed database.
    pub sizes: Option<(u64, u64)>,
}

impl Output {
    /// Begin the file that the settings name.
    pub fn create(settings: &Settings, work: &Work) -> Result<Output, Failure> {
        let path = settings.file.clone();
        let kind = match extension(&path) {
            Some("c1z") => {
                let sync_type = SyncType::of(&one_shot::options(settings));
                let temp_dir = Some(work.folder().to_owned());
                let options = Options { temp_dir, keep: settings.keep, sync_type };
                Kind::C1z(Box::new(C1z::create(&path, options).map_err(baton_host::Error::Sink)?))
            }
            Some("jsonl") => {
                Kind::JsonLines(Box::new(JsonLines::create(&path).map_err(baton_host::Error::Sink)?))
            }
            _ => {
                return Err(Failure::Setting(format!(
                    "field file: {} must end in .c1z (for the baton tools) or .jsonl (one JSON object a line)",
                    path.display()
                )));
            }
        };
        Ok(Output { path, kind })
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
                sizes: Some((sink.decompressed_bytes(), sink.compressed_bytes())),
            },
            Kind::JsonLines(_) => Written { path, sync_id: None, sizes: None },
        }
    }
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(OsStr::to_str)
}
