//! The picture of the whole: for each whole its people as dots, its groups, what they reach, and the lines between.
//!
//! It is an SVG within the page: no file from elsewhere, sharp in print, and its text can be read aloud.

use askama::Template;

use crate::error::Error;
use crate::look::Look;
use crate::model::{Id, Part};
use crate::words::{counted, thousands};

use super::block::{Pen, View};

/// Wholes that are drawn; of the others only numbers are told.
const DRAWN: usize = 12;
/// Dots of a picture; where there are more people, a dot stands for several.
const DOTS: usize = 160;
/// Groups, and things, that are drawn of one whole.
const ROWS: usize = 14;
/// Dots in a row.
const ACROSS: usize = 30;
/// How wide a name's frame is, where the right ones begin, and the middle between left and right. The whole is 420 wide:
/// on a telephone a picture is shown at three quarters of that.
const PILL: usize = 178;
const RIGHT: usize = 242;
const MIDDLE: usize = 210;
/// Letters of a name; one of a script with wide letters counts twice.
const LETTERS: usize = 16;

#[derive(Template)]
#[template(path = "picture.html")]
struct Figure {
    id: String,
    href: String,
    name: String,
    told: String,
    described: String,
    height: usize,
    dots_head: String,
    dots: Vec<Dot>,
    wires: Vec<Wire>,
    heads: Vec<Label>,
    pills: Vec<Pill>,
    notes: Vec<Label>,
}

struct Dot {
    x: usize,
    y: usize,
    r: usize,
    class: &'static str,
}

struct Wire {
    d: String,
    class: &'static str,
}

struct Label {
    x: usize,
    y: usize,
    text: String,
}

struct Pill {
    x: usize,
    y: usize,
    width: usize,
    class: &'static str,
    name: String,
    number: String,
}

/// The legend, which holds for all pictures.
const LEGEND: &str = concat!(
    "<ul class=\"legend\"><li><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><circle class=\"dot power\" cx=\"13\" cy=\"6\" r=\"5\"/></svg>administrator</li>",
    "<li><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><circle class=\"dot bare\" cx=\"13\" cy=\"6\" r=\"4\"/></svg>administrator without a second factor</li>",
    "<li><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><circle class=\"dot\" cx=\"13\" cy=\"6\" r=\"5\"/></svg>everybody else</li>",
    "<li><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><path class=\"wire\" d=\"M0 6h26\"/></svg>administers</li>",
    "<li><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><path class=\"wire reads\" d=\"M0 6h26\"/></svg>reaches otherwise</li></ul>"
);

/// The view.
pub fn view(look: Look<'_>, pen: Pen<'_>) -> Result<Option<View>, Error> {
    let mut wholes = look.model.of(Part::Whole);
    if wholes.is_empty() {
        return Ok(None);
    }
    wholes.sort_by_cached_key(|id| std::cmp::Reverse(look.holders(*id, false).len()));
    let mut before = String::from(LEGEND);
    before.push_str("<div class=\"pictures\">");
    for whole in wholes.iter().take(DRAWN) {
        before.push_str(&draw(look, pen, *whole)?);
    }
    before.push_str("</div>");
    let mut intro = vec![pen.speaker.fill(
        "Each {whole}: its people, its administrators, and what its groups reach. Who administers a whole {whole} reaches \
         all of it without a line.",
    )];
    if wholes.len() > DRAWN {
        intro.push(format!(
            "The {DRAWN} with most people are drawn; the other {} are listed below.",
            wholes.len() - DRAWN
        ));
    }
    Ok(Some(View {
        id: "picture",
        short: "At a glance".into(),
        title: "At a glance".into(),
        intro,
        before,
        ..View::default()
    }))
}

fn draw(look: Look<'_>, pen: Pen<'_>, whole: Id) -> Result<String, Error> {
    let people = look.holders(whole, false);
    let admins = look.holders(whole, true);
    let of = |part: Part| -> Vec<Id> {
        let mut all: Vec<Id> =
            look.model.within(whole).iter().copied().filter(|id| look.model.part(*id) == part).collect();
        all.sort_by_cached_key(|id| {
            (std::cmp::Reverse(look.holders(*id, false).len()), look.model.sort_key(*id))
        });
        all
    };
    let (groups, things) = (of(Part::Group), of(Part::Thing));
    let kind = |part: Part, fallback: &str| {
        let first = look.model.types.iter().find(|kind| kind.part == part);
        first.map_or(fallback.to_owned(), |kind| kind.name.to_lowercase())
    };
    let mut told = vec![
        if people.len() == 1 {
            "1 person".into()
        } else {
            format!("{} people", thousands(people.len() as u64))
        },
        counted(admins.len(), "administrator"),
        counted(groups.len(), &kind(Part::Group, "group")),
    ];
    if look.model.types.iter().any(|kind| kind.part == Part::Thing) {
        told.push(counted(things.len(), &kind(Part::Thing, "resource")));
    }
    let told = told.join(" · ");
    let (dots, dots_head, top) = dots(look, people.len(), &admins);
    let mut figure = Figure {
        id: format!("g{whole}"),
        href: pen.links.to(look.model, whole),
        name: look.model.resource(whole).name.clone(),
        described: format!("{}: {told}", look.model.resource(whole).name),
        told,
        height: top,
        dots_head,
        dots,
        wires: Vec::new(),
        heads: Vec::new(),
        pills: Vec::new(),
        notes: Vec::new(),
    };
    columns(look, pen, &mut figure, top, &groups, &things);
    figure.render().map_err(|error| Error::make("the picture", error))
}

/// A dot for each person, administrators first; and where the next part begins.
fn dots(look: Look<'_>, people: usize, admins: &std::collections::BTreeSet<Id>) -> (Vec<Dot>, String, usize) {
    let each = people.div_ceil(DOTS).max(1);
    let bare = admins.iter().filter(|id| {
        let account = look.model.resource(**id).account.as_ref();
        account.is_some_and(|account| account.second_factor == Some(false))
    });
    let bare = bare.count();
    let powerful = admins.len() - bare;
    let others = people - admins.len();
    let classes = [(bare, "bare"), (powerful, "power"), (others, "")];
    let all = classes.iter().flat_map(|(number, class)| std::iter::repeat_n(*class, number.div_ceil(each)));
    let place = |(at, class): (usize, &'static str)| Dot {
        x: 7 + (at % ACROSS) * 14,
        y: 30 + (at / ACROSS) * 15,
        r: if class == "bare" { 4 } else { 5 },
        class,
    };
    let dots: Vec<Dot> = all.enumerate().map(place).collect();
    let head = match each {
        1 => "People".to_owned(),
        each => format!("People, a dot for {each}"),
    };
    let rows = dots.len().div_ceil(ACROSS);
    (dots, head, 30 + rows * 15 + 14)
}

/// Groups on the left, things on the right, lines between.
fn columns(look: Look<'_>, pen: Pen<'_>, figure: &mut Figure, top: usize, groups: &[Id], things: &[Id]) {
    let heading =
        |part: Part, fallback: &str| pen.speaker.heading(part).unwrap_or_else(|| fallback.to_owned());
    let place = |at: usize| top + 16 + at * 36;
    let people = |id: Id| thousands(look.holders(id, false).len() as u64);
    // Without anything to reach, groups take both columns.
    let (groups, things, kind) = match things.is_empty() {
        true => {
            let (one, other) = groups.split_at(groups.len().div_ceil(2));
            (one, other, Part::Group)
        }
        false => (groups, things, Part::Thing),
    };
    let (left, right) = (groups.get(..ROWS.min(groups.len())), things.get(..ROWS.min(things.len())));
    let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
    if !left.is_empty() {
        figure.heads.push(Label { x: 0, y: top + 4, text: heading(Part::Group, "Groups") });
    }
    if !right.is_empty() && kind == Part::Thing {
        figure.heads.push(Label { x: RIGHT, y: top + 4, text: heading(Part::Thing, "Resources") });
    }
    for (at, id) in left.iter().enumerate() {
        let name = short(&look.model.resource(*id).name);
        figure.pills.push(Pill { x: 0, y: place(at), width: PILL, class: "", name, number: people(*id) });
    }
    let class = if kind == Part::Thing { "thing" } else { "" };
    for (at, id) in right.iter().enumerate() {
        let name = short(&look.model.resource(*id).name);
        figure.pills.push(Pill { x: RIGHT, y: place(at), width: PILL, class, name, number: people(*id) });
    }
    for (from, group) in left.iter().enumerate() {
        for grant in look.model.held_by(*group).iter().map(|id| look.model.grant(*id)) {
            let to = look.model.entitlement(grant.entitlement).resource;
            let Some(to) = right.iter().position(|thing| *thing == to) else { continue };
            let (y, z) = (place(from) + 14, place(to) + 14);
            let class = if pen.speaker.is_privileged(grant.entitlement) { "" } else { "reads" };
            figure
                .wires
                .push(Wire { d: format!("M{PILL} {y}C{MIDDLE} {y} {MIDDLE} {z} {RIGHT} {z}"), class });
        }
    }
    let rows = left.len().max(right.len());
    let mut bottom = if rows == 0 { top } else { place(rows) };
    for (x, all, shown) in [(0, groups.len(), left.len()), (RIGHT, things.len(), right.len())] {
        if all > shown {
            figure.notes.push(Label { x, y: bottom + 12, text: format!("and {} more", all - shown) });
        }
    }
    if !figure.notes.is_empty() {
        bottom += 20;
    }
    figure.height = bottom;
}

/// A name that fits.
fn short(name: &str) -> String {
    let mut room = LETTERS * 2;
    let mut out = String::new();
    for letter in name.chars() {
        let width = if u32::from(letter) >= 0x1100 { 4 } else { 2 };
        if room < width + 2 {
            out.push('…');
            break;
        }
        room -= width;
        out.push(letter);
    }
    out
}
