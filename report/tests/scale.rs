//! Many people: further pages, none too large, and every link leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::pages::Place;
use crate::world::{World, facts};

/// So many people in so many teams each.
pub fn crowd(people: usize, teams: usize, each: usize) -> World {
    let mut world = World::new();
    world.organization("crowd", &[("sso", true)]);
    let databases = ["orders", "billing", "search", "archive"];
    databases.iter().for_each(|name| world.database("crowd", name));
    for team in 0..teams {
        let name = format!("team-{team:03}");
        world.team("crowd", &name);
        if let Some(database) = databases.get(team) {
            world.team_holds(&name, database, "admin");
        }
    }
    for person in 0..people {
        let key = format!("person{person:05}");
        world.person(
            &format!("Person {person:05}"),
            &format!("{key}@kestrel.example"),
            Some(person % 7 != 0),
            true,
        );
        world.holds(&key, "organization", "crowd", if person < 3 { "admin" } else { "member" });
        for at in 0..each {
            world.holds(&key, "team", &format!("team-{:03}", (person * 7 + at) % teams), "member");
        }
    }
    world
}

#[test]
fn more_than_two_thousand_people_are_on_further_pages_none_of_which_is_too_large() {
    let place = Place::new();
    let (people, each) = match std::env::var_os("REVIEW_OF_MANY") {
        Some(_) => (10_000, 24),
        None => (2_200, 6),
    };
    let file = place.path("sync.c1z");
    crowd(people, 120, each).write(&file, Some(&facts()));
    let began = std::time::Instant::now();
    place.make(&file, "review");
    eprintln!("made in {:.1} s", began.elapsed().as_secs_f64());
    let mut pages = BTreeMap::new();
    for entry in std::fs::read_dir(place.path("review")).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            pages.insert(name, std::fs::read_to_string(&path).expect("a page"));
        }
    }
    assert!(pages.len() > 3, "{:?}", pages.keys());
    for (name, page) in &pages {
        assert!(page.len() <= 2_000_000, "{name} has {} bytes", page.len());
        eprintln!("{name} {}", page.len());
    }
    let anchors: BTreeSet<String> = pages
        .iter()
        .flat_map(|(name, page)| {
            let ids = page.split(" id=\"").skip(1).filter_map(|rest| rest.split_once('"'));
            ids.map(|(id, _)| format!("{name}#{id}")).collect::<Vec<_>>()
        })
        .collect();
    let mut lead_nowhere = BTreeSet::new();
    for (name, page) in &pages {
        for (href, _) in page.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"')) {
            let whole = if href.starts_with('#') { format!("{name}{href}") } else { href.to_owned() };
            if !anchors.contains(&whole) && !pages.contains_key(&whole) {
                lead_nowhere.insert(whole);
            }
        }
    }
    assert_eq!(lead_nowhere, BTreeSet::new());
    let cards: BTreeSet<&str> = pages
        .values()
        .flat_map(|page| page.split("<h3>Person ").skip(1).filter_map(|rest| rest.get(..5)))
        .collect();
    assert_eq!(cards.len(), people, "people with a card");
    if let Some(copy) = std::env::var_os("REVIEW_OF_MANY") {
        let copy = std::path::PathBuf::from(copy);
        std::fs::create_dir_all(&copy).expect("a folder");
        for (name, page) in &pages {
            std::fs::write(copy.join(name), page).expect("a copy");
        }
    }
}
