//! The scenario at this moment, ready to answer.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::body::membership_id;
use super::body::{MembershipBody, OrganizationBody, PersonBody, TeamBody, TeamMembershipBody};
use super::envelope::Page;
use super::password::passwords;
use super::reply::Reply;
use super::route::Route;
use crate::endpoint::Endpoint;
use crate::scenario::{ChangeKind, InlineMembers, Organization, Scenario, Team};

/// A scenario with its people already written down as JSON.
pub(crate) struct World {
    scenario: Scenario,
    people: HashMap<String, Box<RawValue>>,
    /// The addresses of further pages begin with it.
    origin: String,
}

/// There is nothing to answer with: 404.
struct Nothing;

impl From<serde_json::Error> for Nothing {
    /// Writing these values cannot fail; if it did, a 404 would end every test in a clear way.
    fn from(_: serde_json::Error) -> Self {
        Self
    }
}

impl World {
    pub(crate) fn new(scenario: Scenario, origin: String) -> serde_json::Result<Self> {
        let mut world = Self { scenario, people: HashMap::new(), origin };
        world.write_people()?;
        Ok(world)
    }

    /// Lets something happen.
    pub(crate) fn apply(&mut self, change: &ChangeKind) -> serde_json::Result<()> {
        self.scenario.apply(change);
        self.write_people()
    }

    fn write_people(&mut self) -> serde_json::Result<()> {
        let Scenario { people, organizations, .. } = &self.scenario;
        let written =
            people.iter().map(|p| Ok((p.id.clone(), to_raw_value(&PersonBody::of(p, organizations))?)));
        self.people = written.collect::<serde_json::Result<_>>()?;
        Ok(())
    }

    /// The reply to a GET of this address by somebody with a good token.
    pub(crate) fn answer(&self, route: &Route) -> Reply {
        self.try_answer(route).unwrap_or_else(|Nothing| Reply::error(404))
    }

    fn try_answer(&self, route: &Route) -> Result<Reply, Nothing> {
        if route.endpoint == Endpoint::Organizations {
            let all = &self.scenario.organizations;
            return self.list(route, all, |o| Ok(OrganizationBody::of(o)));
        }
        let organization = self.organization(route)?;
        match route.endpoint {
            Endpoint::Organizations | Endpoint::Organization => single(&OrganizationBody::of(organization)),
            Endpoint::Members => self.list(route, &organization.members, |m| {
                Ok(MembershipBody::of(m, &organization.id, self.user(&m.person)?))
            }),
            Endpoint::Member => {
                let id = route.member.as_ref();
                let member = organization.members.iter().find(|m| Some(&m.person) == id);
                let member = member.ok_or(Nothing)?;
                single(&MembershipBody::of(member, &organization.id, self.user(&member.person)?))
            }
            Endpoint::Teams => self.list(route, &organization.teams, |t| self.team(t)),
            Endpoint::Team => single(&self.team(find_team(organization, route)?)?),
            Endpoint::TeamMembers => {
                let team = find_team(organization, route)?;
                let passwords = passwords(team.passwords)?;
                self.list(route, &team.members, |id| {
                    Ok(TeamMembershipBody::of(&team.id, id, self.user(id)?, &passwords))
                })
            }
            Endpoint::TeamMember => {
                let team = find_team(organization, route)?;
                let wanted = route.member.as_deref().ok_or(Nothing)?;
                let fits = |id: &&String| *id == wanted || membership_id(&team.id, id) == wanted;
                let id = team.members.iter().find(fits).ok_or(Nothing)?;
                let passwords = passwords(team.passwords)?;
                single(&TeamMembershipBody::of(&team.id, id, self.user(id)?, &passwords))
            }
        }
    }

    /// The organization of an address, if the token may know of it.
    fn organization(&self, route: &Route) -> Result<&Organization, Nothing> {
        let name = route.organization.as_ref();
        let mut all = self.scenario.organizations.iter();
        all.find(|o| Some(&o.name) == name && o.access).ok_or(Nothing)
    }

    fn user(&self, id: &str) -> Result<&RawValue, Nothing> {
        self.people.get(id).map(AsRef::as_ref).ok_or(Nothing)
    }

    fn team<'a>(&'a self, team: &'a Team) -> Result<TeamBody<'a>, Nothing> {
        let mut ids: Vec<&str> = team.members.iter().map(String::as_str).collect();
        match self.scenario.inline_members {
            InlineMembers::All => {}
            InlineMembers::Empty => ids.clear(),
            InlineMembers::AtMost(limit) => ids.truncate(limit),
            InlineMembers::Doubled => {
                if let ([first, ..], Some(_)) = (team.members.as_slice(), ids.pop()) {
                    ids.insert(0, first);
                }
            }
            InlineMembers::Wrong => {
                let mut others = self.scenario.people.iter().map(|person| &person.id);
                if let (Some(other), Some(last)) =
                    (others.find(|id| !team.members.contains(id)), ids.last_mut())
                {
                    *last = other;
                }
            }
        }
        let members: Result<Vec<_>, _> = ids.into_iter().map(|id| self.user(id)).collect();
        Ok(TeamBody::of(team, members?))
    }

    fn list<'a, T, B: Serialize>(
        &self,
        route: &Route,
        items: &'a [T],
        body: impl Fn(&'a T) -> Result<B, Nothing>,
    ) -> Result<Reply, Nothing> {
        let asked = route.per_page.unwrap_or(self.scenario.default_per_page);
        let page = Page {
            number: route.page,
            size: asked.min(self.scenario.max_per_page),
            total: u64::try_from(items.len()).map_err(|_| Nothing)?,
        };
        let here = items.get(page.range()).unwrap_or_default();
        let data: Vec<B> = here.iter().map(body).collect::<Result<_, _>>()?;
        // The vendor tells no counts for organizations.
        let counted = route.endpoint != Endpoint::Organizations;
        let written = page.write(&self.address(route), counted, &data)?;
        Ok(Reply { pages: page.pages().max(1), ..Reply::json(200, written) })
    }

    /// The list's own URL, as the vendor puts it into `next_page_url`.
    fn address(&self, route: &Route) -> String {
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let mut url = format!("{}/v1/organizations", self.origin);
        if let Some(organization) = &route.organization {
            url = format!("{url}/{}", encode(organization));
        }
        match (route.endpoint, &route.team) {
            (Endpoint::Members, _) => format!("{url}/members"),
            (Endpoint::Teams, _) => format!("{url}/teams"),
            (_, Some(team)) => format!("{url}/teams/{}/members", encode(team)),
            _ => url,
        }
    }
}

fn find_team<'a>(organization: &'a Organization, route: &Route) -> Result<&'a Team, Nothing> {
    let slug = route.team.as_ref();
    organization.teams.iter().find(|t| Some(&t.slug) == slug).ok_or(Nothing)
}

fn single(body: &impl Serialize) -> Result<Reply, Nothing> {
    Ok(Reply::json(200, serde_json::to_vec(body)?))
}
