//! The view of administrators: one card for each whole, one row for each person.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::look::Look;
use crate::model::{Id, Part};

use crate::words::counted;

use super::access::{people_told, second_factor};
use super::block::{Block, Cell, Head, Pen, Piece, Tag, Text, View, Way, What, row};

/// Names of what is administered on one way; more are counted.
const NAMED: usize = 40;

/// Everybody who administers anything.
pub fn administrators(look: Look<'_>, pen: Pen<'_>) -> Result<View, Error> {
    let all = look.administrators();
    let mut by_root: BTreeMap<(String, Id), Vec<Id>> = BTreeMap::new();
    for person in &all {
        let roots = look
            .privileges(*person)
            .map(|held| look.model.root(look.model.entitlement(held.entitlement).resource));
        for root in roots.collect::<std::collections::BTreeSet<Id>>() {
            by_root.entry((look.model.resource(root).name.to_lowercase(), root)).or_default().push(*person);
        }
    }
    let blocks = by_root.iter().map(|((_, root), people)| of_root(look, pen, *root, people));
    Ok(View {
        id: "administrators",
        short: "Administrators".into(),
        title: "Administrators".into(),
        intro: vec![
            pen.speaker.fill(
                "Who can do everything, and with what. Those who administer a whole {whole} come first: they can do \
                 everything to all that lies within it.",
            ),
        ],
        count: all.len().to_string(),
        find: "administrators".into(),
        blocks: blocks.collect::<Result<_, _>>()?,
        ..View::default()
    })
}

fn of_root(look: Look<'_>, pen: Pen<'_>, root: Id, people: &[Id]) -> Result<Block, Error> {
    let admins = look.holders(root, true);
    let mut order = people.to_vec();
    order.sort_by_cached_key(|person| (!admins.contains(person), look.model.sort_key(*person)));
    let thing = look.model.types.iter().find(|kind| kind.part == Part::Thing);
    let part = thing.map_or("resource".to_owned(), |kind| kind.name.to_lowercase());
    let mut rows = Vec::new();
    for person in order {
        let of_all = admins.contains(&person);
        let (ways, things) = ways(look, pen, root, person, of_all);
        let what = match (of_all, things) {
            (true, _) => Tag::of(pen.speaker.fill("the whole {whole}"), "power"),
            (false, things) => Tag::of(counted(things, &part), ""),
        };
        let tags = vec![what];
        rows.push(row(&[
            pen.person("Who", person, vec![]),
            Cell {
                label: "Second factor",
                what: What::Line {
                    line: vec![],
                    tags: vec![second_factor(look, person)],
                    soft: String::new(),
                },
            },
            Cell { label: "Administers", what: What::Line { line: vec![], tags, soft: String::new() } },
            Cell { label: "How", what: What::Ways(ways) },
        ])?);
    }
    let lacking = |id: &&Id| {
        let account = look.model.resource(**id).account.as_ref();
        account.is_some_and(|account| account.second_factor == Some(false))
    };
    let without = people.iter().filter(lacking).count();
    let mut tags = vec![Tag::of(
        format!(
            "{} {} the whole {}",
            people_told(admins.len()),
            if admins.len() == 1 { "administers" } else { "administer" },
            look.model.kind(root).name.to_lowercase()
        ),
        "power",
    )];
    if without > 0 {
        tags.push(Tag::of(format!("{without} without a second factor"), "alarm"));
    }
    Ok(Block {
        title: look.model.resource(root).name.clone(),
        place: look.model.kind(root).name.clone(),
        texts: match admins.is_empty() {
            true => vec![Text::plain("Nobody administers all of it, as far as this file tells.")],
            false => vec![],
        },
        tags,
        heads: vec![
            Head { text: "Who", class: "c-who" },
            Head { text: "Second factor", class: "c-factor" },
            Head { text: "Administers", class: "" },
            Head { text: "How", class: "" },
        ],
        rows,
        ..Block::default()
    })
}

/// The ways on which somebody administers something in a whole, those that end alike in one line; and how much that is.
fn ways(look: Look<'_>, pen: Pen<'_>, root: Id, person: Id, of_all: bool) -> (Vec<Way>, usize) {
    let mut lines: BTreeMap<(Vec<Id>, String), Vec<Id>> = BTreeMap::new();
    let mut things = std::collections::BTreeSet::new();
    for held in look.privileges(person) {
        let resource = look.model.entitlement(held.entitlement).resource;
        if look.model.root(resource) != root {
            continue;
        }
        things.insert(resource);
        for way in look.access.ways(held) {
            let (last, before) = way.split_last().map_or((None, way), |(last, before)| (Some(last), before));
            let words = pen.speaker.words(held.entitlement);
            let end = match (last, before.is_empty()) {
                (_, true) => words.person,
                _ => words.group,
            };
            // That who administers the whole administers each part is said once, for all.
            let through_whole = before.iter().any(|id| {
                let of = look.model.entitlement(look.model.grant(*id).entitlement).resource;
                of == root && look.model.part(of) == Part::Whole
            });
            if of_all && through_whole {
                continue;
            }
            lines.entry((before.to_vec(), end)).or_default().push(resource);
        }
    }
    let mut ways: Vec<Way> = lines
        .into_iter()
        .map(|((before, end), mut resources)| {
            resources.sort_by_cached_key(|id| look.model.sort_key(*id));
            let mut way = pen.way(&before);
            let start = if before.is_empty() { format!("{end} ") } else { format!(", which {end} ") };
            way.line.push(Piece::text(start));
            for (at, id) in resources.iter().take(NAMED).enumerate() {
                if at > 0 {
                    way.line.push(Piece::text(", "));
                }
                way.line.push(pen.name(*id));
            }
            if resources.len() > NAMED {
                way.line.push(Piece::text(format!(" and {} more", resources.len() - NAMED)));
            }
            way
        })
        .collect();
    ways.sort_by_key(|way| way.line.len());
    (ways, things.len())
}
