//! Where in a document a byte is: the names and numbers on the way to it.
//!
//! Only looked for when reading failed, and as far as reading came: what lies before is known to be JSON, so the walk
//! looks at brackets, quotes and commas alone.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// Steps that are remembered. What is read is never deeper; what is stepped over may be as deep as it likes.
const DEEPEST: usize = 64;

/// A list or an object on the way.
enum Step {
    /// The number of the item.
    Item(u64),
    /// Where the name of the field stands, with its quotes; and whether a name comes next.
    Field(Range<usize>, bool),
}

/// A place.
pub struct Place {
    /// The way to it, for example `data[3].user.id`.
    pub path: String,
    /// The byte with which the value there begins.
    pub first: Option<u8>,
}

/// Find what stands at, or ends at, this byte: a value that is not what it should be, a field's name, or an object that
/// was just closed.
pub fn find(document: &[u8], end: usize) -> Place {
    let mut walk = Walk { document, steps: Vec::new(), beyond: 0, first: None };
    let mut at = 0;
    while at < end {
        at = walk.token(at).max(at + 1);
    }
    // A list or an object in place of something else: reading stopped before it.
    let first = walk.first.or_else(|| document.get(end).copied());
    Place { path: walk.path(), first }
}

struct Walk<'a> {
    document: &'a [u8],
    steps: Vec<Step>,
    /// How many more there are than are remembered.
    beyond: usize,
    /// The first byte of a string, a number or a word that was stepped over last.
    first: Option<u8>,
}

impl Walk<'_> {
    /// Step over the token that begins here. Says where it ends.
    fn token(&mut self, at: usize) -> usize {
        let Some(&byte) = self.document.get(at) else { return at };
        if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            return at + 1;
        }
        self.first = None;
        match byte {
            b'{' => self.open(Step::Field(0..0, true)),
            b'[' => self.open(Step::Item(0)),
            b'}' | b']' if self.beyond > 0 => self.beyond -= 1,
            b'}' | b']' => drop(self.steps.pop()),
            b',' if self.beyond == 0 => match self.steps.last_mut() {
                Some(Step::Item(number)) => *number += 1,
                Some(Step::Field(_, comes)) => *comes = true,
                None => {}
            },
            b'"' => {
                let end = self.text(at);
                match self.steps.last_mut() {
                    Some(Step::Field(name, comes @ true)) if self.beyond == 0 => {
                        (*name, *comes) = (at..end, false);
                    }
                    _ => self.first = Some(byte),
                }
                return end;
            }
            b',' | b':' => {}
            _ => {
                self.first = Some(byte);
                let rest = self.document.get(at..).unwrap_or_default();
                let inside = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
                return at + rest.iter().take_while(inside).count();
            }
        }
        at + 1
    }

    fn open(&mut self, step: Step) {
        if self.beyond > 0 || self.steps.len() >= DEEPEST {
            self.beyond += 1;
        } else {
            self.steps.push(step);
        }
    }

    /// Where a string ends whose first quote is here.
    fn text(&self, at: usize) -> usize {
        let mut end = at + 1;
        while let Some(byte) = self.document.get(end) {
            end += match byte {
                b'"' => return end + 1,
                b'\\' => 2,
                _ => 1,
            };
        }
        end
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.steps {
            match step {
                Step::Item(number) => path.push_str(&format!("[{number}]")),
                Step::Field(name, _) => {
                    let name = self.document.get(name.clone()).unwrap_or_default();
                    join(&mut path, &serde_json::from_slice::<String>(name).unwrap_or_default());
                }
            }
        }
        path
    }
}

/// Go on to a field.
pub fn join(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}
