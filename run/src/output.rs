//! The file a sync is written to.

use std::path::PathBuf;
use std::time::SystemTime;

use baton_c1z::{C1z, Expanded, JsonLines, Options, SyncType};
use baton_host::contract::ResourceId;
use baton_host::sink::Sink;
use baton_host::{SyncOptions, clock};

use crate::error::Error;
use crate::place::{Form, Place};
use crate::work::Work;

/// A file that is being written.
pub struct Output {
    path: PathBuf,
    sync_type: SyncType,
    began: SystemTime,
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
    /// When its first page was read, by whichever run.
    pub began: SystemTime,
    /// The sync's id in it, for a file that has any.
    pub sync_id: Option<String>,
    /// What kind of sync it was, for such a file.
    pub sync_type: Option<&'static str>,
    /// The size of the database in it and its own, for a file that is a packed database.
    pub sizes: Option<(u64, u64)>,
    /// What came of expanding grants. None: those that follow from others are not in the file.
    pub expanded: Option<Expanded>,
}

impl Output {
    /// Begin the file of a place, for a sync with these options.
    pub fn create(place: &Place, sync: &SyncOptions, work: &Work) -> Result<Output, Error> {
        let path = place.file.clone();
        let sync_type = SyncType::of(sync);
        let began = work.first_page().unwrap_or_else(clock::now);
        let kind = match Form::of(&path)? {
            Form::C1z => {
                let temp_dir = Some(work.folder().to_owned());
                let options =
                    Options { temp_dir, keep: place.keep, sync_type, began: Some(began), expand: true };
                Kind::C1z(Box::new(C1z::create(&path, options).map_err(baton_host::Error::from)?))
            }
            Form::JsonLines => {
                Kind::JsonLines(Box::new(JsonLines::create(&path).map_err(baton_host::Error::from)?))
            }
        };
        Ok(Output { path, sync_type, began, kind })
    }

    /// Syncs that are in the file already and do not hold this resource.
    pub fn earlier_without(&self, resource: &ResourceId) -> Result<u64, Error> {
        match &self.kind {
            Kind::C1z(sink) => Ok(sink.earlier_without(resource).map_err(baton_host::Error::from)?),
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
                began: self.began,
                sync_id: Some(sink.sync_id().to_owned()),
                sync_type: Some(self.sync_type.name()),
                sizes: Some((sink.decompressed_bytes(), sink.compressed_bytes())),
                expanded: sink.expanded(),
            },
            Kind::JsonLines(_) => Written {
                path,
                began: self.began,
                sync_id: None,
                sync_type: None,
                sizes: None,
                expanded: None,
            },
        }
    }
}
