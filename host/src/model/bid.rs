//! A Baton id of a resource, `bid:r:type/id` or, with the resource that contains it, `bid:r:type/id/type/id`.
//!
//! It is how one resource is asked for by name ([`crate::SyncOptions::targets`]). The characters `\`, `/` and `:`
//! within a part stand behind a backslash. Text becomes a [`Target`] here; past this file nobody looks for slashes.

use std::fmt;
use std::str::FromStr;

use super::contract::ResourceId;

/// One resource that a targeted sync reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Which one.
    pub id: ResourceId,
    /// The resource it is looked for in; none: wherever it is.
    pub parent: Option<ResourceId>,
}

/// Why a text is no Baton id of a resource. The text is one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not the Baton id of a resource; write bid:r:type/id, or bid:r:type/id/type/id with its parent before it, \
     and a backslash before each \\, / and : of an id"
)]
pub struct NotABid(String);

impl FromStr for Target {
    type Err = NotABid;

    fn from_str(text: &str) -> Result<Target, NotABid> {
        parse(text).ok_or_else(|| NotABid(text.to_owned()))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("bid:r:")?;
        if let Some(parent) = &self.parent {
            write!(out, "{}/{}/", escaped(&parent.resource_type), escaped(&parent.id))?;
        }
        write!(out, "{}/{}", escaped(&self.id.resource_type), escaped(&self.id.id))
    }
}

fn parse(text: &str) -> Option<Target> {
    let mut parts = split(text.strip_prefix("bid:r:")?)?;
    let id = pair(&mut parts)?;
    let parent = if parts.is_empty() { None } else { Some(pair(&mut parts)?) };
    parts.is_empty().then_some(Target { id, parent })
}

/// The last two parts as an id.
fn pair(parts: &mut Vec<String>) -> Option<ResourceId> {
    let id = parts.pop().filter(|id| !id.is_empty())?;
    let resource_type = parts.pop().filter(|kind| !kind.is_empty())?;
    Some(ResourceId { resource_type, id })
}

/// What stands between the slashes that are not escaped.
fn split(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '/' => parts.push(std::mem::take(&mut part)),
            '\\' => part.push(characters.next().filter(|next| matches!(next, '\\' | '/' | ':'))?),
            // A colon begins the next part of an entitlement's or a grant's id.
            ':' => return None,
            other => part.push(other),
        }
    }
    parts.push(part);
    Some(parts)
}

fn escaped(part: &str) -> String {
    part.replace('\\', "\\\\").replace('/', "\\/").replace(':', "\\:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(kind: &str, id: &str) -> ResourceId {
        ResourceId { resource_type: kind.into(), id: id.into() }
    }

    #[test]
    fn a_bid_is_read_and_written_the_same_with_whatever_is_in_its_ids() {
        for (text, target) in [
            ("bid:r:user/1", Target { id: id("user", "1"), parent: None }),
            ("bid:r:group/5/user/1", Target { id: id("user", "1"), parent: Some(id("group", "5")) }),
            (r"bid:r:team/a\/b\:c\\", Target { id: id("team", r"a/b:c\"), parent: None }),
            (r"bid:r:o/\:/team/東京 🦀", Target { id: id("team", "東京 🦀"), parent: Some(id("o", ":")) }),
        ] {
            assert_eq!(text.parse(), Ok(target.clone()));
            assert_eq!(target.to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_none_and_are_told_as_they_are() {
        for text in [
            "",
            "user/1",
            "bid:r:",
            "bid:r:user",
            "bid:r:user/",
            "bid:r:/1",
            "bid:r:user/1/",
            "bid:r:a/b/c",
            "bid:r://a/b",
            "bid:r:a/1/b/2/c/3",
            "bid:e:team/1:member",
            "bid:r:team/1:member",
            r"bid:r:team/1\",
            r"bid:r:team/\n",
        ] {
            let error = text.parse::<Target>().expect_err(text);
            assert!(error.to_string().starts_with(&format!("'{text}' is not the Baton id")), "{error}");
        }
    }
}
