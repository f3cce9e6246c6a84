//! Replies that are well-formed and would mislead: what cannot be true in the product is refused and leaves the file,
//! what the vendor's data may hold is read, with a warning.

use baton_planetscale_demo::{
    Change, ChangeKind, Endpoint, Fault, FaultKind, Manifest, Membership, Organization, Place as At,
    Scenario, Trigger,
};

use crate::harness::{Place, Run};

/// Run beside a good file, and see that it fails in one sentence and leaves the file.
fn refused(scenario: Scenario, args: &[&str], code: i32) -> Run {
    let good = Place::new(Scenario::demo());
    good.run(&[]).ends_with(0);
    let old = std::fs::read(good.path("sync.c1z")).expect("the file");
    let place = Place::new(scenario);
    std::fs::write(place.path("sync.c1z"), &old).expect("a copy");
    let run = place.run(args).ends_with(code);
    assert_eq!(run.sentence().lines().count(), 1, "{}", run.stderr);
    assert!(std::fs::read(place.path("sync.c1z")).expect("the file") == old, "the file was touched");
    assert_eq!(place.names(), ["sync.c1z"]);
    run
}

#[test]
fn an_organization_without_an_administrator_is_missing_access() {
    let mut nobody = Scenario::demo();
    nobody.organizations.truncate(1);
    nobody.organizations[0].members.clear();
    let mut one_of_three = Scenario::demo();
    one_of_three.organizations[1].members.clear();
    let mut unled = Scenario::demo();
    unled.organizations[2].members.retain(|member| member.role == "member");
    let mut of_many_pages = Scenario::sized(1, 250, 2, 3);
    of_many_pages.organizations[0]
        .members
        .iter_mut()
        .for_each(|member| "member".clone_into(&mut member.role));
    for (scenario, name, words) in [
        (nobody, "kestrel-freight", "it tells of nobody, and every organization has an administrator"),
        (one_of_three, "kestrel-labs", "it tells of nobody"),
        (unled, "osprey-studio", "of the 6 it tells of nobody is an administrator"),
        (of_many_pages, "organization-01", "of the 250 it tells of nobody is an administrator"),
    ] {
        for args in [
            &[][..],
            &["--skip-entitlements-and-grants"],
            &["--sync-resource-types", "organization"],
            &["--workers", "1"],
        ] {
            let run = refused(scenario.clone(), args, 7);
            for part in [name, words, "give the token the organization access read_organization"] {
                assert!(run.sentence().contains(part), "{part}: {}", run.stderr);
            }
        }
    }
}

#[test]
fn roles_that_nobody_knows_are_named() {
    let mut scenario = Scenario::demo();
    for (at, member) in scenario.organizations[1].members.iter_mut().enumerate() {
        if at % 2 == 0 { "owner" } else { "Admin" }.clone_into(&mut member.role);
    }
    let run = refused(scenario, &[], 7);
    for part in ["kestrel-labs", "\"owner\", \"Admin\"", "no role of the 8 members"] {
        assert!(run.sentence().contains(part), "{part}: {}", run.stderr);
    }
    assert!(!run.sentence().contains("read_organization"), "{}", run.stderr);
}

#[test]
fn an_administrator_on_the_last_page_is_found_without_a_request_more() {
    let mut scenario = Scenario::sized(1, 350, 2, 3);
    for (at, member) in scenario.organizations[0].members.iter_mut().enumerate() {
        if at == 349 { "admin" } else { "member" }.clone_into(&mut member.role);
    }
    for workers in ["1", "4"] {
        let place = Place::new(scenario.clone());
        place.run(&["--workers", workers]).ends_with(0);
        let counted = place.server.counters();
        assert_eq!((counted.requests, counted.repeated), (Manifest::of(&scenario).requests, 0));
    }
}

fn always(endpoint: Endpoint, kind: FaultKind) -> Vec<Fault> {
    let organization = Some("kestrel-freight".to_owned());
    let at = At { endpoint: Some(endpoint), organization, ..At::default() };
    vec![Fault { at, times: None, kind }]
}

#[test]
fn somebody_without_an_e_mail_address_is_read_and_named_by_id() {
    let demo = Scenario::demo();
    let id = &demo.organizations[0].members[3].person;
    let pointer = || "/data/3/user/email".to_owned();
    let set = |json: &str| FaultKind::Set { pointer: pointer(), json: json.into() };
    for kind in [FaultKind::Remove { pointer: pointer() }, set("null"), set("\"\""), set("\" \"")] {
        let faults = always(Endpoint::Members, kind);
        let place = Place::new(Scenario { faults, ..demo.clone() });
        let run = place.run(&["-f", "access.jsonl"]).ends_with(0);
        let told =
            format!("user {id} of organization kestrel-freight has no e-mail address: read without one");
        run.logged(&told);
        assert_eq!(run.logged("Sync complete.")["warnings"], Manifest::of(&demo).warnings.len() + 1);
        let text = std::fs::read_to_string(place.path("access.jsonl")).expect("the file");
        let resource =
            text.lines().find(|line| line.starts_with("{\"resource\":") && line.contains(id.as_str()));
        let resource = resource.expect("the person");
        assert!(!resource.contains("emails") && !resource.contains("priya.raghavan@"), "{resource}");
        assert!(resource.contains("Priya Raghavan"), "{resource}");
        let grants = text.lines().filter(|line| line.starts_with("{\"grant\":")).count();
        assert_eq!(grants, Manifest::of(&demo).grants.len());
        place.run(&[]).ends_with(0);
        assert_eq!(place.open("sync.c1z").count("v1_resources"), 39);
    }
    // What is no text is no address.
    let faults = always(Endpoint::Members, set("17"));
    let run = refused(Scenario { faults, ..demo.clone() }, &[], 13);
    assert!(run.sentence().contains("data[3].user.email"), "{}", run.stderr);
}

#[test]
fn somebody_who_is_listed_twice_is_one_person_and_a_warning() {
    let demo = Scenario::demo();
    let expected = Place::new(demo.clone());
    expected.run(&[]).ends_with(0);
    let warnings = Manifest::of(&demo).warnings.len();

    let mut scenario = demo.clone();
    let again = scenario.organizations[0].members[3].clone();
    let id = again.person.clone();
    scenario.organizations[0].members.insert(7, again);
    let place = Place::new(scenario);
    let run = place.run(&[]).ends_with(0);
    run.logged(&format!(
        "user {id} is twice in the members of organization kestrel-freight, also when it is asked for anew: counted as one"
    ));
    assert_eq!(run.logged("Sync complete.")["warnings"], warnings + 1);
    assert!(place.open("sync.c1z").records() == expected.open("sync.c1z").records());

    let mut scenario = demo.clone();
    let again = scenario.organizations[0].teams[0].members[1].clone();
    scenario.organizations[0].teams[0].members.push(again);
    let place = Place::new(scenario);
    let run = place.run(&[]).ends_with(0);
    assert!(run.stderr.contains("is twice in the members of team platform"), "{}", run.stderr);
    assert_eq!(run.logged("Sync complete.")["warnings"], warnings + 1);
    assert!(place.open("sync.c1z").records() == expected.open("sync.c1z").records());
}

#[test]
fn somebody_with_two_roles_or_on_two_pages_ends_the_sync() {
    let mut roles = Scenario::demo();
    let person = roles.organizations[0].members[3].person.clone();
    roles.organizations[0].members.push(Membership { person, role: "admin".into() });
    let run = refused(roles, &[], 10);
    assert!(run.sentence().contains("as \"member\" and as \"admin\""), "{}", run.stderr);

    let mut pages = Scenario::sized(1, 150, 2, 3);
    let again = pages.organizations[0].members[1].clone();
    pages.organizations[0].members.push(again);
    let run = refused(pages, &[], 10);
    assert!(run.sentence().contains("came twice"), "{}", run.stderr);
}

/// Five organizations, two on a page, each with an administrator and a team.
fn of_three_pages() -> Scenario {
    Scenario { max_per_page: 2, default_per_page: 2, ..Scenario::sized(5, 2, 1, 1) }
}

fn after(requests: u64, change: ChangeKind) -> Change {
    Change { after: Trigger { endpoint: Some(Endpoint::Organizations), requests }, change }
}

#[test]
fn an_organization_that_goes_between_two_pages_takes_no_other_with_it() {
    let first = of_three_pages();
    for (gone, requests) in [(0, 1), (1, 1), (0, 2), (3, 2), (2, 4)] {
        let change = ChangeKind::RemoveOrganization { organization: first.organizations[gone].id.clone() };
        let scenario = Scenario { changes: vec![after(requests, change)], ..first.clone() };
        let expected = Place::new(scenario.after_changes());
        expected.run(&[]).ends_with(0);
        for inline in [false, true] {
            let place = Place::new(scenario.clone());
            let mut program = place.program();
            if inline {
                program.env("BATON_PLANETSCALE_INLINE_TEAM_MEMBERS", "true");
            }
            Run::of(program.args(["--workers", "1"])).ends_with(0);
            let [found, expected] = [&place, &expected].map(|place| place.open("sync.c1z").records());
            assert!(found == expected, "{gone} after {requests}, inline {inline}");
        }
    }
}

#[test]
fn organizations_that_come_at_every_page_end_the_sync() {
    let first = of_three_pages();
    let comes = |number: u64| {
        let organization = Box::new(Organization {
            id: format!("new-{number}"),
            name: format!("new-{number}"),
            members: first.organizations[0].members.clone(),
            ..Organization::default()
        });
        after(number, ChangeKind::AddOrganization { organization })
    };
    let changes = (1..200).map(comes).collect();
    let run = refused(Scenario { changes, ..first.clone() }, &[], 10);
    assert!(run.sentence().contains("the organizations"), "{}", run.stderr);
}

#[test]
fn two_of_one_name_are_refused() {
    let name = |endpoint, pointer: &str, json: &str| {
        let at = At { endpoint: Some(endpoint), ..At::default() };
        let kind = FaultKind::Set { pointer: pointer.into(), json: json.into() };
        Scenario { faults: vec![Fault { at, times: None, kind }], ..Scenario::demo() }
    };
    let run = refused(name(Endpoint::Organizations, "/data/1/name", "\"kestrel-freight\""), &[], 13);
    assert!(
        run.sentence().contains("two of the organizations have the name \"kestrel-freight\""),
        "{}",
        run.stderr
    );
    let run = refused(name(Endpoint::Teams, "/data/1/slug", "\"platform\""), &[], 13);
    assert!(run.sentence().contains("have the name \"platform\""), "{}", run.stderr);
}
