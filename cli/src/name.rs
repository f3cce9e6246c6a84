//! The program's name.

/// As it is called, also in messages.
pub const PROGRAM: &str = "baton-planetscale";
