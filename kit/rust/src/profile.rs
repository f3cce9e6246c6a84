//! Profiles: made when a resource is listed, read when it is passed back.
//!
//! What the vendor does not tell is left out. Keys become lower case with `_`, each comes once, and no text has a control
//! character: so every profile that is made here keeps the contract.

use alloc::string::String;
use alloc::vec::Vec;

use crate::bindings::syncer::{ProfileEntry, ProfileValue, Resource, Timestamp};
use crate::text::without_controls;

/// Longest key, in bytes.
const KEY: usize = 128;

/// A profile in the making.
#[derive(Clone, Debug, Default)]
pub struct Profile(Vec<ProfileEntry>);

impl Profile {
    /// Add a text, in which control characters are blanks, unless it is absent.
    pub fn text(self, key: &str, value: Option<&str>) -> Profile {
        self.with(key, value.map(|text| ProfileValue::Text(without_controls(text))))
    }

    /// Add a text for people; the same.
    pub fn words(self, key: &str, value: Option<&str>) -> Profile {
        self.text(key, value)
    }

    /// Add a yes or no, unless it is absent.
    pub fn boolean(self, key: &str, value: Option<bool>) -> Profile {
        self.with(key, value.map(ProfileValue::Boolean))
    }

    /// Add a whole number, unless it is absent.
    pub fn integer(self, key: &str, value: Option<i64>) -> Profile {
        self.with(key, value.map(ProfileValue::Integer))
    }

    /// Add a number, unless it is absent or none.
    pub fn number(self, key: &str, value: Option<f64>) -> Profile {
        self.with(key, value.filter(|number| number.is_finite()).map(ProfileValue::Number))
    }

    /// Add a moment, unless it is absent.
    pub fn moment(self, key: &str, value: Option<Timestamp>) -> Profile {
        self.with(key, value.map(ProfileValue::Moment))
    }

    /// Add texts, unless there is no list of them.
    pub fn list(self, key: &str, values: Option<&[String]>) -> Profile {
        let fit = |values: &[String]| values.iter().map(|text| without_controls(text)).collect();
        self.with(key, values.map(|values| ProfileValue::TextList(fit(values))))
    }

    /// The entries, in the order they were added.
    pub fn entries(self) -> Vec<ProfileEntry> {
        self.0
    }

    #[inline(never)]
    fn with(mut self, key: &str, value: Option<ProfileValue>) -> Profile {
        let key: String = key
            .chars()
            .map(|letter| match letter.to_ascii_lowercase() {
                letter @ ('a'..='z' | '0'..='9') => letter,
                _ => '_',
            })
            .take(KEY)
            .collect();
        if let Some(value) = value.filter(|_| !key.is_empty() && self.0.iter().all(|entry| entry.key != key))
        {
            self.0.push(ProfileEntry { key, value });
        }
        self
    }
}

/// A text of a resource's profile.
pub fn text<'a>(resource: &'a Resource, key: &str) -> Option<&'a str> {
    resource.profile.iter().find_map(|entry| match &entry.value {
        ProfileValue::Text(text) if entry.key == key => Some(text.as_str()),
        _ => None,
    })
}

/// Whether a resource's profile says yes.
pub fn is(resource: &Resource, key: &str) -> bool {
    resource
        .profile
        .iter()
        .any(|entry| entry.key == key && matches!(entry.value, ProfileValue::Boolean(true)))
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn every_profile_keeps_the_rules() {
        let entries = Profile::default()
            .text("Avatar-URL", Some("a\u{202e}b"))
            .integer("avatar_url", Some(7))
            .number("rate", Some(f64::NAN))
            .list("names", Some(&["a\nb".into()]))
            .boolean(&"k".repeat(200), Some(true))
            .text("", Some("x"))
            .text("absent", None)
            .entries();
        let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["avatar_url", "names", &"k".repeat(128)]);
        assert!(matches!(&entries[0].value, ProfileValue::Text(text) if text == "a b"));
        assert!(matches!(&entries[1].value, ProfileValue::TextList(texts) if *texts == vec!["a b"]));
    }
}
