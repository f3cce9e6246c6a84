//! Flags that ask for what a connector which only reads does not do.
//!
//! The Go connectors have these flags in every connector, so they are known here too: somebody who uses one is
//! told that nothing was changed, with the exit code that the Go connectors end with, instead of `unknown flag`.

use std::fmt;

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Grant or revoke, on a resource of this type.
    Provision(String),
    /// Create an account.
    CreateAccount,
    /// Delete a resource of this type.
    Delete(String),
    /// Rotate the credentials of a resource of this type.
    Rotate(String),
    /// Anything with tickets.
    Tickets,
    /// Read events.
    Events,
    /// Invoke an action of this name.
    Action(String),
    /// List actions.
    Actions,
    /// Compare or merge files.
    Files,
}

impl Refusal {
    /// The exit code: Unimplemented, and NotFound for an action.
    pub fn code(&self) -> u8 {
        if matches!(self, Refusal::Action(_)) { 5 } else { 12 }
    }

    /// What a flag asks for, if it is one of these. `of` gives the value of another flag.
    pub fn of_flag(name: &str, value: &str, of: impl Fn(&str) -> String) -> Option<Refusal> {
        let kind = |joined: &str| joined.split(':').next().unwrap_or_default().to_owned();
        Some(match name {
            "grant-entitlement" | "revoke-grant" => Refusal::Provision(kind(value)),
            "create-account-email"
            | "create-account-login"
            | "create-account-profile"
            | "create-account-resource-type" => Refusal::CreateAccount,
            "delete-resource" => Refusal::Delete(of("delete-resource-type")),
            "rotate-credentials" => Refusal::Rotate(of("rotate-credentials-type")),
            "create-ticket" | "bulk-create-ticket" | "get-ticket" | "list-ticket-schemas" => Refusal::Tickets,
            "event-feed" => Refusal::Events,
            "invoke-action" | "invoke-resource-action" => Refusal::Action(value.to_owned()),
            "list-action-schemas" | "list-resource-actions" => Refusal::Actions,
            "compact-syncs" => Refusal::Files,
            _ => return None,
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let task = |out: &mut fmt::Formatter<'_>, text: fmt::Arguments<'_>| {
            write!(out, "runner: error processing task: rpc error: code = Unimplemented desc = {text}")
        };
        match self {
            Refusal::Provision(kind) => {
                task(out, format_args!("resource type {kind} does not have provisioner configured"))
            }
            Refusal::CreateAccount => {
                task(out, format_args!("connector does not have account manager configured"))
            }
            Refusal::Delete(kind) => {
                task(out, format_args!("resource type {kind} does not have resource Delete() configured"))
            }
            Refusal::Rotate(kind) => {
                task(out, format_args!("resource type {kind} does not have credential manager configured"))
            }
            Refusal::Tickets => task(out, format_args!("ticket manager not implemented")),
            Refusal::Events => task(out, format_args!("the connector has no event feed")),
            Refusal::Actions => task(out, format_args!("the connector has no actions")),
            Refusal::Action(name) => write!(
                out,
                "runner: error processing task: rpc error: code = NotFound desc = action {name} not found"
            ),
            Refusal::Files => out.write_str(
                "this program does not compare or merge files; use the official tools for it (baton diff)",
            ),
        }
    }
}
