//! `access`: what one person holds, and by which ways, from a file that is there.

use std::path::PathBuf;

use baton_c1z::{Access, Holding, Person, Reader};
use baton_host::contract::BlindSpot;
use baton_host::shown;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};

use crate::failure::Failure;
use crate::given::typed;
use crate::settings::Sources;

/// Columns of the table: what most terminals show without wrapping.
const WIDTH: u16 = 100;
/// People who are named when several are meant.
const NAMED: usize = 20;
/// The longest text from a file that is shown.
const LONGEST: usize = 300;

/// The text that answers it. What the connector knows that nobody can see is said with it.
pub fn text(sources: &Sources<'_>, blind: &[BlindSpot]) -> Result<String, Failure> {
    let word = typed(sources.typed, "who").and_then(|mut texts| texts.pop()).unwrap_or_default();
    let file = PathBuf::from(sources.text("file"));
    let temp_dir = Some(sources.text("c1z-temp-dir")).filter(|text| !text.is_empty()).map(PathBuf::from);
    let reader = Reader::open(&file, temp_dir.as_deref())?;
    let people = reader.people(&word)?;
    let person = match people.as_slice() {
        [] => {
            let word = plain(&word);
            return Err(Failure::Nobody(format!(
                "nobody in {} is called '{word}'; give an e-mail address, a login, a name or a part of one",
                file.display()
            )));
        }
        [person] => person,
        several => return Err(Failure::Setting(which(&word, several))),
    };
    let access = reader.access(&person.id)?;
    let of =
        format!("{}\nAs of {} UTC, from {}.\n", person_line(person), plain(reader.ended()), file.display());
    let said = match access.as_slice() {
        [] => "Holds nothing.\n".to_owned(),
        some => format!("{}\n", table(some)),
    };
    Ok(format!("{of}\n{said}{}", not_seen(blind)))
}

/// That several are meant, and who they are.
fn which(word: &str, people: &[Person]) -> String {
    let mut text = format!(
        "{} people are meant by '{}'; say which, by e-mail address or id:",
        people.len(),
        plain(word)
    );
    for person in people.iter().take(NAMED) {
        text = format!("{text}\n  {}", person_line(person));
    }
    match people.len().saturating_sub(NAMED) {
        0 => text,
        more => format!("{text}\n  and {more} more"),
    }
}

fn person_line(person: &Person) -> String {
    let emails = match person.emails.as_slice() {
        [] => String::new(),
        some => format!(" <{}>", some.join(", ")),
    };
    plain(&format!("{}{emails}, {}:{}", person.name, person.id.resource_type, person.id.id))
}

fn table(access: &[Access]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["Within", "What", "Holds", "How"]);
    for one in access {
        let Holding { within, resource_type, resource, slug, .. } = &one.holding;
        let what = format!("{resource_type} {resource}");
        table.add_row([plain(within.as_deref().unwrap_or_default()), plain(&what), plain(slug), how(one)]);
    }
    table
}

/// Each way in a line of its own.
fn how(access: &Access) -> String {
    let mut lines = Vec::new();
    if access.direct {
        lines.push(match access.immutable.as_deref() {
            None => "directly".to_owned(),
            Some("") => "directly; it cannot be revoked".to_owned(),
            Some(reason) => format!("directly; it cannot be revoked: {}", plain(reason)),
        });
    }
    for way in &access.ways {
        let steps: Vec<_> = way
            .iter()
            .map(|step| plain(&format!("{} of {} {}", step.slug, step.resource_type, step.resource)))
            .collect();
        lines.push(format!("as {}", steps.join(", and so ")));
    }
    if access.more {
        lines.push("and by more ways".to_owned());
    }
    lines.join("\n")
}

/// What holds of the connector's records wherever they are shown.
fn not_seen(blind: &[BlindSpot]) -> String {
    let lines: Vec<_> = blind.iter().map(|spot| format!("  - {}\n", spot.message)).collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!("\nWhat this cannot know:\n{}", lines.concat()),
    }
}

/// A text from a file, without what would steer the terminal.
fn plain(text: &str) -> String {
    shown(text, None, LONGEST)
}
