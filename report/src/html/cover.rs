//! The cover: what was read, from where, as whom; the numbers; and the four answers that a reviewer wants first.

use crate::changes::{Changes, Person, Turn};
use crate::limits::limits;
use crate::look::Look;
use crate::model::{Id, Part};
use crate::review::{Compared, Review};
use crate::rule::{Subject, Weight};
use crate::words::{counted, moment, plural, stored, thousands};

use super::access::several;
use super::block::{Pen, Piece};

/// Lines of an answer; the rest is where its link leads.
const LINES: usize = 6;
/// Limits, each of which is longer.
const LIMITS: usize = 4;
/// Names in a line.
const NAMES: usize = 4;

/// A part of the sentence below the title.
pub struct Bit {
    pub text: String,
    pub strong: bool,
}

/// A number.
pub struct Tile {
    pub name: String,
    pub number: String,
    pub class: &'static str,
}

/// An answer.
pub struct Answer {
    pub class: &'static str,
    pub title: String,
    pub text: String,
    pub lines: Vec<Vec<Piece>>,
    pub href: String,
    pub more: String,
}

/// The cover.
pub struct Cover {
    pub title: String,
    pub lead: Vec<Bit>,
    pub tiles: Vec<Tile>,
    pub answers: Vec<Answer>,
}

/// Make it.
pub fn cover(review: &Review, pen: Pen<'_>) -> Cover {
    let product = review.facts.as_ref().map(|facts| facts.product.as_str()).filter(|name| !name.is_empty());
    Cover {
        title: match product {
            Some(product) => format!("Who reaches what in {product}"),
            None => "Who reaches what".into(),
        },
        lead: lead(review),
        tiles: tiles(review),
        answers: vec![
            administered(review.look(), pen),
            findings(review, pen),
            changes(review),
            unknown(review),
        ],
    }
}

fn lead(review: &Review) -> Vec<Bit> {
    let mut bits = Vec::new();
    let mut add = |text: String, strong: bool| bits.push(Bit { text, strong });
    let facts = review.facts.as_ref();
    add("Read on ".into(), false);
    add(stored(&review.model.sync.ended), true);
    let origins = facts.map(|facts| facts.origins.join(", ")).unwrap_or_default();
    match origins.is_empty() {
        true => add(", from where is not told by this file".into(), false),
        false => {
            add(" from ".into(), false);
            add(origins, true);
        }
    }
    match facts.and_then(|facts| facts.identity.clone()) {
        Some(identity) => {
            add(", as ".into(), false);
            add(identity, true);
        }
        None => add(", as whom is not told by this file".into(), false),
    }
    add(". This review was made on ".into(), false);
    add(moment(review.made), true);
    add(".".into(), false);
    bits
}

fn tiles(review: &Review) -> Vec<Tile> {
    let look = review.look();
    let tile = |name: String, number: usize, class| Tile { name, number: thousands(number as u64), class };
    let named = |part: Part, fallback: &str| {
        let first = look.model.types.iter().find(|kind| kind.part == part);
        first.map_or(fallback.to_owned(), |kind| plural(&kind.name).to_lowercase())
    };
    let mut tiles = vec![
        tile("people".into(), look.model.of(Part::Person).len(), ""),
        tile("administrators".into(), look.administrators().len(), "power"),
    ];
    for part in [Part::Whole, Part::Group, Part::Thing] {
        let number = look.model.of(part).len();
        if number > 0 {
            tiles.push(tile(named(part, "resources"), number, ""));
        }
    }
    let open = review.findings.open();
    tiles.push(tile("open findings".into(), open, if open > 0 { "alarm" } else { "calm" }));
    if review.findings.accepted() > 0 {
        tiles.push(tile("accepted".into(), review.findings.accepted(), "calm"));
    }
    tiles
}

/// Who can do everything with each thing; without things, with each whole.
fn administered(look: Look<'_>, pen: Pen<'_>) -> Answer {
    let part = match look.model.of(Part::Thing).iter().any(|id| look.can_be_administered(*id)) {
        true => Part::Thing,
        false => Part::Whole,
    };
    let mut all: Vec<Id> =
        look.model.of(part).into_iter().filter(|id| look.can_be_administered(*id)).collect();
    all.sort_by_cached_key(|id| std::cmp::Reverse(look.holders(*id, true).len()));
    let lines = all.iter().take(LINES).map(|id| {
        let mut people: Vec<Id> = look.holders(*id, true).into_iter().collect();
        people.sort_by_cached_key(|person| look.model.sort_key(*person));
        let mut line = vec![pen.name(*id)];
        line.push(Piece::text(match people.len() {
            0 => ": nobody that this file tells of".to_owned(),
            1 => ": ".to_owned(),
            number => format!(": {} people, ", thousands(number as u64)),
        }));
        for (at, person) in people.iter().take(NAMES).enumerate() {
            if at > 0 {
                line.push(Piece::text(", "));
            }
            line.push(pen.name(*person));
        }
        if people.len() > NAMES {
            line.push(Piece::text(", …"));
        }
        line
    });
    let lines: Vec<_> = lines.collect();
    let name = several(look, part, "resources");
    let kind = look.model.types.iter().find(|kind| kind.part == part);
    let one = kind.map_or("resource".to_owned(), |kind| kind.name.to_lowercase());
    Answer {
        class: "power",
        title: format!("Who can do everything to each {one}"),
        text: String::new(),
        more: match all.len() > lines.len() {
            true => format!("All {}, with every way", counted(all.len(), &one)),
            false => format!("The {name}, with every way"),
        },
        href: if part == Part::Thing { "#things".into() } else { "#wholes".into() },
        lines,
    }
}

fn findings(review: &Review, pen: Pen<'_>) -> Answer {
    let all = &review.findings;
    let mut order: Vec<_> =
        all.found.iter().filter(|found| found.cases.iter().any(|case| case.is_open())).collect();
    order.sort_by_key(|finding| finding.rule.weight);
    let lines = order.iter().take(LINES).map(|finding| {
        let open: Vec<_> = finding.cases.iter().filter(|case| case.is_open()).collect();
        let title = pen.speaker.fill(finding.rule.title);
        let mut line = vec![
            Piece { text: title, href: pen.links.href(&format!("f-{}", finding.rule.id)) },
            Piece::text(": "),
        ];
        for (at, case) in open.iter().take(NAMES).enumerate() {
            if at > 0 {
                line.push(Piece::text(", "));
            }
            line.push(match &case.subject {
                Subject::Resource(id) => pen.name(*id),
                Subject::Text(text) => Piece::text(text.as_str()),
            });
        }
        if open.len() > NAMES {
            line.push(Piece::text(format!(" and {} more", open.len() - NAMES)));
        }
        line
    });
    let high = order.iter().any(|finding| finding.rule.weight == Weight::High);
    Answer {
        class: if high { "alarm" } else { "gray" },
        title: "What deserves a look".into(),
        text: if order.is_empty() { "Nothing was found that is open.".into() } else { String::new() },
        lines: lines.collect(),
        href: "#findings".into(),
        more: format!("{}, each with its rule", counted(all.open(), "open finding")),
    }
}

fn changes(review: &Review) -> Answer {
    let (title, text, lines) = match &review.compared {
        Compared::Nothing => (
            "What changed".to_owned(),
            "Not told by this file: it holds one sync alone, and there is none to compare it with."
                .to_owned(),
            vec![],
        ),
        Compared::With(changes) => {
            let text = if changes.is_empty() { "Nothing is otherwise." } else { "" };
            (format!("What changed since {}", stored(&changes.ended)), text.to_owned(), turned(changes))
        }
    };
    Answer { class: "", title, text, lines, href: "#changes".into(), more: "Who gained and lost what".into() }
}

fn turned(changes: &Changes) -> Vec<Vec<Piece>> {
    let words = [
        (Turn::Rose, "administers more now", "administer more now"),
        (Turn::Came, "came", "came"),
        (Turn::Fell, "administers less now", "administer less now"),
        (Turn::Went, "went", "went"),
        (Turn::Moved, "reaches something else", "reach something else"),
    ];
    let mut lines = Vec::new();
    for (turn, one, several) in words {
        let people: Vec<&Person> = changes.people.iter().filter(|person| person.turn == turn).collect();
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let shown = names.get(..NAMES.min(names.len())).unwrap_or_default().join(", ");
        let text = match names.len() {
            0 => continue,
            1 => format!("{shown} {one}{}", people.first().map(|person| what(person)).unwrap_or_default()),
            number if number <= NAMES => format!("{shown} {several}"),
            number => format!("{shown} and {} more {several}", number - NAMES),
        };
        lines.push(vec![Piece::text(text)]);
    }
    let things = changes.came.len() + changes.went.len();
    if things > 0 {
        lines.push(vec![Piece::text(format!(
            "Besides people, {} came and {} went",
            changes.came.len(),
            changes.went.len()
        ))]);
    }
    lines
}

/// What one person gained or lost that weighs most.
fn what(person: &Person) -> String {
    let all = if person.gained.is_empty() { &person.lost } else { &person.gained };
    match (all.first(), all.len()) {
        (None, _) => String::new(),
        (Some(first), 1) => format!(" ({})", first.text),
        (Some(first), more) => format!(" ({} and {} more)", first.text, more - 1),
    }
}

fn unknown(review: &Review) -> Answer {
    let all = limits(review);
    let lines = all.iter().take(LIMITS).map(|text| vec![Piece::text(text.as_str())]).collect();
    Answer {
        class: "gray",
        title: "What this report cannot know".into(),
        text: String::new(),
        lines,
        href: "#limits".into(),
        more: match all.len() > LIMITS {
            true => format!("All {} limits, and how complete the reading was", all.len()),
            false => "And how complete the reading was".into(),
        },
    }
}
