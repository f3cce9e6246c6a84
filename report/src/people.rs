//! Orphans: accounts of people who are not on a list of those who should be there, and people on it without an account.
//!
//! The list is a CSV, as every system of human resources gives one: with commas, semicolons or tabs, and a column of
//! e-mail addresses that is found by its name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::Error;
use crate::look::Look;
use crate::model::{Id, Part};
use crate::rule::Case;

/// Names of a column with addresses, in lower case and without blanks, dashes and underscores.
const NAMES: [&str; 8] = [
    "email",
    "mail",
    "emailaddress",
    "primaryemail",
    "workemail",
    "companyemail",
    "useremail",
    "userprincipalname",
];

/// People who should be there.
pub struct People {
    /// The file.
    pub file: String,
    /// The column that was read.
    pub column: String,
    /// Addresses in lower case, each with the row it came from.
    addresses: BTreeMap<String, u64>,
    /// Rows without an address.
    pub without: u64,
}

/// How accounts and people differ.
pub struct Orphans {
    /// The file with the people.
    pub file: String,
    /// Its column with addresses.
    pub column: String,
    /// People on the list.
    pub people: usize,
    /// Rows of the list without an address.
    pub without: u64,
    /// Accounts of nobody on the list.
    pub accounts: Vec<Id>,
    /// Accounts without an address, which cannot be compared.
    pub nameless: Vec<Id>,
    /// Addresses on the list that no account has.
    pub absent: Vec<String>,
}

impl People {
    /// Read a list. Without the name of a column, the one that is called like an address is taken.
    pub fn read(path: &Path, column: Option<&str>) -> Result<People, Error> {
        let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
        let name = path.display().to_string();
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::People(format!("{name} is no UTF-8 text; save it as CSV in UTF-8")))?;
        People::of(text.strip_prefix('\u{feff}').unwrap_or(&text), name, column)
    }

    fn of(text: &str, file: String, column: Option<&str>) -> Result<People, Error> {
        let broken = |error: csv::Error| Error::People(format!("{file} cannot be read as CSV: {error}"));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(text))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
        let found = |(_, header): &(usize, &String)| match column {
            Some(column) => header.eq_ignore_ascii_case(column.trim()),
            None => NAMES.contains(&plain(header).as_str()),
        };
        let Some((place, header)) = headers.iter().enumerate().find(found) else {
            let what = match column {
                Some(column) => format!("has no column {column:?}"),
                None => "has no column of e-mail addresses that is named so".to_owned(),
            };
            return Err(Error::People(format!(
                "{file} {what}; its columns are {}: name one with --people-column",
                headers.join(", ")
            )));
        };
        let (mut addresses, mut without) = (BTreeMap::new(), 0);
        let column = header.clone();
        for (row, record) in reader.records().enumerate() {
            let record = record.map_err(broken)?;
            match record.get(place).map(str::to_lowercase).filter(|address| address.contains('@')) {
                Some(address) => drop(addresses.entry(address).or_insert(row as u64 + 2)),
                None => without += 1,
            }
        }
        if addresses.is_empty() {
            return Err(Error::People(format!(
                "{file} has no address in its column {column:?}; against it everybody would be an orphan"
            )));
        }
        Ok(People { file, column, addresses, without })
    }

    /// Compare.
    pub fn compare(&self, look: Look<'_>) -> Orphans {
        let (mut accounts, mut nameless) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for person in look.model.of(Part::Person) {
            let emails =
                look.model.resource(person).account.as_ref().map(|account| account.emails.as_slice());
            let emails: Vec<String> =
                emails.unwrap_or_default().iter().map(|email| email.trim().to_lowercase()).collect();
            match emails.iter().any(|email| self.addresses.contains_key(email)) {
                true => seen.extend(emails),
                false if emails.is_empty() => nameless.push(person),
                false => accounts.push(person),
            }
        }
        let absent = self.addresses.keys().filter(|address| !seen.contains(*address)).cloned().collect();
        Orphans {
            file: self.file.clone(),
            column: self.column.clone(),
            people: self.addresses.len(),
            without: self.without,
            accounts,
            nameless,
            absent,
        }
    }
}

impl Orphans {
    /// As findings.
    pub fn cases(&self, look: Look<'_>) -> Vec<Case> {
        let about = |person: Id, detail: String| Case::of(person, None, detail);
        let held = |person: Id| {
            let wholes = look.wholes_of(person);
            let privileged = look.privileges(person).next().is_some();
            format!("{}{}", if privileged { "an administrator; " } else { "" }, look.names(&wholes))
        };
        let accounts = self.accounts.iter().map(|person| about(*person, held(*person)));
        let nameless = self.nameless.iter().map(|person| {
            about(*person, "has no address, so that nobody can say whose account it is".to_owned())
        });
        accounts.chain(nameless).collect()
    }
}

/// The character that stands most often in the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|byte| (count(byte), *byte == b',')).unwrap_or(b',')
}

fn plain(header: &str) -> String {
    header.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_is_found_by_its_name_whatever_stands_between_columns() {
        for (text, column) in [
            ("Name,E-Mail Address\nA,a@x\n", None),
            ("Name;Work e-mail;Team\nA; A@X ;T\n", None),
            ("id\tcontact\n1\ta@x\n", Some("Contact")),
        ] {
            let people = People::of(text, "people.csv".into(), column).expect("people");
            assert_eq!(people.addresses.keys().collect::<Vec<_>>(), ["a@x"], "{text}");
        }
        for (text, column, part) in [
            ("Name,Team\nA,T\n", None, "its columns are Name, Team"),
            ("Name,Mail\nA,\n", None, "everybody would be an orphan"),
            ("Name,Mail\nA,a@x\n", Some("Post"), "no column \"Post\""),
        ] {
            let told = People::of(text, "people.csv".into(), column).map(|_| ()).expect_err("no people");
            assert!(told.to_string().contains(part), "{told}");
        }
    }
}
