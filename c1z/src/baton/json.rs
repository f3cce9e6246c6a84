//! The messages as JSON, in the spelling that protobuf defines and Baton's tools print.
//!
//! Names are in camel case, enums are names, 64-bit numbers are texts, and a field without a value is left out,
//! so that a `jq` line written for the output of `baton` works on ours. Keys are sorted: one text per record.

use serde_json::Value;

use super::json_annotations;
use super::json_parts::{Object, name, status};
use super::records::{
    Entitlement, Grant, GrantSource, GrantSources, Purpose, Resource, ResourceId, ResourceStatus,
    ResourceType, TraitKind,
};
use super::well_known::{Struct, Timestamp};

impl ResourceType {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        let kinds = self.traits.iter().map(|kind| name(*kind, trait_name));
        Object::default()
            .text("id", &self.id)
            .text("displayName", &self.display_name)
            .list("traits", kinds)
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .text("description", &self.description)
            .done()
    }
}

impl Resource {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default()
            .value("id", self.id.as_ref().map(ResourceId::to_json))
            .value("parentResourceId", self.parent_resource_id.as_ref().map(ResourceId::to_json))
            .text("displayName", &self.display_name)
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .text("description", &self.description)
            .value("profile", self.profile.as_ref().map(Struct::to_json))
            .value("status", self.status.as_ref().map(ResourceStatus::to_json))
            .value("createdAt", self.created_at.as_ref().and_then(Timestamp::to_json))
            .done()
    }
}

impl ResourceStatus {
    fn to_json(&self) -> Value {
        status(self.status, &self.details, "RESOURCE_STATUS_")
    }
}

impl Entitlement {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default()
            .value("resource", self.resource.as_ref().map(Resource::to_json))
            .text("id", &self.id)
            .text("displayName", &self.display_name)
            .text("description", &self.description)
            .list("grantableTo", self.grantable_to.iter().map(ResourceType::to_json))
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .value("purpose", (self.purpose != 0).then(|| name(self.purpose, purpose_name)))
            .text("slug", &self.slug)
            .done()
    }
}

impl Grant {
    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        Object::default()
            .value("entitlement", self.entitlement.as_ref().map(Entitlement::to_json))
            .value("principal", self.principal.as_ref().map(Resource::to_json))
            .text("id", &self.id)
            .list("annotations", self.annotations.iter().map(json_annotations::any))
            .value("sources", self.sources.as_ref().map(GrantSources::to_json))
            .done()
    }
}

impl GrantSources {
    fn to_json(&self) -> Value {
        let one = |source: &GrantSource| Object::default().truth("isDirect", source.is_direct).done();
        let each = self.sources.iter().map(|(id, source)| (id.clone(), one(source))).collect();
        Object::default().value("sources", Some(each)).done()
    }
}

fn trait_name(kind: TraitKind) -> &'static str {
    match kind {
        TraitKind::Unspecified => "TRAIT_UNSPECIFIED",
        TraitKind::User => "TRAIT_USER",
        TraitKind::Group => "TRAIT_GROUP",
        TraitKind::Role => "TRAIT_ROLE",
        TraitKind::App => "TRAIT_APP",
        TraitKind::Secret => "TRAIT_SECRET",
    }
}

fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Unspecified => "PURPOSE_VALUE_UNSPECIFIED",
        Purpose::Assignment => "PURPOSE_VALUE_ASSIGNMENT",
        Purpose::Permission => "PURPOSE_VALUE_PERMISSION",
        Purpose::Ownership => "PURPOSE_VALUE_OWNERSHIP",
    }
}
