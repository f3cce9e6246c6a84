//! Reads a document, and says where it is not what was asked for.
//!
//! `serde_json` says what is wrong in words that repeat what it found, and where by line and column. Its words are
//! looked at for what this crate or `serde` put into them, and go no further; the way to the place is walked anew, which
//! costs nothing as long as nothing is wrong.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::str::Utf8Error;

use serde::de::DeserializeOwned;
use serde_json::error::{Category, Error};

use super::fault::{Fault, What};
use super::place;

/// What came of reading. The fault is boxed because it is rare, and a pointer is cheap to pass out.
pub type Result<T> = core::result::Result<T, Box<Fault>>;

/// What types expect, as `serde` says it, and in other words.
const EXPECTED: [(&str, &str); 13] = [
    ("a string", "a string"),
    ("a boolean", "a boolean"),
    ("u8", "a number"),
    ("u16", "a number"),
    ("u32", "a number"),
    ("u64", "a number"),
    ("i32", "a number"),
    ("i64", "a number"),
    ("f64", "a number"),
    ("a sequence", "a list"),
    ("an object", "an object"),
    ("a map", "an object"),
    // A type that is not read from objects alone.
    ("struct ", "an object"),
];

/// Read a document that is one value.
///
/// # Errors
/// It is something else.
pub fn read<T: DeserializeOwned>(document: &[u8]) -> Result<T> {
    // What is stepped over is not looked into: that all of it is text is checked ahead.
    let text = core::str::from_utf8(document).map_err(no_text)?;
    serde_json::from_str(text).map_err(|error| fault(document, &error))
}

#[cold]
fn no_text(error: Utf8Error) -> Box<Fault> {
    let what = match error.error_len() {
        Some(_) => What::Utf8(error.valid_up_to() as u64),
        None => What::Cut,
    };
    Box::new(Fault { what, path: String::new() })
}

#[cold]
#[inline(never)]
fn fault(document: &[u8], error: &Error) -> Box<Fault> {
    let said = error.to_string();
    let end = offset(document, error);
    let (what, path) = match error.classify() {
        Category::Data => data(document, &said, end),
        Category::Eof => (What::Cut, String::new()),
        // Only of what was to be read: the sizes of other numbers do not matter.
        _ if said.starts_with("number out of range") => (What::Large, place::find(document, end).path),
        _ if said.starts_with("trailing characters") => (What::Longer, String::new()),
        _ if said.starts_with("recursion limit") => (What::Deep, String::new()),
        _ if said.starts_with("invalid number") && is_half(document, end) => (What::Cut, String::new()),
        // What does not fit was stepped over, too.
        _ => (What::Syntax(end.saturating_sub(1) as u64), String::new()),
    };
    Box::new(Fault { what, path })
}

/// Whether a document ends, here, in the middle of a number. That it ends within any other value is told as such.
fn is_half(document: &[u8], end: usize) -> bool {
    end == document.len() && document.last().is_some_and(|last| b"-+.eE".contains(last))
}

/// What is wrong with a document that is JSON as far as it was read, and the way there.
fn data(document: &[u8], said: &str, end: usize) -> (What, String) {
    let place = place::find(document, end);
    if let Some(rest) = said.strip_prefix("missing field `") {
        let mut path = place.path;
        place::join(&mut path, rest.split('`').next().unwrap_or_default());
        return (What::Missing, path);
    }
    if said.starts_with("duplicate field `") {
        return (What::Twice, place.path);
    }
    // The last of them: what was found may hold the same words.
    let expected = said.rsplit_once(", expected ").map_or("", |(_, expected)| expected);
    let expected = EXPECTED.iter().find(|(word, _)| expected.starts_with(word));
    let what = match (expected.map_or("something else", |(_, expected)| *expected), found(place.first)) {
        ("a number", "a number") => {
            What::Kind { expected: "a whole number of at most 64 bits", found: "a number" }
        }
        (expected, found) => What::Kind { expected, found },
    };
    (what, place.path)
}

/// What a value is that begins with this byte.
fn found(first: Option<u8>) -> &'static str {
    match first {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Which byte a line and a column are.
fn offset(document: &[u8], error: &Error) -> usize {
    let mut ends = document.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let line = match error.line().checked_sub(2) {
        Some(before) => ends.nth(before).map_or(document.len(), |(end, _)| end + 1),
        None => 0,
    };
    (line + error.column()).min(document.len())
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use serde::Deserialize;

    use super::super::object::{from_objects, nullable};
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(remote = "Self")]
    struct Person {
        name: String,
        age: Option<u64>,
        alive: Option<bool>,
        #[serde(default)]
        friends: Vec<Person>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(remote = "Self")]
    struct Last {
        #[serde(deserialize_with = "nullable")]
        next: Option<u64>,
    }

    from_objects!(Person, Last);

    fn fault(document: &str) -> (What, String) {
        let fault = read::<Person>(document.as_bytes()).expect_err(document);
        (fault.what, fault.path)
    }

    fn kind(expected: &'static str, found: &'static str) -> What {
        What::Kind { expected, found }
    }

    #[test]
    fn what_is_not_asked_for_is_stepped_over() {
        let text = r#" { "x" : [ {"a":[1,-2.5e+3,1e999,"\\\"\u00e9\ud800"]} , null,true ] , "name":"A\u00e9\ud83d\ude00\n", "age":null, "y":{}, "z":[], "z":1 } "#;
        let person = read::<Person>(text.as_bytes()).expect("a person");
        let expected = Person { name: "Aé😀\n".into(), age: None, alive: None, friends: Vec::new() };
        assert_eq!(person, expected);
    }

    #[test]
    fn a_wrong_missing_or_double_field_is_named_with_its_place() {
        for (document, what, path) in [
            ("[]", kind("an object", "a list"), ""),
            ("null", kind("an object", "null"), ""),
            (r#" "name" "#, kind("an object", "a string"), ""),
            (r#"{"name":null}"#, kind("a string", "null"), "name"),
            ("{\n\n \"name\" :\n [ ] }", kind("a string", "a list"), "name"),
            (r#"{"name":[{"name":1}]}"#, kind("a string", "a list"), "name"),
            (r#"{"name":"a","age":"b"}"#, kind("a number", "a string"), "age"),
            (r#"{"name":"a","alive":{}}"#, kind("a boolean", "an object"), "alive"),
            (r#"{"name":"a","alive":0}"#, kind("a boolean", "a number"), "alive"),
            (r#"{"name":"a","age":false}"#, kind("a number", "a boolean"), "age"),
            (r#"{"name":"a","friends":{}}"#, kind("a list", "an object"), "friends"),
            (r#"{"name":"a","friends":null}"#, kind("a list", "null"), "friends"),
            (r#"{"name":"a","friends":[[]]}"#, kind("an object", "a list"), "friends[0]"),
            (
                r#"{"x":[{"a":"}"},2],"name":"a","friends":[{"name":"b"}, "c"]}"#,
                kind("an object", "a string"),
                "friends[1]",
            ),
            (
                r#"{"name":"a","friends":[{"name":"b"},{"name":{}}]}"#,
                kind("a string", "an object"),
                "friends[1].name",
            ),
            (
                r#"{"name":"a","friends":[{"name":"b","friends":[{}]}]}"#,
                What::Missing,
                "friends[0].friends[0].name",
            ),
            ("{}", What::Missing, "name"),
            (r#"{"name":"a","name":"b"}"#, What::Twice, "name"),
            ("{\"name\":\"a\",\"name\" \n :{}}", What::Twice, "name"),
            (r#"{"name":"a","friends":[{"age":1,"age":1}]}"#, What::Twice, "friends[0].age"),
            (r#"{"\u006e\"ame":1,"\u006eame":7}"#, kind("a string", "a number"), "name"),
            (r#"{"name":-1e999}"#, What::Large, "name"),
        ] {
            assert_eq!(fault(document), (what, path.to_string()), "{document}");
        }
    }

    #[test]
    fn an_object_is_not_read_from_a_list_by_position() {
        for document in [r#"["a",1,true,[]]"#, r#"{"name":"a","friends":[["b",1,true,[]]]}"#] {
            assert!(matches!(fault(document).0, What::Kind { expected: "an object", found: "a list" }));
        }
    }

    #[test]
    fn what_may_be_null_may_still_not_be_absent() {
        let last =
            |document: &str| read::<Last>(document.as_bytes()).map_err(|fault| (fault.what, fault.path));
        assert_eq!(last(r#"{"next":null}"#), Ok(Last { next: None }));
        assert_eq!(last(r#"{"next":2}"#), Ok(Last { next: Some(2) }));
        assert_eq!(last(r#"{"other":2}"#), Err((What::Missing, "next".to_string())));
    }

    #[test]
    fn nothing_of_a_document_is_repeated_but_names_that_are_known() {
        let secret = "pscale_tkn_secret, expected a boolean at line 7 column 7";
        for document in [
            format!(r#"{{"name":"a","age":"{secret}"}}"#),
            format!(r#"{{"{secret}":"{secret}","alive":"{secret}"}}"#),
            format!(r#"{{"{secret}":{{"{secret}":[1]}},"name":{{"{secret}":1}}}}"#),
            format!(r#"{{"name":"a","friends":[{{"{secret}":1}}]}}"#),
            format!(r#"{{"name":"{secret}","name":"{secret}"}}"#),
            format!(r#""{secret}""#),
            format!(r#"{{"name":"{secret}"#),
            format!(r#"{{"name":"{secret}"}}{secret}"#),
            format!(r#"{{"name":"a","age":{secret}"#),
        ] {
            let (what, path) = fault(&document);
            assert!(!format!("{what:?} {path}").contains("secret"), "{what:?} {path}");
        }
        // Not what it says itself is expected.
        let liar = fault(&format!(r#"{{"name":"a","age":"{secret}"}}"#));
        assert_eq!(liar, (kind("a number", "a string"), "age".to_string()));
    }

    #[test]
    fn a_number_is_a_whole_one_of_64_bits() {
        let age = |text: &str| read::<Person>(format!(r#"{{"name":"a","age":{text}}}"#).as_bytes());
        assert_eq!(age("18446744073709551615").expect("a number").age, Some(u64::MAX));
        for text in ["18446744073709551616", "-1", "1.0", "1e2", "-0.0"] {
            let fault = age(text).expect_err(text);
            let expected = kind("a whole number of at most 64 bits", "a number");
            assert_eq!((fault.what, &*fault.path), (expected, "age"), "{text}");
        }
        for text in ["1e400", "-1e9999999999", &"9".repeat(100_000)] {
            let fault = age(text).expect_err(text);
            assert_eq!((fault.what, &*fault.path), (What::Large, "age"), "{text}");
        }
        for text in ["01", "1.", "-", "+1", ".5", "1e", "NaN", "0x1"] {
            assert!(matches!(age(text).expect_err(text).what, What::Syntax(_)), "{text}");
        }
    }

    #[test]
    fn broken_documents_say_from_where_on() {
        for (document, at) in [
            ("<html>", 0),
            (r#"{"name":"a",}"#, 12),
            (r#"{"name" "a"}"#, 8),
            (r#"{"x":[1 2]}"#, 8),
            (r#"{"x":[1,]}"#, 8),
            (r#"{"x":tru}"#, 8),
            (r#"{'x':1}"#, 1),
            (r#"{"x":"\x"}"#, 7),
            (r#"{"x":"\u00g0"}"#, 10),
            ("{\"x\":\"\n\"}", 6),
            ("{\n\n\"x\":?}", 7),
        ] {
            let (what, path) = fault(document);
            assert!(matches!(what, What::Syntax(found) if found.abs_diff(at) <= 1), "{document}: {what:?}");
            assert_eq!(path, "");
        }
        assert_eq!(fault(r#"{"name":"a"} x"#).0, What::Longer);
    }

    #[test]
    fn wherever_a_document_is_cut_it_is_said() {
        let whole = r#"{"name":"a\u00e9\ud83d\ude00b","age":12,"x":[true,false,null,-1.5e+3],"friends":[{"name":"c"}]}"#;
        assert!(read::<Person>(whole.as_bytes()).is_ok());
        for end in 0..whole.len() {
            assert_eq!(fault(&whole[..end]).0, What::Cut, "{}", &whole[..end]);
        }
        assert_eq!(read::<Person>(b"{\"name\":\"\xc3").map_err(|fault| fault.what), Err(What::Cut));
    }

    #[test]
    fn a_million_brackets_are_stepped_over() {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let deep = open.repeat(1_000_000) + "1" + &close.repeat(1_000_000);
            let person = read::<Person>(format!(r#"{{"name":"a","x":{deep}}}"#).as_bytes());
            assert_eq!(person.expect("a person").name, "a");
            // The way to what comes after them is found, too.
            let far = fault(&format!(r#"{{"x":{deep},"name":"a","friends":[{{"name":7}}]}}"#));
            assert_eq!(far, (kind("a string", "a number"), "friends[0].name".to_string()));
            assert_eq!(fault(&format!(r#"{{"x":{}"#, open.repeat(1_000_000))).0, What::Cut);
        }
        // What is read is bounded.
        let deep = r#"{"name":"a","friends":["#.repeat(10_000);
        assert_eq!(fault(&deep).0, What::Deep);
    }

    #[test]
    fn no_bytes_are_too_strange() {
        for document in
            [&b"\xff"[..], b"{\"\xff\":1}", b"{\"name\":\"\xc3\"}", b"\0", b"{\"name\":\"\\ud800\"}", b""]
        {
            assert!(read::<Person>(document).is_err(), "{document:?}");
        }
        let fault = read::<Person>(b"{\"name\":\"a\",\"x\":\"\xff\"}").expect_err("no text");
        assert_eq!(fault.what, What::Utf8(17));
    }
}
