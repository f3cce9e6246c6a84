//! A connector for Acme, a made-up system: plain Rust for `wasm32-wasip2`, and the contract.

mod bindings;
mod http;
mod records;

use std::hash::{DefaultHasher, Hash, Hasher};

use bindings::syncer;
use records::{Assignment, Credential, Group, Member, Role, User};
use serde::de::DeserializeOwned;
use syncer::*;

struct Acme;

impl Guest for Acme {
    fn metadata() -> ConnectorMetadata {
        ConnectorMetadata {
            display_name: "Acme".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            description: "Reads the users, groups, roles and credentials of Acme.".into(),
            documentation_url: None,
            icon_url: None,
            request_limits: vec![],
            further_origins: vec![],
            further_requests: vec![FurtherRequest {
                method: "POST".into(),
                url: "{acme-url}/oauth/token".into(),
                reason: "Acme gives an access token for the client's id and secret.".into(),
            }],
            credential_headers: vec![],
            cannot_see: vec![BlindSpot {
                message: "Acme does not tell who made a credential.".into(),
                resource_types: vec!["credential".into()],
            }],
        }
    }

    fn config_schema() -> Vec<ConfigField> {
        let field = |name: &str, display_name: &str, description: &str, kind, secret| ConfigField {
            name: name.into(),
            display_name: display_name.into(),
            description: description.into(),
            placeholder: None,
            suggested_value: None,
            kind,
            required: true,
            secret,
        };
        vec![
            field("acme-url", "Address", "Where your Acme is.", FieldKind::Url, false),
            field("acme-client-id", "Client id", "Of a client that may read.", FieldKind::Text, false),
            field("acme-client-secret", "Client secret", "The client's secret.", FieldKind::Text, true),
        ]
    }

    fn validate() -> Result<Validation, Error> {
        http::page::<User>("/api/users", None)?;
        Ok(Validation { identity: Some(http::config("acme-client-id")?), rate_limit: None, warnings: vec![] })
    }

    fn list_resource_types() -> Result<Vec<ResourceType>, Error> {
        let of = |id: &str, display_name: &str, kind, holds| ResourceType {
            id: id.into(),
            display_name: display_name.into(),
            description: None,
            traits: vec![kind],
            has_entitlements: holds,
            has_grants: holds,
            permissions: vec!["read".into()],
        };
        Ok(vec![
            of("user", "User", TraitKind::User, false),
            of("group", "Group", TraitKind::Group, true),
            of("role", "Role", TraitKind::Role, true),
            of("credential", "Credential", TraitKind::Secret, false),
        ])
    }

    fn list_resources(
        kind: String,
        parent: Option<Resource>,
        token: Option<String>,
    ) -> Result<ResourcePage, Error> {
        if parent.is_some() {
            return Ok(ResourcePage {
                items: vec![],
                next: vec![],
                total: None,
                rate_limit: None,
                warnings: vec![],
            });
        }
        let (items, next, total) = match kind.as_str() {
            "user" => list("/api/users", token, User::resource)?,
            "group" => list("/api/groups", token, Group::resource)?,
            "role" => list("/api/roles", token, Role::resource)?,
            "credential" => list("/api/credentials", token, Credential::resource)?,
            other => return Err(Error::Internal(http::failure(format!("no type {other}"), None))),
        };
        Ok(ResourcePage { items, next, total: Some(total), rate_limit: None, warnings: vec![] })
    }

    fn list_entitlements(of: Resource, _token: Option<String>) -> Result<EntitlementPage, Error> {
        let items = vec![records::entitlement(&of)];
        Ok(EntitlementPage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] })
    }

    fn list_grants(of: Resource, token: Option<String>) -> Result<GrantPage, Error> {
        let id = &of.id.id;
        let (items, next, total) = match of.id.resource_type.as_str() {
            "group" => list(&format!("/api/groups/{id}/members"), token, |found: Member| found.grant(&of))?,
            _ => list(&format!("/api/roles/{id}/assignments"), token, |found: Assignment| found.grant(&of))?,
        };
        Ok(GrantPage { items, next, total: Some(total), rate_limit: None, warnings: vec![] })
    }
}

/// A page of a list as records, the token of the next page, and how many the list has.
fn list<T: DeserializeOwned, R>(
    path: &str,
    token: Option<String>,
    record: impl Fn(T) -> R,
) -> Result<(Vec<R>, Vec<String>, u32), Error> {
    // A page token is Acme's cursor behind a digest of the list that it belongs to.
    let mut digest = DefaultHasher::new();
    path.hash(&mut digest);
    let mark = format!("{:016x}.", digest.finish());
    let cursor = match &token {
        None => None,
        Some(token) => Some(
            token
                .strip_prefix(&mark)
                .ok_or_else(|| Error::Internal(http::failure("the page token is of another list", None)))?,
        ),
    };
    let page = http::page::<T>(path, cursor)?;
    let next = page.next.iter().map(|cursor| format!("{mark}{cursor}")).collect();
    Ok((page.items.into_iter().map(record).collect(), next, page.total))
}

// Only a component has these names; a linker for another target does not take them.
#[cfg(target_arch = "wasm32")]
bindings::export!(Acme with_types_in bindings);
