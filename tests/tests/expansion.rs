//! What follows from grants, rule by rule, in the file that a sink leaves.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use baton_c1z::baton::Grant as Message;
use baton_c1z::{C1z, Options, SyncType};
use baton_host::contract::{Entitlement, EntitlementId, Expansion, Grant, Purpose, Resource, ResourceId};
use baton_host::records::{List, Records};
use baton_host::sink::Sink;
use prost::Message as _;

/// A resource by its joined id.
fn id(joined: &str) -> ResourceId {
    let (kind, id) = joined.split_once(':').expect("a joined id");
    ResourceId { resource_type: kind.into(), id: id.into() }
}

/// What a resource offers.
fn of(resource: &str, slug: &str) -> EntitlementId {
    EntitlementId { resource: id(resource), slug: slug.into() }
}

/// That a principal is a member of a group.
fn member(group: &str, principal: &str) -> Grant {
    Grant { entitlement: of(group, "member"), principal: id(principal), immutable: None, expansion: None }
}

/// The same, for its own members as well.
fn through(group: &str, principal: &str) -> Grant {
    let entitlements = vec![of(principal, "member")];
    let expansion = Some(Expansion { entitlements, shallow: false, resource_types: Vec::new() });
    Grant { expansion, ..member(group, principal) }
}

/// Those of them whom the way lets through.
fn some(grant: Grant, shallow: bool, kinds: &[&str]) -> Grant {
    let resource_types = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let expansion = grant.expansion.map(|expansion| Expansion { shallow, resource_types, ..expansion });
    Grant { expansion, ..grant }
}

fn resource(id: &ResourceId) -> Resource {
    Resource {
        id: id.clone(),
        parent: None,
        display_name: "A thing".into(),
        description: None,
        child_resource_types: Vec::new(),
        external_link: None,
        created_at: None,
        profile: Vec::new(),
        traits: Vec::new(),
    }
}

/// Write them, with the entitlements that they are of.
fn write(path: &Path, options: Options, grants: &[Grant]) -> Result<C1z, baton_host::SinkError> {
    let mut sink = C1z::create(path, options)?;
    for offers in grants.iter().map(|grant| &grant.entitlement.resource).collect::<HashSet<_>>() {
        let own = || grants.iter().filter(|grant| grant.entitlement.resource == *offers);
        let slugs: BTreeSet<_> = own().map(|grant| grant.entitlement.slug.as_str()).collect();
        let entitlements = slugs.into_iter().map(|slug| Entitlement {
            id: EntitlementId { resource: offers.clone(), slug: slug.into() },
            display_name: "It".into(),
            description: None,
            purpose: Purpose::Assignment,
            grantable_to: Vec::new(),
        });
        let entitlements = Records::Entitlements(entitlements.collect());
        sink.write(&List::Entitlements(resource(offers)), entitlements)?;
        sink.write(&List::Grants(resource(offers)), Records::Grants(own().cloned().collect()))?;
    }
    sink.finish()?;
    Ok(sink)
}

/// Grants with sources, these as `entitlement`, and `entitlement!` where it is held directly.
fn derived(grants: &[Grant]) -> BTreeMap<String, Vec<String>> {
    derived_with(grants, Options::default())
}

fn derived_with(grants: &[Grant], options: Options) -> BTreeMap<String, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sync.c1z");
    write(&path, options, grants).expect("a file");
    let packed = std::fs::read(&path).expect("the file");
    let database = zstd::decode_all(packed.strip_prefix(b"C1ZF\0").expect("the magic number")).expect("zstd");
    std::fs::write(&path, database).expect("a file");
    let database = rusqlite::Connection::open(&path).expect("a database");
    let mut select = database.prepare("select data from v1_grants").expect("a query");
    let rows = select.query_map([], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
    let grants = rows.map(|data| Message::decode(data.expect("a row").as_slice()).expect("a grant"));
    let with_sources = grants.filter_map(|grant| Some((grant.id, grant.sources?.sources)));
    let text = |(id, direct): (String, bool)| if direct { format!("{id}!") } else { id };
    let each = with_sources.map(|(id, sources)| {
        (id, sources.into_iter().map(|(id, source)| text((id, source.is_direct))).collect())
    });
    each.collect()
}

fn wanted(all: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    all.iter()
        .map(|(id, sources)| ((*id).to_owned(), sources.iter().map(|id| (*id).to_owned()).collect()))
        .collect()
}

#[test]
fn a_circle_passes_on_what_any_of_it_has_and_nothing_within() {
    let grants = [
        through("g:a", "g:b"),
        through("g:b", "g:a"),
        through("g:out", "g:b"),
        through("g:a", "g:in"),
        member("g:a", "u:1"),
        member("g:in", "u:2"),
    ];
    let found = derived(&grants);
    assert_eq!(
        found,
        wanted(&[
            // What leads into the circle leads to each of it.
            ("g:a:member:u:2", &["g:in:member!"]),
            ("g:b:member:u:2", &["g:in:member!"]),
            // What follows from one of it follows from each.
            ("g:out:member:g:a", &["g:b:member!"]),
            ("g:out:member:g:b", &["g:a:member!", "g:out:member!"]),
            ("g:out:member:g:in", &["g:a:member!"]),
            ("g:out:member:u:1", &["g:a:member!"]),
            ("g:out:member:u:2", &["g:a:member", "g:b:member"]),
        ])
    );
}

#[test]
fn a_shallow_way_is_for_direct_holders_and_a_way_with_types_for_these() {
    let grants = [
        through("g:b", "g:a"),
        some(through("g:shallow", "g:b"), true, &[]),
        some(through("g:users", "g:b"), false, &["u"]),
        member("g:a", "u:1"),
        member("g:b", "u:2"),
        member("g:b", "r:3"),
    ];
    let found = derived(&grants);
    let of = |group: &str| -> Vec<&str> {
        let prefix = format!("{group}:member:");
        found.keys().filter_map(|id| id.strip_prefix(&prefix)).collect()
    };
    assert_eq!(of("g:shallow"), ["g:a", "r:3", "u:2"]);
    assert_eq!(of("g:users"), ["u:1", "u:2"]);
}

#[test]
fn ways_into_a_circle_are_the_widest_of_all() {
    let grants = [
        through("g:b", "g:c"),
        through("g:c", "g:b"),
        some(through("g:b", "g:in"), true, &["u"]),
        some(through("g:c", "g:in"), false, &["r"]),
        through("g:in", "g:further"),
        member("g:further", "u:1"),
        member("g:in", "r:2"),
        member("g:in", "t:3"),
    ];
    let found = derived(&grants);
    for group in ["g:b:", "g:c:"] {
        let ids: Vec<_> = found.keys().filter_map(|id| id.strip_prefix(group)).collect();
        assert_eq!(ids, ["member:r:2", "member:u:1"], "{group}");
    }
}

#[test]
fn an_entitlement_that_is_not_there_leads_nowhere() {
    let grants = [through("g:x", "g:gone"), through("g:x", "g:b"), member("g:b", "u:1")];
    assert_eq!(derived(&grants), wanted(&[("g:x:member:u:1", &["g:b:member!"])]));
}

#[test]
fn only_a_full_sync_is_expanded_and_only_if_that_is_wanted() {
    let grants = [through("g:x", "g:b"), member("g:b", "u:1")];
    let with = |sync_type, expand| derived_with(&grants, Options { sync_type, expand, ..Options::default() });
    assert_eq!(with(SyncType::Full, true).len(), 1);
    assert!(with(SyncType::Full, false).is_empty());
    assert!(with(SyncType::Partial, true).is_empty());
}

#[test]
fn two_grants_of_one_id_are_refused_also_when_one_of_them_follows() {
    let clash = Grant {
        entitlement: of("g:x:member:u", "1"),
        principal: id("u:2"),
        immutable: None,
        expansion: None,
    };
    let grants = [through("g:x", "g:b"), member("g:b", "u:1:u:2"), clash];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sync.c1z");
    let error = write(&path, Options::default(), &grants).err().expect("an error");
    assert!(error.0.contains("two different grants have the one id g:x:member:u:1:u:2"), "{error}");
    assert!(!path.exists());
}
