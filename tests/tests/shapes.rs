//! What no single record may have, and what one record may not say of another.

use super::checks::{are_refused, breaks};

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_with_a_control_character_or_a_text_too_long_is_refused() {
    let modes = [
        ("name-control", "resource thing:1 has the control character U+202E in a text: \"Per\\u{202e}son\""),
        ("description-control", "resource thing:1 has the control character U+000A in a text: \"one\\ntwo\""),
        ("profile-text", "resource thing:1 has the control character U+2028 in a text"),
        ("profile-list", "resource thing:1 has the control character U+009B in a text"),
        ("name-long", "resource thing:1 has a display name of 1025 bytes, of which 1024 are taken"),
        ("description-long", "resource thing:1 has a description of 2049 bytes, of which 2048 are taken"),
        ("link-long", "resource thing:1 has a link of 2068 bytes, of which 2048 are taken"),
    ];
    are_refused("list-resources", "listing resources of type thing", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_with_an_unusable_link_moment_or_profile_is_refused() {
    let modes = [
        ("link-http", "resource thing:1 has a link that is not https: http://vendor.test/1"),
        ("link-script", "resource thing:1 has a link that is not https: javascript:alert(1)"),
        ("moment", "resource thing:1 has a moment of 1000000000 nanoseconds"),
        ("profile-nan", "resource thing:1 has NaN under the profile key 'score', which is no number"),
        ("profile-infinite", "resource thing:1 has inf under the profile key 'score', which is no number"),
        ("profile-twice", "resource thing:1 has the profile key 'score' twice"),
        (
            "profile-upper",
            "resource thing:1 has the profile key 'Score', which is not 1 to 128 lower-case letters",
        ),
        (
            "profile-empty",
            "resource thing:1 has the profile key '', which is not 1 to 128 lower-case letters",
        ),
        ("trait-more", "resource thing:1 has the trait TraitKind::Role, which its type does not have"),
    ];
    are_refused("list-resources", "listing resources of type thing", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_traits_tell_is_checked_as_well() {
    let modes = [
        ("help-http", "resource thing:1 has a link that is not https: http://vendor.test/help"),
        ("made-by-nobody", "a resource id is empty, too long or has control characters: \"person:\""),
    ];
    are_refused("everywhere", "listing resources of type thing", &modes).await;
    let modes = [
        ("trait-twice", "resource person:1 has the trait TraitKind::User twice"),
        ("email-two", "resource person:1 has 2 primary e-mail addresses"),
        ("email-none", "resource person:1 has 2 e-mail addresses, and none of them is the primary one"),
        ("email-blank", "resource person:1 has the e-mail address ' a@x', which is empty or has blanks"),
        ("details-long", "resource person:1 has a status detail of 1025 bytes, of which 1024 are taken"),
        ("login-control", "resource person:1 has the control character U+007F in a text: \"a\\u{7f}\""),
    ];
    are_refused("list-resources", "listing resources of type person", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_address_need_not_be_called_primary() {
    breaks("email-only", "list-resources").await.0.expect("a sync");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_that_cannot_be_or_was_never_listed_is_refused() {
    let modes = [
        ("parent-empty", "a resource id is empty, too long or has control characters: \"thing:\""),
        ("parent-type", "resource thing:1 has a parent of the unknown type 'nothing'"),
        ("parent-unlisted", "resource thing:1 has the parent thing:9, which was never listed"),
    ];
    are_refused("list-resources", "listing resources", &modes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expansion_that_leads_nowhere_is_refused() {
    let modes = [
        (
            "expand-elsewhere",
            "grant thing:1:use:thing:1 expands over thing:2:use, which is no entitlement of its",
        ),
        ("expand-person", "grant thing:1:use:person:1 expands over a 'person', which has no entitlements"),
        ("expand-nothing", "grant thing:1:use:thing:1 expands over no entitlement"),
        ("expand-unlisted", "grant thing:1:use:thing:1 expands over thing:1:own, which was not listed"),
        ("expand-type", "grant thing:1:use:thing:1 expands to the unknown type 'nothing'"),
    ];
    are_refused("everywhere", "listing grants of thing:1 (Thing 1)", &modes).await;
    let (result, found) = breaks("expand-good", "everywhere").await;
    result.expect("a sync");
    assert!(found.grants.iter().all(|grant| grant.expansion.is_some()), "{:?}", found.grants);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_another_length_than_the_vendor_tells_is_warned_of() {
    let said = |kind: &str| {
        format!(
            "listing resources of type {kind}: 1 records came, where the vendor tells 3; it may have changed while it was read"
        )
    };
    for (mode, warnings) in [("total-same", vec![]), ("total-other", vec![said("person"), said("thing")])] {
        let summary = breaks(mode, "list-resources").await.0.expect("a sync");
        let mut told: Vec<_> = summary.warnings.into_iter().map(|warning| warning.message).collect();
        told.sort();
        assert_eq!(told, warnings, "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_warnings_with_control_characters_are_escaped_and_not_refused() {
    let escaped = "one\\n\\u{1b}[2Jtwo\\u{202e}three\\u{9b}";
    let (result, _) = breaks("error-control", "list-grants").await;
    let error = result.expect_err("an error").to_string();
    assert!(
        error.contains(&format!("{escaped} [request a\\u{{7f}}b\\u{{2028}}] (at data[0]\\n)")),
        "{error}"
    );
    let (result, _) = breaks("warning-control", "list-resources").await;
    let warnings = result.expect("a sync").warnings;
    assert_eq!(warnings.len(), 2);
    for warning in warnings {
        assert_eq!(warning.message, escaped);
        assert_eq!(warning.resource.map(|resource| resource.id).as_deref(), Some("1\\u{1b}[2J"));
    }
}
