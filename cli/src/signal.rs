//! What stops a program from outside.

use std::fmt;

/// What stopped the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Signal::Interrupt => 130,
            Signal::Terminate => 143,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Signal::Interrupt => "interrupted",
            Signal::Terminate => "told to terminate",
        })
    }
}
