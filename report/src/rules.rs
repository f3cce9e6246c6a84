//! What a review goes by: which entitlements are privileged, what the findings read, and in which words the product's
//! own people speak. All of it is data (`review.yaml`), so that nothing here knows a product.
//!
//! A program brings the rules of its product. Somebody who reviews lays rules of their own over them: what they name
//! counts in place of the program's, and words and meanings are added to it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use time::Date;
use time::macros::format_description;

use crate::error::Error;

/// The rules of a review.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Slugs (`admin`), or slugs of one resource type (`database:admin`), whose holders are administrators.
    pub privileged: Vec<String>,
    /// Slugs that are known beside them. Empty: every slug is.
    pub ordinary: Vec<String>,
    /// The domains of one's own addresses. Empty: not known.
    pub domains: Vec<String>,
    /// More members than this are many.
    pub many: usize,
    /// Where profiles keep what the findings read.
    pub keys: Keys,
    /// How a warning begins or goes on that names somebody with a role which the connector does not know.
    pub unknown_role: String,
    /// How to say that somebody, or a group, holds an entitlement, by `type:slug` or slug.
    pub words: BTreeMap<String, Words>,
    /// What an entitlement lets somebody do, by `type:slug` or slug.
    pub meanings: BTreeMap<String, String>,
    /// What is not to be known of the product from any such file, each a sentence.
    pub cannot_know: Vec<String>,
    /// Findings that are switched off, by their rule.
    pub off: Vec<String>,
    /// Findings that somebody accepted.
    pub accept: Vec<Accepted>,
}

/// Keys of profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of a person: whether the address was verified.
    pub verified: String,
    /// Of a person: whether the identity provider manages the account.
    pub managed: String,
    /// Of what contains everything: whether single sign-on is on.
    pub sso: String,
}

/// How to say that somebody holds something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Of a person, before the name of what is held: `member of`.
    pub person: String,
    /// Of a group, before that name: `administers`.
    pub group: String,
}

/// A finding that somebody accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its rule.
    pub rule: String,
    /// Whom or what it is about: a name, an address or an id. None: all that the rule finds.
    pub who: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which that holds.
    pub until: Date,
}

impl Default for Rules {
    fn default() -> Self {
        let words = |person: &str, group: &str| Words { person: person.into(), group: group.into() };
        Rules {
            privileged: vec!["admin".into(), "owner".into()],
            ordinary: Vec::new(),
            domains: Vec::new(),
            many: 10,
            keys: Keys::default(),
            unknown_role: String::new(),
            words: BTreeMap::from([
                ("member".into(), words("member of", "is part of")),
                ("admin".into(), words("administrator of", "administers")),
                ("owner".into(), words("owner of", "owns")),
            ]),
            meanings: BTreeMap::new(),
            cannot_know: Vec::new(),
            off: Vec::new(),
            accept: Vec::new(),
        }
    }
}

/// The file. What it does not name stays as it is.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    privileged: Option<Vec<String>>,
    ordinary: Option<Vec<String>>,
    domains: Option<Vec<String>>,
    many: Option<usize>,
    verified: Option<String>,
    managed: Option<String>,
    sso: Option<String>,
    unknown_role: Option<String>,
    words: BTreeMap<String, Words>,
    meanings: BTreeMap<String, String>,
    cannot_know: Option<Vec<String>>,
    off: Option<Vec<String>>,
    accept: Option<Vec<WrittenAccepted>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAccepted {
    rule: String,
    #[serde(default)]
    who: Option<String>,
    reason: String,
    until: String,
}

impl Rules {
    /// These rules with what a text in YAML names in their place. `name` is the text's own, for messages.
    pub fn with(mut self, yaml: &str, name: &str) -> Result<Rules, Error> {
        let written: Option<Written> = serde_saphyr::from_str(yaml).map_err(|error| {
            let line = error.location().map(|place| format!(", line {},", place.line())).unwrap_or_default();
            let why = error.without_snippet().to_string();
            // It says the place once more, behind the reason.
            let why = why.lines().next().unwrap_or_default();
            let why = why.split(" at line ").next().unwrap_or(why).trim_end_matches('.').to_owned();
            Error::Rules(format!("the rules in {name}{line} cannot be read: {why}"))
        })?;
        let written = written.unwrap_or_default();
        let put = |place: &mut Vec<String>, new: Option<Vec<String>>| {
            if let Some(new) = new {
                *place = new;
            }
        };
        put(&mut self.privileged, written.privileged);
        put(&mut self.ordinary, written.ordinary);
        put(&mut self.domains, written.domains);
        put(&mut self.cannot_know, written.cannot_know);
        put(&mut self.off, written.off);
        self.domains.iter_mut().for_each(|domain| *domain = domain.trim_start_matches('@').to_lowercase());
        self.many = written.many.unwrap_or(self.many);
        self.keys = Keys {
            verified: written.verified.unwrap_or(self.keys.verified),
            managed: written.managed.unwrap_or(self.keys.managed),
            sso: written.sso.unwrap_or(self.keys.sso),
        };
        self.unknown_role = written.unknown_role.unwrap_or(self.unknown_role);
        self.words.extend(written.words);
        self.meanings.extend(written.meanings);
        if let Some(accept) = written.accept {
            self.accept = accept.into_iter().map(|one| accepted(one, name)).collect::<Result<_, _>>()?;
        }
        let known = crate::rule::RULES.map(|rule| rule.id);
        let named = self.off.iter().chain(self.accept.iter().map(|one| &one.rule));
        if let Some(unknown) = named.into_iter().find(|id| !known.contains(&id.as_str())) {
            return Err(Error::Rules(format!(
                "the rules in {name} name the rule {unknown:?}, which there is not; there are {}",
                known.join(", ")
            )));
        }
        Ok(self)
    }

    /// The same, from a file.
    pub fn with_file(self, path: &Path) -> Result<Rules, Error> {
        let text = std::fs::read(path).map_err(Error::io("read", path))?;
        let name = path.display().to_string();
        match String::from_utf8(text) {
            Ok(text) => self.with(text.strip_prefix('\u{feff}').unwrap_or(&text), &name),
            Err(_) => {
                Err(Error::Rules(format!("the rules in {name} are no UTF-8 text; save the file as UTF-8")))
            }
        }
    }

    /// Whether who holds this is an administrator.
    pub fn is_privileged(&self, kind: &str, slug: &str) -> bool {
        is_among(&self.privileged, kind, slug)
    }

    /// Whether the rules know this slug.
    pub fn is_known(&self, kind: &str, slug: &str) -> bool {
        self.ordinary.is_empty() || is_among(&self.ordinary, kind, slug) || self.is_privileged(kind, slug)
    }
}

fn is_among(list: &[String], kind: &str, slug: &str) -> bool {
    list.iter().any(|entry| match entry.split_once(':') {
        Some((of, name)) => of == kind && name == slug,
        None => entry == slug,
    })
}

/// What a map has for an entitlement: for its type and slug, else for its slug alone.
pub(crate) fn named<'a, V>(map: &'a BTreeMap<String, V>, kind: &str, slug: &str) -> Option<&'a V> {
    map.get(&format!("{kind}:{slug}")).or_else(|| map.get(slug))
}

fn accepted(one: WrittenAccepted, name: &str) -> Result<Accepted, Error> {
    if one.reason.trim().is_empty() {
        return Err(Error::Rules(format!(
            "the rules in {name} accept {:?} without a reason; say why, and until when",
            one.rule
        )));
    }
    let until = Date::parse(one.until.trim(), format_description!("[year]-[month]-[day]")).map_err(|_| {
        Error::Rules(format!(
            "the rules in {name} accept {:?} until {:?}, which is no day; write it as 2027-03-31",
            one.rule, one.until
        ))
    })?;
    Ok(Accepted { rule: one.rule, who: one.who, reason: one.reason, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_counts_in_place_of_what_was_and_words_are_added() {
        let rules = Rules::default()
            .with("privileged: ['database:admin']\ndomains: ['@Acme.Example']\nmany: 3\nwords:\n  reader: {person: reader of, group: reads}\n", "x")
            .expect("rules");
        assert!(rules.is_privileged("database", "admin") && !rules.is_privileged("organization", "admin"));
        assert_eq!((rules.domains, rules.many), (vec!["acme.example".to_owned()], 3));
        assert!(rules.words.contains_key("reader") && rules.words.contains_key("member"));
        assert!(Rules::default().with("", "x").is_ok());
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_place() {
        let told = |yaml: &str| Rules::default().with(yaml, "my.yaml").expect_err("no rules").to_string();
        assert!(told("privileged: [admin]\nnope: 1\n").contains("my.yaml, line 2"), "{}", told("nope: 1"));
        assert!(told("off: [empty-taem]").contains("\"empty-taem\""));
        let accept = |rest: &str| format!("accept:\n  - rule: only-admin\n    {rest}\n");
        assert!(told(&accept("{reason: x}")).contains("my.yaml"));
        assert!(told(&accept("reason: ' '\n    until: 2027-01-01")).contains("without a reason"));
        assert!(told(&accept("reason: because\n    until: soon")).contains("no day"));
    }
}
