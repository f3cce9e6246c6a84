//! A connector for {{Name}}: which lists there are, and how they are asked for.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "only a component exports it")
)]

mod records;

use baton_connector::contract::{
    ConfigField, ConnectorMetadata, Entitlement, Error, FieldKind, Grant, Purpose, Resource,
    ResourceType, Validation,
};
use baton_connector::record::{Kind, Offer};
use baton_connector::{Client, Connector, Page, Words, config, connector, metadata};
use records::{Group, Listed, Member, User};
use serde::de::DeserializeOwned;

/// How sentences call things.
const WORDS: Words = Words {
    product: "{{Name}}",
    credential: "token",
    renew: "make a new one and set {{name}}-token",
    access: "give the token the right to read",
    address: "{{name}}-url",
};

struct Vendor {
    client: Client,
}

impl Connector for Vendor {
    fn metadata() -> ConnectorMetadata {
        metadata(
            "{{Name}}",
            env!("CARGO_PKG_VERSION"),
            "Reads the users and groups of {{Name}}.",
        )
    }

    fn fields() -> Vec<ConfigField> {
        vec![
            config::field(
                "{{name}}-url",
                "Address",
                "Where {{Name}} is.",
                FieldKind::Url,
            ),
            config::secret(
                "{{name}}-token",
                "Token",
                "A token that may read users and groups.",
            ),
        ]
    }

    fn types() -> Result<Vec<ResourceType>, Error> {
        Ok(vec![
            Kind::new("user", "User").user().made(),
            Kind::new("group", "Group").group().held().made(),
        ])
    }

    fn open() -> Result<Vendor, Error> {
        let client = Client::new(&WORDS, config::url("{{name}}-url")?);
        Ok(Vendor {
            client: client.bearer(&config::credential("{{name}}-token")?),
        })
    }

    fn validate(&self) -> Result<Validation, Error> {
        self.list::<User>(&["users"], None)?;
        Ok(Validation {
            identity: None,
            rate_limit: None,
            warnings: vec![],
        })
    }

    fn resources(
        &self,
        kind: &str,
        parent: Option<&Resource>,
        from: Option<&str>,
    ) -> Result<Page<Resource>, Error> {
        match (kind, parent) {
            ("user", None) => self.page(&["users"], from, User::resource),
            ("group", None) => self.page(&["groups"], from, Group::resource),
            _ => Ok(Page::none()),
        }
    }

    fn entitlements(&self, of: &Resource) -> Result<Vec<Entitlement>, Error> {
        Ok(vec![
            Offer::new(of, "member", &["user", "group"])?
                .purpose(Purpose::Assignment)
                .made(),
        ])
    }

    fn grants(&self, of: &Resource, from: Option<&str>) -> Result<Page<Grant>, Error> {
        self.page(&["groups", &of.id.id, "members"], from, |member: Member| {
            member.grant(of)
        })
    }
}

impl Vendor {
    /// A page of a list as records.
    fn page<T: DeserializeOwned, R>(
        &self,
        path: &[&str],
        from: Option<&str>,
        record: impl Fn(T) -> Result<R, Error>,
    ) -> Result<Page<R>, Error> {
        let listed = self.list(path, from)?;
        let items = listed
            .items
            .into_iter()
            .map(record)
            .collect::<Result<_, _>>()?;
        Ok(Page {
            next: listed.next.into_iter().collect(),
            ..Page::of(items)
        })
    }

    fn list<T: DeserializeOwned>(
        &self,
        path: &[&str],
        from: Option<&str>,
    ) -> Result<Listed<T>, Error> {
        let mut call = self.client.get(path)?;
        if let Some(cursor) = from {
            call = call.query("cursor", cursor);
        }
        call.fetch(&format!("the {}", path.join(" ")))?.json()
    }
}

connector!(Vendor);

#[cfg(test)]
mod tests {
    use super::*;
    use baton_connector::double;

    #[test]
    fn a_page_names_the_one_that_follows() {
        double::config(&[
            ("{{name}}-url", "https://vendor.test"),
            ("{{name}}-token", "t"),
        ]);
        double::answers(|request| match request.path.as_str() {
            "/users" => double::reply(
                200,
                r#"{"items":[{"id":"u1","name":"Ada","email":null,"active":true}],"next":"2"}"#,
            ),
            "/users?cursor=2" => double::reply(200, r#"{"items":[],"next":null}"#),
            other => double::reply(404, other),
        });
        let vendor = Vendor::open().expect("a config");
        let first = vendor.resources("user", None, None).expect("a page");
        assert_eq!(
            (first.items[0].display_name.as_str(), first.next),
            ("Ada", vec!["2".to_owned()])
        );
        assert!(
            vendor
                .resources("user", None, Some("2"))
                .expect("a page")
                .next
                .is_empty()
        );
    }

    #[test]
    fn without_access_there_is_an_error_and_no_empty_list() {
        double::config(&[
            ("{{name}}-url", "https://vendor.test"),
            ("{{name}}-token", "t"),
        ]);
        double::answers(|_| double::reply(403, "{}"));
        let result = Vendor::open()
            .expect("a config")
            .resources("user", None, None);
        assert!(matches!(result, Err(Error::Access(_))));
    }
}
