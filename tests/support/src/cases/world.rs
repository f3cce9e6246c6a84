//! The tenant of the matrix: small, and with three pages in every list.

use baton_planetscale_demo::{Scenario, Told};

/// Five organizations with two records a page. The first has five members and five teams, one of them with five
/// members; the others are as small as can be, so that a case takes some thirty requests.
pub fn small() -> Scenario {
    let mut scenario = Scenario::overlapping(5, 5, 5, 5, 2);
    scenario.max_per_page = 2;
    scenario.default_per_page = 2;
    for organization in scenario.organizations.iter_mut().skip(1) {
        organization.members.truncate(2);
        organization.teams.truncate(1);
    }
    for (number, organization) in scenario.organizations.iter_mut().enumerate() {
        let members: Vec<_> = organization.members.iter().map(|member| member.person.clone()).collect();
        for (team_number, team) in organization.teams.iter_mut().enumerate() {
            let most = if number == 0 && team_number == 0 { members.len() } else { 1 };
            team.members = members.iter().take(most).cloned().collect();
        }
    }
    // Every field that may be absent is there, so that it can be taken away.
    let own = scenario.organizations.first().map(|organization| organization.id.clone());
    for person in &mut scenario.people {
        (person.sso, person.managed, person.directory_managed) = (Told::No, Told::No, Told::No);
        person.email_verified = Told::Yes;
        person.default_organization.clone_from(&own);
    }
    scenario
}
