//! A whole sync: what is still to be asked, what came, and the order of it.

mod agenda;
mod checks;
mod declared;
mod facts;
mod intake;
pub(crate) mod options;
mod resources;
mod run;
pub(crate) mod session;
mod tally;
mod targeted;
mod told;
mod walk;
mod worker;
