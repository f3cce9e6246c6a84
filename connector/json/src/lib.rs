//! Reading JSON, one pass, with the place of what is wrong.
//!
//! The lexer is the crate `hifijson`. On it stand the values a reply is made of ([`Value`]) and the fields of an
//! object ([`Field`]). What no field asks for is stepped over and never becomes a value. A fault gathers its path on
//! the way out, from names that this component knows, so nothing of the reply gets into it.
//!
//! Everything but a value's own type is compiled once: the code for a list or an object does not depend on what is
//! in it. That is what keeps the component small.
//!
//! It is a crate of its own so that in the component, which is made small, this alone is made fast: it is most of what
//! the component does.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hifijson::escape::Lex as _;
use hifijson::num::{Lex as _, LexWrite as _};
use hifijson::str::{LexAlloc as _, LexWrite as _};
use hifijson::token::Lex as _;
use hifijson::{Read as _, SliceLexer, escape, str};

/// Lists and objects inside one another, in what is stepped over: far more than any reply has, and far less than a
/// stack holds.
const DEEPEST: u8 = 128;

/// A document, read up to some point, and whether fields are read that only an option asks for.
pub struct Json<'a>(SliceLexer<'a>, pub bool);

/// What came of reading. The fault is boxed because it is rare, and a pointer is cheap to pass out.
pub type Result<T> = core::result::Result<T, Box<Fault>>;

/// Why a document is not what was asked for.
#[derive(Debug)]
pub struct Fault {
    /// What is wrong.
    pub what: What,
    /// Where, for example `data[3].user.id`; empty for the document.
    pub path: String,
}

/// What is wrong with a document.
#[derive(Debug, PartialEq)]
pub enum What {
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
    /// A field is not there.
    Missing,
    /// A field is there twice.
    Twice,
    /// Lists and objects are in one another without end.
    Deep,
}

impl What {
    fn at_once(self) -> Box<Fault> {
        Box::new(Fault { what: self, path: String::new() })
    }
}

impl Fault {
    /// The same fault, seen from one step further out.
    fn within(mut self: Box<Fault>, step: Cow<'static, str>) -> Box<Fault> {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{joint}{}", self.path);
        self
    }
}

/// Read a document that is one value.
pub fn parse<T: Value>(document: &[u8]) -> Result<T> {
    let mut value = None;
    read(document, false, &mut |json| {
        value = Some(T::read(json)?);
        Ok(())
    })?;
    value.ok_or_else(syntax)
}

/// Read a document with a function for what is in it.
#[inline(never)]
pub fn read(document: &[u8], further: bool, what: &mut dyn FnMut(&mut Json) -> Result<()>) -> Result<()> {
    let mut json = Json(SliceLexer::new(document), further);
    match what(&mut json) {
        Ok(()) => json.end(),
        Err(fault) => Err(json.place(fault, document)),
    }
}

/// Something that can be read.
pub trait Value: Sized {
    /// Read it.
    fn read(json: &mut Json) -> Result<Self>;
}

impl Value for String {
    fn read(json: &mut Json) -> Result<String> {
        json.text().map(Cow::into_owned)
    }
}

impl Value for bool {
    fn read(json: &mut Json) -> Result<bool> {
        json.boolean()
    }
}

impl Value for u64 {
    fn read(json: &mut Json) -> Result<u64> {
        json.number()
    }
}

/// `null` is none.
impl<T: Value> Value for Option<T> {
    fn read(json: &mut Json) -> Result<Option<T>> {
        if json.null()? { Ok(None) } else { T::read(json).map(Some) }
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(json: &mut Json) -> Result<Vec<T>> {
        let mut items = Vec::new();
        json.list(&mut |json| {
            items.push(T::read(json)?);
            Ok(())
        })?;
        Ok(items)
    }
}

/// A field of an object, to be read.
pub struct Field<T> {
    name: &'static str,
    value: Option<T>,
}

impl<T> Field<T> {
    /// The field with this name.
    pub fn new(name: &'static str) -> Field<T> {
        Field { name, value: None }
    }

    /// Its value. A fault if it was not there.
    pub fn required(self) -> Result<T> {
        self.value.ok_or_else(|| missing(self.name))
    }
}

impl<T> Field<Option<T>> {
    /// Its value. None if it was not there, or null.
    pub fn optional(self) -> Option<T> {
        self.value.flatten()
    }
}

impl<T> Field<Vec<T>> {
    /// How many items it has. A fault if it was not there.
    pub fn count(&self) -> Result<usize> {
        self.value.as_ref().map(Vec::len).ok_or_else(|| missing(self.name))
    }

    /// Its items. None if it was not there.
    pub fn items(self) -> Vec<T> {
        self.value.unwrap_or_default()
    }
}

/// A [`Field`], whatever its type.
pub trait Slot {
    /// The field's name.
    fn name(&self) -> &'static str;
    /// Read its value.
    fn read(&mut self, json: &mut Json) -> Result<()>;
}

impl<T: Value> Slot for Field<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn read(&mut self, json: &mut Json) -> Result<()> {
        if self.value.is_some() {
            return Err(What::Twice.at_once());
        }
        self.value = Some(T::read(json)?);
        Ok(())
    }
}

impl<'a> Json<'a> {
    /// Read an object: the fields that are asked for.
    pub fn object(&mut self, fields: &mut [&mut dyn Slot]) -> Result<()> {
        self.open(b'{', "an object")?;
        // Where the next one is looked for first: replies have their fields in an order.
        let mut from = 0;
        self.sequence(b'}', &mut |json| {
            let name = json.name()?;
            let mut places = (from..fields.len()).chain(0..from);
            let known = places.find(|place| fields.get(*place).is_some_and(|field| field.name() == name));
            from = known.map_or(from, |place| place + 1);
            match known.and_then(|place| fields.get_mut(place)) {
                Some(field) => field.read(json).map_err(|fault| fault.within(Cow::Borrowed(field.name()))),
                None => json.skip(DEEPEST),
            }
        })
    }

    /// Read a list, item by item.
    fn list(&mut self, item: &mut dyn FnMut(&mut Json<'a>) -> Result<()>) -> Result<()> {
        self.open(b'[', "a list")?;
        let mut index = 0_u64;
        self.sequence(b']', &mut |json| {
            item(json).map_err(|fault| fault.within(Cow::Owned(format!("[{index}]"))))?;
            index += 1;
            Ok(())
        })
    }

    #[inline(never)]
    fn text(&mut self) -> Result<Cow<'a, str>> {
        self.open(b'"', "a string")?;
        self.0.str_string().map_err(|_| syntax())
    }

    fn boolean(&mut self) -> Result<bool> {
        match self.peek()? {
            b't' | b'f' => self.word()?.ok_or_else(syntax),
            other => Err(wrong(other, "a boolean")),
        }
    }

    fn number(&mut self) -> Result<u64> {
        match self.peek()? {
            b'-' | b'0'..=b'9' => {}
            other => return Err(wrong(other, "a number")),
        }
        let (digits, _) = self.0.num_bytes().validated().map_err(|_| syntax())?;
        let step = |number: u64, digit: &u8| {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
            number.checked_mul(10)?.checked_add(u64::from(digit))
        };
        let number = digits.iter().try_fold(0, step);
        number.ok_or_else(|| wrong(b'0', "a whole number of at most 64 bits"))
    }

    /// Whether null comes; if so it is read.
    fn null(&mut self) -> Result<bool> {
        if self.peek()? == b'n' {
            self.word()?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Step over a value.
    fn skip(&mut self, depth: u8) -> Result<()> {
        let end = match self.peek()? {
            b'{' => b'}',
            b'[' => b']',
            b'"' => {
                self.0.discarded();
                return self.skip_text();
            }
            b'-' | b'0'..=b'9' => return self.0.num_ignore().validate().map(drop).map_err(|_| syntax()),
            _ => return self.word().map(drop),
        };
        let depth = depth.checked_sub(1).ok_or_else(|| What::Deep.at_once())?;
        self.0.discarded();
        self.sequence(end, &mut |json| {
            if end == b'}' {
                json.quote()?;
                json.skip_text()?;
                json.colon()?;
            }
            json.skip(depth)
        })
    }

    /// Step over a string whose first quote is read. Half a pair of surrogates does no harm where nobody reads it.
    #[inline(never)]
    fn skip_text(&mut self) -> Result<()> {
        let escape = |lexer: &mut SliceLexer<'a>, (): &mut ()| {
            match lexer.take_next().ok_or(escape::Error::Eof)? {
                b'u' => drop(lexer.hex::<u16>()?),
                other => drop(lexer.escape(other)?),
            }
            Ok::<_, str::Error>(())
        };
        self.0.str_fold((), |_, ()| Ok(()), escape).map_err(|_| syntax())
    }

    fn name(&mut self) -> Result<Cow<'a, str>> {
        self.quote()?;
        let name = self.0.str_string().map_err(|_| syntax())?;
        self.colon()?;
        Ok(name)
    }

    fn quote(&mut self) -> Result<()> {
        self.0.expect(SliceLexer::ws_peek, b'"').ok_or_else(syntax)
    }

    fn colon(&mut self) -> Result<()> {
        self.0.expect(SliceLexer::ws_peek, b':').ok_or_else(syntax)
    }

    /// Read `true`, `false` or `null`, which is none.
    fn word(&mut self) -> Result<Option<bool>> {
        let rest = self.0.as_slice();
        self.0.null_or_bool().ok_or_else(|| {
            let cut = [&b"true"[..], b"false", b"null"].iter().any(|word| word.starts_with(rest));
            if cut { What::Cut.at_once() } else { syntax() }
        })
    }

    fn peek(&mut self) -> Result<u8> {
        self.0.ws_peek().ok_or_else(syntax)
    }

    fn open(&mut self, first: u8, expected: &'static str) -> Result<()> {
        let next = self.peek()?;
        if next != first {
            return Err(wrong(next, expected));
        }
        self.0.discarded();
        Ok(())
    }

    #[inline(never)]
    fn sequence(&mut self, end: u8, item: &mut dyn FnMut(&mut Json<'a>) -> Result<()>) -> Result<()> {
        let mut next = self.peek()?;
        if next != end {
            loop {
                item(self)?;
                next = self.peek()?;
                if next != b',' {
                    break;
                }
                self.0.discarded();
            }
        }
        if next != end {
            return Err(syntax());
        }
        self.0.discarded();
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        if self.0.ws_peek().is_some() { Err(What::Longer.at_once()) } else { Ok(()) }
    }

    /// Of a fault of syntax, say where: it is where reading stopped.
    fn place(&self, mut fault: Box<Fault>, document: &[u8]) -> Box<Fault> {
        if matches!(fault.what, What::Syntax(_)) {
            let left = self.0.as_slice().len();
            fault.what = if left == 0 { What::Cut } else { What::Syntax((document.len() - left) as u64) };
        }
        fault
    }
}

#[cold]
fn missing(field: &'static str) -> Box<Fault> {
    What::Missing.at_once().within(Cow::Borrowed(field))
}

/// A fault of syntax, here: [`Json::place`] says where that is.
#[cold]
fn syntax() -> Box<Fault> {
    What::Syntax(0).at_once()
}

/// A fault for a value that begins with this byte.
#[cold]
fn wrong(first: u8, expected: &'static str) -> Box<Fault> {
    let found = match first {
        b'{' => "an object",
        b'[' => "a list",
        b'"' => "a string",
        b't' | b'f' => "a boolean",
        b'n' => "null",
        b'-' | b'0'..=b'9' => "a number",
        _ => return syntax(),
    };
    What::Kind { expected, found }.at_once()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Person {
        name: String,
        age: Option<u64>,
        friends: Vec<Person>,
    }

    impl Value for Person {
        fn read(json: &mut Json) -> Result<Person> {
            let (mut name, mut age) = (Field::new("name"), Field::new("age"));
            let mut friends = Field::new("friends");
            json.object(&mut [&mut name, &mut age, &mut friends])?;
            Ok(Person { name: name.required()?, age: age.optional(), friends: friends.items() })
        }
    }

    fn fault(document: &str) -> (What, String) {
        let fault = parse::<Person>(document.as_bytes()).expect_err(document);
        (fault.what, fault.path)
    }

    #[test]
    fn what_is_not_asked_for_is_stepped_over() {
        let text = r#" { "x" : [ {"a":[1,-2.5e+3,"\\\"\u00e9\ud800"]} , null,true ] , "name":"A\u00e9\ud83d\ude00\n", "age":null, "y":{}, "z":[] } "#;
        let person = parse::<Person>(text.as_bytes()).expect("a person");
        assert_eq!(person, Person { name: "Aé😀\n".into(), age: None, friends: Vec::new() });
    }

    #[test]
    fn a_wrong_missing_or_double_field_is_named_with_its_place() {
        let kind = |expected, found| What::Kind { expected, found };
        for (document, what, path) in [
            ("[]", kind("an object", "a list"), ""),
            (r#"{"name":null}"#, kind("a string", "null"), "name"),
            (r#"{"name":"a","age":"b"}"#, kind("a number", "a string"), "age"),
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
            (r#"{"name":"a","name":"b"}"#, What::Twice, "name"),
        ] {
            assert_eq!(fault(document), (what, path.to_owned()), "{document}");
        }
    }

    #[test]
    fn a_number_is_a_whole_one_of_64_bits() {
        let age = |text: &str| parse::<Person>(format!(r#"{{"name":"a","age":{text}}}"#).as_bytes());
        assert_eq!(age("18446744073709551615").expect("a number").age, Some(u64::MAX));
        let huge = "9".repeat(100_000);
        for text in ["18446744073709551616", "-1", "1.0", "1e2", &huge] {
            assert!(
                matches!(age(text).expect_err(text).what, What::Kind { found: "a number", .. }),
                "{text}"
            );
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
            (r#"{"x":tru}"#, 5),
            (r#"{'x':1}"#, 1),
            (r#"{"x":"\x"}"#, 8),
            (r#"{"x":"\u00g0"}"#, 11),
            ("{\"x\":\"\n\"}", 6),
        ] {
            let (what, path) = fault(document);
            assert!(matches!(what, What::Syntax(found) if found.abs_diff(at) <= 1), "{document}: {what:?}");
            assert_eq!(path, "");
        }
        assert_eq!(fault(r#"{"name":"a"} x"#).0, What::Longer);
    }

    #[test]
    fn wherever_a_document_is_cut_it_is_said() {
        let whole = r#"{"name":"ab","age":12,"x":[true,false,null,-1.5e3],"friends":[{"name":"c"}]}"#;
        assert!(parse::<Person>(whole.as_bytes()).is_ok());
        for end in 0..whole.len() {
            assert_eq!(fault(&whole[..end]).0, What::Cut, "{}", &whole[..end]);
        }
    }

    #[test]
    fn depth_is_bounded() {
        for open in ["[", r#"{"a":"#] {
            assert_eq!(fault(&format!(r#"{{"x":{}"#, open.repeat(10_000))).0, What::Deep);
        }
        let deep = format!(r#"{{"name":"a","x":{}{}}}"#, "[".repeat(128), "]".repeat(128));
        assert!(parse::<Person>(deep.as_bytes()).is_ok());
    }

    #[test]
    fn no_bytes_are_too_strange() {
        for document in
            [&b"\xff"[..], b"{\"\xff\":1}", b"{\"name\":\"\xc3\"}", b"\0", b"{\"name\":\"\\ud800\"}", b""]
        {
            assert!(parse::<Person>(document).is_err(), "{document:?}");
        }
    }
}
