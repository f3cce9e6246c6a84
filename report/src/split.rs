//! A workbook for each owner: everything that lies in one whole, or all access that goes through one group.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::Error;
use crate::model::{Id, Part};
use crate::paths::Held;
use crate::review::Review;
use crate::table::access;
use crate::workbook::{self, MOST_ROWS};

/// Letters of a file's name that come from a resource's.
const LETTERS: usize = 60;

/// Write one workbook for each resource of a type, into a folder of their own.
pub fn write(review: &Review, kind: &str, folder: &Path) -> Result<(), Error> {
    let model = &review.model;
    let place = model.types.iter().position(|known| known.id == kind);
    let all: Vec<Id> =
        (0..model.resources.len() as Id).filter(|id| Some(model.resource(*id).kind) == place).collect();
    if all.is_empty() || all.iter().all(|id| model.part(*id) == Part::Person) {
        let known =
            model.types.iter().filter(|kind| matches!(kind.part, Part::Whole | Part::Group | Part::Thing));
        let known: Vec<&str> = known.map(|kind| kind.id.as_str()).collect();
        return Err(Error::Nothing(format!(
            "the review cannot be split by {kind:?}: there is nothing of that type in the file; there are {}",
            known.join(", ")
        )));
    }
    let folder = folder.join(format!("by-{}", safe(kind)));
    std::fs::create_dir(&folder).map_err(Error::io("make", &folder))?;
    let mut taken = BTreeSet::new();
    for id in all {
        let mut name = safe(&model.resource(id).name);
        let mut number = 2;
        // Some volumes do not tell small letters from large ones.
        while !taken.insert(name.to_lowercase()) {
            name = format!("{}-{number}", safe(&model.resource(id).name));
            number += 1;
        }
        let table = access(review, move |held| concerns(review, held, id));
        workbook::write(review, &table, &folder.join(format!("{name}.xlsx")), MOST_ROWS, false)?;
    }
    Ok(())
}

/// Whether access is of a resource, within it, or goes through it.
fn concerns(review: &Review, held: &Held, id: Id) -> bool {
    let model = &review.model;
    let of = model.entitlement(held.entitlement).resource;
    let through = || {
        let mut steps = review.access.ways(held).flatten();
        steps.any(|step| model.entitlement(model.grant(*step).entitlement).resource == id)
    };
    of == id || model.root(of) == id || through()
}

/// A name that is one on every volume.
fn safe(name: &str) -> String {
    let letter = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
    let name: String = name.chars().take(LETTERS).map(letter).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "unnamed".into() } else { name }
}
