//! The API's replies: what each has to hold, and what nobody looks at.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::fmt::Debug;

use baton_planetscale_api::{
    Page, Result, What, identity, members, organizations, team_members, teams, teams_with_databases,
    teams_with_members,
};

const USER: &str = r#"{"id":"u1","email":"a@b.c","two_factor_auth_configured":true,"display_name":"A","name":null,
    "avatar_url":"x","created_at":"t","email_verified":false,"sso":null,"managed":true,"directory_managed":false,
    "default_organization":{"id":"o1","name":"acme"},"new_field":{"deep":[1,2]}}"#;

/// A page with one record.
fn page(record: &str) -> String {
    format!(
        r#"{{"type":"list","current_page":1,"per_page":100,"next_page":null,"total_count":1,"total_pages":1,
            "next_page_url":null,"data":[{record}]}}"#
    )
}

fn organization() -> String {
    page(
        r#"{"id":"o1","name":"acme","plan":"p","sso":true,"sso_directory":null,"idp_managed_roles":false,
        "created_at":"t","features":{"a":{}}}"#,
    )
}

fn member() -> String {
    page(&format!(r#"{{"id":"m1","user":{USER},"role":"analyst"}}"#))
}

fn team() -> String {
    page(&format!(
        r#"{{"id":"t1","slug":"s","display_name":"D","name":"N","description":null,"managed":true,"created_at":"t",
        "creator":{{"id":"u9"}},"members":[{USER},{{"id":"u2"}}],"databases":[{{"id":"d1","name":"orders","url":"x"}}],
        "analyst_databases":[]}}"#
    ))
}

fn team_member() -> String {
    page(&format!(
        r#"{{"id":"x1","user":{USER},"actor":{{"id":"u9"}},"passwords":[{{"username":"secret"}}]}}"#
    ))
}

fn what<T: Debug>(read: fn(&[u8]) -> Result<T>, body: &str) -> (What, String) {
    let fault = read(body.as_bytes()).expect_err(body);
    (fault.what, fault.path)
}

/// Every field that access hangs on is named when it is not there, is null, or is a number or a list.
fn needs<T: Debug>(read: fn(&[u8]) -> Result<Page<T>>, body: &str, fields: &[(&str, &str, &str)]) {
    assert!(read(body.as_bytes()).is_ok(), "{body}");
    for (name, value, path) in fields {
        let there = format!(r#""{name}":{value}"#);
        assert!(body.contains(&there), "{there} in {body}");
        let with = |other: &str| body.replacen(&there, other, 1);
        assert_eq!(what(read, &with(r#""other":0"#)), (What::Missing, (*path).to_owned()), "no {name}");
        for other in ["null", "-7", "[]", "{}"] {
            // What may be there.
            if other == *value || (other == "null" && *name == "next_page") {
                continue;
            }
            let (what, found) = what(read, &with(&format!(r#""{name}":{other}"#)));
            assert!(matches!(what, What::Kind { .. } | What::Missing), "{name} as {other}: {what:?}");
            assert!(found.starts_with(path), "{name} as {other}: {found}");
        }
        let twice = with(&format!(r#"{there},"{name}":{value}"#));
        assert_eq!(what(read, &twice), (What::Twice, (*path).to_owned()), "{name} twice");
    }
}

const ENVELOPE: [(&str, &str, &str); 3] = [
    ("current_page", "1", "current_page"),
    ("per_page", "100", "per_page"),
    ("next_page", "null", "next_page"),
];

#[test]
fn what_access_hangs_on_has_no_default() {
    needs(organizations, &organization(), &ENVELOPE);
    needs(
        organizations,
        &organization(),
        &[
            ("id", "\"o1\"", "data[0].id"),
            ("name", "\"acme\"", "data[0].name"),
            ("idp_managed_roles", "false", "data[0].idp_managed_roles"),
        ],
    );
    needs(
        members,
        &member(),
        &[
            ("id", "\"u1\"", "data[0].user.id"),
            ("two_factor_auth_configured", "true", "data[0].user.two_factor_auth_configured"),
            ("role", "\"analyst\"", "data[0].role"),
        ],
    );
    needs(
        teams,
        &team(),
        &[
            ("id", "\"t1\"", "data[0].id"),
            ("slug", "\"s\"", "data[0].slug"),
            ("managed", "true", "data[0].managed"),
        ],
    );
    needs(teams_with_members, &team(), &[("id", "\"u2\"", "data[0].members[1].id")]);
    needs(
        teams_with_databases,
        &team(),
        &[
            ("id", "\"d1\"", "data[0].databases[0].id"),
            ("name", "\"orders\"", "data[0].databases[0].name"),
            ("analyst_databases", "[]", "data[0].analyst_databases"),
        ],
    );
    needs(team_members, &team_member(), &[("id", "\"u1\"", "data[0].user.id")]);
}

#[test]
fn what_only_describes_may_be_absent_and_not_something_else() {
    let bare = r#"{"id":"u1","two_factor_auth_configured":true}"#;
    let read = members(page(&format!(r#"{{"user":{bare},"role":""}}"#)).as_bytes()).expect("a page");
    let user = &read.data[0].user;
    assert_eq!((user.email.as_deref(), user.name.as_deref(), user.sso), (None, None, None));
    assert!(user.default_organization.is_none());
    let found = members(member().as_bytes()).expect("a page").data.remove(0).user;
    assert_eq!((found.display_name.as_deref(), found.sso, found.managed), (Some("A"), None, Some(true)));
    assert_eq!(found.default_organization.and_then(|found| found.name).as_deref(), Some("acme"));
    for (from, to, path) in [
        (r#""email":"a@b.c""#, r#""email":1"#, "data[0].user.email"),
        (r#""name":null"#, r#""name":1"#, "data[0].user.name"),
        (r#""sso":null"#, r#""sso":"yes""#, "data[0].user.sso"),
        (r#"{"id":"o1","name":"acme"}"#, r#"["acme"]"#, "data[0].user.default_organization"),
    ] {
        let (what, found) = what(members, &member().replacen(from, to, 1));
        assert!(matches!(what, What::Kind { .. }), "{to}: {what:?}");
        assert_eq!(found, path);
    }
}

#[test]
fn no_record_is_read_from_a_list_by_position() {
    let user = r#"["u1","a@b.c",null,null,null,null,true,null,null,null,null,null]"#;
    let list = |(what, path)| {
        assert_eq!(what, What::Kind { expected: "an object", found: "a list" }, "{path}");
        path
    };
    let organization = page(r#"["o1","acme",null,null,null,false,null]"#);
    assert_eq!(list(what(organizations, &organization)), "data[0]");
    assert_eq!(list(what(members, &page(&format!(r#"[{user},"admin"]"#)))), "data[0]");
    assert_eq!(list(what(members, &page(&format!(r#"{{"user":{user},"role":"admin"}}"#)))), "data[0].user");
    assert_eq!(list(what(teams, &page(r#"["t1","s",null,null,null,true,null]"#))), "data[0]");
    assert_eq!(list(what(team_members, &page(r#"[["u1"]]"#))), "data[0]");
    assert_eq!(list(what(team_members, &page(r#"{"user":["u1"]}"#))), "data[0].user");
    let inside = team().replace(r#"{"id":"u2"}"#, r#"["u2"]"#);
    assert_eq!(list(what(teams_with_members, &inside)), "data[0].members[1]");
    assert_eq!(list(what(organizations, "[[],1,100,null,null,null]")), "");
    assert_eq!(list(what(identity, r#"["t1"]"#)), "");
}

#[test]
fn members_inside_teams_are_looked_at_only_when_asked_for() {
    let whole = teams_with_members(team().as_bytes()).expect("a page");
    let ids = |page: &Page<baton_planetscale_api::Team>| {
        let inside = page.data[0].members.as_ref()?;
        Some(inside.iter().map(|member| member.id.clone()).collect::<Vec<_>>())
    };
    assert_eq!(ids(&whole), Some(vec!["u1".to_owned(), "u2".to_owned()]));
    for other in ["null", "[null]", "[[]]", "{}", "7", r#"[{"id":1}]"#, r#"[{"id":"u2"}],"members":[]"#] {
        let body = team().replace(&format!(r#"[{USER},{{"id":"u2"}}]"#), other);
        assert_ne!(body, team());
        let page = teams(body.as_bytes()).expect("a page without members");
        assert_eq!((page.data.len(), ids(&page)), (1, None), "{other}");
        let (_, path) = what(teams_with_members, &body);
        assert!(path.starts_with("data[0].members"), "{other}: {path}");
    }
    let without = page(r#"{"id":"t1","slug":"s","managed":true}"#);
    assert_eq!(what(teams_with_members, &without), (What::Missing, "data[0].members".to_owned()));
}

#[test]
fn databases_of_teams_are_looked_at_only_when_asked_for() {
    let page = teams_with_databases(team().as_bytes()).expect("a page");
    let reached = page.data[0].databases.as_ref().expect("databases");
    assert_eq!((reached.databases.len(), reached.analyst_databases.len()), (1, 0));
    assert_eq!((&*reached.databases[0].id, &*reached.databases[0].name), ("d1", "orders"));
    for other in ["null", "{}", "7", "[null]", "[[]]", r#"[{"id":"d1"}]"#, r#"[{"id":1,"name":"a"}]"#] {
        let body = team().replace(r#"[{"id":"d1","name":"orders","url":"x"}]"#, other);
        assert_ne!(body, team());
        assert!(teams(body.as_bytes()).expect("a page").data[0].databases.is_none(), "{other}");
        assert!(teams_with_members(body.as_bytes()).is_ok(), "{other}");
        let (_, path) = what(teams_with_databases, &body);
        assert!(path.starts_with("data[0].databases"), "{other}: {path}");
    }
}

#[test]
fn credentials_of_members_never_become_a_value() {
    let read = |body: &str| format!("{:?}", team_members(body.as_bytes()).expect("a page"));
    let told = read(&team_member());
    assert!(!told.contains("secret"), "{told}");
    // Whatever they are: nobody looks.
    for other in ["null", "7", "{}", r#"[{"username":[]}],"passwords":{}"#, r#"["\ud800",-1e999]"#] {
        let body = team_member().replace(r#"[{"username":"secret"}]"#, other);
        assert_ne!(body, team_member());
        assert_eq!(read(&body), told, "{other}");
    }
}
