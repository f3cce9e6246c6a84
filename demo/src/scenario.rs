//! A scenario: everything there is to know about an API that does not exist.
//!
//! It is data, without behaviour of its own, and each of its types reads and writes JSON. Everything
//! has a default, so a scenario written by hand holds only what matters to it; a key that is not
//! known is refused, because a misspelt one would test nothing.
//!
//! People are kept once and referred to by id: the same person in two organizations is the case that
//! a governance file most easily gets wrong.

mod change;
mod check;
mod definition;
mod manner;
mod named;
mod people;
mod random;
mod scripts;
mod sized;
mod story;
mod timeline;
mod words;

pub use change::{Change, ChangeKind, Trigger};
pub use check::ScenarioError;
pub use definition::Scenario;
pub use manner::{InlineMembers, RateLimit};
pub use named::UnknownScenario;
pub use people::{Database, Membership, Organization, Person, Team, Told};
pub(crate) use words::{id_of, mix};
