//! One review: a sync of a file, what was found in it, and what it is compared with.

use std::path::{Path, PathBuf};

use baton_c1z::{Reading, StoredSync};
use baton_host::{Facts, clock};
use time::OffsetDateTime;

use crate::changes::Changes;
use crate::error::Error;
use crate::findings::Findings;
use crate::gather;
use crate::look::Look;
use crate::model::Model;
use crate::paths::Access;
use crate::people::{Orphans, People};
use crate::rules::Rules;

/// What is to be reviewed, and beside what.
#[derive(Clone, Debug)]
pub struct Request {
    /// The file.
    pub file: PathBuf,
    /// What it is looked at by.
    pub rules: Rules,
    /// A list of the people who should be there, and its column.
    pub people: Option<(PathBuf, Option<String>)>,
    /// A file with an earlier sync, in place of the earlier one in the file itself.
    pub since: Option<PathBuf>,
    /// Where what is read is unpacked: where the review will be, there is room and a right to write.
    pub scratch: PathBuf,
    /// The program that makes the review, with its version.
    pub program: String,
}

/// What can be said of the difference to an earlier sync.
pub enum Compared {
    /// This.
    With(Changes),
    /// Nothing, because there is no earlier sync.
    Nothing,
}

/// A review.
pub struct Review {
    /// What was asked for.
    pub request: Request,
    /// When it is made.
    pub made: OffsetDateTime,
    /// The records.
    pub model: Model,
    /// Who reaches what.
    pub access: Access,
    /// What the sync knew of itself, if the file tells.
    pub facts: Option<Facts>,
    /// What was found.
    pub findings: Findings,
    /// What differs from an earlier sync.
    pub compared: Compared,
    /// How accounts and people differ, if there is a list of people.
    pub orphans: Option<Orphans>,
    /// Later syncs in the file that are not full ones, and so not reviewed.
    pub later: Vec<StoredSync>,
}

impl Review {
    /// Read the file, and look.
    pub fn of(request: Request) -> Result<Review, Error> {
        let reading = Reading::open(&request.file, &request.scratch)?;
        let syncs = reading.syncs()?;
        let newest = newest(&syncs, &request.file)?;
        let later = syncs.iter().take_while(|sync| sync.id != newest.id).cloned().collect();
        let facts = reading.facts(&newest.id)?;
        let model = gather::read(&reading, newest.clone())?;
        let access = Access::of(&model);
        let look = Look { model: &model, access: &access, rules: &request.rules, facts: facts.as_ref() };
        let people = request
            .people
            .as_ref()
            .map(|(path, column)| People::read(path, column.as_deref()))
            .transpose()?;
        let orphans = people.map(|people| people.compare(look));
        let made = OffsetDateTime::from(clock::now());
        let findings = Findings::of(look, orphans.as_ref().map(|orphans| orphans.cases(look)), made.date());
        let earlier = earlier(&request, &reading, &syncs, newest)?;
        let compared = match earlier {
            None => Compared::Nothing,
            Some((earlier, from)) => {
                let access = Access::of(&earlier);
                let before = Look { model: &earlier, access: &access, rules: &request.rules, facts: None };
                Compared::With(Changes::between(before, look, from))
            }
        };
        Ok(Review { request, made, model, access, facts, findings, compared, orphans, later })
    }

    /// Who holds an entitlement of a resource, by its type and id: `person: way`, a line for each way.
    pub fn holders(&self, kind: &str, resource: &str, slug: &str) -> Vec<String> {
        let (model, speaker) = (&self.model, self.look().speaker());
        let Some(resource) = model.find(kind, resource) else { return Vec::new() };
        let offered = model.offered_by(resource).iter();
        let mut lines = Vec::new();
        for entitlement in offered.filter(|id| model.entitlement(**id).slug == slug) {
            for held in self.access.of_entitlement(*entitlement) {
                let name = &model.resource(held.person).name;
                let ways = self.access.ways(held).map(|way| format!("{name}: {}", speaker.sentence(way)));
                lines.extend(ways);
            }
        }
        lines
    }

    /// What checks and views look at.
    pub fn look(&self) -> Look<'_> {
        let Review { request, model, access, facts, .. } = self;
        Look { model, access, rules: &request.rules, facts: facts.as_ref() }
    }
}

/// The full sync that ended last.
fn newest<'a>(syncs: &'a [StoredSync], file: &Path) -> Result<&'a StoredSync, Error> {
    syncs.iter().find(|sync| sync.kind == "full").ok_or_else(|| {
        let file = file.display();
        Error::Nothing(match syncs.first() {
            None => format!("{file} holds no finished sync; run a sync into it until it is complete"),
            Some(other) => format!(
                "{file} holds no finished full sync, only one of the type {}; run a sync without --sync-resources and \
                 --skip-entitlements-and-grants into it",
                other.kind
            ),
        })
    })
}

/// The sync to compare with, and where it is.
fn earlier(
    request: &Request,
    reading: &Reading,
    syncs: &[StoredSync],
    newest: &StoredSync,
) -> Result<Option<(Model, String)>, Error> {
    match &request.since {
        Some(path) => {
            let other = Reading::open(path, &request.scratch)?;
            let syncs = other.syncs()?;
            let sync = self::newest(&syncs, path)?;
            if sync.id == newest.id {
                return Err(Error::Nothing(format!(
                    "{} holds the same sync as {}; give a file with an earlier one",
                    path.display(),
                    request.file.display()
                )));
            }
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let from = format!("the file {}", name.unwrap_or_default());
            Ok(Some((gather::read(&other, sync.clone())?, from)))
        }
        None => {
            let mut full = syncs.iter().filter(|sync| sync.kind == "full" && sync.id != newest.id);
            let Some(sync) = full.next() else { return Ok(None) };
            Ok(Some((gather::read(reading, sync.clone())?, "the file's earlier sync".to_owned())))
        }
    }
}
