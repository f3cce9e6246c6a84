//! How complete a review is: what is here beside what came and was told, and what cannot be known at all.

use std::collections::{BTreeMap, BTreeSet};

use baton_host::facts::Count;

use crate::model::{Id, Part};
use crate::review::Review;
use crate::words::{capital, plural, thousands};

/// What is here of one kind, beside what came and what was told.
pub struct Counted {
    pub what: String,
    pub here: String,
    pub here_number: u64,
    pub came: String,
    pub told: String,
    pub verdict: String,
    pub class: &'static str,
}

/// What is here, beside what came and what was told.
pub fn counts(review: &Review) -> Vec<Counted> {
    let model = &review.model;
    let mut here: BTreeMap<(usize, &str, String), u64> = BTreeMap::new();
    for id in 0..model.resources.len() as Id {
        if model.resource(id).is_there {
            *here.entry((0, "resources", model.kind(id).id.clone())).or_default() += 1;
        }
    }
    for entitlement in &model.entitlements {
        *here.entry((1, "entitlements", model.kind(entitlement.resource).id.clone())).or_default() += 1;
    }
    for grant in model.grants.iter().filter(|grant| !grant.derived) {
        let of = model.entitlement(grant.entitlement).resource;
        *here.entry((2, "grants", model.kind(of).id.clone())).or_default() += 1;
    }
    let known = |kind: &str, of: &str| -> Option<&Count> {
        review.facts.as_ref()?.counts.iter().find(|count| count.kind == kind && count.resource_type == of)
    };
    let dash = || "–".to_owned();
    here.into_iter()
        .map(|((_, kind, of), number)| {
            let count = known(kind, &of);
            let (verdict, class) = match count {
                None => ("not told by this file", ""),
                Some(count) if count.lists_told == 0 => ("read to the last page", ""),
                Some(count) if count.told == count.came_of_told && count.lists_told == count.lists => {
                    ("agrees", "calm")
                }
                Some(count) if count.told == count.came_of_told => ("agrees where it was told", "calm"),
                Some(_) => ("differs: see the warnings", "alarm"),
            };
            let name =
                model.types.iter().find(|known| known.id == of).map_or(of.as_str(), |known| &known.name);
            Counted {
                what: match kind {
                    "resources" => plural(name),
                    _ => format!("{} of {}", capital(kind), plural(name).to_lowercase()),
                },
                here: thousands(number),
                here_number: number,
                came: count.map_or_else(dash, |count| thousands(count.came)),
                told: count
                    .filter(|count| count.lists_told > 0)
                    .map_or_else(dash, |count| thousands(count.told)),
                verdict: verdict.into(),
                class,
            }
        })
        .collect()
}

/// What cannot be known, each a sentence.
pub fn limits(review: &Review) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    match &review.facts {
        Some(facts) => all.extend(facts.cannot_see.iter().cloned()),
        None => all.push(
            "What the connector says it cannot see, how much it asked, and what it left out: none of it is told by this file, \
             which an older program or another tool has written."
                .into(),
        ),
    }
    all.extend(review.request.rules.cannot_know.iter().cloned());
    let parts = |part: Part| review.model.types.iter().any(|kind| kind.part == part);
    if parts(Part::Whole) && parts(Part::Group) && !parts(Part::Thing) {
        let text =
            "Who reaches what lies within each {whole}: of that, this file has people and {groups} alone.";
        let groups = review.look().speaker().heading(Part::Group).unwrap_or_default().to_lowercase();
        all.push(review.look().speaker().fill(text).replace("{groups}", &groups));
    }
    let missing = (0..review.model.resources.len() as Id)
        .filter(|id| !review.model.resource(*id).is_there && review.model.part(*id) == Part::Person);
    match missing.count() {
        0 => {}
        number => all.push(format!(
            "{number} of those who hold something are not in the file, and known by their ids alone."
        )),
    }
    for (rule, why) in &review.findings.not_applied {
        if rule.id != "orphan" {
            all.push(format!("Whether there is any “{}”: {why}.", review.look().speaker().fill(rule.title)));
        }
    }
    if review.orphans.is_none() {
        all.push("Whether each person still works for you. A list of your people, given with --people, answers it.".into());
    }
    let mut seen = BTreeSet::new();
    all.retain(|text| seen.insert(text.clone()));
    all
}
