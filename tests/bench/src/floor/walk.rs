//! What is asked for: the organizations, the members and teams of each, and the members of each team, all page by
//! page, as many at a time as there are workers.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use super::connection::{Connection, Server};
use super::records::{self, Sent};
use super::reply::{Membership, Organization, Page, Team, TeamMembership};
use crate::outcome::Result;

/// Records on a page.
const PER_PAGE: u32 = 100;

/// A list.
#[derive(Clone)]
enum List {
    Organizations,
    Members(Arc<Organization>),
    Teams(Arc<Organization>),
    TeamMembers(Arc<Organization>, Arc<Team>),
}

/// A page of a list.
struct Ask(List, u64);

/// Ask for everything, and hand the records on.
pub async fn walk(server: Server, workers: usize, pages: Sender<Sent>) -> Result {
    let server = Arc::new(server);
    pages.send(Sent::Page(records::types())).await?;
    let mut waiting = vec![Ask(List::Organizations, 1)];
    let mut idle = Vec::new();
    let mut running = JoinSet::new();
    loop {
        while running.len() < workers
            && let Some(ask) = waiting.pop()
        {
            running.spawn(page(server.clone(), idle.pop(), ask, pages.clone()));
        }
        let Some(done) = running.join_next().await else { return Ok(pages.send(Sent::End).await?) };
        let (connection, follow) = done??;
        idle.push(connection);
        waiting.extend(follow);
    }
}

/// One page: what it holds goes to the writer, what it leads to comes back.
async fn page(
    server: Arc<Server>,
    connection: Option<Connection>,
    Ask(list, number): Ask,
    pages: Sender<Sent>,
) -> Result<(Connection, Vec<Ask>)> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => server.connect().await?,
    };
    let path = match &list {
        List::Organizations => "/v1/organizations".to_owned(),
        List::Members(organization) => format!("/v1/organizations/{}/members", organization.name),
        List::Teams(organization) => format!("/v1/organizations/{}/teams", organization.name),
        List::TeamMembers(organization, team) => {
            format!("/v1/organizations/{}/teams/{}/members", organization.name, team.slug)
        }
    };
    let body = connection.get(&server, &format!("{path}?page={number}&per_page={PER_PAGE}")).await?;
    let mut follow = Vec::new();
    let (records, next) = match &list {
        List::Organizations => {
            let Page { data, next_page } = parse::<Organization>(&body)?;
            let mut found = Vec::new();
            for organization in data {
                let organization = Arc::new(organization);
                found.extend(records::organization(&organization));
                follow.push(Ask(List::Members(organization.clone()), 1));
                follow.push(Ask(List::Teams(organization), 1));
            }
            (found, next_page)
        }
        List::Members(organization) => {
            let Page { data, next_page } = parse::<Membership>(&body)?;
            (records::members(organization, data), next_page)
        }
        List::Teams(organization) => {
            let Page { data, next_page } = parse::<Team>(&body)?;
            let mut found = Vec::new();
            for team in data {
                let team = Arc::new(team);
                found.extend(records::team(organization, &team));
                follow.push(Ask(List::TeamMembers(organization.clone(), team), 1));
            }
            (found, next_page)
        }
        List::TeamMembers(_, team) => {
            let Page { data, next_page } = parse::<TeamMembership>(&body)?;
            (records::team_members(team, data), next_page)
        }
    };
    pages.send(Sent::Page(records)).await?;
    follow.extend(next.map(|next| Ask(list, next)));
    Ok((connection, follow))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<Page<T>> {
    Ok(serde_json::from_slice(body)?)
}
