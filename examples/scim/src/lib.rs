//! A connector for whatever speaks SCIM 2.0 (RFC 7643, RFC 7644): users, and groups with those who are in them.
//!
//! | of SCIM | in the contract |
//! |---|---|
//! | User: `active`, `emails`, `userType`, `name`, the enterprise extension's `employeeNumber` | resource of the type `user` |
//! | Group | resource of the type `group`, with the entitlement `member` |
//! | a group's `members` | grants; of a group in a group, whose members are members too, an expandable one |
//! | `startIndex`, `count`, `totalResults` | pages, all of which the first one names |

#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "the exports are only in a component"))]

mod records;
#[cfg(test)]
mod tests;

use baton_connector::contract::{
    BlindSpot, ConfigField, ConnectorMetadata, Entitlement, Error, FieldKind, Grant, Purpose, Resource,
    ResourceType, Validation,
};
use baton_connector::paging::Window;
use baton_connector::record::{Kind, Offer};
use baton_connector::{Cache, Client, Connector, Found, Page, Words, config, connector, metadata};
use records::{Group, GroupMembers, GroupName, ListResponse, User};
use serde::de::DeserializeOwned;

/// How sentences call things.
const WORDS: Words = Words {
    product: "the SCIM server",
    credential: "bearer token",
    renew: "make a new one and set scim-token",
    access: "let the token read users and groups",
    address: "scim-url",
};

/// Resources that are asked for at once; a server may give fewer.
const COUNT: u64 = 100;

struct Scim {
    client: Client,
}

impl Connector for Scim {
    fn metadata() -> ConnectorMetadata {
        ConnectorMetadata {
            cannot_see: vec![BlindSpot {
                message:
                    "SCIM does not tell what the members of a group may do, nor who administers the system."
                        .into(),
                resource_types: vec![],
            }],
            ..metadata(
                "SCIM",
                env!("CARGO_PKG_VERSION"),
                "Reads the users and groups of a system that speaks SCIM 2.0.",
            )
        }
    }

    fn fields() -> Vec<ConfigField> {
        vec![
            config::field(
                "scim-url",
                "SCIM address",
                "The address that ends before /Users, for example https://example.com/scim/v2.",
                FieldKind::Url,
            ),
            config::secret("scim-token", "Bearer token", "A token that may read users and groups."),
        ]
    }

    fn types() -> Result<Vec<ResourceType>, Error> {
        Ok(vec![Kind::new("user", "User").user().made(), Kind::new("group", "Group").group().held().made()])
    }

    fn open() -> Result<Scim, Error> {
        let client = Client::new(&WORDS, config::url("scim-url")?).header("accept", "application/scim+json");
        Ok(Scim { client: client.bearer(&config::credential("scim-token")?) })
    }

    fn validate(&self) -> Result<Validation, Error> {
        self.client.get(&["Users"])?.query("count", 1).fetch("the users")?.json::<ListResponse<User>>()?;
        Ok(Validation { identity: None, rate_limit: None, warnings: vec![] })
    }

    fn resources(
        &self,
        kind: &str,
        parent: Option<&Resource>,
        from: Option<&str>,
    ) -> Result<Page<Resource>, Error> {
        match (kind, parent) {
            ("user", None) => self.page("Users", from, User::resource),
            ("group", None) => self.page("Groups", from, Group::resource),
            _ => Ok(Page::none()),
        }
    }

    fn entitlements(&self, of: &Resource) -> Result<Vec<Entitlement>, Error> {
        Ok(vec![Offer::new(of, "member", &["user", "group"])?.purpose(Purpose::Assignment).made()])
    }

    fn grants(&self, of: &Resource, _: Option<&str>) -> Result<Page<Grant>, Error> {
        let (id, subject) = (of.id.id.as_str(), format!("the members of group {}", of.display_name));
        let call = self.client.get(&["Groups", id])?.query("attributes", "members").cache(Cache::NoStore);
        let reply = match call.find(&subject)? {
            Found::Reply(reply) => reply,
            // It may be gone, or not for this token: the list of groups tells.
            Found::Missing(missing) => {
                return Err(if self.is_listed(id)? { missing.no_access("") } else { missing.gone() });
            }
        };
        let group: GroupMembers = reply.json()?;
        let items =
            group.members.into_iter().flatten().map(|member| member.grant(of)).collect::<Result<_, _>>()?;
        Ok(Page { rate_limit: reply.rate_limit(), ..Page::of(items) })
    }
}

impl Scim {
    /// A page of all resources of a kind.
    fn page<T: DeserializeOwned>(
        &self,
        endpoint: &str,
        from: Option<&str>,
        record: impl Fn(T) -> Result<Resource, Error>,
    ) -> Result<Page<Resource>, Error> {
        let window = Window::at(from, COUNT)?;
        let call =
            self.client.get(&[endpoint])?.query("startIndex", window.first + 1).query("count", window.size);
        let call = if endpoint == "Groups" { call.query("excludedAttributes", "members") } else { call };
        let reply = call.fetch(&format!("the {}", endpoint.to_lowercase()))?;
        let listed: ListResponse<T> = reply.json()?;
        let found = listed.resources.unwrap_or_default();
        let total = Some(listed.total_results);
        let next =
            window.next(found.len(), total, &reply.exchange()).map_err(|error| reply.in_place(error))?;
        let items = found.into_iter().map(record).collect::<Result<_, _>>()?;
        let total = u32::try_from(listed.total_results).ok();
        Ok(Page { next, total, rate_limit: reply.rate_limit(), ..Page::of(items) })
    }

    /// Whether a group is in the list of groups, as the server tells it now.
    fn is_listed(&self, id: &str) -> Result<bool, Error> {
        let filter = format!("id eq \"{}\"", id.replace('\\', "\\\\").replace('"', "\\\""));
        let call = self
            .client
            .get(&["Groups"])?
            .query("filter", filter)
            .query("attributes", "id")
            .cache(Cache::Fresh);
        let listed: ListResponse<GroupName> = call.fetch("the groups")?.json()?;
        Ok(listed.resources.into_iter().flatten().any(|group| group.id == id))
    }
}

connector!(Scim);
