//! The long views: everybody with all that they reach, and everything with all who reach it.

use crate::error::Error;
use crate::look::Look;
use crate::model::{Id, Part};
use crate::paths::Held;
use crate::words::{counted, plural, thousands};

use super::block::{Block, Cell, Head, Pen, Piece, Tag, Text, View, Way, What, row};
use super::links::anchor;

const WHO: Head = Head { text: "Who", class: "c-who" };
const THING: Head = Head { text: "What", class: "c-who" };
const HOLDS: Head = Head { text: "As", class: "c-factor" };
const HOW: Head = Head { text: "How", class: "" };

/// Everybody, by name.
pub fn people(look: Look<'_>, pen: Pen<'_>) -> Result<View, Error> {
    let all = look.model.of(Part::Person);
    let blocks = all.iter().map(|person| one_person(look, pen, *person)).collect::<Result<_, _>>()?;
    Ok(View {
        id: "people",
        short: "By person".into(),
        title: "By person".into(),
        intro: vec![
            "Everybody with all that they reach. Each line under “How” is a way of its own: taking one away leaves the \
             others."
                .into(),
        ],
        count: all.len().to_string(),
        find: "people".into(),
        blocks,
        ..View::default()
    })
}

fn one_person(look: Look<'_>, pen: Pen<'_>, person: Id) -> Result<Block, Error> {
    let mut held: Vec<&Held> = look.access.of_person(person).iter().collect();
    let speaker = pen.speaker;
    held.sort_by_cached_key(|held| {
        let resource = look.model.entitlement(held.entitlement).resource;
        (
            speaker.place(resource).to_lowercase()
                + &look.model.resource(look.model.root(resource)).name.to_lowercase(),
            look.model.part(resource),
            !speaker.is_privileged(held.entitlement),
            look.model.sort_key(resource),
        )
    });
    let rows = held.iter().map(|held| {
        let resource = look.model.entitlement(held.entitlement).resource;
        row(&[pen.thing("What", resource, vec![]), holds(pen, held), how(look, pen, held)])
    });
    let resource = look.model.resource(person);
    let mut texts = Vec::new();
    if held.is_empty() {
        texts.push(Text::plain("Reaches nothing that this file tells of."));
    }
    if !resource.is_there {
        texts.push(Text::plain("Holds something, but is not in the file."));
    }
    Ok(Block {
        anchor: anchor(look.model, person),
        title: resource.name.clone(),
        place: Some(speaker.email(person))
            .filter(|mail| *mail != resource.name)
            .unwrap_or_default()
            .to_owned(),
        texts,
        tags: tags(look, person),
        heads: if held.is_empty() { vec![] } else { vec![THING, HOLDS, HOW] },
        rows: rows.collect::<Result<_, _>>()?,
    })
}

/// What is to be known of somebody at a glance.
pub fn tags(look: Look<'_>, person: Id) -> Vec<Tag> {
    let mut tags = Vec::new();
    if look.privileges(person).next().is_some() {
        tags.push(Tag::of("administrator", "power"));
    }
    let Some(account) = &look.model.resource(person).account else { return tags };
    tags.push(second_factor(look, person));
    if account.sso == Some(true) {
        tags.push(Tag::of("signs in through SSO", ""));
    }
    if !account.is_human {
        tags.push(Tag::of("not a person", ""));
    }
    if let Some(state) = account.state {
        tags.push(Tag::of(state, "mark"));
    }
    tags
}

/// Whether somebody has a second factor.
pub fn second_factor(look: Look<'_>, person: Id) -> Tag {
    let account = look.model.resource(person).account.as_ref();
    match account.and_then(|account| account.second_factor) {
        Some(true) => Tag::of("second factor", "calm"),
        Some(false) => Tag::of("no second factor", "alarm"),
        None => Tag::of("second factor unknown", ""),
    }
}

/// Everything of one part: groups, things, what contains the rest.
pub fn resources(look: Look<'_>, pen: Pen<'_>, part: Part) -> Result<Option<View>, Error> {
    let all = look.model.of(part);
    let Some(heading) = pen.speaker.heading(part).filter(|_| !all.is_empty()) else { return Ok(None) };
    let id = match part {
        Part::Whole => "wholes",
        Part::Group => "groups",
        _ => "things",
    };
    let blocks = all.iter().map(|id| one_resource(look, pen, *id)).collect::<Result<_, _>>()?;
    let lower = heading.to_lowercase();
    Ok(Some(View {
        id,
        short: heading.clone(),
        title: heading,
        intro: vec![match part {
            Part::Thing => {
                format!("Who reaches each of the {lower}, and on which way. Administrators come first.")
            }
            Part::Group => format!("Who is in each of the {lower}, and what it brings them."),
            _ => "Who belongs to it, and in which role.".into(),
        }],
        count: all.len().to_string(),
        find: lower,
        blocks,
        ..View::default()
    }))
}

fn one_resource(look: Look<'_>, pen: Pen<'_>, id: Id) -> Result<Block, Error> {
    let speaker = pen.speaker;
    let mut offered = look.model.offered_by(id).to_vec();
    offered.sort_by_key(|entitlement| !speaker.is_privileged(*entitlement));
    let mut rows = Vec::new();
    let mut texts = Vec::new();
    for entitlement in offered {
        let mut held: Vec<&Held> = look.access.of_entitlement(entitlement).collect();
        held.sort_by_cached_key(|held| look.model.sort_key(held.person));
        for held in &held {
            let factor = match speaker.is_privileged(entitlement) {
                true => vec![second_factor(look, held.person)],
                false => vec![],
            };
            rows.push(row(&[
                pen.person("Who", held.person, factor),
                holds(pen, held),
                how(look, pen, held),
            ])?);
        }
        let meaning = speaker.meaning(entitlement);
        texts.push(Text {
            class: "meaning soft",
            strong: format!("{} ({}).", pen.speaker.label(entitlement), people_told(held.len())),
            text: meaning,
        });
    }
    let brings = look.administered_by(id);
    if look.model.part(id) == Part::Group && !brings.is_empty() {
        texts.push(Text { class: "", strong: "It administers".into(), text: look.names(&brings) });
    }
    let resource = look.model.resource(id);
    if !resource.description.is_empty() {
        texts.insert(0, Text::plain(resource.description.clone()));
    }
    let mut tags = Vec::new();
    if resource.source == "directory_synced" {
        tags.push(Tag::of("kept by a directory", ""));
    }
    if rows.is_empty() {
        tags.push(Tag::of("nobody", "mark"));
    }
    let inside = look.model.within(id).len();
    if inside > 0 {
        tags.push(Tag::of(counted(inside, "resource") + " in it", ""));
    }
    Ok(Block {
        anchor: anchor(look.model, id),
        title: resource.name.clone(),
        place: match speaker.place(id) {
            place if place.is_empty() => look.model.kind(id).name.clone(),
            place => format!("{} in {place}", look.model.kind(id).name),
        },
        texts,
        tags,
        heads: if rows.is_empty() { vec![] } else { vec![WHO, HOLDS, HOW] },
        rows,
    })
}

/// So many people.
pub fn people_told(number: usize) -> String {
    match number {
        0 => "nobody".into(),
        1 => "1 person".into(),
        _ => format!("{} people", thousands(number as u64)),
    }
}

fn holds(pen: Pen<'_>, held: &Held) -> Cell {
    let class = if pen.speaker.is_privileged(held.entitlement) { "power" } else { "" };
    let tags = vec![Tag::of(pen.speaker.label(held.entitlement), class)];
    Cell { label: "As", what: What::Line { line: vec![], tags, soft: String::new() } }
}

fn how(look: Look<'_>, pen: Pen<'_>, held: &Held) -> Cell {
    let mut ways: Vec<Way> = look.access.ways(held).map(|way| pen.way(way)).collect();
    if held.more {
        let line = vec![Piece::text("and more ways than are listed here")];
        ways.push(Way { line, kept: String::new() });
    }
    Cell { label: "How", what: What::Ways(ways) }
}

/// The name of a part, for several: `databases`.
pub fn several(look: Look<'_>, part: Part, fallback: &str) -> String {
    let first = look.model.types.iter().find(|kind| kind.part == part);
    first.map_or(fallback.to_owned(), |kind| plural(&kind.name).to_lowercase())
}
