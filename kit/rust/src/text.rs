//! Texts of the vendor's, made fit to be shown.

use alloc::string::String;

/// Longest name that is given, in bytes: so much that what is said about it fits as well.
const NAME: usize = 900;

/// Longest word for the state of an account, in bytes.
const DETAILS: usize = 1_024;

/// Longest description that is given, in bytes.
const DESCRIPTION: usize = 2_048;

/// A text for a sentence: short, without what could break the line or move the cursor.
pub fn on_one_line(text: &str) -> String {
    text.chars().filter(|c| !is_control(*c)).take(200).collect()
}

/// The same of a name among several in one sentence.
pub fn in_a_list(text: &str) -> String {
    text.chars().filter(|c| !is_control(*c)).take(60).collect()
}

/// The first text that is not blank, as a name: what no text of a record may have is a blank.
pub fn first_of(texts: &[Option<&str>]) -> Option<String> {
    texts.iter().flatten().map(|text| readable(text, NAME)).find(|text| !text.is_empty())
}

/// What an account's state is called, unless it is blank.
pub fn details(text: Option<&str>) -> Option<String> {
    text.map(|text| readable(text, DETAILS)).filter(|text| !text.is_empty())
}

/// A description, unless it is blank.
pub fn description(text: Option<&str>) -> Option<String> {
    text.map(|text| readable(text, DESCRIPTION)).filter(|text| !text.is_empty())
}

/// A text with blanks for its control characters.
pub fn without_controls(text: &str) -> String {
    text.replace(is_control, " ")
}

/// The same without blanks around it, cut where it is too long.
fn readable(text: &str, longest: usize) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_control(c));
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= longest).last();
    without_controls(text.get(..end.unwrap_or(0)).unwrap_or_default())
}

/// What no text of a record may have: C0, DEL, C1, the line and paragraph separators, the bidirectional controls.
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_names_and_descriptions_become_blanks() {
        for (text, readable) in [
            ("Ann\u{202e}a\nB", "Ann a B"),
            ("\u{2066} Anna\u{2069}", "Anna"),
            ("\u{85}\u{2028}A\u{7f}B\u{200f}", "A B\u{200f}"),
        ] {
            assert_eq!(first_of(&[Some("\u{202e}\t"), Some(text)]).as_deref(), Some(readable));
            assert_eq!(description(Some(text)).as_deref(), Some(readable));
        }
        assert_eq!((first_of(&[None, Some(" \u{202e}")]), description(Some("\n"))), (None, None));
    }

    #[test]
    fn long_names_and_descriptions_are_cut_between_letters() {
        let long = "\u{20ac}".repeat(3_000);
        assert_eq!(first_of(&[Some(&long)]).map(|name| name.len()), Some(900));
        assert_eq!(description(Some(&long)).map(|text| text.len()), Some(2_046));
    }
}
