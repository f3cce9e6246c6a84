//! What a vendor says when it refuses: the sentence in an error's body, in any of the usual forms.
//!
//! | form | who |
//! |---|---|
//! | `{"message": …}`, `{"error": …}`, `{"errors": [{"message": …}]}` | most |
//! | `{"error": "invalid_client", "error_description": …}` | RFC 6749, OAuth |
//! | `{"title": …, "detail": …}` | RFC 9457, problem details; RFC 7644, SCIM |

use alloc::string::String;
use core::fmt::{Formatter, Result as Formatted};

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json;
use crate::text::first_of;

/// What is said, unless it is nothing.
pub fn words(body: &[u8]) -> Option<String> {
    json::read::<Said>(body).ok()?.0
}

/// Names of a sentence, the best first.
const NAMES: [&str; 8] =
    ["message", "error_description", "detail", "description", "error", "errors", "title", "code"];

/// A text, or what an object or the first of a list says. Anything else says nothing.
struct Said(Option<String>);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Said, D::Error> {
        deserializer.deserialize_any(Listener)
    }
}

struct Listener;

impl<'de> Visitor<'de> for Listener {
    type Value = Said;

    fn expecting(&self, formatter: &mut Formatter) -> Formatted {
        formatter.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Said, E> {
        Ok(Said(first_of(&[Some(text)])))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Said, A::Error> {
        let (mut best, mut said) = (NAMES.len(), None);
        while let Some(name) = map.next_key::<String>()? {
            match NAMES.iter().position(|known| *known == name).filter(|place| *place < best) {
                None => drop(map.next_value::<IgnoredAny>()?),
                Some(place) => {
                    if let Said(Some(text)) = map.next_value()? {
                        (best, said) = (place, Some(text));
                    }
                }
            }
        }
        Ok(Said(said))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Said, A::Error> {
        let mut said = None;
        while let Some(Said(text)) = list.next_element()? {
            said = said.or(text);
        }
        Ok(Said(said))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Said, E> {
        Ok(Said(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Said, E> {
        Ok(Said(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Said, E> {
        Ok(Said(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Said, E> {
        Ok(Said(None))
    }

    fn visit_unit<E>(self) -> Result<Said, E> {
        Ok(Said(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_found_in_every_usual_form() {
        for (body, said) in [
            (r#"{"code":"x","message":"no\naccess"}"#, Some("no access")),
            (r#"{"error":"invalid_client","error_description":"unknown client"}"#, Some("unknown client")),
            (r#"{"error":{"code":7,"message":"slow down"}}"#, Some("slow down")),
            (r#"{"errors":[{"message":null},{"message":"second"}]}"#, Some("second")),
            (r#"{"schemas":["x"],"status":"404","detail":"no such user"}"#, Some("no such user")),
            (r#"{"message":{"a":[1,true,null,-1,1.5]},"title":"Forbidden"}"#, Some("Forbidden")),
            (r#""plain""#, Some("plain")),
            (r#"{"status":404}"#, None),
            ("<html>", None),
            ("7", None),
        ] {
            assert_eq!(words(body.as_bytes()).as_deref(), said, "{body}");
        }
    }
}
