//! The scenarios themselves: they make sense, are the same every time, and hold what they promise.

use std::collections::HashSet;

use baton_planetscale_demo::{Manifest, Scenario, Server};

#[test]
fn every_named_scenario_makes_sense_and_travels_as_json() {
    for name in ["demo", "S", "M", "thousand", "shared", "scripts", "empty-organization", "random:5"] {
        let scenario = Scenario::named(name).unwrap();
        scenario.check().unwrap();
        assert_eq!(scenario.name, name);
        let json = serde_json::to_string(&scenario).unwrap();
        assert_eq!(serde_json::from_str::<Scenario>(&json).unwrap(), scenario, "{name}");
    }
    assert!(Scenario::named("random:x").is_err());
    assert!(Scenario::named("large").unwrap_err().to_string().contains("thousand"));
}

#[test]
fn a_thousand_seeds_give_sensible_scenarios_of_every_shape() {
    let (mut sizes, mut shared, mut requests) = (HashSet::new(), 0, 0);
    for seed in 0..1000 {
        let scenario = Scenario::random(seed);
        scenario.check().unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        let of = |o: &baton_planetscale_demo::Organization| o.members.len();
        sizes.extend(scenario.organizations.iter().map(of));
        let all = scenario.people.len();
        shared += usize::from(scenario.organizations.iter().filter(|o| o.members.len() == all).count() > 1);
        requests += Manifest::of(&scenario).requests;
    }
    assert!([1, 2, 99, 100, 101].iter().all(|size| sizes.contains(size)), "{sizes:?}");
    assert!(shared > 50, "{shared}");
    assert!(requests < 40_000, "a thousand syncs have to stay affordable: {requests}");
    assert_eq!(Scenario::random(42), Scenario::random(42));
}

#[test]
fn the_sizes_of_the_measurements_are_what_they_are_called() {
    let requests = |name| Manifest::of(&Scenario::named(name).unwrap()).requests;
    assert_eq!([requests("S"), requests("M")], [8, 334]);
    assert_eq!(requests("empty-organization"), 11, "an empty list costs a request, too");
    let thousand = Manifest::of(&Scenario::named("thousand").unwrap());
    let people = thousand.resources.iter().filter(|r| r.user.is_some()).count();
    assert_eq!(people, 2000, "three organizations of a thousand, neighbours sharing half");
}

#[test]
fn a_scenario_that_contradicts_itself_is_refused_in_a_sentence() {
    let mut twice = Scenario::demo();
    twice.people[1].id = twice.people[0].id.clone();
    assert!(Server::start(twice).is_err_and(|e| e.to_string().contains("two people")));
    let mut stranger = Scenario::demo();
    stranger.organizations[0].teams[0].members.push("nobody".into());
    let error = stranger.check().unwrap_err().to_string();
    assert!(error.contains("\"platform\"") && error.contains("\"nobody\""), "{error}");
    let endless = Scenario { max_per_page: 0, ..Scenario::demo() };
    assert!(endless.check().is_err());
}
