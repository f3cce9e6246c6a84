//! Every fault, where it can strike, and what must come of it: once, and every time.
//!
//! The expectations follow from what a fault is, in these groups:
//!
//! | the fault | once | every time |
//! |---|---|---|
//! | in passing: 5xx, 429, cut or stalled connections | overcome | fails with 14 |
//! | a refusal: 401, 403, 404, other statuses | fails with 16, 7, 7, 13 | the same |
//! | a reply that is not what is documented | fails with 13 | the same |
//! | a reply that contradicts the list's counts or other pages | read again: overcome | fails with 10 |
//! | a description that is left out | complete without it | the same |
//! | what does not matter: slow pieces, unknown fields, content types | nothing | nothing |
//!
//! Two things cannot be noticed and are not cases: organizations come without counts, so an API that ends their list
//! early, or leaves one out, has told a shorter list.

use baton_planetscale_demo::{Advice, Cut, FaultKind, Form, PagePlace, Phase};

use super::expect::{Expect, is_list_with_counts};
use super::kind::{AGAIN, CHANGED, Kind, Needs, REPLY, fails, kind, passing, rereading, same};
use super::values;

/// All of them.
pub fn all() -> Vec<Kind> {
    let mut all = statuses();
    all.extend(connections());
    all.extend(bodies());
    all.extend(paging());
    all.extend(values::all());
    all
}

fn statuses() -> Vec<Kind> {
    let status = |status| FaultKind::Status { status, body: None, content_type: None };
    let mut all = Vec::new();
    for (code, exit) in [(401, 16), (403, 7), (404, 7)] {
        all.push(same(format!("status {code}"), status(code), fails(exit)));
    }
    for code in [201, 204, 206, 300, 304, 400, 402, 405, 406, 409, 410, 413, 415, 418, 422, 451] {
        all.push(same(format!("status {code}"), status(code), fails(REPLY)));
    }
    for code in [408, 425, 500, 502, 503, 504, 507, 599] {
        all.push(passing(format!("status {code}"), status(code)));
    }
    for (code, content_type) in [(500, "text/html"), (503, "application/xml")] {
        let body = Some("<html><body>Bad gateway</body></html>".to_owned());
        let fault = FaultKind::Status { status: code, body, content_type: Some(content_type.into()) };
        all.push(passing(format!("status {code} with a web page"), fault));
    }
    for form in [Form::None].into_iter().chain(Form::TELLING) {
        let fault = FaultKind::TooManyRequests { advice: Advice { form, seconds: 0 } };
        all.push(passing(format!("429 with advice {form:?}"), fault));
    }
    for form in Form::TELLING {
        let fault = FaultKind::TooManyRequests { advice: Advice { form, seconds: 100_000 } };
        all.push(same(format!("429 for a day with advice {form:?}"), fault, fails(AGAIN)));
    }
    for (status, location) in [
        (301, "/v1/organizations"),
        (302, "https://evil.test/v1/organizations"),
        (303, "http://127.0.0.1:9/"),
        (307, "//evil.test/"),
        (308, "not a URL"),
        (302, ""),
    ] {
        let fault = FaultKind::Redirect { status, location: location.into() };
        all.push(same(format!("redirect {status} to {location}"), fault, fails(REPLY)));
    }
    for (status, exit) in [(400, REPLY), (401, 16), (403, 7)] {
        all.push(same(
            format!("{status} that echoes the token"),
            FaultKind::EchoToken { status },
            fails(exit),
        ));
    }
    all.push(passing("500 that echoes the token", FaultKind::EchoToken { status: 500 }));
    all
}

fn connections() -> Vec<Kind> {
    let mut all = Vec::new();
    let for_a_moment = FaultKind::Refuse { for_ms: Some(30) };
    all.push(Kind {
        always: Box::new(|_, _| None),
        needs: Needs::Patience,
        ..passing("refused for a moment", for_a_moment)
    });
    all.push(same("refused from then on", FaultKind::Refuse { for_ms: None }, fails(AGAIN)));
    for phase in Phase::ALL {
        for cut in [Cut::Reset, Cut::Close] {
            all.push(passing(format!("connection ends {phase:?} by {cut:?}"), FaultKind::Cut { phase, cut }));
        }
        let pause = FaultKind::Stall { phase, for_ms: Some(20) };
        all.push(same(format!("pause {phase:?}"), pause, Expect::Equal));
        let stall = FaultKind::Stall { phase, for_ms: None };
        all.push(Kind { needs: Needs::Haste, ..passing(format!("stall {phase:?}"), stall) });
    }
    all.push(same("slow pieces", FaultKind::Drip { bytes: 200, every_ms: 1 }, Expect::Equal));
    all.push(passing("a length that is too long", FaultKind::Length { more: 10 }));
    all.push(same("a length that is too short", FaultKind::Length { more: -10 }, fails(REPLY)));
    all
}

fn bodies() -> Vec<Kind> {
    let header = |name: &str, value: Option<&str>| FaultKind::Header {
        name: name.into(),
        value: value.map(str::to_owned),
    };
    let mut all = vec![
        same("no content type", header("content-type", None), Expect::Equal),
        same("wrong content type", header("content-type", Some("text/plain")), Expect::Equal),
        same("unknown header", header("x-anything", Some("\u{e9}")), Expect::Equal),
        same("unknown compression", header("content-encoding", Some("br")), fails(REPLY)),
        same("compressed", FaultKind::Gzip, fails(REPLY)),
        same("a web page", FaultKind::Html, fails(REPLY)),
        same("a megabyte more", FaultKind::Pad { bytes: 1 << 20 }, Expect::Equal),
    ];
    for keep_percent in [0, 1, 50, 99] {
        let fault = FaultKind::CutJson { keep_percent };
        all.push(same(format!("{keep_percent} % of the JSON"), fault, fails(REPLY)));
    }
    for text in ["", " ", "null", "[]", "{}", "true", "\"text\"", "{\"data\":[]}", "[[[[", "{]", "\u{feff}{}"]
    {
        let fault = FaultKind::Body { text: text.into() };
        all.push(same(format!("the body {text:?}"), fault, fails(REPLY)));
    }
    for pointer in ["/extra", "/data/0/extra"] {
        let fault = FaultKind::Deep { pointer: pointer.into(), levels: 10_000 };
        all.push(same(format!("10,000 levels at {pointer}"), fault, Expect::EqualOr(vec![REPLY])));
    }
    let deep = FaultKind::Deep { pointer: "/data".into(), levels: 10_000 };
    all.push(same("10,000 levels for the list", deep, fails(REPLY)));
    let large = FaultKind::Pad { bytes: 17 << 20 };
    all.push(Kind {
        // The page is read again in smaller ones, until one record is too large.
        ..kind("17 MiB", large, Expect::Equal, fails(REPLY))
    });
    all
}

fn paging() -> Vec<Kind> {
    let next = |step| FaultKind::NextPage { step };
    let mut all = vec![
        same("a next page that is this one", next(0), fails(REPLY)),
        same("a next page before this one", next(-1), fails(REPLY)),
        same("a next page that leaves one out", next(2), fails(REPLY)),
        same("a next page far away", next(1_000_000_000), fails(REPLY)),
    ];
    // Where there are counts they say that there is none; without them it is asked for, and is empty.
    all.push(Kind {
        once: Box::new(|_, place| (place == PagePlace::Last).then_some(Expect::Equal)),
        always: Box::new(|endpoint, place| {
            let expect = if is_list_with_counts(endpoint) { fails(CHANGED) } else { Expect::Equal };
            (place == PagePlace::Last).then_some(expect)
        }),
        ..rereading("a next page after the last", next(1))
    });
    for page in [1, 2, 3] {
        let fault = FaultKind::ItemsOfPage { page };
        let own = move |place: PagePlace| match place {
            PagePlace::First => page == 1,
            PagePlace::Middle => page == 2,
            _ => page == 3,
        };
        all.push(Kind {
            once: Box::new(move |_, place| (!own(place)).then_some(Expect::Equal)),
            // Lists of one page have no other page's items, so it may strike where it changes nothing.
            always: Box::new(move |_, place| (!own(place)).then(|| Expect::EqualOr(vec![CHANGED]))),
            ..rereading(format!("the items of page {page}"), fault)
        });
    }
    all.push(kind(
        "pages without end",
        FaultKind::Endless,
        Expect::Equal,
        Expect::Fails(vec![CHANGED, REPLY]),
    ));
    all.push(Kind {
        once: Box::new(|endpoint, _| is_list_with_counts(endpoint).then_some(Expect::Equal)),
        always: Box::new(|endpoint, _| is_list_with_counts(endpoint).then(|| fails(CHANGED))),
        ..rereading("an item left out", FaultKind::DropItem { index: 0 })
    });
    all.push(rereading("an item twice", FaultKind::RepeatItem { index: 0 }));
    let counts = |total_count, total_pages| FaultKind::Counts { total_count, total_pages };
    // It contradicts the number of pages; where that is one, the records on it, which are read again.
    let none = counts(Some(0), None);
    let either = vec![REPLY, CHANGED];
    all.push(kind(
        "no records at all by the count",
        none,
        Expect::EqualOr(either.clone()),
        Expect::Fails(either),
    ));
    for (name, fault, expect) in [
        ("a negative count", counts(Some(-1), None), fails(REPLY)),
        ("more pages than the count fills", counts(None, Some(99)), fails(REPLY)),
        // A list of one page may be counted as none.
        ("no pages by the count", counts(None, Some(0)), Expect::EqualOr(vec![REPLY])),
        ("counts without end", counts(Some(i64::MAX), Some(i64::MAX)), fails(REPLY)),
    ] {
        all.push(same(name, fault, expect));
    }
    all
}
