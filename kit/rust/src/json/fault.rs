//! What can be wrong with a document. Nothing of what it holds is repeated but the names on the way to the fault.

use alloc::string::String;

/// Why a document is not what was asked for.
#[derive(Debug, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub what: What,
    /// Where, for example `data[3].user.id`; empty for the document.
    pub path: String,
}

/// What is wrong with a document.
#[derive(Debug, PartialEq)]
pub enum What {
    /// It is no text, from this byte on.
    Utf8(u64),
    /// It is no JSON, from this byte on.
    Syntax(u64),
    /// It ends before its end.
    Cut,
    /// It goes on after its end.
    Longer,
    /// Something else stands where a value should be.
    Kind {
        /// For example `a string`.
        expected: &'static str,
        /// For example `null`.
        found: &'static str,
    },
    /// A number that nothing holds stands where a value should be.
    Large,
    /// A field is not there.
    Missing,
    /// A field is there twice.
    Twice,
    /// What is read is in one another without end.
    Deep,
}
