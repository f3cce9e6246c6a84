//! Who is in a file.

use prost::Message;
use rusqlite::Connection;

use baton_host::contract::ResourceId;

use crate::baton::{Annotation, Resource, UserTrait};
use crate::rows::Failed;
use crate::schema::Unusable;

/// Somebody who can hold grants: a resource with the part of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The resource.
    pub id: ResourceId,
    /// The display name.
    pub name: String,
    /// All addresses, the primary one first.
    pub emails: Vec<String>,
    /// What the person signs in with.
    pub logins: Vec<String>,
}

impl Person {
    /// The resource as a person, if it is one.
    fn of(resource: Resource) -> Option<Person> {
        let user = resource.annotations.iter().find_map(UserTrait::unpack)?;
        let id = resource.id?;
        let mut emails = user.emails;
        emails.sort_by_key(|email| !email.is_primary);
        Some(Person {
            id: ResourceId { resource_type: id.resource_type, id: id.resource },
            name: resource.display_name,
            emails: emails.into_iter().map(|email| email.address).collect(),
            logins: [user.login]
                .into_iter()
                .chain(user.login_aliases)
                .filter(|login| !login.is_empty())
                .collect(),
        })
    }

    /// Whether the word is one of the person's own.
    fn is(&self, word: &str) -> bool {
        let joined = format!("{}:{}", self.id.resource_type, self.id.id);
        let own = self.emails.iter().chain(&self.logins).chain([&self.name, &self.id.id, &joined]);
        own.into_iter().any(|own| own.to_lowercase() == word)
    }
}

pub(super) fn find(database: &Connection, sync: &str, word: &str) -> Result<Vec<Person>, Failed> {
    let word = word.trim().to_lowercase();
    let mut select = database.prepare("select data from v1_resources where sync_id = ?1")?;
    let mut rows = select.query([sync])?;
    let (mut exact, mut within) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let resource = Resource::decode(row.get_ref(0)?.as_blob().unwrap_or_default())
            .map_err(|error| Unusable::Corrupt(format!("a resource: {error}")))?;
        let Some(person) = Person::of(resource) else { continue };
        if person.is(&word) {
            exact.push(person);
        } else if !word.is_empty() && person.name.to_lowercase().contains(&word) {
            within.push(person);
        }
    }
    let mut found = if exact.is_empty() { within } else { exact };
    found.sort_by(|a, b| (&a.name, &a.id.id).cmp(&(&b.name, &b.id.id)));
    Ok(found)
}
