//! Changes inside a reply's JSON.
//!
//! Some of what has to be sent is no JSON value: a key that comes twice, a number of 400 digits, bytes
//! that are no UTF-8. Such a place gets a marker, a string that occurs nowhere else, and the marker is
//! replaced by raw bytes after the document has been written.

use serde_json::Value;

const MARKER: &str = "\u{1}the double puts raw bytes here\u{1}";
const KEY_MARKER: &str = "\u{1}the double puts a key here\u{1}";

/// A reply's document.
pub(super) struct Document(Value);

impl Document {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().map(Self)
    }

    /// The document with raw bytes at a place; a key that is not there is added.
    pub(super) fn with_raw(mut self, pointer: &str, raw: &[u8]) -> Option<Vec<u8>> {
        match self.parent(pointer)? {
            (Value::Object(map), key) => {
                map.insert(key, MARKER.into());
            }
            (Value::Array(list), key) => {
                let index = index(&key, list.len())?;
                *list.get_mut(index)? = MARKER.into();
            }
            _ => return None,
        }
        Some(replace(&self.write()?, &marker(MARKER)?, raw))
    }

    /// The document without a field or element.
    pub(super) fn without(mut self, pointer: &str) -> Option<Vec<u8>> {
        match self.parent(pointer)? {
            (Value::Object(map), key) => map.remove(&key).map(drop)?,
            (Value::Array(list), key) => {
                let index = index(&key, list.len()).filter(|i| *i < list.len())?;
                list.remove(index);
            }
            _ => return None,
        }
        self.write()
    }

    /// The document with a key of an object a second time.
    pub(super) fn with_second(mut self, pointer: &str, raw: &str) -> Option<Vec<u8>> {
        let (parent, key) = self.parent(pointer)?;
        let map = parent.as_object_mut().filter(|map| map.contains_key(&key))?;
        map.insert(KEY_MARKER.into(), MARKER.into());
        let written = self.write()?;
        let written = replace(&written, &marker(MARKER)?, raw.as_bytes());
        Some(replace(&written, &marker(KEY_MARKER)?, &serde_json::to_vec(&key).ok()?))
    }

    /// The document with its list of items changed; `None` when the change says that it cannot be.
    pub(super) fn with_items(mut self, change: impl FnOnce(&mut Vec<Value>) -> bool) -> Option<Vec<u8>> {
        let items = self.0.get_mut("data")?.as_array_mut()?;
        if change(items) { self.write() } else { None }
    }

    /// The document with a top-level value set; ones that are not there are not added.
    pub(super) fn set_known(&mut self, key: &str, value: impl Into<Value>) {
        if let Some(place) = self.0.get_mut(key) {
            *place = value.into();
        }
    }

    /// A top-level number.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.0.get(key)?.as_i64()
    }

    /// The items.
    pub(super) fn take_items(&mut self) -> Value {
        self.0.get_mut("data").map(Value::take).unwrap_or_default()
    }

    pub(super) fn write(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(&self.0).ok()
    }

    /// The container that holds a place, and the place's key in it.
    fn parent(&mut self, pointer: &str) -> Option<(&mut Value, String)> {
        let mut segments: Vec<String> =
            pointer.strip_prefix('/')?.split('/').map(|s| s.replace("~1", "/").replace("~0", "~")).collect();
        let last = segments.pop()?;
        let mut at = &mut self.0;
        for segment in segments {
            at = match at {
                Value::Object(map) => map.get_mut(&segment)?,
                Value::Array(list) => {
                    let index = index(&segment, list.len())?;
                    list.get_mut(index)?
                }
                _ => return None,
            };
        }
        Some((at, last))
    }
}

fn index(segment: &str, length: usize) -> Option<usize> {
    if segment == "-" { length.checked_sub(1) } else { segment.parse().ok() }
}

/// A marker as it stands in the written document.
fn marker(text: &str) -> Option<Vec<u8>> {
    serde_json::to_vec(text).ok()
}

fn replace(document: &[u8], marker: &[u8], raw: &[u8]) -> Vec<u8> {
    let Some(at) = document.windows(marker.len()).position(|w| w == marker) else {
        return document.to_vec();
    };
    let (before, rest) = document.split_at(at);
    let after = rest.get(marker.len()..).unwrap_or_default();
    [before, raw, after].concat()
}

#[cfg(test)]
mod tests {
    use super::Document;

    fn edited(change: impl FnOnce(Document) -> Option<Vec<u8>>) -> String {
        let document = Document::parse(br#"{"data":[{"a":1,"b":2},{"a":3}],"n":null}"#);
        let bytes = document.and_then(change).unwrap_or_else(|| b"no".to_vec());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn a_place_takes_any_bytes() {
        let two = edited(|d| d.with_raw("/data/-/a", b"1e999"));
        assert_eq!(two, r#"{"data":[{"a":1,"b":2},{"a":1e999}],"n":null}"#);
        assert_eq!(edited(|d| d.with_raw("/x", b"[")), r#"{"data":[{"a":1,"b":2},{"a":3}],"n":null,"x":[}"#);
        assert_eq!(edited(|d| d.with_raw("/data/7/a", b"1")), "no");
    }

    #[test]
    fn a_field_can_be_missing_or_come_twice() {
        assert_eq!(edited(|d| d.without("/data/0/b")), r#"{"data":[{"a":1},{"a":3}],"n":null}"#);
        assert_eq!(edited(|d| d.without("/data/1/b")), "no");
        let twice = edited(|d| d.with_second("/data/1/a", "true"));
        assert!(twice.contains(r#""a":true"#) && twice.contains(r#""a":3"#), "{twice}");
    }
}
