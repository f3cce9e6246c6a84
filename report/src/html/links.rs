//! Where everything is shown: on the one page, or on which of several.

use std::collections::HashMap;

use crate::model::{Id, Model, Part};

/// Where everything is shown.
pub enum Links {
    /// All on one page.
    One,
    /// On several, which are not known yet. What is made with these is as long as what is made in the end.
    Measure,
    /// On these, by anchor.
    Several(HashMap<String, String>),
}

/// A page's name that no other is longer than.
const LONGEST: &str = "administrators-0000.html";

impl Links {
    /// A link to where a resource is shown; empty when it is nowhere.
    pub fn to(&self, model: &Model, id: Id) -> String {
        match model.part(id) {
            Part::Other => String::new(),
            _ => self.href(&anchor(model, id)),
        }
    }

    /// A link to an anchor.
    pub fn href(&self, anchor: &str) -> String {
        match self {
            Links::One => format!("#{anchor}"),
            Links::Measure => format!("{LONGEST}#{anchor}"),
            Links::Several(pages) => {
                format!("{}#{anchor}", pages.get(anchor).map_or("index.html", String::as_str))
            }
        }
    }
}

/// The anchor of a resource.
pub fn anchor(model: &Model, id: Id) -> String {
    if model.part(id) == Part::Person { format!("p{id}") } else { format!("r{id}") }
}
