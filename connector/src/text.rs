//! Texts of the vendor's, made fit to be shown.

use alloc::string::String;

/// A text for a sentence: short, without what could break the line or move the cursor.
pub fn on_one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The first text that is not blank.
pub fn first_of<'a>(texts: &[Option<&'a str>]) -> Option<&'a str> {
    texts.iter().flatten().copied().map(str::trim).find(|text| !text.is_empty())
}
