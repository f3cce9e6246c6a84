//! Access as a plain table, for workbooks and CSV alike: a head, and rows of text.
//!
//! Rows are given one at a time: access by its ways can be millions.

use crate::error::Error;
use crate::look::Look;
use crate::model::Part;
use crate::paths::Held;
use crate::review::Review;
use crate::words::capital;

/// Takes a row.
pub type Take<'a> = dyn FnMut(&[String]) -> Result<(), Error> + 'a;

/// Gives every row to who takes it.
pub type Rows<'a> = Box<dyn Fn(&mut Take<'_>) -> Result<(), Error> + 'a>;

/// A table.
pub struct Table<'a> {
    /// The name of its file.
    pub name: &'static str,
    /// The name of its sheet.
    pub sheet: &'static str,
    /// Its columns, with the width that fits them, in letters.
    pub heads: Vec<(&'static str, u16)>,
    pub(crate) rows: Rows<'a>,
}

impl Table<'_> {
    /// Every row.
    pub fn each(&self, take: &mut Take<'_>) -> Result<(), Error> {
        (self.rows)(take)
    }
}

/// What access is in a table: once for each person and entitlement.
pub fn access<'a>(review: &'a Review, meant: impl Fn(&Held) -> bool + 'a) -> Table<'a> {
    let look = review.look();
    Table {
        name: "access",
        sheet: "Access",
        heads: vec![
            ("Person", 26),
            ("E-mail", 32),
            ("Type", 14),
            ("In", 20),
            ("What", 26),
            ("As", 16),
            ("Administrator", 13),
            ("Second factor", 16),
            ("How", 70),
            ("Ways", 7),
            ("Revocable in the product", 24),
            ("Person id", 26),
            ("Entitlement id", 34),
        ],
        rows: Box::new(move |take| {
            for person in look.model.of(Part::Person) {
                for held in look.access.of_person(person).iter().filter(|held| meant(held)) {
                    take(&one_access(look, held))?;
                }
            }
            Ok(())
        }),
    }
}

fn one_access(look: Look<'_>, held: &Held) -> Vec<String> {
    let (model, speaker) = (look.model, look.speaker());
    let entitlement = model.entitlement(held.entitlement);
    let mut ways: Vec<String> = look.access.ways(held).map(|way| capital(&speaker.sentence(way))).collect();
    let number = ways.len();
    if held.more {
        ways.push("and more ways than are listed here".into());
    }
    let kept: Vec<&str> =
        look.access.ways(held).filter_map(|way| model.grant(*way.first()?).immutable.as_deref()).collect();
    vec![
        model.resource(held.person).name.clone(),
        speaker.email(held.person).to_owned(),
        model.kind(entitlement.resource).name.clone(),
        speaker.place(entitlement.resource),
        model.resource(entitlement.resource).name.clone(),
        speaker.label(held.entitlement),
        if speaker.is_privileged(held.entitlement) { "yes".into() } else { "no".into() },
        speaker.second_factor(held.person).into(),
        ways.join("; "),
        number.to_string() + if held.more { "+" } else { "" },
        match (kept.len(), number) {
            (0, _) => "yes".into(),
            (kept, all) if kept == all => "no".into(),
            (kept, all) => format!("{} of {all} ways", all - kept),
        },
        model.joined(held.person),
        entitlement.id.clone(),
    ]
}
