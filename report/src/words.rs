//! The words of a review: how a way reads, what something is called, and when something was.

use time::OffsetDateTime;
use time::macros::format_description;

use crate::model::{Id, Model, Part};
use crate::rules::{Rules, Words, named};

/// Writes the words of one model.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    /// What is spoken of.
    pub model: &'a Model,
    /// In whose words.
    pub rules: &'a Rules,
}

/// A part of a sentence: words, or the name of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bit {
    /// Words.
    Text(String),
    /// A resource, to be named.
    Name(Id),
}

impl<'a> Speaker<'a> {
    /// A way as the parts of a sentence: "member of Payments, which administers orders".
    pub fn way(&self, way: &[Id]) -> Vec<Bit> {
        let mut bits = Vec::new();
        for (at, id) in way.iter().enumerate() {
            let grant = self.model.grant(*id);
            let entitlement = self.model.entitlement(grant.entitlement);
            let words = self.words(grant.entitlement);
            bits.push(Bit::Text(match at {
                0 if grant.derived => format!("as a tool worked it out, {} ", words.person),
                0 => format!("{} ", words.person),
                _ => format!(", which {} ", words.group),
            }));
            bits.push(Bit::Name(entitlement.resource));
        }
        bits
    }

    /// The same as one text.
    pub fn sentence(&self, way: &[Id]) -> String {
        let text = |bit: Bit| match bit {
            Bit::Text(text) => text,
            Bit::Name(id) => self.model.resource(id).name.clone(),
        };
        self.way(way).into_iter().map(text).collect()
    }

    /// The words for an entitlement.
    pub fn words(&self, entitlement: Id) -> Words {
        let (kind, slug) = self.kind_and_slug(entitlement);
        named(&self.rules.words, kind, slug).cloned().unwrap_or_else(|| Words {
            person: format!("holds {slug} of"),
            group: format!("holds {slug} of"),
        })
    }

    /// What holding an entitlement makes somebody: `Administrator`.
    pub fn label(&self, entitlement: Id) -> String {
        let words = self.words(entitlement).person;
        let (_, slug) = self.kind_and_slug(entitlement);
        capital(words.strip_suffix(" of").filter(|noun| !noun.starts_with("holds ")).unwrap_or(slug))
    }

    /// What an entitlement lets somebody do: as the rules say it, else as the file does.
    pub fn meaning(&self, entitlement: Id) -> String {
        let (kind, slug) = self.kind_and_slug(entitlement);
        let of_rules = named(&self.rules.meanings, kind, slug).cloned();
        of_rules.unwrap_or_else(|| self.model.entitlement(entitlement).description.clone())
    }

    /// Whether who holds it is an administrator.
    pub fn is_privileged(&self, entitlement: Id) -> bool {
        let (kind, slug) = self.kind_and_slug(entitlement);
        self.rules.is_privileged(kind, slug)
    }

    /// The type and the slug of an entitlement.
    pub fn kind_and_slug(&self, entitlement: Id) -> (&'a str, &'a str) {
        let found = self.model.entitlement(entitlement);
        (&self.model.kind(found.resource).id, &found.slug)
    }

    /// What contains a resource, if anything does.
    pub fn place(&self, resource: Id) -> String {
        let root = self.model.root(resource);
        if root == resource { String::new() } else { self.model.resource(root).name.clone() }
    }

    /// The address that somebody gets mail at.
    pub fn email(&self, person: Id) -> &'a str {
        let account = self.model.resource(person).account.as_ref();
        account.and_then(|account| account.emails.first()).map_or("", String::as_str)
    }

    /// Whether somebody has a second factor, in words.
    pub fn second_factor(&self, person: Id) -> &'static str {
        let Some(account) = &self.model.resource(person).account else { return "unknown" };
        match (account.second_factor, account.sso) {
            (Some(true), _) => "yes",
            (Some(false), _) => "none",
            (None, Some(true)) => "unknown: signs in through SSO",
            (None, _) => "unknown",
        }
    }

    /// A text of a rule with the file's own names in it.
    pub fn fill(&self, text: &str) -> String {
        let name = |part: Part, fallback: &str| {
            let first = self.model.types.iter().find(|kind| kind.part == part);
            first.map_or(fallback.to_owned(), |kind| kind.name.to_lowercase())
        };
        let things = self.heading(Part::Thing).unwrap_or_else(|| "resources".to_owned()).to_lowercase();
        let (whole, group) = (name(Part::Whole, "organization"), name(Part::Group, "group"));
        let mut text = text
            .replace("{Whole}", &capital(&whole))
            .replace("{Group}", &capital(&group))
            .replace("{whole}", &whole)
            .replace("{group}", &group)
            .replace("{things}", &things);
        if !whole.starts_with(['a', 'e', 'i', 'o', 'u']) {
            text = text.replace(&format!("an {whole}"), &format!("a {whole}"));
        }
        text
    }

    /// The names of a part's types, as a heading: `Databases`.
    pub fn heading(&self, part: Part) -> Option<String> {
        let names: Vec<String> =
            self.model.types.iter().filter(|kind| kind.part == part).map(|kind| plural(&kind.name)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// With a capital letter.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A noun for several: the plain rules of English, which the names of resource types keep to.
pub fn plural(name: &str) -> String {
    let lower = name.to_lowercase();
    let ends = |end: &str| lower.ends_with(end);
    let vowel_before_y = ["ay", "ey", "iy", "oy", "uy"].iter().any(|end| ends(end));
    if ends("y") && !vowel_before_y {
        format!("{}ies", name.get(..name.len() - 1).unwrap_or(name))
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|end| ends(end)) {
        format!("{name}es")
    } else {
        format!("{name}s")
    }
}

/// So many of something: `1 team`, `2 teams`.
pub fn counted(number: usize, name: &str) -> String {
    match number {
        1 => format!("1 {name}"),
        _ => format!("{} {}", thousands(number as u64), plural(name)),
    }
}

/// A number with a narrow blank between thousands, as print has it.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A moment for people: `28 November 2026, 14:05 UTC`.
pub fn moment(at: OffsetDateTime) -> String {
    let layout = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    at.to_offset(time::UtcOffset::UTC).format(layout).unwrap_or_default()
}

/// A moment of a file for people; one of an unknown layout as it stands there.
pub fn stored(text: &str) -> String {
    let layout = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let whole = text.get(..19).unwrap_or(text).replace('T', " ");
    match time::PrimitiveDateTime::parse(&whole, layout) {
        Ok(at) => moment(at.assume_utc()),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_nouns_and_times_read_well() {
        assert_eq!(
            ["Team", "Policy", "Key", "Branch"].map(plural),
            ["Teams", "Policies", "Keys", "Branches"]
        );
        assert_eq!(
            (counted(1, "team"), counted(12_345, "team")),
            ("1 team".into(), "12\u{202f}345 teams".into())
        );
        assert_eq!(stored("2026-11-28 14:05:11.25"), "28 November 2026, 14:05 UTC");
        assert_eq!(stored("soon"), "soon");
    }
}
