//! Records that break a rule of the contract: each is an error that names the rule, or a warning where a change during
//! the sync explains it.

use baton_host::contract::{Error as C, ResourceId, Warning};
use baton_host::sink::Memory;
use baton_host::{Error, Summary};
use baton_planetscale_support::guests::misbehave;
use baton_planetscale_support::options;

/// One worker, so that lists come in the order in which they were asked for.
pub async fn breaks(mode: &str, at: &str) -> (Result<Summary, Error>, Memory) {
    let came = misbehave(&[("mode", mode), ("at", at)], options(1)).await;
    assert_eq!(came.1.finished, came.0.is_ok(), "{mode}: {:?}", came.0);
    came
}

/// Sync in each mode; each has to end as a broken contract, in the place and with the words that are told.
pub async fn are_refused(at: &str, place: &str, modes: &[(&str, &str)]) {
    for (mode, said) in modes {
        let (result, _) = breaks(mode, at).await;
        let error = result.err().unwrap_or_else(|| panic!("{mode} should have failed"));
        let Error::Contract { place: found, rule } = &error else { panic!("{mode}: {error}") };
        assert!(found.contains(place), "{mode}: {error}");
        assert!(rule.contains(said), "{mode}: {error}");
        assert!(error.to_string().ends_with("likely a connector bug"), "{mode}: {error}");
        assert_eq!(error.code(), 13, "{mode}");
    }
}

fn id(kind: &str, id: &str) -> ResourceId {
    ResourceId { resource_type: kind.into(), id: id.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_type_without_a_usable_id_or_name_or_twice_is_refused() {
    let modes = [
        ("type-empty", "resource type '' has no usable id or name"),
        ("type-long", "ttt' has no usable id or name"),
        ("type-nameless", "resource type 'thing' has no usable id or name"),
        ("type-colon", "resource type 'th:ing' has a ':' in its id"),
        ("type-slash", "resource type 'th/ing' has a '/' in its id"),
        ("type-grants", "resource type 'thing' has grants, but no entitlements"),
        (
            "type-control",
            "resource type 'thing' has the control character U+2069 in a text: \"read\\u{2069}\"",
        ),
        ("type-name-long", "resource type 'thing' has a display name of 1025 bytes, of which 1024 are taken"),
        ("type-none", "there are no resource types"),
        ("type-twice", "resource type 'thing' came twice"),
    ];
    are_refused("list-resource-types", "listing resource types", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_that_cannot_be_told_from_others_or_is_in_the_wrong_list_is_refused() {
    let unusable = "a resource id is empty, too long or has control characters";
    let modes = [
        ("id-empty", unusable),
        ("id-long", unusable),
        ("id-control", unusable),
        ("list-other", "resource person:2 came in the list of type 'thing'"),
        ("nameless", "resource thing:1 has an empty display name"),
        ("child-unknown", "resource thing:1 has children of the unknown type 'nothing'"),
    ];
    are_refused("list-resources", "listing resources of type thing", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_without_the_trait_of_its_type_is_refused() {
    let said = "resource was missing expected trait TraitKind::User: person:1";
    let modes = [("trait-none", said), ("trait-other", said)];
    are_refused("list-resources", "listing resources of type person", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entitlement_of_another_resource_with_an_unusable_slug_or_twice_is_refused() {
    let modes = [
        ("entitlement-elsewhere", "entitlement thing:2:use came in the list of thing:1"),
        ("slug-empty", "an entitlement of thing:1 has no usable slug"),
        ("slug-long", "an entitlement of thing:1 has no usable slug"),
        ("slug-colon", "entitlement thing:1:us:e has a ':' or a control character in its slug"),
        ("slug-control", "has a ':' or a control character in its slug"),
        ("grantable-unknown", "entitlement thing:1:use is grantable to the unknown type 'nothing'"),
        ("entitlement-name-long", "entitlement thing:1:use has a display name of 1025 bytes"),
        ("entitlement-control", "entitlement thing:1:use has the control character U+0085"),
        ("entitlement-twice", "entitlement thing:1:use came twice"),
    ];
    are_refused("list-entitlements", "listing entitlements of thing:1 (Thing 1)", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_of_or_to_what_cannot_be_is_refused() {
    let modes = [
        ("grant-elsewhere", "grant thing:2:use:person:1 came in the list of thing:1"),
        ("grant-unlisted", "grant thing:1:own:person:1 is of an entitlement that was not listed"),
        ("principal-empty", "a resource id is empty, too long or has control characters: \"person:\""),
        ("principal-type", "grant thing:1:use:nothing:1 is to a principal of an unknown type"),
        (
            "grant-ungrantable",
            "grant thing:1:use:thing:1 is to a 'thing', which its entitlement is not grantable to",
        ),
        (
            "grant-control",
            "grant thing:1:use:person:1 has the control character U+001B in a text: \"a\\u{1b}[2J\"",
        ),
    ];
    are_refused("list-grants", "listing grants of thing:1 (Thing 1)", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_to_somebody_who_was_not_listed_is_kept_and_warned_of_once() {
    let (result, found) = breaks("stranger", "everywhere").await;
    let summary = result.expect("a sync");
    let [Warning { message, resource }] = summary.warnings.as_slice() else { panic!("{summary:?}") };
    assert!(
        message.starts_with("person:2 holds a grant (thing:1:use:person:2), but was not listed"),
        "{message}"
    );
    assert_eq!(resource.as_ref(), Some(&id("person", "2")));
    let mut holders: Vec<_> =
        found.grants.iter().map(|grant| (grant.entitlement.resource.id.as_str(), &grant.principal)).collect();
    holders.sort_by_key(|(thing, _)| *thing);
    assert_eq!(holders, [("1", &id("person", "2")), ("2", &id("person", "2"))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_twice_in_one_list_is_read_again_and_then_given_up() {
    for (mode, at, said) in [
        ("resource-twice", "list-resources", "thing:1 came twice"),
        ("grant-twice", "list-grants", "thing:1:use:person:1 came twice"),
    ] {
        let (result, _) = breaks(mode, at).await;
        let error = result.err().unwrap_or_else(|| panic!("{mode} should have failed"));
        assert!(matches!(error, Error::Connector { error: C::Changed(_), .. }), "{mode}: {error}");
        assert!(error.to_string().contains(said), "{mode}: {error}");
        assert_eq!(error.code(), 10, "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entitlements_that_are_read_again_may_be_the_same() {
    let (result, found) = breaks("entitlements-changed", "list-entitlements").await;
    let summary = result.expect("a sync");
    assert_eq!(summary.entitlements["thing"], 1);
    let slugs: Vec<&str> = found.entitlements.iter().map(|one| one.id.slug.as_str()).collect();
    assert_eq!(slugs, ["use"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_ten_lists_left_out_that_are_more_than_a_tenth_end_the_sync() {
    // There are 4 lists beside the two of each thing: the types, both kinds, and things below the person.
    for (things, gone, lists, is_good) in [
        // Ten may be left out, however few lists there are; of few, eleven may not.
        (10, 10, 24, true),
        (11, 10, 26, true),
        (11, 11, 26, false),
        // Of many, exactly a tenth may be left out.
        (53, 11, 110, true),
        (52, 11, 108, false),
        (98, 20, 200, true),
        (98, 21, 200, false),
    ] {
        let (things, gone_text) = (things.to_string(), gone.to_string());
        let values = [("mode", "gone"), ("at", "everywhere"), ("things", &things), ("gone", &gone_text)];
        let (result, found) = misbehave(&values, options(2)).await;
        assert_eq!(found.finished, is_good, "{gone} of {lists}");
        match result {
            Ok(summary) => {
                assert!(is_good, "{gone} of {lists} should have failed");
                assert_eq!(summary.warnings.len(), gone);
                for warning in &summary.warnings {
                    let thing = warning.resource.as_ref().expect("a resource");
                    assert_eq!(warning.message, format!("thing {} was deleted", thing.id));
                    assert!(!found.grants.iter().any(|grant| grant.entitlement.resource == *thing));
                }
            }
            Err(error) => {
                assert!(
                    matches!(error, Error::TooManyWarnings { .. }) && !is_good,
                    "{gone} of {lists}: {error}"
                );
                let said = format!("too many warnings: {gone} of {lists} lists had to be left out");
                assert_eq!((error.to_string(), error.code()), (said, 2));
            }
        }
    }
}
