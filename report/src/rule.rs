//! The rules by which findings are made, and what a finding is.
//!
//! In the texts of a rule `{whole}`, `{group}` and `{things}` stand for what the file calls them: organization, team,
//! databases.

use time::Date;

use crate::model::Id;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// To be looked at first.
    High,
    /// To be looked at.
    Medium,
    /// To be known.
    Low,
}

impl Weight {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Weight::High => "high",
            Weight::Medium => "medium",
            Weight::Low => "low",
        }
    }
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name in `review.yaml`.
    pub id: &'static str,
    /// What is found by it.
    pub title: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// How much it weighs.
    pub weight: Weight,
}

const fn rule(id: &'static str, weight: Weight, title: &'static str, why: &'static str) -> Rule {
    Rule { id, title, why, weight }
}

/// All of them, in the order in which they are shown.
#[rustfmt::skip]
pub const RULES: [Rule; 12] = [
    rule("admin-without-second-factor", Weight::High, "Administrator without a second factor",
        "A stolen or guessed password alone is enough to act as this administrator."),
    rule("unknown-role", Weight::High, "Unknown role",
        "Nobody has said what this role may do, so it cannot be judged here. Ask whoever keeps the product."),
    rule("orphan", Weight::High, "Account of somebody who is not on the list of people",
        "Whoever has left or was never here should reach nothing. Sign-in elsewhere may end with a contract; what was made here does not."),
    rule("only-admin", Weight::Medium, "The only administrator",
        "If this one person is away or locked out, nobody can change access to the {whole} or take it away."),
    rule("admin-of-several", Weight::Medium, "Administrator of more than one {whole}",
        "One account that is taken over opens all of them."),
    rule("group-with-many", Weight::Medium, "{Group} that administers {things} and has many members",
        "Everybody in the {group} can do everything to its {things}. The larger it is, the less anybody knows who that is."),
    rule("address-outside", Weight::Medium, "Address outside of one's own domains",
        "An address elsewhere belongs to somebody else's employer, or to nobody's. It stays when the contract ends."),
    rule("not-managed", Weight::Medium, "Not managed by single sign-on, in an {whole} that has it",
        "Somebody who signs in another way is not locked out when their account at the identity provider is."),
    rule("no-sso", Weight::Medium, "{Whole} without single sign-on",
        "Who leaves has to be taken out by hand, and how well people sign in is up to each of them."),
    rule("unverified-address", Weight::Medium, "Address that was not verified",
        "Nobody has shown that this address is theirs, so nobody knows whose account it is."),
    rule("without-group", Weight::Low, "Person in no {group}",
        "What somebody may do should follow from what they work on. Here it follows from nothing that can be seen."),
    rule("empty-group", Weight::Low, "{Group} without members",
        "Nobody needs it now, and whoever is added later gets all that it holds."),
];

/// What a rule found about one person or thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Whom or what it is about.
    pub subject: Subject,
    /// Where, if that says more.
    pub place: Option<Id>,
    /// What exactly.
    pub detail: String,
    /// Whether somebody accepted it.
    pub state: State,
}

/// Whom or what a case is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A resource, mostly a person.
    Resource(Id),
    /// Something that is not in the file.
    Text(String),
}

/// Whether a case was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It was not.
    Open,
    /// It is, for a reason, until a day.
    Accepted(String, Date),
    /// It was, until a day that is over.
    Ended(String, Date),
}

impl Case {
    /// A case that nobody accepted.
    pub fn of(subject: Id, place: Option<Id>, detail: impl Into<String>) -> Case {
        Case { subject: Subject::Resource(subject), place, detail: detail.into(), state: State::Open }
    }

    /// Whether it is to be looked at.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Accepted(..))
    }
}
