//! One sync into one file.
//!
//! In goes a loaded connector with its config, how to sync, and a place. Out comes a file, whole or not at all, and what
//! there is to say of it ([`Run`]). Between them: a lock that keeps two runs apart, a folder for what is not yet a
//! result, and a journal, so that a run which was stopped goes on where it was ([`Work`]).

mod error;
mod lock;
mod once;
mod output;
mod place;
mod same;
mod work;

pub use error::Error;
pub use once::{Ended, Run};
pub use output::{Output, Written};
pub use place::Place;
pub use same::fingerprint;
pub use work::Work;
