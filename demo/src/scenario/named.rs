//! Scenarios by name, for command lines.

use super::definition::Scenario;
use super::people::{Membership, Organization};
use super::words::person;

/// A name that stands for no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no scenario \"{0}\"; the names are demo, S, M, L, thousand, shared, scripts, \
     empty-organization and random:SEED with a whole number"
)]
pub struct UnknownScenario(pub String);

impl Scenario {
    /// The scenario that a name stands for.
    ///
    /// | name | what |
    /// |---|---|
    /// | `demo` | [`Scenario::demo`] |
    /// | `S` | 1 organization, 50 members, 5 teams of 10 |
    /// | `M` | 3 organizations of 1,000 members, 100 teams of 20; replies take 20 ms |
    /// | `L` | 10 organizations of 5,000 members, 500 teams of 40 |
    /// | `thousand` | 3 organizations of 1,000 members; neighbours share half of them |
    /// | `shared` | 4 organizations with the same 120 people |
    /// | `scripts` | [`Scenario::scripts`] |
    /// | `empty-organization` | one organization without members or teams beside two with |
    /// | `random:SEED` | [`Scenario::random`] |
    ///
    /// # Errors
    ///
    /// The name is none of these.
    pub fn named(name: &str) -> Result<Self, UnknownScenario> {
        let mut scenario = match name {
            "demo" => Self::demo(),
            "S" => Self::sized(1, 50, 5, 10),
            "M" => Self { latency_ms: 20, ..Self::sized(3, 1000, 100, 20) },
            "L" => Self::sized(10, 5000, 500, 40),
            "thousand" => Self::overlapping(3, 1000, 30, 25, 500),
            "shared" => Self::overlapping(4, 120, 6, 40, 0),
            "scripts" => Self::scripts(),
            "empty-organization" => Self::with_an_empty_organization(),
            other => {
                let seed = other.strip_prefix("random:").and_then(|seed| seed.parse().ok());
                Self::random(seed.ok_or_else(|| UnknownScenario(other.to_owned()))?)
            }
        };
        scenario.name = name.to_owned();
        Ok(scenario)
    }

    fn with_an_empty_organization() -> Self {
        let mut scenario = Self::sized(2, 12, 2, 5);
        let empty = Organization {
            id: "emptyorgid01".into(),
            name: "just-created".into(),
            ..Organization::default()
        };
        scenario.organizations.insert(1, empty);
        // Somebody of the first organization is in the third as well, across the empty one.
        let guest = person(3).id;
        if let Some(last) = scenario.organizations.last_mut() {
            last.members.push(Membership { person: guest, role: "member".into() });
        }
        scenario
    }
}
