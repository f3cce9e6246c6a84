//! Each fault that is still well-formed HTTP, and where and how often faults strike.

use baton_planetscale_demo::{Advice, Endpoint, Fault, FaultKind, Form, PagePlace, Place, Server};
use serde_json::{Value, json};

use crate::client::{MEMBERS, ORGANIZATIONS, TEAMS, broken, get, ids, small};

#[test]
fn a_fault_strikes_at_its_place_and_as_often_as_it_should() {
    let status = |status| FaultKind::Status { status, body: None, content_type: None };
    let place = |endpoint, page| Place { endpoint: Some(endpoint), page, ..Place::default() };
    let server = small(vec![
        Fault { at: place(Endpoint::Members, PagePlace::Middle), times: Some(2), kind: status(500) },
        Fault { at: place(Endpoint::Members, PagePlace::Last), times: None, kind: status(503) },
        Fault {
            at: Place { team: Some("team-002".into()), ..Place::default() },
            times: None,
            kind: status(422),
        },
    ]);
    let page = |number: u8| get(&server, &format!("{MEMBERS}?page={number}")).status;
    assert_eq!([page(1), page(2), page(3)], [200, 500, 503]);
    assert_eq!([page(2), page(2), page(3)], [500, 200, 503]);
    assert_eq!(get(&server, ORGANIZATIONS).status, 200);
    assert_eq!(get(&server, &format!("{TEAMS}/team-001/members")).status, 200);
    assert_eq!(get(&server, &format!("{TEAMS}/team-002/members")).status, 422);
    assert_eq!(server.struck(), [2, 2, 1]);
    assert_eq!(server.requests()[1].fault, Some(0));
}

#[test]
fn places_in_short_and_long_lists() {
    let fits = |place: PagePlace, pages: u64| -> Vec<u64> {
        (1..=pages.max(1)).filter(|page| place.fits(*page, pages)).collect()
    };
    assert_eq!(fits(PagePlace::Middle, 0), [1]);
    assert_eq!(fits(PagePlace::Middle, 1), [1]);
    assert_eq!(fits(PagePlace::Middle, 2), [1]);
    assert_eq!(fits(PagePlace::Middle, 5), [3]);
    assert_eq!(fits(PagePlace::Last, 5), [5]);
    assert_eq!(fits(PagePlace::Number(4), 5), [4]);
}

#[test]
fn a_status_comes_with_the_vendors_body_or_with_another() {
    for (status, code) in [
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not_found"),
        (429, "too_many_requests"),
        (500, "internal_server_error"),
    ] {
        let server = broken(FaultKind::Status { status, body: None, content_type: None });
        let got = get(&server, MEMBERS);
        assert_eq!((got.status, &got.json()["code"]), (status, &json!(code)));
    }
    let server = broken(FaultKind::Status {
        status: 502,
        body: Some("<html>".into()),
        content_type: Some("text/html".into()),
    });
    let got = get(&server, MEMBERS);
    assert_eq!((got.status, got.body.as_slice()), (502, b"<html>".as_slice()));
    assert_eq!(got.header("content-type").as_deref(), Some("text/html"));
}

#[test]
fn a_429_gives_advice_in_each_form() {
    let answer = |form| {
        let got = get(&broken(FaultKind::TooManyRequests { advice: Advice { form, seconds: 7 } }), MEMBERS);
        assert_eq!(got.status, 429);
        let header = |name: &str| got.header(name);
        (header("retry-after"), header("x-ratelimit-reset"), header("ratelimit-reset"))
    };
    let seven = || Some("7".to_owned());
    assert_eq!(answer(Form::None), (None, None, None));
    assert_eq!(answer(Form::RetryAfterSeconds), (seven(), None, None));
    assert_eq!(answer(Form::XRatelimitSeconds), (None, seven(), None));
    assert_eq!(answer(Form::Ratelimit), (None, None, seven()));
    let (date, ..) = answer(Form::RetryAfterDate);
    assert!(httpdate::parse_http_date(&date.unwrap()).is_ok());
    let (_, epoch, _) = answer(Form::XRatelimitEpoch);
    assert!(epoch.unwrap().parse::<u64>().unwrap() > 1_700_000_000);
}

#[test]
fn redirects_and_echoes() {
    let server = broken(FaultKind::Redirect { status: 307, location: "https://elsewhere.example/v1".into() });
    let got = get(&server, MEMBERS);
    assert_eq!((got.status, got.header("location").as_deref()), (307, Some("https://elsewhere.example/v1")));
    let server = broken(FaultKind::EchoToken { status: 401 });
    let text = get(&server, MEMBERS).json()["message"].as_str().unwrap().to_owned();
    assert!(text.contains(server.service_token()), "the careless proxy repeats it");
}

#[test]
fn headers_can_lie_or_be_missing() {
    let header = |value: Option<&str>| {
        broken(FaultKind::Header { name: "content-type".into(), value: value.map(Into::into) })
    };
    assert_eq!(get(&header(None), MEMBERS).header("content-type"), None);
    let text = get(&header(Some("text/plain")), MEMBERS);
    assert_eq!(text.header("content-type").as_deref(), Some("text/plain"));
    assert_eq!(ids(&text.json()).len(), 3);
    let zipped = get(&broken(FaultKind::Gzip), MEMBERS);
    assert_eq!(zipped.header("content-encoding").as_deref(), Some("gzip"));
    assert_eq!(&zipped.body[..2], [0x1f, 0x8b]);
}

#[test]
fn bodies_that_are_no_json() {
    let cut = get(&broken(FaultKind::CutJson { keep_percent: 50 }), MEMBERS);
    assert_eq!(cut.header("content-length"), Some(cut.body.len().to_string()));
    assert!(serde_json::from_slice::<Value>(&cut.body).is_err_and(|e| e.is_eof()));
    let text = get(&broken(FaultKind::Body { text: "{\"data\":[,]}".into() }), MEMBERS);
    assert_eq!((text.status, text.body.as_slice()), (200, b"{\"data\":[,]}".as_slice()));
    let html = get(&broken(FaultKind::Html), MEMBERS);
    assert!(html.body.starts_with(b"<!doctype html>"));
}

#[test]
fn pages_that_repeat_go_back_skip_and_never_end() {
    let next = |step: i64, page: u8| {
        let server = broken(FaultKind::NextPage { step });
        get(&server, &format!("{MEMBERS}?page={page}")).json()["next_page"].clone()
    };
    assert_eq!([next(0, 2), next(-1, 2), next(2, 1), next(1, 3)], [json!(2), json!(1), json!(3), json!(4)]);

    let server = broken(FaultKind::ItemsOfPage { page: 1 });
    let second = get(&server, &format!("{MEMBERS}?page=2")).json();
    assert_eq!(second["current_page"], 2);
    assert_eq!(ids(&second), ids(&get(&server, MEMBERS).json()));

    let server = broken(FaultKind::Endless);
    for (path, counted) in [(MEMBERS, true), (ORGANIZATIONS, false)] {
        let far = get(&server, &format!("{path}?page=900&per_page=3")).json();
        assert_eq!(far["next_page"], 901);
        assert!(!ids(&far).is_empty());
        assert_eq!(far.get("total_pages").is_some(), counted);
    }
}

#[test]
fn counts_that_lie_and_items_that_are_missing_or_double() {
    let server = broken(FaultKind::Counts { total_count: Some(0), total_pages: Some(-1) });
    let page = get(&server, MEMBERS).json();
    assert_eq!((&page["total_count"], &page["total_pages"]), (&json!(0), &json!(-1)));
    assert!(get(&server, ORGANIZATIONS).json().get("total_count").is_none(), "it has no count to lie");
    assert_eq!(server.struck(), [1]);

    let whole = ids(&get(&small(Vec::new()), MEMBERS).json());
    let less = get(&broken(FaultKind::DropItem { index: 1 }), MEMBERS).json();
    assert_eq!(ids(&less), [whole[0].clone(), whole[2].clone()]);
    assert_eq!(less["total_count"], 7);
    let server = broken(FaultKind::DropItem { index: 3 });
    assert_eq!(ids(&get(&server, MEMBERS).json()), whole, "the page has no fourth item");
    assert_eq!(server.struck(), [0]);
    let more = get(&broken(FaultKind::RepeatItem { index: 0 }), MEMBERS).json();
    assert_eq!(ids(&more), [&whole[..1], &whole].concat());
}

#[test]
fn a_fault_reads_and_writes_json() {
    let text = r#"{"name":"case 17","people":[],"organizations":[],
        "faults":[{"at":{"endpoint":"members","page":{"number":2}},"times":1,
                   "kind":{"kind":"stall","phase":"in_body","for_ms":50}}]}"#;
    let scenario: baton_planetscale_demo::Scenario = serde_json::from_str(text).unwrap();
    let again = serde_json::to_string(&scenario).unwrap();
    assert_eq!(serde_json::from_str::<baton_planetscale_demo::Scenario>(&again).unwrap(), scenario);
    let misspelt = text.replace("faults", "fault");
    assert!(serde_json::from_str::<baton_planetscale_demo::Scenario>(&misspelt).is_err());
    assert!(Server::start(scenario).is_ok());
}
