//! What came out of a sync, in the manifest's terms.

use baton_host::contract::{self, AccountState, AccountType, GroupSource, ProfileValue, Purpose, Trait};
use baton_host::records::{joined_entitlement, joined_grant};
use baton_host::sink::Memory;
use baton_planetscale_demo::{Entitlement, Expansion, Grant, Manifest, Reference, Resource, User};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Records in the manifest's form and order.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// Sorted by type and id.
    pub resources: Vec<Resource>,
    /// Sorted by id.
    pub entitlements: Vec<Entitlement>,
    /// Sorted by id.
    pub grants: Vec<Grant>,
}

impl Records {
    /// What must come out.
    pub fn expected(manifest: &Manifest) -> Records {
        Records {
            resources: manifest.resources.clone(),
            entitlements: manifest.entitlements.clone(),
            grants: manifest.grants.clone(),
        }
    }

    /// The first record in which two results differ; none when they are the same.
    pub fn difference(&self, expected: &Records) -> Option<String> {
        fn first<T: PartialEq + std::fmt::Debug>(found: &[T], expected: &[T]) -> Option<String> {
            let longest = found.len().max(expected.len());
            let at = (0..longest).find(|at| found.get(*at) != expected.get(*at))?;
            Some(format!(
                "of {} and {} records, number {at} differs\n  found:    {:?}\n  expected: {:?}",
                found.len(),
                expected.len(),
                found.get(at),
                expected.get(at)
            ))
        }
        first(&self.resources, &expected.resources)
            .or_else(|| first(&self.entitlements, &expected.entitlements))
            .or_else(|| first(&self.grants, &expected.grants))
    }

    /// What came out.
    pub fn of(found: &Memory) -> Records {
        let mut resources: Vec<_> = found.resources.iter().map(resource).collect();
        resources.sort_by(|one, other| one.id.cmp(&other.id));
        let mut entitlements: Vec<_> = found.entitlements.iter().map(entitlement).collect();
        entitlements.sort_by(|one, other| one.id.cmp(&other.id));
        let mut grants: Vec<_> = found.grants.iter().map(grant).collect();
        grants.sort_by(|one, other| one.id.cmp(&other.id));
        Records { resources, entitlements, grants }
    }
}

fn reference(id: &contract::ResourceId) -> Reference {
    Reference::new(&id.resource_type, &id.id)
}

fn resource(from: &contract::Resource) -> Resource {
    let mut user = None;
    let mut group_source = None;
    for found in &from.traits {
        match found {
            Trait::User(found) => {
                user = Some(User {
                    emails: found.emails.iter().map(|email| email.address.clone()).collect(),
                    login: found.login.clone(),
                    status: match found.status.state {
                        AccountState::Enabled => "enabled",
                        AccountState::Pending => "pending",
                        AccountState::Disabled => "disabled",
                        AccountState::Deleted => "deleted",
                        AccountState::Unspecified => "unspecified",
                    }
                    .to_owned(),
                    account_type: match found.account_type {
                        AccountType::Human => "human",
                        AccountType::Service => "service",
                        AccountType::System => "system",
                        AccountType::Unspecified => "unspecified",
                    }
                    .to_owned(),
                    mfa_enabled: found.mfa_enabled,
                    sso_enabled: found.sso_enabled,
                });
            }
            Trait::Group(found) => {
                group_source = found.source.map(|source| {
                    match source {
                        GroupSource::Native => "native",
                        GroupSource::DirectorySynced => "directory_synced",
                        GroupSource::BuiltIn => "built_in",
                        GroupSource::Dynamic => "dynamic",
                    }
                    .to_owned()
                });
            }
            Trait::Role | Trait::App(_) | Trait::Secret(_) => {}
        }
    }
    let value = |value: &ProfileValue| match value {
        ProfileValue::Text(text) => Value::from(text.as_str()),
        ProfileValue::Integer(number) => Value::from(*number),
        ProfileValue::Moment(moment) => Value::from(moment.seconds),
        ProfileValue::Number(number) => Value::from(*number),
        ProfileValue::Boolean(boolean) => Value::from(*boolean),
        ProfileValue::TextList(list) => Value::from(list.clone()),
    };
    Resource {
        id: reference(&from.id),
        parent: from.parent.as_ref().map(reference),
        display_name: from.display_name.clone(),
        description: from.description.clone(),
        child_resource_types: from.child_resource_types.clone(),
        created_at: from.created_at.and_then(written),
        profile: from.profile.iter().map(|entry| (entry.key.clone(), value(&entry.value))).collect(),
        user,
        group_source,
    }
}

/// A moment as protojson writes it: 0, 3, 6 or 9 digits of a second.
fn written(moment: contract::Timestamp) -> Option<String> {
    let format = time::format_description::well_known::Rfc3339;
    let whole = time::OffsetDateTime::from_unix_timestamp(moment.seconds).ok()?.format(&format).ok()?;
    let digits = format!("{:09}", moment.nanoseconds);
    let digits = match moment.nanoseconds {
        0 => return Some(whole),
        n if n % 1_000_000 == 0 => digits.get(..3)?,
        n if n % 1_000 == 0 => digits.get(..6)?,
        _ => &digits,
    };
    Some(format!("{}.{digits}Z", whole.trim_end_matches('Z')))
}

fn entitlement(from: &contract::Entitlement) -> Entitlement {
    Entitlement {
        id: joined_entitlement(&from.id),
        resource: reference(&from.id.resource),
        slug: from.id.slug.clone(),
        display_name: from.display_name.clone(),
        description: from.description.clone().unwrap_or_default(),
        purpose: match from.purpose {
            Purpose::Assignment => "assignment",
            Purpose::Permission => "permission",
            Purpose::Ownership => "ownership",
            Purpose::Unspecified => "unspecified",
        }
        .to_owned(),
        grantable_to: from.grantable_to.clone(),
    }
}

fn grant(from: &contract::Grant) -> Grant {
    Grant {
        id: joined_grant(from),
        entitlement: joined_entitlement(&from.entitlement),
        principal: reference(&from.principal),
        immutable: from.immutable.clone(),
        expansion: from.expansion.as_ref().map(|expansion| Expansion {
            entitlements: expansion.entitlements.iter().map(joined_entitlement).collect(),
            shallow: expansion.shallow,
        }),
    }
}
