//! Which rule to break: a test writes it into the component's bytes, because what is asked before there is a config has no
//! other way to hear of it.

use std::hint::black_box;

/// Behind the mark stands the order, filled up with blanks.
static ORDER: [u8; 48] = *b"order of a test:                                ";

/// How long the mark is.
const MARK: usize = 16;

/// Whether this is what a test ordered.
pub fn is(order: &str) -> bool {
    // Not what it is when this is compiled.
    let bytes = black_box(&ORDER);
    let text = bytes.get(MARK..).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.is_some_and(|text| text.trim_end() == order)
}
