//! A reply of the API, read by the connector as a page of one of its lists.
//!
//! What is tried is text: the list and the page, the status, headers, then the body.
//!
//! ```text
//! members 1 200
//! retry-after: 3
//!
//! {"current_page":1, ...}
//! ```
//!
//! Whatever it holds, the component's reader takes the body for a page, or finds a fault in it, exactly if an independent
//! one does, and with the same values. The connector answers with an error that tells nothing of the token, or with a
//! page whose records are those of the reply, and whose tokens lead on in the same list.

use std::collections::{BTreeMap, BTreeSet};

use crate::agree;
use crate::bindings::syncer::{Error, Grant, ProfileEntry, ProfileValue, Resource, ResourceId};
use crate::config::Config;
use crate::error::Exchange;
use crate::http::{self, Response};
use crate::oracle::{self, Unread, Value};
use crate::page::Cursor;
use crate::page::Envelope;
use crate::text::without_controls;
use crate::{database, ids, organization, team, user};

/// The half of the token that must be nowhere.
const SECRET: &str = "a-secret-value";

/// A list of the connector.
#[derive(Clone, Copy, PartialEq)]
enum List {
    Organizations,
    Users,
    Teams,
    Members,
    TeamMembers,
    /// Of the list of teams.
    Databases,
}

/// What a page says, with every record as the texts that access hangs on.
#[derive(Debug, PartialEq)]
struct Told {
    records: Vec<Vec<String>>,
    next: Vec<String>,
    all: String,
}

/// Try it.
pub fn try_bytes(bytes: &[u8]) {
    let (list, second, reply) = read(bytes);
    let body = reply.body.as_deref().unwrap_or_default();
    match list {
        List::Organizations => agree::on_organizations(body),
        List::Users | List::Members => agree::on_members(body),
        List::Teams | List::Databases => agree::on_teams(body),
        List::TeamMembers => agree::on_team_members(body),
    }
    let databases = (list == List::Databases).then_some("true");
    let token = format!("an-id:{SECRET}");
    let url = "https://api.example.test/base";
    let Ok(config) = Config::parse(Some(&token), Some(url), None, databases) else { return };
    let token = second.then(|| second_page(list, &config)).flatten();
    http::answer(&reply);
    http::asked();
    match ask(list, &config, token.as_deref()) {
        Err(error) => has_nothing_to_hide(&error),
        Ok(told) => {
            if told.next.iter().any(|token| token.contains(".25.")) && reply.body.is_none() {
                assert!(told.records.is_empty(), "records of a reply that was not taken in");
                return;
            }
            assert_eq!(reply.status, 200);
            as_another_parser_finds(list, &config, token.as_deref(), &reply, body, &told);
            leads_on(list, &config, &told.next);
        }
    }
}

/// The same bytes through another parser give the same records; so do they written otherwise.
fn as_another_parser_finds(
    list: List,
    config: &Config,
    token: Option<&str>,
    reply: &Response,
    body: &[u8],
    told: &Told,
) {
    let value = match oracle::parse(body) {
        Ok(value) => value,
        // What that parser cannot hold may stand where nobody reads.
        Err(Unread::Beyond) => return,
        Err(Unread::Broken) => panic!("not JSON, and taken"),
    };
    let items = value.field("data").map(Value::items).unwrap_or_default();
    let mut expected: Option<Vec<Vec<String>>> = match list {
        List::Databases => databases(items),
        _ => items.iter().map(|item| facts(list, item)).collect(),
    };
    if let (Some(people), List::Users | List::Members | List::TeamMembers) = (&mut expected, list) {
        // Somebody who is there twice is one person.
        let mut seen = BTreeSet::new();
        people.retain(|person| seen.insert(person.first().cloned()));
    }
    assert_eq!(Some(&told.records), expected.as_ref(), "records that the reply does not hold");
    http::answer(&Response { body: Some(agree::written(&value).into_bytes()), ..reply.clone() });
    match ask(list, config, token) {
        Ok(again) => assert_eq!(told, &again, "the same reply, written otherwise, is another page"),
        Err(error) => panic!("the same reply, written otherwise, is refused: {error:?}"),
    }
    http::answer(reply);
}

/// Every token is of its list, and leads to a page of its own.
fn leads_on(list: List, config: &Config, next: &[String]) {
    let mut pages = BTreeSet::new();
    // A thousand siblings are no other than four.
    for token in next.iter().take(4) {
        http::asked();
        if let Err(Error::Internal(failure)) = ask(list, config, Some(token)) {
            panic!("its own token is refused: {}", failure.message);
        }
        assert!(pages.insert(http::asked()), "two tokens for one page");
    }
}

fn has_nothing_to_hide(error: &Error) {
    let failure = match error {
        Error::Config(failure) => panic!("a reply is no config: {}", failure.message),
        Error::Wait(passing) | Error::Again(passing) => &passing.failure,
        Error::Reply(reply) => {
            assert!(!reply.path.contains(SECRET), "the token is in a path");
            &reply.failure
        }
        Error::Credentials(failure)
        | Error::Access(failure)
        | Error::Gone(failure)
        | Error::Changed(failure)
        | Error::Internal(failure) => failure,
    };
    let message = &failure.message;
    assert!(!message.contains(SECRET), "the token is in an error");
    assert!(!message.is_empty() && message.len() < 2_000, "no sentence: {message}");
    assert!(!message.contains(|c: char| c.is_control()), "more than a line: {message:?}");
}

fn ask(list: List, config: &Config, token: Option<&str>) -> Result<Told, Error> {
    let acme = resource("organization", &[("name", "acme"), ("organization_name", "acme")]);
    let platform = resource("team", &[("organization_name", "acme"), ("slug", "platform")]);
    let resources = |page: crate::bindings::syncer::ResourcePage| Told {
        all: format!("{:?}", page),
        records: page.items.iter().map(|item| of_resource(list, item)).collect(),
        next: page.next,
    };
    let grants = |page: crate::bindings::syncer::GrantPage| Told {
        all: format!("{:?}", page),
        records: page.items.iter().map(|item| of_grant(list, item)).collect(),
        next: page.next,
    };
    match list {
        List::Organizations => organization::list(config, token).map(resources),
        List::Users => user::list(config, &ids::parent(&acme)?, token).map(resources),
        List::Teams => team::list(config, &ids::parent(&acme)?, token).map(resources),
        List::Databases => database::list(config, &ids::parent(&acme)?, token).map(resources),
        List::Members => organization::grants(config, &acme, token).map(grants),
        List::TeamMembers => team::grants(config, &platform, token).map(grants),
    }
}

/// The token of the second page of three.
fn second_page(list: List, config: &Config) -> Option<String> {
    let first = Envelope {
        current_page: 1,
        per_page: 100,
        next_page: Some(2),
        total_count: Some(250),
        total_pages: Some(3),
    };
    let cursors = Cursor::default().next(&first, 100, &Exchange::default()).ok()?;
    // The name of the list is the list's own secret, so a page of it is asked for.
    let name = match list {
        List::Organizations => "organization",
        List::Users => "user/1",
        List::Teams => "team/1",
        List::Members => "grants/organization/1",
        List::TeamMembers => "grants/team/1",
        // It is read in one call.
        List::Databases => return None,
    };
    let token = cursors.first()?.write(name);
    http::answer(&Response { status: 500, ..Response::default() });
    assert!(!matches!(ask(list, config, Some(&token)), Err(Error::Internal(_))), "{name} has another name");
    Some(token)
}

fn read(bytes: &[u8]) -> (List, bool, Response) {
    let end = bytes.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.and_then(|end| bytes.split_at_checked(end)).unwrap_or((b"", bytes));
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let list = match words.next().unwrap_or_default() {
        "organizations" => List::Organizations,
        "users" => List::Users,
        "teams" => List::Teams,
        "team-members" => List::TeamMembers,
        "databases" => List::Databases,
        _ => List::Members,
    };
    let second = words.next() == Some("2");
    let status = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    let large = words.next() == Some("large");
    // Others do not get through HTTP.
    let fit = |value: &str| !value.contains(|c: char| c.is_control() && c != '\t');
    let headers = lines.filter_map(|line| line.split_once(": ")).filter(|(_, value)| fit(value));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let body = body.strip_prefix(b"\n\n").unwrap_or(body);
    (list, second, Response { status, headers, body: (!large).then(|| body.to_vec()) })
}

fn resource(kind: &str, profile: &[(&str, &str)]) -> Resource {
    Resource {
        id: ResourceId { resource_type: kind.into(), id: "1".into() },
        parent: None,
        display_name: "Name".into(),
        description: None,
        child_resource_types: Vec::new(),
        external_link: None,
        created_at: None,
        profile: profile
            .iter()
            .map(|(key, text)| ProfileEntry { key: (*key).into(), value: ProfileValue::Text((*text).into()) })
            .collect(),
        traits: Vec::new(),
    }
}

fn of_resource(list: List, item: &Resource) -> Vec<String> {
    let profile = |key: &str| match item.profile.iter().find(|entry| entry.key == key).map(|e| &e.value) {
        Some(ProfileValue::Text(text)) => text.clone(),
        Some(ProfileValue::Boolean(on)) => on.to_string(),
        Some(ProfileValue::TextList(texts)) => format!("{texts:?}"),
        _ => String::new(),
    };
    let keys: &[&str] = match list {
        List::Organizations => &["name", "idp_managed_roles"],
        List::Users => &["email", "two_factor_auth_configured"],
        List::Databases => &["name", "admin_team_ids", "analyst_team_ids"],
        _ => &["slug", "managed"],
    };
    std::iter::once(item.id.id.clone()).chain(keys.iter().map(|key| profile(key))).collect()
}

fn of_grant(list: List, item: &Grant) -> Vec<String> {
    let id = item.principal.id.clone();
    if list == List::Members { vec![id, item.entitlement.slug.clone()] } else { vec![id] }
}

/// The databases that a page of teams names, as another parser gives them, each with the teams that hold it.
fn databases(teams: &[Value]) -> Option<Vec<Vec<String>>> {
    let text = |value: &Value, key: &str| match value.field(key)? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    let mut all: BTreeMap<String, (String, [Vec<String>; 2])> = BTreeMap::new();
    for team in teams {
        let holder = text(team, "id")?;
        for (at, key) in ["databases", "analyst_databases"].into_iter().enumerate() {
            for database in team.field(key)?.items() {
                let (name, holders) = all.entry(text(database, "id")?).or_default();
                *name = without_controls(&text(database, "name")?);
                if !holders[at].contains(&holder) {
                    holders[at].push(holder.clone());
                }
            }
        }
    }
    let record = |(id, (name, [admins, analysts])): (String, (String, [Vec<String>; 2]))| {
        vec![id, name, format!("{admins:?}"), format!("{analysts:?}")]
    };
    Some(all.into_iter().map(record).collect())
}

/// The same of an item as another parser gives it. None: it has not what access hangs on.
fn facts(list: List, item: &Value) -> Option<Vec<String>> {
    let text = |value: &Value, key: &str| match value.field(key)? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    let on = |value: &Value, key: &str| match value.field(key)? {
        Value::Flag(on) => Some(on.to_string()),
        _ => None,
    };
    Some(match list {
        List::Organizations => {
            vec![text(item, "id")?, text(item, "name")?, on(item, "idp_managed_roles")?]
        }
        List::Users => {
            let user = item.field("user")?;
            vec![
                text(user, "id")?,
                text(user, "email").unwrap_or_default(),
                on(user, "two_factor_auth_configured")?,
            ]
        }
        List::Teams => vec![text(item, "id")?, text(item, "slug")?, on(item, "managed")?],
        List::Members => {
            let role = if text(item, "role")? == "admin" { "admin" } else { "member" };
            vec![text(item.field("user")?, "id")?, role.to_owned()]
        }
        List::TeamMembers => vec![text(item.field("user")?, "id")?],
        List::Databases => return None,
    })
}
