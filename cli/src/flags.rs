//! The flags that every Baton connector has, as data.
//!
//! Customers start connectors from one template, so all of them are known here: those that mean something to a
//! connector that reads are obeyed, those that ask for more are refused in a sentence (`refusal.rs`), and the
//! rest (tuning of parts that this program does not have) are accepted and change nothing.

/// What a flag's value looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Texts, by repetition or commas.
    List,
    /// `--flag`, `--flag=true`, `--flag=false`.
    Bool,
    /// A whole number within bounds, both included.
    Int(i64, i64),
}

/// A flag.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its name, also the key in the config file, and with `BATON_` before it, in upper case, the variable.
    pub name: &'static str,
    /// Its one letter.
    pub short: Option<char>,
    /// What a value looks like.
    pub kind: Kind,
    /// What counts when nothing is given.
    pub default: &'static str,
    /// Whether the help leaves it out.
    pub hidden: bool,
    /// What it does.
    pub help: &'static str,
}

const fn flag(name: &'static str, kind: Kind, default: &'static str, help: &'static str) -> Flag {
    Flag { name, short: None, kind, default, hidden: false, help }
}

const fn letter(letter: char, flag: Flag) -> Flag {
    Flag { short: Some(letter), ..flag }
}

const fn hidden(name: &'static str, kind: Kind, default: &'static str) -> Flag {
    Flag { name, short: None, kind, default, hidden: true, help: "" }
}

use Kind::{Bool, Int, List, Text};

const ANY: Kind = Int(i64::MIN, i64::MAX);

/// All of them, in the order of the help.
#[rustfmt::skip]
pub const FLAGS: &[Flag] = &[
    letter('f', flag("file", Text, "sync.c1z", "The file to write: .c1z for the baton tools, .jsonl for one JSON object a line")),
    flag("sync-resource-types", List, "", "Read only these resource types, separated by commas"),
    flag("sync-resources", List, "", "Read only these resources and what lies within them, by their Baton ids (bid:r:type/id), separated by commas"),
    flag("skip-entitlements-and-grants", Bool, "false", "Read resources only"),
    flag("workers", Int(-1, i64::MAX), "0", "Pages read at the same time, at most 64; -1: as many as there are processors, up to 4; 0: four, which use up 600 requests a minute as long as a reply takes no more than 0.4 s, so that more help only with a slower API"),
    flag("requests-per-minute", Int(0, 1_000_000), "0", "Send at most so many requests; 0: what the connector says its vendor allows"),
    flag("allow-origin", List, "", "Let the connector read from this origin too, one that it declares, for example https://files.example.com; repeatable"),
    flag("allow-write", List, "", "Let the connector send this request, one that it declares, for example 'POST https://auth.example.com/oauth/token'; repeatable. It may change something there"),
    flag("http-timeout-seconds", Int(1, 1800), "300", "Give up on one HTTP request after so many seconds, 1 to 1800"),
    flag("resume-within", Int(0, 168), "24", "Go on with what a stopped run left if it read its first page within so many hours, 0 to 168, and its last one within an hour"),
    flag("storage-engine", Text, "", "How a .c1z is stored; this program writes sqlite"),
    flag("review", Text, "", "Make a review of the finished file in this folder, which is not there yet or empty (see the command review)"),
    flag("component", Text, "", "Run this WebAssembly component instead of the one built in"),
    flag("log-level", Text, "info", "debug, info, warn or error"),
    flag("log-format", Text, "", "json or console; without it console when stdout is a terminal, json otherwise"),
    flag("log-path", List, "", "Write logs to these files instead of stderr"),
    flag("log-level-debug-expires-at", Text, "", "Until this moment (RFC 3339) debug means debug, after it info"),
    flag("client-id", Text, "", "Work for C1 as a service, with this client id"),
    flag("client-secret", Text, "", "The secret of the client id"),
    hidden("client-id-file", Text, ""),
    flag("client-secret-file", Text, "", "Take the secret of the client id from this file"),
    flag("skip-full-sync", Bool, "false", "Of service mode; a one-shot run syncs all the same"),
    flag("parallel-sync", Bool, "false", "Deprecated: the same as --workers -1"),
    flag("task-concurrency", Int(1, 100), "3", "Tasks at the same time in service mode, 1 to 100"),
    flag("health-check", Bool, "false", "Of service mode: answer health checks, and tell metrics at /metrics"),
    flag("health-check-port", Int(0, 65_535), "8081", "Of service mode: the port for health checks and metrics"),
    flag("otel-collector-endpoint", Text, "", "Accepted, without effect: no traces or logs are sent anywhere"),
    flag("keep-previous-sync-c1z", Bool, "false", "Accepted, without effect"),
    flag("external-resource-c1z", Text, "", "Accepted, without effect: no grant of this connector is to outside principals"),
    flag("external-resource-entitlement-id-filter", Text, "", "Accepted, without effect"),
    flag("external-resource-traits", List, "", "Accepted, without effect"),
    letter('p', flag("provisioning", Bool, "false", "Accepted, without effect: this connector only reads")),
    flag("ticketing", Bool, "false", "Accepted, without effect: this connector only reads"),
    flag("auth-method", Text, "", "Accepted, without effect: this connector has one set of fields"),
    hidden("c1z-temp-dir", Text, ""),
    hidden("skip-grants", Bool, "false"),
    hidden("health-check-bind-address", Text, "127.0.0.1"),
    hidden("session-store-maximum-size", ANY, "15728640"),
    hidden("otel-collector-endpoint-tls-cert-path", Text, ""),
    hidden("otel-collector-endpoint-tls-cert", Text, ""),
    hidden("otel-collector-endpoint-tls-insecure", Bool, "false"),
    hidden("otel-tracing-disabled", Bool, "false"),
    hidden("otel-logging-disabled", Bool, "false"),
    hidden("grant-entitlement", Text, ""),
    hidden("grant-principal", Text, ""),
    hidden("grant-principal-type", Text, ""),
    hidden("revoke-grant", Text, ""),
    hidden("create-account-email", Text, ""),
    hidden("create-account-login", Text, ""),
    hidden("create-account-profile", Text, ""),
    hidden("create-account-resource-type", Text, ""),
    hidden("delete-resource", Text, ""),
    hidden("delete-resource-type", Text, ""),
    hidden("rotate-credentials", Text, ""),
    hidden("rotate-credentials-type", Text, ""),
    hidden("create-ticket", Bool, "false"),
    hidden("bulk-create-ticket", Bool, "false"),
    hidden("bulk-ticket-template-path", Text, ""),
    hidden("get-ticket", Bool, "false"),
    hidden("ticket-id", Text, ""),
    hidden("ticket-template-path", Text, ""),
    hidden("list-ticket-schemas", Bool, "false"),
    hidden("event-feed", Bool, "false"),
    hidden("event-feed-id", Text, ""),
    hidden("event-feed-start-at", Text, ""),
    hidden("event-feed-cursor", Text, ""),
    hidden("invoke-action", Text, ""),
    hidden("invoke-action-args", Text, "{}"),
    hidden("invoke-action-resource-type", Text, ""),
    hidden("list-action-schemas", Bool, "false"),
    hidden("list-action-schemas-resource-type", Text, ""),
    hidden("list-resource-actions", Text, ""),
    hidden("invoke-resource-action", Text, ""),
    hidden("invoke-resource-action-resource-type", Text, ""),
    hidden("invoke-resource-action-args", Text, "{}"),
    hidden("compact-syncs", Bool, "false"),
    hidden("compact-output-path", Text, ""),
    hidden("compact-file-paths", List, ""),
    hidden("compact-sync-ids", List, ""),
];

/// Flags that Go connectors had once. They are unknown there now, and here; no field may have their names all the same.
pub const GONE: &[&str] = &["diff-syncs", "base-sync-id", "applied-sync-id"];

/// Flags of which all are given or none.
pub const TOGETHER: &[&[&str]] = &[
    &["client-id", "client-secret"],
    &["grant-entitlement", "grant-principal"],
    &["compact-syncs", "compact-output-path", "compact-file-paths", "compact-sync-ids"],
];
