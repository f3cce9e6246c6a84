//! Replies of the API read a second time, by a JSON reader that shares nothing with the component's.
//!
//! What a page must hold is written down here as a table, which says of any document whether it is one and, when the
//! component's reader finds a fault in it, whether that fault is there.

use struson::reader::{
    JsonReader, JsonStreamReader, ReaderError, ReaderSettings, SyntaxErrorKind, ValueType,
};

/// A document.
#[derive(Debug, PartialEq)]
pub enum Value {
    Null,
    Flag(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    /// Names may be there twice.
    Object(Vec<(String, Value)>),
}

/// Why there is none.
#[derive(Debug, PartialEq)]
pub enum Unread {
    /// It is no JSON.
    Broken,
    /// It has what this reader does not take, and what may stand where nobody reads.
    Beyond,
}

/// What a value must be.
pub enum Form {
    Text,
    Flag,
    /// A whole number of at most 64 bits.
    Count,
    List(&'static Form),
    Object(&'static [(&'static str, Need, Form)]),
}

/// What must be there.
#[derive(Clone, Copy, PartialEq)]
pub enum Need {
    Must,
    /// It may be null.
    There,
    /// It may be null or absent.
    May,
}

use Form::{Count, Flag, List, Object, Text};
use Need::{May, Must, There};

macro_rules! page {
    ($record:expr) => {
        Object(&[
            ("data", Must, List(&$record)),
            ("current_page", Must, Count),
            ("per_page", Must, Count),
            ("next_page", There, Count),
            ("total_count", May, Count),
            ("total_pages", May, Count),
        ])
    };
}

const IDENTITY: Form = Object(&[("id", Must, Text)]);

const DATABASE: Form = Object(&[("id", Must, Text), ("name", Must, Text)]);

const USER: Form = Object(&[
    ("id", Must, Text),
    ("email", May, Text),
    ("display_name", May, Text),
    ("name", May, Text),
    ("avatar_url", May, Text),
    ("created_at", May, Text),
    ("two_factor_auth_configured", Must, Flag),
    ("email_verified", May, Flag),
    ("sso", May, Flag),
    ("managed", May, Flag),
    ("directory_managed", May, Flag),
    ("default_organization", May, Object(&[("name", May, Text)])),
]);

/// The fields of a team but for what is in it.
macro_rules! team {
    ($($further:tt)*) => {
        Object(&[
            ("id", Must, Text),
            ("slug", Must, Text),
            ("display_name", May, Text),
            ("name", May, Text),
            ("description", May, Text),
            ("managed", Must, Flag),
            ("created_at", May, Text),
            $($further)*
        ])
    };
}

pub const ORGANIZATIONS: Form = page!(Object(&[
    ("id", Must, Text),
    ("name", Must, Text),
    ("plan", May, Text),
    ("sso", May, Flag),
    ("sso_directory", May, Flag),
    ("idp_managed_roles", Must, Flag),
    ("created_at", May, Text),
]));
pub const MEMBERS: Form = page!(Object(&[("user", Must, USER), ("role", Must, Text)]));
pub const TEAMS: Form = page!(team!());
pub const TEAMS_WITH_MEMBERS: Form = page!(team!(("members", Must, List(&IDENTITY))));
pub const TEAMS_WITH_DATABASES: Form =
    page!(team!(("databases", Must, List(&DATABASE)), ("analyst_databases", Must, List(&DATABASE)),));
pub const TEAM_MEMBERS: Form = page!(Object(&[("user", Must, IDENTITY)]));

/// Read a document.
pub fn parse(document: &[u8]) -> Result<Value, Unread> {
    let settings = ReaderSettings {
        track_path: false,
        max_nesting_depth: Some(100),
        restrict_number_values: false,
        ..ReaderSettings::default()
    };
    let mut reader = JsonStreamReader::new_custom(document, settings);
    let value = value(&mut reader).map_err(unread)?;
    reader.consume_trailing_whitespace().map_err(unread)?;
    Ok(value)
}

fn unread(error: ReaderError) -> Unread {
    match error {
        ReaderError::SyntaxError(error)
            if error.kind == SyntaxErrorKind::UnpairedSurrogatePairEscapeSequence =>
        {
            Unread::Beyond
        }
        ReaderError::MaxNestingDepthExceeded { .. } => Unread::Beyond,
        _ => Unread::Broken,
    }
}

fn value(reader: &mut JsonStreamReader<&[u8]>) -> Result<Value, ReaderError> {
    Ok(match reader.peek()? {
        ValueType::Null => {
            reader.next_null()?;
            Value::Null
        }
        ValueType::Boolean => Value::Flag(reader.next_bool()?),
        ValueType::Number => Value::Number(reader.next_number_as_string()?),
        ValueType::String => Value::Text(reader.next_string()?),
        ValueType::Array => {
            reader.begin_array()?;
            let mut items = Vec::new();
            while reader.has_next()? {
                items.push(value(reader)?);
            }
            reader.end_array()?;
            Value::List(items)
        }
        ValueType::Object => {
            reader.begin_object()?;
            let mut fields = Vec::new();
            while reader.has_next()? {
                let name = reader.next_name_owned()?;
                fields.push((name, value(reader)?));
            }
            reader.end_object()?;
            Value::Object(fields)
        }
    })
}

impl Value {
    /// The values of a field, in the order in which they stand.
    fn all<'a, 'name>(&'a self, name: &'name str) -> impl Iterator<Item = &'a Value> + use<'a, 'name> {
        let fields = if let Value::Object(fields) = self { fields.as_slice() } else { &[] };
        fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value)
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.all(name).next()
    }

    /// The items of a list.
    pub fn items(&self) -> &[Value] {
        if let Value::List(items) = self { items } else { &[] }
    }

    /// Whether it is what it must be.
    pub fn is(&self, form: &Form) -> bool {
        match (self, form) {
            (Value::Text(_), Text) | (Value::Flag(_), Flag) => true,
            (Value::Number(text), Count) => {
                text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok()
            }
            (Value::List(items), List(form)) => items.iter().all(|item| item.is(form)),
            (Value::Object(_), Object(fields)) => fields.iter().all(|(name, need, form)| {
                let mut found = self.all(name);
                let fits = match found.next() {
                    None => *need == May,
                    Some(Value::Null) => *need != Must,
                    Some(value) => value.is(form),
                };
                fits && found.next().is_none()
            }),
            _ => false,
        }
    }

    /// What of it is read, as texts, in the order of its form. What is not there is none.
    pub fn texts(&self, form: &Form, into: &mut Vec<Option<String>>) {
        match (self, form) {
            (Value::Text(text), _) | (Value::Number(text), _) => into.push(Some(text.clone())),
            (Value::Flag(on), _) => into.push(Some(on.to_string())),
            (Value::List(items), List(form)) => {
                into.push(Some(items.len().to_string()));
                items.iter().for_each(|item| item.texts(form, into));
            }
            (_, Object(fields)) => {
                for (name, _, form) in *fields {
                    self.field(name).unwrap_or(&Value::Null).texts(form, into);
                }
            }
            _ => into.push(None),
        }
    }

    /// What a fault calls it.
    fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Flag(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        }
    }

    /// The value at the end of a way, and what it must be.
    fn at<'a>(&'a self, form: &'a Form, way: &str) -> Option<(&'a Value, &'a Form)> {
        let way = way.strip_prefix('.').unwrap_or(way);
        if way.is_empty() {
            return Some((self, form));
        }
        match form {
            List(form) => {
                let (number, rest) = way.strip_prefix('[')?.split_once(']')?;
                self.items().get(number.parse::<usize>().ok()?)?.at(form, rest)
            }
            Object(fields) => {
                let (name, rest) = way.split_at(way.find(['.', '[']).unwrap_or(way.len()));
                let (_, _, form) = fields.iter().find(|(known, _, _)| *known == name)?;
                self.field(name)?.at(form, rest)
            }
            _ => None,
        }
    }

    /// Whether at the end of a way stands something of this kind where something else must be.
    pub fn is_wrong_at(&self, form: &Form, way: &str, kind: &str) -> bool {
        self.at(form, way).is_some_and(|(found, form)| found.kind() == kind && !found.is(form))
    }

    /// How often the field is there that is at the end of a way; none if the way is none that is read.
    pub fn times(&self, form: &Form, way: &str) -> Option<usize> {
        let (before, name) = way.rsplit_once('.').unwrap_or(("", way));
        let (object, form) = self.at(form, before)?;
        let Object(fields) = form else { return None };
        fields.iter().any(|(known, _, _)| *known == name).then(|| object.all(name).count())
    }
}
