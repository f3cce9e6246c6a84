//! Whether the component's reader and the independent one say the same of a reply's body.

use baton_planetscale_api::{
    Membership, Organization, Page, Result, Team, TeamMembership, What, members, organizations, team_members,
    teams, teams_with_databases, teams_with_members,
};

use crate::oracle::{
    Form, MEMBERS, ORGANIZATIONS, TEAM_MEMBERS, TEAMS, TEAMS_WITH_DATABASES, TEAMS_WITH_MEMBERS, Unread,
    Value, parse,
};

/// What was read, in the order of the table.
type Texts = Vec<Option<String>>;

/// A body as a page of organizations.
pub fn on_organizations(body: &[u8]) {
    on(body, &ORGANIZATIONS, organizations(body), |found: &Organization, into| {
        into.extend([text(&found.id), text(&found.name), found.plan.clone()]);
        into.extend([found.sso, found.sso_directory, Some(found.idp_managed_roles)].map(flag));
        into.push(found.created_at.clone());
    });
}

/// A body as a page of an organization's members.
pub fn on_members(body: &[u8]) {
    on(body, &MEMBERS, members(body), |found: &Membership, into| {
        let user = &found.user;
        into.extend([text(&user.id), user.email.clone(), user.display_name.clone(), user.name.clone()]);
        into.extend([user.avatar_url.clone(), user.created_at.clone()]);
        into.extend([Some(user.two_factor_auth_configured), user.email_verified].map(flag));
        into.extend([user.sso, user.managed, user.directory_managed].map(flag));
        into.push(user.default_organization.as_ref().and_then(|found| found.name.clone()));
        into.push(text(&found.role));
    });
}

/// A body as a page of teams.
pub fn on_teams(body: &[u8]) {
    let team = |found: &Team, into: &mut Texts| {
        into.extend([text(&found.id), text(&found.slug), found.display_name.clone(), found.name.clone()]);
        into.extend([found.description.clone(), flag(Some(found.managed)), found.created_at.clone()]);
        if let Some(members) = &found.members {
            into.push(text(&members.len().to_string()));
            into.extend(members.iter().map(|member| text(&member.id)));
        }
        if let Some(reached) = &found.databases {
            for databases in [&reached.databases, &reached.analyst_databases] {
                into.push(text(&databases.len().to_string()));
                into.extend(databases.iter().flat_map(|found| [text(&found.id), text(&found.name)]));
            }
        }
    };
    on(body, &TEAMS, teams(body), team);
    on(body, &TEAMS_WITH_MEMBERS, teams_with_members(body), team);
    on(body, &TEAMS_WITH_DATABASES, teams_with_databases(body), team);
}

/// A body as a page of a team's members.
pub fn on_team_members(body: &[u8]) {
    on(body, &TEAM_MEMBERS, team_members(body), |found: &TeamMembership, into| {
        into.push(text(&found.user.id));
    });
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn flag(flag: Option<bool>) -> Option<String> {
    flag.map(|flag| flag.to_string())
}

fn on<T>(body: &[u8], form: &Form, read: Result<Page<T>>, texts: impl Fn(&T, &mut Texts)) {
    match (read, parse(body)) {
        (_, Err(Unread::Beyond)) | (Err(_), Err(Unread::Broken)) => {}
        (Ok(_), Err(Unread::Broken)) => panic!("not JSON, and taken"),
        (Ok(page), Ok(value)) => {
            assert!(value.is(form), "a page that is none, and taken");
            let mut found = vec![text(&page.data.len().to_string())];
            page.data.iter().for_each(|record| texts(record, &mut found));
            found.extend([text(&page.current_page.to_string()), text(&page.per_page.to_string())]);
            let further = [page.next_page, page.total_count, page.total_pages];
            found.extend(further.map(|number| number.map(|number| number.to_string())));
            let mut expected = Vec::new();
            value.texts(form, &mut expected);
            assert_eq!(found, expected, "a page with other values");
        }
        (Err(fault), Ok(value)) => {
            assert!(!value.is(form), "a page, and refused: {fault:?}");
            let path = &fault.path;
            let is_there = match fault.what {
                What::Kind { found, .. } => value.is_wrong_at(form, path, found),
                What::Large => value.is_wrong_at(form, path, "a number"),
                What::Missing => value.times(form, path) == Some(0),
                What::Twice => value.times(form, path).is_some_and(|times| times > 1),
                What::Utf8(_) | What::Syntax(_) | What::Cut | What::Longer | What::Deep => false,
            };
            assert!(is_there, "a fault that is not there: {fault:?}");
        }
    }
}

/// The same document, written otherwise: without blanks, and with the fewest escapes.
pub fn written(value: &Value) -> String {
    let joined = |items: Vec<String>| items.join(",");
    match value {
        Value::Null => "null".to_owned(),
        Value::Flag(on) => on.to_string(),
        Value::Number(text) => text.clone(),
        Value::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        Value::List(items) => format!("[{}]", joined(items.iter().map(written).collect())),
        Value::Object(fields) => {
            let field = |(name, value): &(String, Value)| {
                format!("{}:{}", serde_json::Value::from(name.as_str()), written(value))
            };
            format!("{{{}}}", joined(fields.iter().map(field).collect()))
        }
    }
}
