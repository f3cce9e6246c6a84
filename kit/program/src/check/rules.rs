//! The rules, in the order in which they are told.

/// Each by a short name that does not change, and as a sentence.
pub const RULES: [(&str, &str); 24] = [
    (
        "loads",
        "it is a component of the contract's world and version, and imports nothing that no connector is given",
    ),
    ("metadata", "what a catalog shows is well formed, and what it wants to reach and send has reasons"),
    ("metadata-same", "two instances give the same metadata"),
    ("fields", "its fields are well formed, and none has a reserved name"),
    ("fields-same", "two instances give the same fields"),
    ("types", "its resource types are well formed, without any config"),
    ("types-same", "two instances give the same resource types"),
    ("validate", "the config and the access are good"),
    ("sync", "a whole sync breaks no rule of the contract's records and lists"),
    ("expansion", "what a grant expands over are listed entitlements of its principal"),
    ("asked-twice", "a list that is asked for twice gives the same records"),
    ("two-instances", "two instances give the same records"),
    ("foreign-token", "a page token of another list is refused, as `internal`"),
    ("altered-token", "a page token that was altered is refused, as `internal`"),
    ("status-401", "401 becomes `credentials`"),
    ("status-403", "403 becomes `access`"),
    ("status-404", "404 becomes `access`, or `gone` where it is about a resource"),
    ("status-429-told", "429 with Retry-After becomes `wait`, with that time"),
    ("status-429", "429 without it becomes `wait`"),
    ("status-500", "500 becomes `again`, or `wait`"),
    ("web-page", "a web page in place of a reply becomes `reply`"),
    ("cut", "a reply that breaks off becomes `again`"),
    ("slow", "no reply in time becomes `again`"),
    ("echo", "a secret that the vendor repeats is in no answer and in no error"),
];

/// What is measured, in the same way.
pub const MEASURES: [(&str, &str); 2] = [
    ("time", "no call takes longer than it should"),
    ("memory", "no instance takes more memory than it should"),
];
