//! From a record of the contract to Baton's message.
//!
//! Texts for people are cut to Baton's limits, at a character's boundary: a long description is no reason to
//! lose a sync. What cannot be cut (an id, a moment, a number) is an error instead, because a file that no
//! reader takes, or one that quietly says less than the vendor, is worse than none.

use std::collections::BTreeMap;

use baton_host::contract;
use baton_host::records::{joined, joined_entitlement, joined_grant};

use super::annotations::{
    Annotation, CapabilityPermission, CapabilityPermissions, ChildResourceType, ExternalLink,
    GrantExpandable, GrantImmutable, SkipEntitlements, SkipEntitlementsAndGrants, SkipGrants,
};
use super::from_traits;
use super::parts::{NAME, cut, resource_id, state, timestamp, written};
use super::records::{
    Entitlement, Grant, GrantSources, Purpose, Resource, ResourceId, ResourceStatus, ResourceType, State,
    TraitKind,
};
use super::well_known::{Any, Kind, ListValue, Struct, Value};

/// Longest description of a resource or entitlement, in bytes.
const DESCRIPTION: usize = 2_048;
/// Longest description of a resource type, in bytes.
const TYPE_DESCRIPTION: usize = 4_096;

/// A record that Baton's messages cannot hold.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{record} cannot be written: {reason}; report this to the connector's authors")]
pub struct Unfit {
    record: String,
    reason: String,
}

/// The message of a resource type.
pub fn resource_type(from: &contract::ResourceType) -> ResourceType {
    let mut annotations = Vec::new();
    match (from.has_entitlements, from.has_grants) {
        (true, true) => {}
        (false, false) => annotations.push(SkipEntitlementsAndGrants {}.pack()),
        (false, true) => annotations.push(SkipEntitlements {}.pack()),
        (true, false) => annotations.push(SkipGrants {}.pack()),
    }
    if !from.permissions.is_empty() {
        let one = |name: &String| CapabilityPermission { permission: name.clone() };
        annotations
            .push(CapabilityPermissions { permissions: from.permissions.iter().map(one).collect() }.pack());
    }
    ResourceType {
        id: from.id.clone(),
        display_name: cut(&from.display_name, NAME),
        traits: from.traits.iter().map(|kind| i32::from(trait_kind(*kind))).collect(),
        annotations,
        description: cut(from.description.as_deref().unwrap_or_default(), TYPE_DESCRIPTION),
    }
}

/// The message of a resource.
pub fn resource(from: &contract::Resource) -> Result<Resource, Unfit> {
    let unfit = |reason| Unfit { record: joined(&from.id), reason };
    let mut annotations = Vec::new();
    let mut status = None;
    for part in &from.traits {
        annotations.push(from_traits::packed(part).map_err(unfit)?);
        if let contract::Trait::User(user) = part {
            status = resource_status(&user.status);
        }
    }
    for child in &from.child_resource_types {
        annotations.push(ChildResourceType { resource_type_id: child.clone() }.pack());
    }
    if let Some(url) = &from.external_link {
        annotations.push(ExternalLink { url: url.clone() }.pack());
    }
    Ok(Resource {
        id: Some(resource_id(&from.id)),
        parent_resource_id: from.parent.as_ref().map(resource_id),
        display_name: cut(&from.display_name, NAME),
        annotations,
        description: cut(from.description.as_deref().unwrap_or_default(), DESCRIPTION),
        profile: profile(&from.profile).map_err(unfit)?,
        status,
        created_at: from.created_at.map(timestamp).transpose().map_err(unfit)?,
    })
}

/// The message of an entitlement, with its resource whole and the types that can hold it whole where known.
pub fn entitlement(
    from: &contract::Entitlement,
    resource: Resource,
    types: &BTreeMap<String, ResourceType>,
) -> Result<Entitlement, Unfit> {
    let whole = |id: &String| {
        types.get(id).cloned().unwrap_or_else(|| ResourceType { id: id.clone(), ..ResourceType::default() })
    };
    let purpose = match from.purpose {
        contract::Purpose::Unspecified => Purpose::Unspecified,
        contract::Purpose::Assignment => Purpose::Assignment,
        contract::Purpose::Permission => Purpose::Permission,
        contract::Purpose::Ownership => Purpose::Ownership,
    };
    Ok(Entitlement {
        resource: Some(resource),
        id: short(joined_entitlement(&from.id))?,
        display_name: cut(&from.display_name, NAME),
        description: cut(from.description.as_deref().unwrap_or_default(), DESCRIPTION),
        grantable_to: from.grantable_to.iter().map(whole).collect(),
        annotations: Vec::new(),
        purpose: purpose.into(),
        slug: from.id.slug.clone(),
    })
}

/// The message of a grant. Entitlement and principal are references: readers find the whole ones by id.
/// How it expands is apart (`expandable`), because a `.c1z` keeps that in a column.
pub fn grant(from: &contract::Grant) -> Result<Grant, Unfit> {
    let thin = |id: &contract::ResourceId| Resource { id: Some(resource_id(id)), ..Resource::default() };
    let annotations = match &from.immutable {
        None => Vec::new(),
        Some(reason) => vec![immutable(reason)],
    };
    Ok(Grant {
        entitlement: Some(Entitlement {
            resource: Some(thin(&from.entitlement.resource)),
            id: short(joined_entitlement(&from.entitlement))?,
            ..Entitlement::default()
        }),
        principal: Some(thin(&from.principal)),
        id: short(joined_grant(from))?,
        annotations,
        sources: None,
    })
}

/// The message of a grant that follows from others: whoever it is to holds the entitlement through them alone, so that
/// nobody can revoke it by itself.
pub fn derived(
    entitlement: &Entitlement,
    principal: ResourceId,
    sources: GrantSources,
) -> Result<Grant, Unfit> {
    let id = [&entitlement.id, ":", &principal.resource_type, ":", &principal.resource].concat();
    Ok(Grant {
        entitlement: Some(entitlement.clone()),
        principal: Some(Resource { id: Some(principal), ..Resource::default() }),
        id: short(id)?,
        annotations: vec![GrantImmutable::default().pack()],
        sources: Some(sources),
    })
}

/// How a grant to a group reaches the group's members.
pub fn expandable(from: &contract::Grant) -> Option<GrantExpandable> {
    from.expansion.as_ref().map(|expansion| GrantExpandable {
        entitlement_ids: expansion.entitlements.iter().map(joined_entitlement).collect(),
        shallow: expansion.shallow,
        resource_type_ids: expansion.resource_types.clone(),
    })
}

fn immutable(reason: &str) -> Any {
    let fields = BTreeMap::from([("reason".to_owned(), Kind::Text(reason.to_owned()).into())]);
    GrantImmutable { source_id: String::new(), metadata: Some(Struct { fields }) }.pack()
}

fn trait_kind(from: contract::TraitKind) -> TraitKind {
    match from {
        contract::TraitKind::User => TraitKind::User,
        contract::TraitKind::Group => TraitKind::Group,
        contract::TraitKind::Role => TraitKind::Role,
        contract::TraitKind::App => TraitKind::App,
        contract::TraitKind::Secret => TraitKind::Secret,
    }
}

/// A status that says anything.
fn resource_status(from: &contract::AccountStatus) -> Option<ResourceStatus> {
    let details = cut(from.details.as_deref().unwrap_or_default(), NAME);
    let status = state(from.state);
    (status != State::Unspecified || !details.is_empty())
        .then(|| ResourceStatus { status: status.into(), details })
}

fn profile(from: &[contract::ProfileEntry]) -> Result<Option<Struct>, String> {
    let mut fields = BTreeMap::new();
    for entry in from {
        let kind = match &entry.value {
            contract::ProfileValue::Text(text) => Kind::Text(text.clone()),
            contract::ProfileValue::Integer(number) => integer(*number),
            contract::ProfileValue::Moment(at) => Kind::Text(written(*at)?),
            contract::ProfileValue::Number(number) if number.is_finite() => Kind::Number(*number),
            contract::ProfileValue::Number(number) => {
                return Err(format!("the number '{}' of its profile is {number}", entry.key));
            }
            contract::ProfileValue::Boolean(value) => Kind::Bool(*value),
            contract::ProfileValue::TextList(texts) => Kind::List(ListValue {
                values: texts.iter().map(|text| Kind::Text(text.clone()).into()).collect(),
            }),
        };
        if fields.insert(entry.key.clone(), Value::from(kind)).is_some() {
            return Err(format!("'{}' is twice in its profile", entry.key));
        }
    }
    Ok((!fields.is_empty()).then_some(Struct { fields }))
}

/// A whole number. What a profile holds are 64-bit floats: one that they do not hold exactly is a text.
fn integer(number: i64) -> Kind {
    match number.unsigned_abs() <= 1 << 53 {
        true => Kind::Number(number as f64),
        false => Kind::Text(number.to_string()),
    }
}

/// An id that Baton takes.
fn short(id: String) -> Result<String, Unfit> {
    if id.len() <= NAME {
        return Ok(id);
    }
    let reason = format!("its id has {} bytes, and Baton takes {NAME}", id.len());
    Err(Unfit { record: format!("{}…", cut(&id, 100)), reason })
}
