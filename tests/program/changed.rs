//! Lists that change, or go, after a part of them was written: the file holds what the second reading told, and nothing
//! of the first.

use baton_planetscale_demo::{Change, ChangeKind, Endpoint, Manifest, Scenario, Trigger};

use crate::harness::Place;

/// One organization of a page of members, with two teams of four pages each.
fn scenario() -> Scenario {
    Scenario { max_per_page: 3, default_per_page: 3, ..Scenario::sized(1, 12, 2, 12) }
}

/// What happens when so many pages of teams' members were read.
fn then(pages: u64, change: ChangeKind) -> Scenario {
    let after = Trigger { endpoint: Some(Endpoint::TeamMembers), requests: pages };
    Scenario { changes: vec![Change { after, change }], ..scenario() }
}

fn lines(place: &Place, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(place.path(name)).expect("the file");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn of_a_list_that_changes_after_its_first_page_only_the_second_reading_is_in_the_file() {
    let team = scenario().organizations[0].teams[0].clone();
    let leaves =
        |at: usize| ChangeKind::RemoveTeamMember { team: team.id.clone(), person: team.members[at].clone() };
    // Somebody of the page that was written, of the one that comes, and of the last.
    for (pages, at) in [(1, 0), (1, 3), (2, 1), (3, 11), (3, 0)] {
        let changing = then(pages, leaves(at));
        let undisturbed = Place::new(changing.after_changes());
        for workers in ["1", "3"] {
            for name in ["sync.c1z", "sync.jsonl"] {
                let here = Place::new(changing.clone());
                undisturbed.run(&["-f", name]).ends_with(0);
                let run = here.run(&["--workers", workers, "-f", name]).ends_with(0);
                // Side by side the other team's page may come first, and the change before all of this one.
                let told = run.stderr.contains("the list changed while it was read");
                assert!(told || workers != "1", "{}", run.stderr);
                if name == "sync.c1z" {
                    let [found, expected] = [&here, &undisturbed].map(|place| place.open(name).records());
                    assert!(found == expected, "{at} after {pages} pages, {workers} workers");
                } else {
                    assert!(lines(&here, name) == lines(&undisturbed, name), "{at} after {pages} pages");
                }
            }
        }
    }
}

#[test]
fn of_a_team_that_goes_after_its_first_page_nobody_is_left() {
    let team = scenario().organizations[0].teams[0].clone();
    for pages in [1, 2, 3] {
        let changing = then(pages, ChangeKind::RemoveTeam { team: team.id.clone() });
        let expected = Manifest::of(&changing.after_changes());
        for name in ["sync.c1z", "sync.jsonl"] {
            let place = Place::new(changing.clone());
            let run = place.run(&["--workers", "1", "-f", name]).ends_with(0);
            let told = format!(
                "team {} of organization organization-01 was deleted while the sync ran: it is listed without members",
                team.display_name
            );
            run.logged(&told);
            assert_eq!(run.logged("Sync complete.")["grants"], expected.grants.len());
            if name == "sync.c1z" {
                let file = place.open(name);
                assert_eq!(file.count(&format!("v1_grants where resource_id = '{}'", team.id)), 0);
                assert_eq!(file.count("v1_grants"), expected.grants.len() as i64);
                assert_eq!(file.count(&format!("v1_resources where external_id = 'team:{}'", team.id)), 1);
            } else {
                let grants = lines(&place, name).into_iter().filter(|line| line.starts_with("{\"grant\":"));
                let grants: Vec<String> = grants.collect();
                assert_eq!(grants.len(), expected.grants.len());
                assert!(!grants.iter().any(|line| line.contains(&format!("team:{}:", team.id))));
            }
        }
    }
}
