//! How the component reads a reply: what is refused, with which place, and that nothing of it is repeated.

use baton_planetscale_support::direct::syncer::{Error, ReplyFailure};
use baton_planetscale_support::direct::{Canned, Direct, organization, team};

/// What may be in no error.
const SECRET: &str = "pscale_tkn_of_somebody, expected a boolean at line 7 column 7";

fn user(id: &str) -> String {
    format!(r#"{{"id":{id},"email":"e","two_factor_auth_configured":true}}"#)
}

fn page(records: &str) -> String {
    format!(
        r#"{{"current_page":1,"per_page":100,"next_page":null,"total_count":1,"total_pages":1,"data":[{records}]}}"#
    )
}

/// The ids of a team's members, as the component reads them from this body, or its error.
async fn members(body: String) -> Result<Vec<String>, Error> {
    let answer = move |_: &http::Uri| Canned { status: 200, body: body.clone().into_bytes() };
    let mut direct = Direct::new(answer).await.expect("an instance");
    let page = direct.grants(&team("t", "acme", "platform"), None).await.expect("no trap")?;
    Ok(page.items.into_iter().map(|grant| grant.principal.id).collect())
}

async fn refused(body: String) -> ReplyFailure {
    let short: String = body.chars().take(200).collect();
    match members(body).await {
        Err(Error::Reply(failure)) => failure,
        other => panic!("{short}: {other:?}"),
    }
}

#[tokio::test]
async fn a_fault_is_told_with_its_place_and_without_the_value() {
    let good = page(&format!(r#"{{"user":{}}}"#, user(r#""u""#)));
    assert_eq!(members(good.clone()).await.expect("a page"), ["u"]);
    let secret = format!(r#""{SECRET}""#);
    for (body, path, words) in [
        (
            good.replace(r#""u""#, "7"),
            "data[0].user.id",
            "expected a string at data[0].user.id, found a number",
        ),
        (good.replace(r#""id":"u","#, ""), "data[0].user.id", "missing field data[0].user.id"),
        (good.replace(r#""id":"u""#, r#""id":"u","id":"u""#), "data[0].user.id", "duplicate field"),
        (
            good.replace(&user(r#""u""#), &secret),
            "data[0].user",
            "expected an object at data[0].user, found a string",
        ),
        (good.replace(&user(r#""u""#), r#"["u"]"#), "data[0].user", "found a list"),
        (page(r#"[{"id":"u"}]"#), "data[0]", "expected an object at data[0], found a list"),
        (r#"[[],1,100,null,1,1]"#.to_owned(), "", "found a list"),
        (good.replace(r#""next_page":null,"#, ""), "next_page", "missing field next_page"),
        (
            good.replace(r#""per_page":100"#, &format!(r#""per_page":{secret}"#)),
            "per_page",
            "expected a number",
        ),
        (good.replace(r#""per_page":100"#, r#""per_page":1e999"#), "per_page", "out of range"),
        (good.replace(r#""u""#, &format!(r#""u","{SECRET}":-"#)), "", "not valid JSON"),
        (format!("{good} {secret}"), "", "goes on after its end"),
        (format!(r#"{{"x":{secret},"total_count":-"#), "", "ends in the middle"),
        (format!(r#"{{"x":{secret},"total_count":1"#), "", "ends in the middle"),
        (format!(r#"{{"x":{secret}"#).replace("at line", "at\nline"), "", "not valid JSON"),
    ] {
        let failure = refused(body.clone()).await;
        let message = &failure.failure.message;
        assert_eq!(failure.path, path, "{body}: {message}");
        assert!(message.contains(words), "{body}: {message}");
        assert!(!message.contains("pscale_tkn"), "{message}");
    }
}

#[tokio::test]
async fn what_nobody_reads_may_be_anything_and_as_deep_as_it_likes() {
    let record = |passwords: &str| page(&format!(r#"{{"user":{},"passwords":{passwords}}}"#, user(r#""u""#)));
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = open.repeat(1_000_000) + "1" + &close.repeat(1_000_000);
        assert_eq!(members(record(&deep)).await.expect("a page"), ["u"]);
        // The place of what comes after it is found all the same.
        let failure = refused(record(&format!(r#"{deep},"user":7"#))).await;
        assert_eq!(failure.path, "data[0].user");
        let failure = refused(format!(r#"{{"extra":{}"#, open.repeat(1_000_000))).await;
        assert!(failure.failure.message.contains("ends in the middle"), "{}", failure.failure.message);
    }
    for other in ["null", "-1e999", r#"["\ud800"]"#, r#"7,"passwords":8"#] {
        assert_eq!(members(record(other)).await.expect("a page"), ["u"], "{other}");
    }
}

#[tokio::test]
async fn members_inside_the_list_of_teams_are_looked_at_only_when_an_option_asks() {
    let teams = page(r#"{"id":"t","slug":"s","managed":false,"members":[{"id":7}]}"#);
    let answer = move |_: &http::Uri| Canned { status: 200, body: teams.clone().into_bytes() };
    let parent = organization("o", "acme");
    let mut without = Direct::new(answer.clone()).await.expect("an instance");
    let page = without.resources("team", Some(&parent), None).await.expect("no trap").expect("a page");
    assert_eq!(page.items.len(), 1);
    let asks = [("planetscale-inline-team-members", "true")];
    let mut with = Direct::with(&asks, answer).await.expect("an instance");
    match with.resources("team", Some(&parent), None).await.expect("no trap") {
        Err(Error::Reply(failure)) => assert_eq!(failure.path, "data[0].members[0].id"),
        other => panic!("{other:?}"),
    }
}
