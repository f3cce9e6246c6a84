//! A server that answers as a test says.

use baton_connector::contract::{AccountState, Error, Trait};
use baton_connector::{Connector, double};

use crate::Scim;
use crate::records::Group;

fn scim(answer: impl Fn(&str) -> (u16, &'static str) + 'static) -> Scim {
    double::config(&[("scim-url", "https://scim.test/v2/"), ("scim-token", "t")]);
    double::answers(move |request| {
        let (status, body) = answer(&request.path);
        double::reply(status, body)
    });
    Scim::open().expect("a config")
}

#[test]
fn a_user_is_what_the_rfc_says_and_a_list_of_groups_comes_without_members() {
    let scim = scim(|path| match path {
        "/v2/Users?startIndex=1&count=100" => (
            200,
            r#"{"totalResults":2,"Resources":[{"id":"1","userName":"ada","displayName":"Ada\nL","active":false,
            "emails":[{"value":"a@x"},{"value":"b@x","primary":true}],"userType":"Contractor",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"7"}}]}"#,
        ),
        "/v2/Groups?startIndex=1&count=100&excludedAttributes=members" => (200, r#"{"totalResults":0}"#),
        _ => (404, "{}"),
    });
    let page = scim.resources("user", None, None).expect("a page");
    assert_eq!((page.next, page.total), (vec!["1.1.2".to_owned()], Some(2)));
    assert_eq!(page.items[0].display_name, "Ada L");
    let Trait::User(user) = &page.items[0].traits[0] else { panic!("no user") };
    assert_eq!((user.status.state, user.login.as_deref()), (AccountState::Disabled, Some("ada")));
    assert_eq!(user.employee_ids, ["7"]);
    assert!(user.emails[1].primary && !user.emails[0].primary);
    assert!(scim.resources("group", None, None).expect("a page").items.is_empty());
}

#[test]
fn a_group_is_gone_only_when_the_list_of_groups_says_so() {
    for (listed, is_gone) in [
        (r#"{"totalResults":0,"Resources":[]}"#, true),
        (r#"{"totalResults":1,"Resources":[{"id":"g"}]}"#, false),
    ] {
        let scim = scim(move |path| {
            if path.starts_with("/v2/Groups?filter=id%20eq%20%22g%22") { (200, listed) } else { (404, "{}") }
        });
        let group = Group::named("g", "G").resource().expect("a group");
        let error = scim.grants(&group, None).expect_err("an error");
        assert!(if is_gone { matches!(error, Error::Gone(_)) } else { matches!(error, Error::Access(_)) });
    }
}
