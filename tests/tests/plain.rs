//! Control characters in what the vendor tells: a blank in a name or a description, refused everywhere else, and escaped
//! in what is said of it.

use baton_host::Error;
use baton_host::contract::{ProfileValue, Resource};
use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::{options, sync};

/// One of each kind: C0, DEL, C1, the separators, and bidirectional controls of both blocks.
const CONTROLS: [char; 12] = [
    '\0', '\t', '\n', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202e}',
    '\u{2069}',
];

fn has_control(text: &str) -> bool {
    text.contains(|c| CONTROLS.contains(&c))
}

/// A company whose texts for people have one.
fn spoilt(control: char) -> Scenario {
    let mut scenario = Scenario::sized(1, 2, 1, 2);
    scenario.people[0].display_name = format!("An{control}na");
    scenario.people[0].name = format!("{control}Anna B.");
    scenario.people[1].display_name = control.to_string();
    scenario.people[1].name = format!("Bo{control}{control}b");
    let team = &mut scenario.organizations[0].teams[0];
    team.display_name = format!("Plat{control}form");
    team.name = format!("plat{control}form");
    team.description = Some(format!("Keeps{control}it up."));
    scenario
}

/// Puts a text into a scenario where it does not belong.
type Spoil = fn(&mut Scenario, &str);

fn texts(resource: &Resource) -> Vec<&str> {
    let mut texts = vec![resource.display_name.as_str()];
    texts.extend(resource.description.as_deref());
    for entry in &resource.profile {
        match &entry.value {
            ProfileValue::Text(text) => texts.push(text),
            ProfileValue::TextList(list) => texts.extend(list.iter().map(String::as_str)),
            _ => {}
        }
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn in_names_and_descriptions_they_become_blanks() {
    for control in CONTROLS {
        let server = Server::start(spoilt(control)).expect("a server");
        let (result, found) = sync(&server, options(2)).await;
        result.unwrap_or_else(|error| panic!("{control:?}: {error}"));
        let all: Vec<&str> = found.resources.iter().flat_map(texts).collect();
        assert!(!all.iter().any(|text| has_control(text)), "{control:?}: {all:?}");
        for readable in ["An na", "Bo  b", "Plat form", "Keeps it up."] {
            assert!(all.contains(&readable), "{control:?}: no {readable:?} in {all:?}");
        }
        let entitlements = found.entitlements.iter();
        let mut told =
            entitlements.flat_map(|one| [Some(&one.display_name), one.description.as_ref()]).flatten();
        assert!(!told.any(|text| has_control(text)), "{control:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_id_an_address_or_a_login_the_host_refuses_the_record_and_says_which_it_is() {
    let spoil: [(&str, Spoil); 2] = [
        ("a resource id is empty, too long or has control characters", |scenario, text| {
            let old = std::mem::replace(&mut scenario.people[0].id, text.to_owned());
            for organization in &mut scenario.organizations {
                let members = organization.members.iter_mut().map(|member| &mut member.person);
                let of_teams = organization.teams.iter_mut().flat_map(|team| &mut team.members);
                members.chain(of_teams).filter(|person| **person == old).for_each(|person| {
                    text.clone_into(person);
                });
            }
        }),
        ("in a text: ", |scenario, text| text.clone_into(&mut scenario.people[0].email)),
    ];
    for control in ['\n', '\u{202e}'] {
        for (said, spoil) in &spoil {
            let mut scenario = Scenario::sized(1, 2, 1, 2);
            spoil(&mut scenario, &format!("a{control}b@x.test"));
            let server = Server::start(scenario).expect("a server");
            let (result, found) = sync(&server, options(2)).await;
            let error = result.expect_err("a refusal");
            assert!(matches!(error, Error::Contract { .. }) && error.code() == 13, "{error}");
            let text = error.to_string();
            assert!(text.contains(said) && text.contains("likely a connector bug"), "{text}");
            assert!(!has_control(&text), "{text:?}");
            assert!(!found.finished);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_role_that_nobody_knows_they_are_not_in_what_is_said_of_it() {
    let mut scenario = Scenario::sized(1, 2, 0, 0);
    scenario.organizations[0].members[1].role = "ana\u{1b}[2J\u{202e}lyst".into();
    let server = Server::start(scenario).expect("a server");
    let (result, _) = sync(&server, options(1)).await;
    let warnings = result.expect("a sync").warnings;
    assert!(warnings.iter().any(|warning| warning.message.contains("lyst")), "{warnings:?}");
    assert!(!warnings.iter().any(|warning| has_control(&warning.message)), "{warnings:?}");
}
