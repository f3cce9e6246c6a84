//! What the connector answers while it behaves: one person, one thing, and that the person has it.

use crate::bindings::syncer::{
    AccountState, AccountStatus, AccountType, BlindSpot, ConfigField, ConnectorMetadata, Entitlement,
    EntitlementId, EntitlementPage, FieldKind, FurtherOrigin, FurtherRequest, Grant, GrantPage, Purpose,
    Resource, ResourceId, ResourcePage, ResourceType, Trait, TraitKind, UserTrait,
};

/// A further origin with a name.
const FILES: &str = "https://files.hostile.test";

/// The type of things.
pub const THING: &str = "thing";
/// The type of people.
pub const PERSON: &str = "person";

/// What a catalog shows.
pub fn metadata() -> ConnectorMetadata {
    ConnectorMetadata {
        display_name: "Hostile".into(),
        version: "1.0.0".into(),
        description: "Misbehaves on order.".into(),
        documentation_url: None,
        icon_url: None,
        request_limits: vec![],
        further_origins: vec![
            FurtherOrigin { origin: "http://127.0.0.1:1".into(), reason: "Pictures are kept there.".into() },
            FurtherOrigin { origin: FILES.into(), reason: "Files are kept there.".into() },
        ],
        further_requests: vec![FurtherRequest {
            method: "POST".into(),
            url: "{api-url}/oauth/token".into(),
            reason: "It gives an access token.".into(),
        }],
        credential_headers: vec!["x-hostile-key".into()],
        cannot_see: vec![
            BlindSpot {
                message: "Who made a thing is in no list.".into(),
                resource_types: vec![THING.into()],
            },
            BlindSpot {
                message: "What is in a box is in no list.".into(),
                resource_types: vec!["box".into()],
            },
        ],
    }
}

/// Which behaviour, where, and what it needs.
pub fn schema() -> Vec<ConfigField> {
    let field = |name: &str, kind, secret| ConfigField {
        name: name.into(),
        display_name: name.into(),
        description: "Says what to do.".into(),
        placeholder: None,
        suggested_value: None,
        kind,
        required: false,
        secret,
    };
    vec![
        field("mode", FieldKind::Text, false),
        field("at", FieldKind::Text, false),
        field("seed", FieldKind::Integer, false),
        field("things", FieldKind::Integer, false),
        field("gone", FieldKind::Integer, false),
        field("api-url", FieldKind::Url, false),
        field("scheme", FieldKind::Text, false),
        field("authority", FieldKind::Text, false),
        field("path", FieldKind::Text, false),
        field("method", FieldKind::Text, false),
        field("token", FieldKind::Text, true),
    ]
}

/// Both types.
pub fn types() -> Vec<ResourceType> {
    let kind = |id: &str, traits, offers| ResourceType {
        id: id.into(),
        display_name: id.into(),
        description: None,
        traits,
        has_entitlements: offers,
        has_grants: offers,
        permissions: vec![],
    };
    vec![kind(THING, vec![], true), kind(PERSON, vec![TraitKind::User], false)]
}

/// A thing.
pub fn thing(id: &str) -> Resource {
    Resource {
        id: ResourceId { resource_type: THING.into(), id: id.into() },
        parent: None,
        display_name: format!("Thing {id}"),
        description: None,
        child_resource_types: vec![],
        external_link: None,
        created_at: None,
        profile: vec![],
        traits: vec![],
    }
}

/// A person.
pub fn person(id: &str) -> Resource {
    let user = UserTrait {
        status: AccountStatus { state: AccountState::Enabled, details: None },
        emails: vec![],
        login: None,
        login_aliases: vec![],
        account_type: AccountType::Human,
        mfa_enabled: None,
        sso_enabled: None,
        name: None,
        last_login: None,
        employee_ids: vec![],
    };
    Resource {
        id: ResourceId { resource_type: PERSON.into(), id: id.into() },
        display_name: format!("Person {id}"),
        traits: vec![Trait::User(user)],
        ..thing(id)
    }
}

/// The one resource of a type.
pub fn resources(kind: &str, under_parent: bool) -> ResourcePage {
    let items = match kind {
        _ if under_parent => vec![],
        THING => vec![thing("1")],
        PERSON => vec![person("1")],
        _ => vec![],
    };
    ResourcePage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] }
}

/// What a thing offers.
pub fn entitlements(resource: &Resource) -> EntitlementPage {
    let items = vec![Entitlement {
        id: EntitlementId { resource: resource.id.clone(), slug: "use".into() },
        display_name: "Use".into(),
        description: None,
        purpose: Purpose::Permission,
        grantable_to: vec![PERSON.into()],
    }];
    EntitlementPage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] }
}

/// Who has it.
pub fn grants(resource: &Resource) -> GrantPage {
    let items = vec![grant(resource, "1")];
    GrantPage { items, next: vec![], total: None, rate_limit: None, warnings: vec![] }
}

/// That a person has it.
pub fn grant(resource: &Resource, person: &str) -> Grant {
    Grant {
        entitlement: EntitlementId { resource: resource.id.clone(), slug: "use".into() },
        principal: ResourceId { resource_type: PERSON.into(), id: person.into() },
        immutable: None,
        expansion: None,
    }
}
