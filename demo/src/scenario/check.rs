//! Whether a scenario makes sense.
//!
//! The server and the manifest take ids at their word. A scenario whose team mentions somebody who
//! does not exist would make both wrong in different ways, and the test would blame the product.

use std::collections::{BTreeSet, HashSet};

use super::definition::Scenario;
use super::people::Person;

/// Why a scenario cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// An id is used twice for things of one kind.
    #[error("scenario \"{scenario}\": two {kind} have the id or name \"{id}\"")]
    Twice {
        /// The scenario's name.
        scenario: String,
        /// What there are two of.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// Something refers to a person who is not among the scenario's people.
    #[error("scenario \"{scenario}\": {place} mentions \"{id}\", who is not among the people")]
    Stranger {
        /// The scenario's name.
        scenario: String,
        /// Where.
        place: String,
        /// The person's id.
        id: String,
    },
    /// A page size of zero would never end.
    #[error("scenario \"{scenario}\": page sizes begin at 1")]
    PageSize {
        /// The scenario's name.
        scenario: String,
    },
}

impl Scenario {
    /// Looks for ids used twice, people who do not exist, and page sizes of zero. Somebody may belong to something twice:
    /// that is what a vendor's data may say.
    ///
    /// # Errors
    ///
    /// Names the first thing that does not make sense.
    pub fn check(&self) -> Result<(), ScenarioError> {
        if self.max_per_page == 0 || self.default_per_page == 0 {
            return Err(ScenarioError::PageSize { scenario: self.name.clone() });
        }
        let people: HashSet<&str> = self.people.iter().map(|p| p.id.as_str()).collect();
        self.once("people", self.people.iter().map(|p| p.id.as_str()))?;
        self.once("organizations", self.organizations.iter().map(|o| o.id.as_str()))?;
        self.once("organizations", self.organizations.iter().map(|o| o.name.as_str()))?;
        self.databases()?;
        self.once("teams", self.organizations.iter().flat_map(|o| &o.teams).map(|t| t.id.as_str()))?;
        for organization in &self.organizations {
            let members = organization.members.iter().map(|m| m.person.as_str());
            self.known(&people, &format!("organization \"{}\"", organization.name), members)?;
            self.once("team slugs", organization.teams.iter().map(|t| t.slug.as_str()))?;
            for team in &organization.teams {
                let members = team.members.iter().map(String::as_str);
                self.known(&people, &format!("team \"{}\"", team.slug), members)?;
            }
        }
        Ok(())
    }

    /// The person with an id.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.id == id)
    }

    /// A database belongs to one organization, and has one name, which no other one there has; however often it is named.
    fn databases(&self) -> Result<(), ScenarioError> {
        let mut all = Vec::new();
        for organization in &self.organizations {
            let teams = organization.teams.iter();
            let named = teams.flat_map(|team| team.databases.iter().chain(&team.analyst_databases));
            let named: BTreeSet<_> = named.map(|of| (of.id.as_str(), of.name.as_str())).collect();
            self.once("names of databases", named.iter().map(|(_, name)| *name))?;
            all.extend(named.into_iter().map(|(id, _)| id));
        }
        self.once("databases", all.into_iter())
    }

    fn once<'a>(&self, kind: &'static str, ids: impl Iterator<Item = &'a str>) -> Result<(), ScenarioError> {
        let mut seen = HashSet::new();
        for id in ids {
            if !seen.insert(id) {
                let (scenario, id) = (self.name.clone(), id.to_owned());
                return Err(ScenarioError::Twice { scenario, kind, id });
            }
        }
        Ok(())
    }

    fn known<'a>(
        &self,
        people: &HashSet<&str>,
        place: &str,
        mut ids: impl Iterator<Item = &'a str>,
    ) -> Result<(), ScenarioError> {
        match ids.find(|id| !people.contains(id)) {
            None => Ok(()),
            Some(id) => Err(ScenarioError::Stranger {
                scenario: self.name.clone(),
                place: place.to_owned(),
                id: id.to_owned(),
            }),
        }
    }
}
