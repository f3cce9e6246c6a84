//! What holds for every input, tried on many that are made up. The same ones each time.

use baton_c1z::{C1z, Options};
use baton_host::Limits;
use baton_host::contract::{EntitlementId, Grant, Resource, ResourceId};
use baton_host::records::{List, Records, joined_entitlement, joined_grant};
use baton_host::sink::{Memory, Sink};
use baton_planetscale_demo::{Manifest, Scenario, Server};
use baton_planetscale_support::direct::syncer::Error;
use baton_planetscale_support::direct::{Canned, Direct, organization, team};
use baton_planetscale_support::guests::misbehave;
use baton_planetscale_support::{Records as Found, options, sync};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// Try a property on so many inputs.
fn holds<S: Strategy>(cases: u32, inputs: S, property: impl AsyncFn(S::Value) -> Result<(), TestCaseError>) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(20_261_124),
        failure_persistence: None,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&inputs, |input| runtime.block_on(property(input)));
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// A page of a list with counts.
fn page(number: u64, total: u64, size: u64, item: &str) -> Canned {
    let pages = total.div_ceil(size);
    let count = if number < pages { size } else { total - size * (pages - 1) };
    let next = if number < pages { (number + 1).to_string() } else { "null".into() };
    // Nobody is on a page twice.
    let items: Vec<String> = (0..count).map(|at| item.replace("\"u\"", &format!("\"u{at}\""))).collect();
    let items = items.join(",");
    let body = format!(
        "{{\"type\":\"list\",\"current_page\":{number},\"per_page\":{size},\"next_page\":{next},\
         \"total_count\":{total},\"total_pages\":{pages},\"data\":[{items}]}}"
    );
    Canned { status: 200, body: body.into_bytes() }
}

const MEMBER: &str =
    "{\"role\":\"admin\",\"user\":{\"id\":\"u\",\"email\":\"e\",\"two_factor_auth_configured\":true}}";

fn number_of(uri: &http::Uri) -> u64 {
    let query = uri.query().unwrap_or_default();
    let value = query.split('&').find_map(|part| part.strip_prefix("page="));
    value.and_then(|value| value.parse().ok()).expect("a page")
}

/// A change of a text: a character replaced, taken away or put in.
#[derive(Clone, Debug)]
enum Edit {
    Replace(prop::sample::Index, char),
    Remove(prop::sample::Index),
    Insert(prop::sample::Index, char),
}

impl Edit {
    fn apply(&self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let count = letters.len();
        match self {
            Edit::Replace(at, letter) => letters[at.index(count)] = *letter,
            Edit::Remove(at) => drop(letters.remove(at.index(count))),
            Edit::Insert(at, letter) => letters.insert(at.index(count + 1), *letter),
        }
        letters.into_iter().collect()
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    let letter = prop_oneof!["[0-9a-f.=-]", "."].prop_map(|text| text.chars().next().unwrap_or('x'));
    prop_oneof![
        (any::<prop::sample::Index>(), letter.clone()).prop_map(|(at, letter)| Edit::Replace(at, letter)),
        any::<prop::sample::Index>().prop_map(Edit::Remove),
        (any::<prop::sample::Index>(), letter).prop_map(|(at, letter)| Edit::Insert(at, letter)),
    ]
}

#[test]
fn a_page_token_leads_to_its_page_and_an_altered_or_foreign_one_nowhere() {
    let inputs =
        (2..9_000_u64, any::<prop::sample::Index>(), "\\PC{1,12}", prop::collection::vec(edit(), 1..4));
    holds(300, inputs, async |(total, which, id, edits)| {
        let answer = move |uri: &http::Uri| page(number_of(uri), total, 100, MEMBER);
        let mut direct = Direct::new(answer).await.expect("an instance");
        let here = organization(&id, "acme");
        let first = direct.resources("user", Some(&here), None).await.expect("no trap").expect("a page");
        prop_assert_eq!(first.next.len() as u64, total.div_ceil(100) - 1);
        if first.next.is_empty() {
            return Ok(());
        }
        let at = which.index(first.next.len());
        let token = &first.next[at];
        direct.asked();

        let altered = edits.iter().fold(token.clone(), |text, edit| edit.apply(&text));
        let elsewhere = organization(&format!("{id}x"), "acme");
        let foreign =
            [(altered != *token).then(|| (here.clone(), altered)), Some((elsewhere, token.clone()))];
        for (list, token) in foreign.into_iter().flatten() {
            let answer = direct.resources("user", Some(&list), Some(&token)).await.expect("no trap");
            prop_assert!(matches!(answer, Err(Error::Internal(_))), "{token}");
        }
        // A token of users is none of grants.
        let grants = direct.grants(&here, Some(token)).await.expect("no trap");
        prop_assert!(matches!(grants, Err(Error::Internal(_))));
        prop_assert!(direct.asked().is_empty());

        direct.resources("user", Some(&here), Some(token)).await.expect("no trap").expect("a page");
        let asked: Vec<u64> = direct.asked().iter().map(number_of).collect();
        prop_assert_eq!(asked, [at as u64 + 2]);
        Ok(())
    });
}

/// Names with everything that means something in an address.
fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        "[ -~]{0,6}",
        "\\p{Cc}{1,2}",
        prop::sample::select(vec![
            "..", ".", "/", "\\", "%2f", "%2e%2e", "@", "?", "#", ":", "//", "\u{202e}", "\u{feff}", "\r\n",
            "\0", "%",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

#[test]
fn no_name_leads_a_request_away_from_the_address_of_its_list() {
    holds(1_000, (name(), name()), async |(one, other)| {
        let mut direct =
            Direct::new(|_| Canned { status: 404, body: Vec::new() }).await.expect("an instance");
        direct.resources("user", Some(&organization("id", &one)), None).await.expect("no trap").ok();
        direct.grants(&team("id", &one, &other), None).await.expect("no trap").ok();
        for uri in direct.asked() {
            prop_assert_eq!(uri.scheme_str(), Some("https"));
            prop_assert_eq!(uri.authority().map(http::uri::Authority::as_str), Some("api.example.test"));
            let parts: Vec<&str> = uri.path().split('/').collect();
            prop_assert_eq!(&parts[..4], ["", "base", "v1", "organizations"]);
            let decoded =
                |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().map(String::from);
            prop_assert_eq!(decoded(parts[4]), Ok(one.clone()));
            match parts[5..] {
                ["members"] | ["teams"] => {}
                ["teams", slug, "members"] => prop_assert_eq!(decoded(slug), Ok(other.clone())),
                _ => prop_assert!(false, "{uri}"),
            }
            prop_assert!(parts.iter().all(|part| *part != "." && *part != ".."));
        }
        Ok(())
    });
}

/// Bytes that nearly are a reply, and bytes that are nothing.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = Just(()).prop_map(|()| page(1, 3, 100, MEMBER).body);
    let pieces = prop::sample::select(vec![
        "null",
        "1e999",
        "\"\\ud800\"",
        "[[[[",
        "}}",
        "\"\\u0000\"",
        "-",
        "{\"a\":",
        "\u{feff}",
        "9999999999999999999999",
        "\\",
        "\"",
    ]);
    let damaged = (json, prop::collection::vec((any::<prop::sample::Index>(), 0..6_usize, pieces), 1..4))
        .prop_map(|(mut body, edits)| {
            for (at, away, piece) in edits {
                let at = at.index(body.len() + 1);
                let end = (at + away).min(body.len());
                body.splice(at..end, piece.bytes());
            }
            body
        });
    prop_oneof![damaged, prop::collection::vec(any::<u8>(), 0..300)]
}

#[test]
fn no_reply_makes_the_component_trap() {
    holds(2_000, (body(), prop::sample::select(vec![200_u16, 404, 429, 500])), async |(body, status)| {
        let reply = Canned { status, body };
        let further = [("planetscale-databases", "true")];
        let mut direct = Direct::with(&further, move |_| reply.clone()).await.expect("an instance");
        let (acme, platform) = (organization("o", "acme"), team("t", "acme", "platform"));
        for kind in ["organization", "user", "team", "database"] {
            let parent = (kind != "organization").then_some(&acme);
            if let Err(trap) = direct.resources(kind, parent, None).await {
                return Err(TestCaseError::fail(format!("{kind}: {trap:?}")));
            }
        }
        for resource in [&acme, &platform] {
            if let Err(trap) = direct.grants(resource, None).await {
                return Err(TestCaseError::fail(format!("grants: {trap:?}")));
            }
        }
        Ok(())
    });
}

#[test]
fn joined_ids_tell_entitlements_apart() {
    // Few letters, so that two of them are often one text but for where it is cut. Types and slugs have no colons.
    let id = || ("[ab]{1,2}", "[ab:]{1,3}", "[ab]{1,2}");
    holds(20_000, (id(), id()), async |(one, other)| {
        let joined = |(kind, id, slug): &(String, String, String)| {
            joined_entitlement(&baton_host::contract::EntitlementId {
                resource: baton_host::contract::ResourceId { resource_type: kind.clone(), id: id.clone() },
                slug: slug.clone(),
            })
        };
        prop_assert_eq!(one == other, joined(&one) == joined(&other));
        Ok(())
    });
}

/// Ids may hold colons, and a grant's joins two of them: some are one text, and must not become one grant.
#[test]
fn no_two_grants_become_one() {
    let pair = || {
        prop::sample::select(vec![
            ("a", "b:m:u:a"),
            ("a:m:u:b", "a"),
            ("a", "a"),
            ("a:m:u:b", "b"),
            ("b", "a"),
        ])
    };
    holds(60, (pair(), pair()), async |pairs| {
        let resource = |id: &str| ResourceId { resource_type: "u".into(), id: id.into() };
        let grant = |(of, to): (&str, &str)| Grant {
            entitlement: EntitlementId { resource: resource(of), slug: "m".into() },
            principal: resource(to),
            immutable: None,
            expansion: None,
        };
        let (one, other) = (grant(pairs.0), grant(pairs.1));
        // A sink is given a grant once.
        prop_assume!(one != other);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sync.c1z");
        let mut sink = C1z::create(&file, Options::default()).expect("a file");
        let mut memory = Memory::default();
        let mut write = |pair| {
            // Whose list it is does not matter to what is written.
            let list = List::Grants(Resource { id: resource("x"), ..holder() });
            memory.write(&list, Records::Grants(vec![grant(pair)])).expect("memory");
            sink.write(&list, Records::Grants(vec![grant(pair)]))
        };
        write(pairs.0).expect("the first");
        let second = write(pairs.1);
        prop_assert_eq!(memory.grants.len(), 2);
        let collide = joined_grant(&one) == joined_grant(&other);
        prop_assert_eq!(second.is_err(), collide, "{:?}", pairs);
        Ok(())
    });
}

fn holder() -> Resource {
    Resource {
        id: ResourceId { resource_type: "u".into(), id: "x".into() },
        parent: None,
        display_name: "Holder".into(),
        description: None,
        child_resource_types: Vec::new(),
        external_link: None,
        created_at: None,
        profile: Vec::new(),
        traits: Vec::new(),
    }
}

#[test]
fn a_walk_ends_whatever_a_connector_answers() {
    holds(150, any::<u32>(), async |seed| {
        let mut options = options(3);
        options.limits = Limits { list_pages: 40, pages: 400, ..Limits::default() };
        options.retry.attempts = 2;
        options.retry.waits = 2;
        let seed = seed.to_string();
        let values = [("mode", "random"), ("at", "everywhere"), ("seed", seed.as_str())];
        let (result, found) = misbehave(&values, options).await;
        prop_assert_eq!(result.is_ok(), found.finished);
        Ok(())
    });
}

#[test]
fn the_records_do_not_depend_on_workers_or_on_the_order_of_replies() {
    holds(24, (any::<u32>(), 1..12_usize, 0..4_u64), async |(seed, workers, spread)| {
        let mut scenario = Scenario::random(u64::from(seed));
        scenario.latency_spread_ms = spread;
        let manifest = Manifest::of(&scenario);
        let server = Server::start(scenario).expect("a server");
        let (result, found) = sync(&server, options(workers)).await;
        match result {
            Err(error) if manifest.error.is_none() => Err(TestCaseError::fail(format!("{seed}: {error}"))),
            Err(_) => Ok(()),
            Ok(_) => {
                prop_assert_eq!(Found::of(&found).difference(&Found::expected(&manifest)), None);
                let mut ids: Vec<_> = Found::of(&found).grants.into_iter().map(|grant| grant.id).collect();
                let all = ids.len();
                ids.dedup();
                prop_assert_eq!(ids.len(), all);
                Ok(())
            }
        }
    });
}
