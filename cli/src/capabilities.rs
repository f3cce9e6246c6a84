//! What the connector can do, as JSON: the message `ConnectorCapabilities` in an `Any`, which catalogs keep as
//! `baton_capabilities.json`. It needs neither config nor credentials, and tells of what a config switches on.

use baton_host::contract::{ResourceType, TraitKind};
use serde_json::{Value, json};

/// The package of Baton's messages, as an `Any` names it.
const MESSAGES: &str = "type.googleapis.com/c1.connector.v2";

/// The JSON, without a newline at its end.
pub fn json(mut types: Vec<ResourceType>) -> String {
    types.sort_by(|one, other| one.id.cmp(&other.id));
    let each: Vec<Value> = types.iter().map(capability).collect();
    let whole = json!({
        "@type": format!("{MESSAGES}.ConnectorCapabilities"),
        "resourceTypeCapabilities": each,
        // Single resources are the host's to find, so every connector can.
        "connectorCapabilities":
            ["CAPABILITY_SYNC", "CAPABILITY_TARGETED_SYNC", "CAPABILITY_SERVICE_MODE_TARGETED_SYNC"],
        "credentialDetails": {},
    });
    format!("{whole:#}")
}

fn capability(kind: &ResourceType) -> Value {
    let permissions: Vec<Value> = kind.permissions.iter().map(|name| json!({ "permission": name })).collect();
    let permissions = if permissions.is_empty() { json!({}) } else { json!({ "permissions": permissions }) };
    json!({
        "resourceType": resource_type(kind, &permissions),
        "capabilities": ["CAPABILITY_SYNC", "CAPABILITY_TARGETED_SYNC"],
        "permissions": permissions,
    })
}

fn resource_type(kind: &ResourceType, permissions: &Value) -> Value {
    let mut annotations = Vec::new();
    match (kind.has_entitlements, kind.has_grants) {
        (false, false) => {
            annotations.push(json!({ "@type": format!("{MESSAGES}.SkipEntitlementsAndGrants") }))
        }
        (false, true) => annotations.push(json!({ "@type": format!("{MESSAGES}.SkipEntitlements") })),
        (true, false) => annotations.push(json!({ "@type": format!("{MESSAGES}.SkipGrants") })),
        (true, true) => {}
    }
    if let Value::Object(permissions) = permissions
        && !permissions.is_empty()
    {
        let mut annotation = permissions.clone();
        annotation.insert("@type".into(), format!("{MESSAGES}.CapabilityPermissions").into());
        annotations.push(annotation.into());
    }
    let mut out = json!({ "id": kind.id, "displayName": kind.display_name });
    let traits: Vec<&str> = kind.traits.iter().copied().map(trait_name).collect();
    let more = [
        ("traits", (!traits.is_empty()).then(|| json!(traits))),
        ("annotations", (!annotations.is_empty()).then(|| json!(annotations))),
        ("description", kind.description.as_ref().map(|text| json!(text))),
    ];
    if let Value::Object(out) = &mut out {
        out.extend(more.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    }
    out
}

fn trait_name(kind: TraitKind) -> &'static str {
    match kind {
        TraitKind::User => "TRAIT_USER",
        TraitKind::Group => "TRAIT_GROUP",
        TraitKind::Role => "TRAIT_ROLE",
        TraitKind::App => "TRAIT_APP",
        TraitKind::Secret => "TRAIT_SECRET",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(id: &str, traits: Vec<TraitKind>, has: bool, permissions: &[&str]) -> ResourceType {
        ResourceType {
            id: id.into(),
            display_name: id.into(),
            description: None,
            traits,
            has_entitlements: has,
            has_grants: has,
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn types_are_sorted_and_carry_traits_permissions_and_annotations() {
        let text =
            json(vec![kind("user", vec![TraitKind::User], false, &["read"]), kind("box", vec![], true, &[])]);
        assert!(
            text.starts_with("{\n  \"@type\": \"type.googleapis.com/c1.connector.v2.ConnectorCapabilities\"")
        );
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(
            read["resourceTypeCapabilities"],
            json!([
                {
                    "resourceType": { "id": "box", "displayName": "box" },
                    "capabilities": ["CAPABILITY_SYNC", "CAPABILITY_TARGETED_SYNC"],
                    "permissions": {},
                },
                {
                    "resourceType": {
                        "id": "user",
                        "displayName": "user",
                        "traits": ["TRAIT_USER"],
                        "annotations": [
                            { "@type": "type.googleapis.com/c1.connector.v2.SkipEntitlementsAndGrants" },
                            {
                                "@type": "type.googleapis.com/c1.connector.v2.CapabilityPermissions",
                                "permissions": [{ "permission": "read" }],
                            },
                        ],
                    },
                    "capabilities": ["CAPABILITY_SYNC", "CAPABILITY_TARGETED_SYNC"],
                    "permissions": { "permissions": [{ "permission": "read" }] },
                },
            ])
        );
        assert_eq!(
            read["connectorCapabilities"],
            json!(["CAPABILITY_SYNC", "CAPABILITY_TARGETED_SYNC", "CAPABILITY_SERVICE_MODE_TARGETED_SYNC"])
        );
        assert_eq!(read["credentialDetails"], json!({}));
    }
}
