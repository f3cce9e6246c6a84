//! A whole sync: what is still to be asked, what came, and the order of it.

mod agenda;
mod checks;
mod intake;
pub(crate) mod options;
mod run;
pub(crate) mod session;
mod tally;
mod targeted;
mod walk;
mod worker;
