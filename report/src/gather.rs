//! From the rows of a file to the records by number.
//!
//! What a file refers to and does not hold (the principals of a sync of single resources) is added as missing, so that
//! nothing is lost that a grant says.

use std::collections::{BTreeMap, HashMap};

use baton_c1z::baton::{
    self, AccountType, Annotation, GrantExpandable, GrantImmutable, Kind, State, TraitKind, UserTrait,
};
use baton_c1z::{Reading, Row, StoredGrant, StoredSync};

use crate::error::Error;
use crate::model::{Account, Entitlement, Grant, Id, Model, Part, Reach, Resource, Type};

/// Read a sync of a file.
pub fn read(reading: &Reading, sync: StoredSync) -> Result<Model, Error> {
    let mut found = Found::default();
    let (mut resources, mut entitlements, mut grants) = (Vec::new(), Vec::new(), Vec::new());
    reading.records(&sync.id, |row| match row {
        Row::ResourceType(kind) => found.add_type(&kind),
        Row::Resource(resource) => resources.push(*resource),
        Row::Entitlement(entitlement) => entitlements.push(*entitlement),
        Row::Grant(grant) => grants.push(grant),
    })?;
    resources.into_iter().for_each(|resource| found.add_resource(resource));
    found.set_parents();
    entitlements.into_iter().for_each(|entitlement| found.add_entitlement(entitlement));
    grants.into_iter().for_each(|grant| found.add_grant(grant));
    Ok(found.model(sync))
}

#[derive(Default)]
struct Found {
    types: Vec<Type>,
    traits: Vec<Vec<i32>>,
    resources: Vec<Resource>,
    parents: Vec<Option<baton::ResourceId>>,
    by_id: HashMap<(usize, String), Id>,
    entitlements: Vec<Entitlement>,
    by_entitlement: HashMap<String, Id>,
    grants: Vec<Grant>,
    over: Vec<Vec<Id>>,
}

impl Found {
    fn add_type(&mut self, kind: &baton::ResourceType) {
        let name = if kind.display_name.is_empty() { &kind.id } else { &kind.display_name };
        self.types.push(Type { id: kind.id.clone(), name: name.clone(), part: Part::Other });
        self.traits.push(kind.traits.clone());
    }

    /// The place of a type; one that the file leaves out is added.
    fn kind(&mut self, id: &str) -> usize {
        if let Some(place) = self.types.iter().position(|kind| kind.id == id) {
            return place;
        }
        self.add_type(&baton::ResourceType { id: id.to_owned(), ..Default::default() });
        self.types.len() - 1
    }

    /// The number of a resource; one that the file does not have is added, as missing.
    fn resource(&mut self, kind: &str, id: &str) -> Id {
        let kind = self.kind(kind);
        if let Some(known) = self.by_id.get(&(kind, id.to_owned())) {
            return *known;
        }
        self.put(Resource {
            kind,
            id: id.to_owned(),
            name: id.to_owned(),
            description: String::new(),
            parent: None,
            is_there: false,
            made: None,
            profile: BTreeMap::new(),
            account: None,
            source: String::new(),
        })
    }

    fn put(&mut self, resource: Resource) -> Id {
        let number = self.resources.len() as Id;
        self.by_id.insert((resource.kind, resource.id.clone()), number);
        self.resources.push(resource);
        self.parents.push(None);
        number
    }

    fn add_resource(&mut self, found: baton::Resource) {
        let id = found.id.unwrap_or_default();
        let number = self.resource(&id.resource_type, &id.resource);
        let account = found.annotations.iter().find_map(UserTrait::unpack).map(|user| {
            let state = found.status.as_ref().map(|status| status.status);
            Box::new(account(&user, state))
        });
        let source = found.annotations.iter().find_map(baton::GroupTrait::unpack);
        let profile = found.profile.map(|profile| profile.fields).unwrap_or_default();
        if let Some(parent) = self.parents.get_mut(number as usize) {
            *parent = found.parent_resource_id;
        }
        if let Some(resource) = self.resources.get_mut(number as usize) {
            if !found.display_name.trim().is_empty() {
                resource.name = found.display_name;
            }
            resource.description = found.description;
            resource.is_there = true;
            resource.made = found.created_at.map(|at| at.seconds);
            resource.profile =
                profile.into_iter().filter_map(|(key, value)| Some((key, text(&value.kind?)?))).collect();
            resource.account = account;
            resource.source = source.map(|group| group.group_source_type).unwrap_or_default();
        }
    }

    fn set_parents(&mut self) {
        for number in 0..self.parents.len() {
            let Some(parent) = self.parents[number].take() else { continue };
            let parent = self.resource(&parent.resource_type, &parent.resource);
            self.resources[number].parent = Some(parent).filter(|parent| *parent as usize != number);
        }
    }

    fn add_entitlement(&mut self, found: baton::Entitlement) {
        let of = found.resource.and_then(|resource| resource.id).unwrap_or_default();
        let resource = self.resource(&of.resource_type, &of.resource);
        let number = self.by_entitlement.len() as Id;
        self.by_entitlement.insert(found.id.clone(), number);
        let name = if found.display_name.is_empty() { &found.slug } else { &found.display_name };
        self.entitlements.push(Entitlement {
            resource,
            name: name.clone(),
            slug: found.slug,
            description: found.description,
            id: found.id,
        });
        self.over.push(Vec::new());
    }

    /// The number of an entitlement; one that the file does not have is made of its id, `type:id:slug`.
    fn entitlement(&mut self, id: &str) -> Id {
        if let Some(known) = self.by_entitlement.get(id) {
            return *known;
        }
        let (rest, slug) = id.rsplit_once(':').unwrap_or((id, ""));
        let (kind, resource) = rest.split_once(':').unwrap_or(("", rest));
        self.add_entitlement(baton::Entitlement {
            id: id.to_owned(),
            slug: slug.to_owned(),
            resource: Some(baton::Resource {
                id: Some(baton::ResourceId { resource_type: kind.to_owned(), resource: resource.to_owned() }),
                ..Default::default()
            }),
            ..Default::default()
        });
        self.entitlements.len() as Id - 1
    }

    fn add_grant(&mut self, found: StoredGrant) {
        let entitlement = self.entitlement(&found.entitlement);
        let principal = self.resource(&found.principal.0, &found.principal.1);
        let number = self.grants.len() as Id;
        let immutable = found.annotations.iter().find_map(GrantImmutable::unpack).map(|why| reason(&why));
        let reach =
            found.expandable.map(|GrantExpandable { entitlement_ids, shallow, resource_type_ids }| {
                for over in entitlement_ids {
                    let over = self.entitlement(&over);
                    self.over[over as usize].push(number);
                }
                Box::new(Reach { shallow, kinds: resource_type_ids })
            });
        // A tool that expands names the entitlement itself where the grant was given as well.
        let derived = !found.sources.is_empty() && !found.sources.contains(&found.entitlement);
        self.grants.push(Grant { entitlement, principal, derived, immutable, reach });
    }

    fn model(mut self, sync: StoredSync) -> Model {
        let mut held = vec![Vec::new(); self.resources.len()];
        let mut holders = vec![Vec::new(); self.entitlements.len()];
        for (number, grant) in self.grants.iter().enumerate() {
            held[grant.principal as usize].push(number as Id);
            holders[grant.entitlement as usize].push(number as Id);
        }
        let mut offered = vec![Vec::new(); self.resources.len()];
        for (number, entitlement) in self.entitlements.iter().enumerate() {
            offered[entitlement.resource as usize].push(number as Id);
        }
        let mut within = vec![Vec::new(); self.resources.len()];
        for (number, resource) in self.resources.iter().enumerate() {
            if let Some(parent) = resource.parent {
                within[parent as usize].push(number as Id);
            }
        }
        for (place, kind) in self.types.iter_mut().enumerate() {
            let has = |wanted: TraitKind| self.traits[place].contains(&i32::from(wanted));
            let all = || self.resources.iter().enumerate().filter(|(_, one)| one.kind == place);
            kind.part = if has(TraitKind::User) {
                Part::Person
            } else if has(TraitKind::Group) {
                Part::Group
            } else if !all().any(|(number, _)| !offered[number].is_empty()) {
                Part::Other
            } else if all().all(|(_, one)| one.parent.is_none()) {
                Part::Whole
            } else {
                Part::Thing
            };
        }
        Model {
            sync,
            types: self.types,
            resources: self.resources,
            entitlements: self.entitlements,
            grants: self.grants,
            by_id: self.by_id,
            held,
            holders,
            over: self.over,
            offered,
            within,
        }
    }
}

fn account(user: &UserTrait, state: Option<i32>) -> Account {
    let (primary, others): (Vec<_>, Vec<_>) = user.emails.iter().partition(|email| email.is_primary);
    let state = state.or(user.status.as_ref().map(|status| status.status)).unwrap_or_default();
    Account {
        emails: primary.into_iter().chain(others).map(|email| email.address.clone()).collect(),
        second_factor: user.mfa_status.map(|status| status.mfa_enabled),
        sso: user.sso_status.map(|status| status.sso_enabled),
        is_human: !matches!(user.account_type(), AccountType::Service | AccountType::System),
        state: match State::try_from(state) {
            Ok(State::Disabled) => Some("disabled"),
            Ok(State::Deleted) => Some("deleted"),
            Ok(State::Pending) => Some("invited, not yet in use"),
            _ => None,
        },
    }
}

fn text(value: &Kind) -> Option<String> {
    Some(match value {
        Kind::Text(text) => text.clone(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Null(_) | Kind::Struct(_) | Kind::List(_) => return None,
    })
}

fn reason(why: &GrantImmutable) -> Box<str> {
    let reason = why.metadata.as_ref().and_then(|data| data.fields.get("reason"));
    let reason = reason.and_then(|value| value.kind.as_ref()).and_then(text);
    reason.unwrap_or_else(|| "It cannot be revoked in the product.".to_owned()).into()
}
