//! Profiles: made when a resource is listed, read when it is passed back.

use alloc::string::String;
use alloc::vec::Vec;

use crate::bindings::syncer::{ProfileEntry, ProfileValue, Resource};
use crate::text::without_controls;

/// A profile in the making. What the vendor does not tell is left out.
#[derive(Default)]
pub struct Profile(Vec<ProfileEntry>);

impl Profile {
    /// Add a text, unless it is absent.
    pub fn text(mut self, key: &str, value: Option<&str>) -> Profile {
        if let Some(value) = value {
            self.0.push(ProfileEntry { key: key.into(), value: ProfileValue::Text(value.into()) });
        }
        self
    }

    /// Add a text for people, in which control characters are blanks, unless it is absent.
    pub fn words(self, key: &str, value: Option<&str>) -> Profile {
        self.text(key, value.map(without_controls).as_deref())
    }

    /// Add a yes or no, unless it is absent.
    pub fn boolean(mut self, key: &str, value: Option<bool>) -> Profile {
        if let Some(value) = value {
            self.0.push(ProfileEntry { key: key.into(), value: ProfileValue::Boolean(value) });
        }
        self
    }

    /// Add texts.
    pub fn texts(mut self, key: &str, value: Vec<String>) -> Profile {
        self.0.push(ProfileEntry { key: key.into(), value: ProfileValue::TextList(value) });
        self
    }

    /// The entries, in the order they were added.
    pub fn entries(self) -> Vec<ProfileEntry> {
        self.0
    }
}

/// A text of a resource's profile.
pub fn text<'a>(resource: &'a Resource, key: &str) -> Option<&'a str> {
    resource.profile.iter().find_map(|entry| match &entry.value {
        ProfileValue::Text(text) if entry.key == key => Some(text.as_str()),
        _ => None,
    })
}

/// The texts of a resource's profile under one key.
pub fn texts<'a>(resource: &'a Resource, key: &str) -> Option<&'a [String]> {
    resource.profile.iter().find_map(|entry| match &entry.value {
        ProfileValue::TextList(texts) if entry.key == key => Some(texts.as_slice()),
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
