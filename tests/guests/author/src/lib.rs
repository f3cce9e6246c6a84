//! A connector for Acme on the author's kit. It keeps every rule of the contract, until a test writes an order into its
//! bytes: then it breaks the one that is named.

#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "the exports are only in a component"))]

mod acme;
mod order;
mod wrong;

use acme::{Credential, Group, Listed, Member, Role, User, WORDS};
use baton_connector::contract::{
    BlindSpot, ConfigField, ConnectorMetadata, Entitlement, EntitlementPage, Error, FieldKind, Grant,
    GrantPage, Guest, Resource, ResourcePage, ResourceType, Validation,
};
use baton_connector::record::Kind;
use baton_connector::{Client, Connector, Page, config, connector, metadata, oauth};

/// Acme, signed in to.
struct Acme {
    client: Client,
}

impl Connector for Acme {
    fn metadata() -> ConnectorMetadata {
        wrong::metadata(ConnectorMetadata {
            further_requests: vec![oauth::declared("{acme-url}/oauth/token", "Acme")],
            cannot_see: vec![BlindSpot {
                message: "Acme does not tell who made a credential.".into(),
                resource_types: vec!["credential".into()],
            }],
            ..metadata(
                "Acme",
                env!("CARGO_PKG_VERSION"),
                "Reads the users, groups, roles and credentials of Acme.",
            )
        })
    }

    fn fields() -> Vec<ConfigField> {
        wrong::fields(vec![
            config::field("acme-url", "Address", "Where your Acme is.", FieldKind::Url),
            config::field("acme-client-id", "Client id", "Of a client that may read.", FieldKind::Text),
            config::secret("acme-client-secret", "Client secret", "The client's secret."),
        ])
    }

    fn types() -> Result<Vec<ResourceType>, Error> {
        Ok(wrong::types(vec![
            Kind::new("user", "User").user().needs("read").made(),
            Kind::new("group", "Group").group().held().needs("read").made(),
            Kind::new("role", "Role").role().held().needs("read").made(),
            Kind::new("credential", "Credential").secret().needs("read").made(),
        ]))
    }

    fn open() -> Result<Acme, Error> {
        let client = Client::new(&WORDS, config::url("acme-url")?);
        let (id, secret) = (config::text("acme-client-id")?, config::text("acme-client-secret")?);
        let client = oauth::client_credentials(client, &["oauth", "token"], &id, &secret, None);
        Ok(Acme { client: wrong::answer(client)? })
    }

    fn validate(&self) -> Result<Validation, Error> {
        wrong::validate()?;
        let answer = self.list::<User>(&["users"], None);
        wrong::answer(answer)?;
        Ok(Validation { identity: Some(config::text("acme-client-id")?), rate_limit: None, warnings: vec![] })
    }

    fn resources(
        &self,
        kind: &str,
        parent: Option<&Resource>,
        from: Option<&str>,
    ) -> Result<Page<Resource>, Error> {
        if parent.is_some() {
            return Ok(Page::none());
        }
        let page = match kind {
            "user" => self.page(&["users"], from, User::resource),
            "group" => self.page(&["groups"], from, Group::resource),
            "role" => self.page(&["roles"], from, Role::resource),
            _ => self.page(&["credentials"], from, Credential::resource),
        };
        wrong::resources(page)
    }

    fn entitlements(&self, of: &Resource) -> Result<Vec<Entitlement>, Error> {
        Ok(vec![acme::offer(of)?])
    }

    fn grants(&self, of: &Resource, from: Option<&str>) -> Result<Page<Grant>, Error> {
        let id = of.id.id.as_str();
        let page = match of.id.resource_type.as_str() {
            "group" => self.page(&["groups", id, "members"], from, |found: Member| found.grant(of)),
            _ => self.page(&["roles", id, "assignments"], from, |found: Member| found.grant(of)),
        };
        wrong::grants(page)
    }
}

impl Acme {
    /// A page of a list as records.
    fn page<T: serde::de::DeserializeOwned, R>(
        &self,
        path: &[&str],
        from: Option<&str>,
        record: impl Fn(T) -> Result<R, Error>,
    ) -> Result<Page<R>, Error> {
        let listed = self.list::<T>(path, from)?;
        let items = listed.items.into_iter().map(record).collect::<Result<Vec<R>, Error>>()?;
        Ok(Page { next: listed.next.into_iter().collect(), total: Some(listed.total), ..Page::of(items) })
    }

    fn list<T: serde::de::DeserializeOwned>(
        &self,
        path: &[&str],
        from: Option<&str>,
    ) -> Result<Listed<T>, Error> {
        let mut call = self.client.get(&[&["api"], path].concat())?;
        if let Some(cursor) = from {
            call = call.query("cursor", cursor);
        }
        let reply = call.fetch(&format!("the {}", path.join(" ")))?;
        reply.json()
    }
}

/// Acme, around which tokens are taken that must not be.
struct Ordered;

impl Guest for Ordered {
    fn metadata() -> ConnectorMetadata {
        <Acme as Guest>::metadata()
    }

    fn config_schema() -> Vec<ConfigField> {
        Acme::config_schema()
    }

    fn validate() -> Result<Validation, Error> {
        <Acme as Guest>::validate()
    }

    fn list_resource_types() -> Result<Vec<ResourceType>, Error> {
        Acme::list_resource_types()
    }

    fn list_resources(
        kind: String,
        parent: Option<Resource>,
        token: Option<String>,
    ) -> Result<ResourcePage, Error> {
        let token = wrong::token(&["resources", &kind, "", ""], token);
        Acme::list_resources(kind, parent, token)
    }

    fn list_entitlements(of: Resource, token: Option<String>) -> Result<EntitlementPage, Error> {
        Acme::list_entitlements(of, token)
    }

    fn list_grants(of: Resource, token: Option<String>) -> Result<GrantPage, Error> {
        let token = wrong::token(&["grants", &of.id.resource_type, &of.id.id], token);
        Acme::list_grants(of, token)
    }
}

connector!(Ordered);
