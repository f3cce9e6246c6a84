//! Made-up bytes for the places that read what others wrote and keep, and what must hold whatever the bytes are.
//!
//! | target | reads | whose bytes |
//! |---|---|---|
//! | `replies` | a reply of the API into a page of records | the API's, or a proxy's |
//! | `c1z` | the file to which a sync is added | whoever wrote that file |
//! | `journal` | what a stopped run left | the same |
//! | `settings` | command line, variables and config file | the operator's, and whoever edits that file |
//! | `answers` | tasks, replies to heartbeats, access tokens | C1's, and its token endpoint's, or a proxy's |
//! | `client` | the client id and secret, with a key in JSON | C1's, and whoever copied it |
//!
//! Each target is a function that panics when something came out that must not. `.ci/fuzz` looks for such bytes, led
//! by what they make the code do; a test tries those in `corpus/` and `findings/` each time.
//!
//! The connector is a component and nothing else, so its modules are taken in here as they are, all but `http`: here
//! that gives the reply that is tried. They name one another from the crate's root, which is why they are there.

#![allow(dead_code, reason = "what of the connector and the program is not tried")]
#![allow(clippy::panic, reason = "what comes out that must not is told by one")]

extern crate alloc;

#[path = "../../connector/src/address.rs"]
mod address;
mod agree;
#[path = "../../connector/src/api.rs"]
mod api;
#[path = "../../connector/src/bindings.rs"]
mod bindings;
#[path = "../../connector/src/config.rs"]
mod config;
#[path = "../../connector/src/database.rs"]
mod database;
#[path = "../../connector/src/error.rs"]
mod error;
mod http;
#[path = "../../connector/src/ids.rs"]
mod ids;
#[path = "../../connector/src/inline.rs"]
mod inline;
#[path = "../../connector/src/lists.rs"]
mod lists;
#[path = "../../connector/src/members.rs"]
mod members;
#[path = "../../connector/src/moment.rs"]
mod moment;
mod oracle;
#[path = "../../connector/src/organization.rs"]
mod organization;
#[path = "../../connector/src/page.rs"]
mod page;
#[path = "../../connector/src/profile.rs"]
mod profile;
#[path = "../../connector/src/reply.rs"]
mod reply;
#[path = "../../connector/src/team.rs"]
mod team;
#[path = "../../connector/src/text.rs"]
mod text;
#[path = "../../connector/src/twice.rs"]
mod twice;
#[path = "../../connector/src/user.rs"]
mod user;
#[path = "../../connector/src/wait.rs"]
mod wait;
#[path = "../../connector/src/whole.rs"]
mod whole;

mod targets {
    /// What C1 answers.
    pub mod answers;
    /// A file to which a sync is added.
    pub mod c1z;
    /// Who the connector is towards C1.
    pub mod client;
    /// What a stopped run left.
    pub mod journal;
    /// Replies of the API.
    pub mod replies;
    /// Command line, variables, config file.
    pub mod settings;
}

/// What is tried with made-up bytes.
pub type Target = fn(&[u8]);

/// Every target, by its name.
pub const TARGETS: [(&str, Target); 6] = [
    ("answers", targets::answers::try_bytes),
    ("c1z", targets::c1z::try_bytes),
    ("client", targets::client::try_bytes),
    ("journal", targets::journal::try_bytes),
    ("replies", targets::replies::try_bytes),
    ("settings", targets::settings::try_bytes),
];
