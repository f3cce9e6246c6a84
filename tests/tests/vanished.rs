//! A team whose members are answered with 404: left out only when it is gone for sure.

use std::sync::Arc;

use baton_planetscale_demo::{Change, ChangeKind, Endpoint, Manifest, Scenario, Server, Trigger};
use baton_planetscale_support::direct::{Canned, Direct, syncer, team};
use baton_planetscale_support::{Records, options, sync};
use serde_json::{Value, json};

/// As soon as every list of teams was read.
fn then(change: ChangeKind) -> Scenario {
    let scenario = Scenario::sized(2, 50, 5, 10);
    let after = Trigger { endpoint: Some(Endpoint::Teams), requests: 2 };
    Scenario { changes: vec![Change { after, change }], ..scenario }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_was_deleted_is_left_out_with_a_warning_that_names_it() {
    let deleted = Scenario::sized(2, 50, 5, 10).organizations[1].teams[2].clone();
    let scenario = then(ChangeKind::RemoveTeam { team: deleted.id.clone() });
    let later = Manifest::of(&scenario.after_changes());
    for workers in [1, 2, 8] {
        let server = Server::start(scenario.clone()).expect("a server");
        let (result, found) = sync(&server, options(workers)).await;
        let summary = result.expect("a sync");
        assert_eq!(Records::of(&found).grants, later.grants);
        let [warning] = summary.warnings.as_slice() else { panic!("{:?}", summary.warnings) };
        assert_eq!(warning.resource.as_ref().map(|of| of.id.as_str()), Some(deleted.id.as_str()));
        for part in [deleted.display_name.as_str(), "organization-02", "deleted"] {
            assert!(warning.message.contains(part), "{}", warning.message);
        }
        // The list of teams was asked for again, and the team's own address.
        let own = format!("/v1/organizations/organization-02/teams/{}", deleted.slug);
        let requests = server.requests();
        assert_eq!(requests.iter().filter(|seen| seen.path == own && seen.status == Some(404)).count(), 1);
        let lists = requests.iter().filter(|seen| seen.path == "/v1/organizations/organization-02/teams");
        assert_eq!(
            lists.map(|seen| seen.cache_control.as_str()).collect::<Vec<_>>(),
            ["no-store", "no-cache"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_was_renamed_is_read_under_its_new_name() {
    let renamed = Scenario::sized(2, 50, 5, 10).organizations[0].teams[1].clone();
    let (slug, display_name) = ("new-name".to_owned(), "New name".to_owned());
    let scenario = then(ChangeKind::RenameTeam { team: renamed.id, slug, display_name });
    for workers in [1, 2, 8] {
        let server = Server::start(scenario.clone()).expect("a server");
        let (result, found) = sync(&server, options(workers)).await;
        assert_eq!(result.expect("a sync").warnings, []);
        assert_eq!(Records::of(&found).grants, Manifest::of(&scenario).grants);
    }
}

/// Asks for the members of team `t1` (slug `crew`), which are answered with 404, while the list of teams holds these,
/// and the team's own address answers with this.
async fn grants(teams: &[Value], own: Option<Value>) -> syncer::Error {
    let list = json!({
        "current_page": 1, "per_page": 100, "next_page": null, "total_count": teams.len(), "total_pages": 1, "data": teams,
    });
    let answers = Arc::new(move |uri: &http::Uri| {
        let body = match uri.path() {
            "/base/v1/organizations/acme/teams" => Some(&list),
            "/base/v1/organizations/acme/teams/crew" => own.as_ref(),
            _ => None,
        };
        match body {
            Some(body) => Canned { status: 200, body: body.to_string().into_bytes() },
            None => Canned { status: 404, body: br#"{"code":"not_found","message":"Not Found"}"#.to_vec() },
        }
    });
    let mut direct = Direct::new(move |uri| answers(uri)).await.expect("an instance");
    direct.grants(&team("t1", "acme", "crew"), None).await.expect("no trap").expect_err("no members")
}

fn listed(id: &str, slug: &str) -> Value {
    json!({ "id": id, "slug": slug, "managed": false })
}

#[tokio::test]
async fn only_a_team_that_is_in_no_list_and_at_no_address_is_gone() {
    use syncer::Error as E;
    let error = grants(&[listed("t2", "others")], None).await;
    assert!(matches!(error, E::Gone(_)), "{error:?}");
    // Its name was given to another one.
    let error = grants(&[listed("t3", "crew")], Some(listed("t3", "crew"))).await;
    assert!(matches!(error, E::Gone(_)), "{error:?}");
    // It is there, under this name or another, but its members are not shown.
    for slug in ["crew", "new"] {
        match grants(&[listed("t1", slug)], None).await {
            E::Access(failure) => {
                for part in [slug, "acme", "read_organization"] {
                    assert!(failure.message.contains(part), "{}", failure.message);
                }
            }
            error => panic!("{error:?}"),
        }
    }
    // The list leaves it out, but it is there: read again, and then given up.
    let error = grants(&[listed("t2", "others")], Some(listed("t1", "crew"))).await;
    assert!(matches!(error, E::Changed(_)), "{error:?}");
}
