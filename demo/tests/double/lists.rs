//! Endpoints, envelopes, paging, authorization.

use std::collections::BTreeSet;
use std::time::Duration;

use baton_planetscale_demo::{Endpoint, Options, Scenario, Server, Told};
use serde_json::{Value, json};

use crate::client::{MEMBERS, ORGANIZATIONS, TEAMS, ask, get, ids, small};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().collect()
}

const PAGE: &str = "type current_page per_page next_page next_page_url prev_page prev_page_url data";
const USER: &str = "id display_name name email avatar_url created_at updated_at \
    two_factor_auth_configured default_organization sso managed directory_managed email_verified";

#[test]
fn every_object_has_the_vendors_fields() {
    let mut scenario = Scenario::demo();
    for person in &mut scenario.people {
        person.directory_managed = Told::Null;
    }
    let server = Server::start(scenario).unwrap();
    let organizations = get(&server, ORGANIZATIONS).json();
    assert_eq!(keys(&organizations), words(PAGE), "organizations are not counted");
    let organization = words(
        "id name billing_email created_at updated_at plan valid_billing_info sso sso_directory \
         single_tenancy managed_tenancy has_past_due_invoices database_count sso_portal_url features \
         idp_managed_roles invoice_budget_amount keyspace_shard_limit has_card payment_info_required",
    );
    assert_eq!(keys(&organizations["data"][0]), organization);

    let counted = words(&format!("{PAGE} total_count total_pages")).len();
    let members = get(&server, "/v1/organizations/kestrel-freight/members").json();
    assert_eq!(keys(&members).len(), counted);
    assert_eq!(keys(&members["data"][0]), words("id user role created_at updated_at"));
    assert_eq!(keys(&members["data"][0]["user"]), words(USER));

    let teams = get(&server, "/v1/organizations/kestrel-freight/teams").json();
    assert_eq!(keys(&teams).len(), counted);
    let team = words(
        "id display_name creator members databases analyst_databases name slug created_at updated_at \
         description managed",
    );
    assert_eq!(keys(&teams["data"][0]), team);
    assert_eq!(keys(&teams["data"][0]["members"][0]), words(USER));

    let path = "/v1/organizations/kestrel-freight/teams/platform/members";
    let in_team = get(&server, path).json();
    assert_eq!(keys(&in_team).len(), counted);
    let member = &in_team["data"][0];
    assert_eq!(keys(member), words("id user actor created_at updated_at passwords"));
    let password = words(
        "id name role cidrs created_at deleted_at expires_at last_used_at expired direct_vtgate \
         direct_vtgate_addresses ttl_seconds access_host_url access_host_regional_url \
         access_host_regional_urls actor region username plain_text replica renewable database_branch",
    );
    assert_eq!(keys(&member["passwords"][0]), password);
}

#[test]
fn pages_follow_one_another_to_the_end() {
    let server = small(Vec::new());
    let first = get(&server, MEMBERS).json();
    assert_eq!(first["current_page"], 1);
    assert_eq!(first["per_page"], 3, "cut down from the default to the maximum");
    assert_eq!(first["next_page"], 2);
    assert_eq!(first["prev_page"], Value::Null);
    assert_eq!((&first["total_count"], &first["total_pages"]), (&json!(7), &json!(3)));
    let url = first["next_page_url"].as_str().unwrap();
    let path = url.strip_prefix(server.url()).expect("the next page is on the same host");
    let second = get(&server, path).json();
    assert_eq!(second["prev_page"], 1);
    let third = get(&server, &format!("{MEMBERS}?page=3&per_page=100")).json();
    assert_eq!((&third["next_page"], &third["next_page_url"]), (&Value::Null, &Value::Null));
    let all: BTreeSet<_> = [first, second, third].iter().flat_map(ids).collect();
    assert_eq!(all.len(), 7);
    let past = get(&server, &format!("{MEMBERS}?page=4&per_page=3")).json();
    assert_eq!((&past["data"], &past["next_page"]), (&json!([]), &Value::Null));
}

#[test]
fn page_sizes_are_25_unless_asked_and_100_at_most() {
    let server = Server::start(Scenario::sized(1, 205, 0, 0)).unwrap();
    for (query, size) in [("", 25), ("?per_page=40", 40), ("?per_page=100", 100), ("?per_page=500", 100)] {
        let page = get(&server, &format!("{MEMBERS}{query}")).json();
        assert_eq!((ids(&page).len(), &page["per_page"]), (size, &json!(size)), "{query}");
    }
    let empty = get(&server, TEAMS).json();
    assert_eq!((&empty["total_count"], &empty["total_pages"]), (&json!(0), &json!(0)));
    assert_eq!(empty["data"], json!([]));
}

#[test]
fn only_the_exact_token_is_good() {
    let server = small(Vec::new());
    let token = server.service_token().to_owned();
    let patience = Duration::from_secs(20);
    let bearer = format!("Bearer {token}");
    let longer = format!("{token}x");
    let bad: [&[(&str, &str)]; 4] = [
        &[],
        &[("authorization", &bearer)],
        &[("authorization", &longer)],
        &[("authorization", &token), ("authorization", &token)],
    ];
    for headers in bad {
        let got = ask(&server, "GET", ORGANIZATIONS, headers, patience);
        assert_eq!((got.status, &got.json()["code"]), (401, &json!("unauthorized")));
    }
    assert_eq!(get(&server, ORGANIZATIONS).status, 200);
    assert!(server.requests().iter().all(|r| r.authorized == (r.status == Some(200))));
}

#[test]
fn what_is_not_there_or_not_allowed_is_404() {
    let mut scenario = Scenario::demo();
    scenario.organizations[1].access = false;
    let server = Server::start(scenario).unwrap();
    let names = get(&server, ORGANIZATIONS).json();
    assert_eq!(names["data"][1]["name"], "kestrel-labs", "it is listed all the same");
    for path in [
        "/v1/organizations/kestrel-labs",
        "/v1/organizations/kestrel-labs/members",
        "/v1/organizations/kestrel-labs/teams/sensors/members",
        "/v1/organizations/nobody/members",
        "/v1/organizations/kestrel-freight/teams/nobody/members",
        "/v1/organizations/kestrel-freight/databases",
        "/",
    ] {
        let got = get(&server, path);
        let body = json!({ "code": "not_found", "message": "Not Found" });
        assert_eq!((got.status, got.json()), (404, body), "{path}");
    }
}

#[test]
fn single_things_answer_at_their_own_addresses() {
    let server = small(Vec::new());
    let organization = get(&server, "/v1/organizations/organization-01").json();
    assert_eq!(organization, get(&server, ORGANIZATIONS).json()["data"][0]);
    let team = get(&server, &format!("{TEAMS}/team-001")).json();
    assert_eq!(team, get(&server, TEAMS).json()["data"][0]);
    let member = &get(&server, MEMBERS).json()["data"][0];
    let id = member["user"]["id"].as_str().unwrap();
    assert_eq!(&get(&server, &format!("{MEMBERS}/{id}")).json(), member);
    let in_team = &get(&server, &format!("{TEAMS}/team-001/members")).json()["data"][0];
    for id in [&in_team["id"], &in_team["user"]["id"]] {
        let path = format!("{TEAMS}/team-001/members/{}", id.as_str().unwrap());
        assert_eq!(&get(&server, &path).json(), in_team);
    }
}

#[test]
fn nothing_is_written_and_nothing_guessed() {
    let server = small(Vec::new());
    let token = [("authorization", server.service_token())];
    assert_eq!(ask(&server, "DELETE", MEMBERS, &token, Duration::from_secs(20)).status, 405);
    for query in ["page=0", "per_page=many", "page=1&page=2", "cursor=x"] {
        assert_eq!(get(&server, &format!("{MEMBERS}?{query}")).status, 400, "{query}");
    }
}

#[test]
fn the_log_holds_requests_but_no_token() {
    let options = Options { service_token: "marked-id:marked-secret".into(), ..Options::default() };
    let mut scenario = Scenario::sized(1, 3, 0, 0);
    scenario.base_path = "/proxy".into();
    let server = Server::start_with(scenario, options).unwrap();
    assert!(server.url().ends_with("/proxy"));
    let path = format!("/proxy{ORGANIZATIONS}?page=1");
    let headers = [("authorization", "marked-id:marked-secret"), ("user-agent", "test/1")];
    assert_eq!(ask(&server, "GET", &path, &headers, Duration::from_secs(20)).status, 200);
    let stray = [("x-debug", "a marked-secret b")];
    ask(&server, "GET", &path, &stray, Duration::from_secs(20));
    let seen = server.requests();
    assert_eq!((seen[0].endpoint, seen[0].status), (Some(Endpoint::Organizations), Some(200)));
    assert_eq!((seen[0].query.as_str(), seen[0].user_agent.as_str()), ("page=1", "test/1"));
    assert_eq!((seen[0].authorized, seen[0].token_elsewhere), (true, false));
    assert_eq!((seen[1].authorized, seen[1].token_elsewhere), (false, true));
    assert!(seen[0].header_names.contains(&"authorization".to_owned()));
    let written = serde_json::to_string(&seen).unwrap();
    assert!(!written.contains("marked-secret"), "{written}");
    let counters = server.counters();
    assert_eq!((counters.requests, counters.connections, counters.repeated), (2, 2, 1));
    let asked = get(&server, "/_double/log").json();
    assert_eq!(asked["requests"], 2, "asking for the log is not logged");
}
