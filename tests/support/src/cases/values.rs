//! Faults of single values in a reply: of what it says of its list, and of each field of a record.
//!
//! What says who has access has no default: whatever else stands there ends the sync. What only describes may be left
//! out, and may not be something else.

use baton_planetscale_demo::{Endpoint, FaultKind, PagePlace};

use super::expect::{Expect, is_list_with_counts};
use super::kind::{
    CHANGED, Kind, NO_ACCESS, REPLY, Rule, always, fails, rereading, same, unless_it_is_the_end,
};

/// All of them.
pub fn all() -> Vec<Kind> {
    let mut all = envelopes();
    all.extend(fields());
    all.extend(databases());
    all
}

const NO_NUMBERS: [&str; 9] =
    ["\"1\"", "-1", "1.5", "1e400", "99999999999999999999999999", "{}", "[1]", "true", "nul"];

fn envelopes() -> Vec<Kind> {
    let set = |pointer: &str, json: &str| FaultKind::Set { pointer: pointer.into(), json: json.into() };
    let mut all = Vec::new();
    for pointer in ["/current_page", "/per_page", "/next_page", "/total_count", "/total_pages"] {
        for json in NO_NUMBERS {
            let counted = pointer.starts_with("/total");
            all.push(Kind {
                // Organizations have no counts, and nothing says that theirs must be numbers.
                at: Endpoint::LISTS.into_iter().filter(|e| !counted || is_list_with_counts(*e)).collect(),
                ..same(format!("{pointer} as {json}"), set(pointer, json), fails(REPLY))
            });
        }
    }
    for pointer in ["/current_page", "/per_page", "/data"] {
        all.push(same(format!("{pointer} as null"), set(pointer, "null"), fails(REPLY)));
    }
    for pointer in ["/current_page", "/per_page", "/next_page", "/data"] {
        all.push(same(format!("no {pointer}"), FaultKind::Remove { pointer: pointer.into() }, fails(REPLY)));
        let fault = FaultKind::Twice { pointer: pointer.into(), json: "1".into() };
        all.push(same(format!("{pointer} twice"), fault, fails(REPLY)));
    }
    // Without counts a list is read page after page; a page that tells them after one that did not is another list.
    for pointer in ["/total_count", "/total_pages"] {
        for (name, fault) in [
            (format!("no {pointer}"), FaultKind::Remove { pointer: pointer.into() }),
            (format!("{pointer} as null"), set(pointer, "null")),
        ] {
            all.push(same(name, fault, Expect::EqualOr(vec![CHANGED, REPLY])));
        }
    }
    for json in ["{}", "\"data\"", "[null]", "[5]", "[[]]", "[{}]", "[{},{}]"] {
        all.push(same(format!("the list as {json}"), set("/data", json), fails(REPLY)));
    }
    let empty = set("/data", "[]");
    all.push(Kind { always: unless_it_is_the_end(), ..rereading("an empty list", empty) });
    for (endpoint, counts) in
        [(Endpoint::Organizations, ""), (Endpoint::Members, r#","total_count":0,"total_pages":0"#)]
    {
        let text = format!(r#"{{"current_page":1,"per_page":2,"next_page":null{counts},"data":[]}}"#);
        let first = || -> Rule { Box::new(|_, place| (place == PagePlace::First).then(|| fails(NO_ACCESS))) };
        all.push(Kind {
            at: vec![endpoint],
            once: first(),
            always: first(),
            ..same("a whole list of nobody", FaultKind::Body { text }, Expect::Equal)
        });
    }
    all.push(same("another page's number", set("/current_page", "7"), fails(REPLY)));
    all.push(same("something after the end", FaultKind::Body { text: "{} {}".into() }, fails(REPLY)));
    let extra = FaultKind::Set { pointer: "/extra".into(), json: "{\"a\":[1,\"\\u0000\",null]}".into() };
    all.push(same("an unknown field", extra, Expect::Equal));
    all
}

/// Fields that say who has access, by endpoint, and those that only describe.
const ACCESS: [(Endpoint, &[&str]); 4] = [
    (Endpoint::Organizations, &["/data/0/id", "/data/0/name", "/data/0/idp_managed_roles"]),
    (
        Endpoint::Members,
        &["/data/0/role", "/data/-/user", "/data/0/user/id", "/data/-/user/two_factor_auth_configured"],
    ),
    (Endpoint::Teams, &["/data/0/id", "/data/-/slug", "/data/0/managed"]),
    (Endpoint::TeamMembers, &["/data/0/user", "/data/-/user/id"]),
];

const DESCRIPTIONS: [(Endpoint, &[&str]); 3] = [
    (
        Endpoint::Organizations,
        &["/data/0/plan", "/data/0/created_at", "/data/-/sso", "/data/0/sso_directory"],
    ),
    (
        Endpoint::Members,
        &[
            "/data/0/user/display_name",
            "/data/-/user/email",
            "/data/-/user/name",
            "/data/0/user/avatar_url",
            "/data/-/user/created_at",
            "/data/0/user/email_verified",
            "/data/0/user/sso",
            "/data/-/user/managed",
            "/data/0/user/directory_managed",
            "/data/0/user/default_organization/name",
        ],
    ),
    (Endpoint::Teams, &["/data/0/display_name", "/data/0/name", "/data/-/description", "/data/0/created_at"]),
];

fn fields() -> Vec<Kind> {
    let set = |pointer: &str, json: &str| FaultKind::Set { pointer: pointer.into(), json: json.into() };
    let mut all = Vec::new();
    let at = |endpoint: Endpoint, kind: Kind| Kind { at: vec![endpoint], ..kind };
    for (endpoint, pointers) in ACCESS {
        for pointer in pointers {
            for json in ["null", "17", "[]", "{", "1e999"] {
                all.push(at(
                    endpoint,
                    same(format!("{pointer} as {json}"), set(pointer, json), fails(REPLY)),
                ));
            }
            let removed = FaultKind::Remove { pointer: (*pointer).into() };
            all.push(at(endpoint, same(format!("no {pointer}"), removed, fails(REPLY))));
            let twice = FaultKind::Twice { pointer: (*pointer).into(), json: "\"other\"".into() };
            all.push(at(endpoint, same(format!("{pointer} twice"), twice, fails(REPLY))));
            let bytes = FaultKind::InvalidUtf8 { pointer: (*pointer).into() };
            all.push(at(endpoint, same(format!("{pointer} as no UTF-8"), bytes, fails(REPLY))));
        }
    }
    for (endpoint, pointers) in DESCRIPTIONS {
        for pointer in pointers {
            let null = set(pointer, "null");
            all.push(at(endpoint, same(format!("{pointer} as null"), null, Expect::SameAccess)));
            let removed = FaultKind::Remove { pointer: (*pointer).into() };
            all.push(at(endpoint, same(format!("no {pointer}"), removed, Expect::SameAccess)));
            for json in ["17", "{}", "[\"a\"]"] {
                all.push(at(
                    endpoint,
                    same(format!("{pointer} as {json}"), set(pointer, json), fails(REPLY)),
                ));
            }
            let bytes = FaultKind::InvalidUtf8 { pointer: (*pointer).into() };
            all.push(at(endpoint, same(format!("{pointer} as no UTF-8"), bytes, fails(REPLY))));
        }
    }
    // An id has to be one: not empty, not too long for a file, without control characters.
    let long = format!("\"{}\"", "x".repeat(2_000));
    for (endpoint, pointer) in [
        (Endpoint::Organizations, "/data/0/id"),
        (Endpoint::Members, "/data/0/user/id"),
        (Endpoint::Teams, "/data/0/id"),
        (Endpoint::TeamMembers, "/data/0/user/id"),
    ] {
        for json in ["\"\"", "\"a\\u0000b\"", "\"a\\nb\"", &long] {
            let short: String = json.chars().take(12).collect();
            let mut kind = same(format!("{pointer} as {short}"), set(pointer, json), fails(REPLY));
            // As with a name below: a list without counts is read again, and its first reading need not count.
            if !is_list_with_counts(endpoint) {
                kind.once = always(Expect::EqualOr(vec![REPLY]));
            }
            all.push(at(endpoint, kind));
        }
    }
    // A name that is part of an address must not lead elsewhere.
    for (endpoint, pointer) in [(Endpoint::Organizations, "/data/0/name"), (Endpoint::Teams, "/data/0/slug")]
    {
        for json in ["\"\"", "\".\"", "\"..\""] {
            let mut kind = same(format!("{pointer} as {json}"), set(pointer, json), fails(REPLY));
            // A list without counts is read until two readings agree, so that one that was wrong once need not count.
            if !is_list_with_counts(endpoint) {
                kind.once = always(Expect::EqualOr(vec![REPLY]));
            }
            all.push(at(endpoint, kind));
        }
    }
    all
}

/// What the list of teams says of databases. Nobody looks at it unless they are read.
fn databases() -> Vec<Kind> {
    let of = |name: String, fault: FaultKind, expect: Expect| Kind {
        at: vec![Endpoint::Teams],
        ..same(name, fault, Expect::OfDatabases(Box::new(expect)))
    };
    let set = |pointer: &str, json: &str| FaultKind::Set { pointer: pointer.into(), json: json.into() };
    let mut all = Vec::new();
    for pointer in [
        "/data/0/databases",
        "/data/-/analyst_databases",
        "/data/0/databases/0",
        "/data/-/databases/-/id",
        "/data/0/databases/0/name",
        "/data/0/analyst_databases/0/id",
    ] {
        for json in ["null", "17", "[[]]", "{}", "[{}]"] {
            all.push(of(format!("{pointer} as {json}"), set(pointer, json), fails(REPLY)));
        }
        let bytes = FaultKind::InvalidUtf8 { pointer: pointer.into() };
        // What is no text is that to whoever reads the list.
        all.push(Kind {
            at: vec![Endpoint::Teams],
            ..same(format!("{pointer} as no UTF-8"), bytes, fails(REPLY))
        });
        // An item may be there twice, or not at all.
        if !pointer.ends_with('0') {
            let twice = FaultKind::Twice { pointer: pointer.into(), json: "[]".into() };
            all.push(of(format!("{pointer} twice"), twice, fails(REPLY)));
            let removed = FaultKind::Remove { pointer: pointer.into() };
            all.push(of(format!("no {pointer}"), removed, fails(REPLY)));
        }
    }
    for json in ["\"\"", "\"a\\nb\""] {
        let pointer = "/data/0/databases/0/id";
        all.push(of(format!("{pointer} as {json}"), set(pointer, json), fails(REPLY)));
    }
    // The others name it otherwise: it was renamed meanwhile, or it is no reply that can be.
    let renamed = set("/data/0/databases/0/name", "\"another\"");
    let kind = of("a database of two names".into(), renamed, fails(CHANGED));
    // Where one team alone names it, that is its name.
    let once = Expect::OfDatabases(Box::new(Expect::SameAccess));
    all.push(Kind { once: always(once), ..kind });
    all
}
