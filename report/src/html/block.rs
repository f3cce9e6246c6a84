//! What a page is made of: cards with rows, and cells with links.

use askama::Template;

use crate::error::Error;
use crate::model::Id;
use crate::words::{Bit, Speaker};

use super::links::Links;

/// A card of so many rows is not cut in two in print.
const SHORT: usize = 8;

/// Text, with a link or without.
#[derive(Clone, Debug)]
pub struct Piece {
    pub text: String,
    pub href: String,
}

/// A word in a frame of its own.
#[derive(Clone, Debug)]
pub struct Tag {
    pub text: String,
    pub class: &'static str,
}

/// One way on which somebody reaches something.
pub struct Way {
    pub line: Vec<Piece>,
    /// Why it cannot be revoked.
    pub kept: String,
}

/// What stands in a cell.
pub enum What {
    /// Somebody or something, with what tells them apart.
    Who { piece: Piece, mail: String, tags: Vec<Tag> },
    /// A line.
    Line { line: Vec<Piece>, tags: Vec<Tag>, soft: String },
    /// Ways, one below the other.
    Ways(Vec<Way>),
}

/// A cell of a row.
pub struct Cell {
    pub label: &'static str,
    pub what: What,
}

/// The head of a column.
#[derive(Clone, Copy)]
pub struct Head {
    pub text: &'static str,
    pub class: &'static str,
}

/// A paragraph in the head of a card.
#[derive(Clone)]
pub struct Text {
    pub class: &'static str,
    pub strong: String,
    pub text: String,
}

/// A card.
#[derive(Default)]
pub struct Block {
    /// By what it is linked to; empty when it is not.
    pub anchor: String,
    pub title: String,
    pub place: String,
    pub texts: Vec<Text>,
    pub tags: Vec<Tag>,
    pub heads: Vec<Head>,
    /// Rows, as they stand in the page.
    pub rows: Vec<String>,
}

/// A view: a heading and cards.
#[derive(Default)]
pub struct View {
    pub id: &'static str,
    pub short: String,
    pub title: String,
    pub intro: Vec<String>,
    /// A number for the list of contents.
    pub count: String,
    /// What is searched in it; empty when nothing is.
    pub find: String,
    pub blocks: Vec<Block>,
    /// What stands before the cards, as it stands in the page.
    pub before: String,
}

#[derive(Template)]
#[template(path = "row.html")]
struct RowPage<'a> {
    cells: &'a [Cell],
}

#[derive(Template)]
#[template(path = "block_open.html")]
struct OpenPage<'a> {
    anchor: &'a str,
    title: &'a str,
    place: &'a str,
    texts: &'a [Text],
    tags: &'a [Tag],
    heads: &'a [Head],
    /// Whether it is printed on one page.
    short: bool,
}

impl Piece {
    /// Text without a link.
    pub fn text(text: impl Into<String>) -> Piece {
        Piece { text: text.into(), href: String::new() }
    }
}

impl Tag {
    /// A tag.
    pub fn of(text: impl Into<String>, class: &'static str) -> Tag {
        Tag { text: text.into(), class }
    }
}

impl Text {
    /// A plain paragraph.
    pub fn plain(text: impl Into<String>) -> Text {
        Text { class: "soft", strong: String::new(), text: text.into() }
    }
}

/// A row as it stands in the page.
pub fn row(cells: &[Cell]) -> Result<String, Error> {
    RowPage { cells }.render().map_err(|error| Error::make("a page", error))
}

/// A cell with one line.
pub fn line(label: &'static str, text: impl Into<String>) -> Cell {
    Cell { label, what: What::Line { line: vec![Piece::text(text)], tags: vec![], soft: String::new() } }
}

impl Block {
    /// What stands before the rows. Where the card goes on from another page it has no anchor, and says so.
    pub fn open(&self, goes_on: bool) -> Result<String, Error> {
        let (title, anchor, texts) = match goes_on {
            true => (format!("{} (continued)", self.title), "", &[][..]),
            false => (self.title.clone(), self.anchor.as_str(), self.texts.as_slice()),
        };
        let page = OpenPage {
            anchor,
            title: &title,
            place: &self.place,
            texts,
            tags: &self.tags,
            heads: &self.heads,
            short: self.rows.len() <= SHORT,
        };
        page.render().map_err(|error| Error::make("a page", error))
    }

    /// What stands behind them.
    pub fn close(&self) -> &'static str {
        if self.heads.is_empty() { "</article>\n" } else { "</tbody></table></article>\n" }
    }

    /// How large it is in a page.
    pub fn size(&self) -> usize {
        400 + self.title.len()
            + self.texts.iter().map(|text| 40 + text.strong.len() + text.text.len()).sum::<usize>()
            + self.rows.iter().map(String::len).sum::<usize>()
    }
}

/// Writes names with their links.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    pub speaker: Speaker<'a>,
    pub links: &'a Links,
}

impl Pen<'_> {
    /// The name of a resource, with a link to where it is shown.
    pub fn name(&self, id: Id) -> Piece {
        let text = self.speaker.model.resource(id).name.clone();
        Piece { text, href: self.links.to(self.speaker.model, id) }
    }

    /// Somebody, with their address.
    pub fn person(&self, label: &'static str, id: Id, tags: Vec<Tag>) -> Cell {
        let mail = match self.speaker.email(id) {
            mail if mail == self.speaker.model.resource(id).name => String::new(),
            mail => mail.to_owned(),
        };
        Cell { label, what: What::Who { piece: self.name(id), mail, tags } }
    }

    /// Something, with what contains it.
    pub fn thing(&self, label: &'static str, id: Id, tags: Vec<Tag>) -> Cell {
        let kind = &self.speaker.model.kind(id).name;
        let mail = match self.speaker.place(id) {
            place if place.is_empty() => kind.clone(),
            place => format!("{kind} in {place}"),
        };
        Cell { label, what: What::Who { piece: self.name(id), mail, tags } }
    }

    /// A way, each name a link.
    pub fn way(&self, way: &[Id]) -> Way {
        let line = self.speaker.way(way).into_iter().map(|bit| match bit {
            Bit::Text(text) => Piece::text(text),
            Bit::Name(id) => self.name(id),
        });
        Way { line: line.collect(), kept: self.kept(way) }
    }

    /// Why the first step of a way, the person's own, cannot be revoked.
    fn kept(&self, way: &[Id]) -> String {
        let first = way.first().and_then(|id| self.speaker.model.grant(*id).immutable.as_deref());
        first.map(|reason| format!("Not to be revoked in the product: {reason}")).unwrap_or_default()
    }
}
