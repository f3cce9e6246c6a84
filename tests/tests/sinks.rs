//! What a sink makes of a sync that breaks off within a list: no file, and the one that is there stays.

use baton_c1z::JsonLines;
use baton_host::contract::{Entitlement, EntitlementId, Grant, Purpose, Resource, ResourceId, ResourceType};
use baton_host::records::{List, Records};
use baton_host::sink::Sink;

fn id(kind: &str, id: &str) -> ResourceId {
    ResourceId { resource_type: kind.into(), id: id.into() }
}

fn team() -> Resource {
    Resource {
        id: id("team", "t"),
        parent: None,
        display_name: "Team".into(),
        description: None,
        child_resource_types: vec![],
        external_link: None,
        created_at: None,
        profile: vec![],
        traits: vec![],
    }
}

fn kind() -> ResourceType {
    ResourceType {
        id: "team".into(),
        display_name: "Team".into(),
        description: None,
        traits: vec![],
        has_entitlements: true,
        has_grants: true,
        permissions: vec![],
    }
}

fn member() -> EntitlementId {
    EntitlementId { resource: team().id, slug: "member".into() }
}

fn lists() -> [(List, Records); 2] {
    let entitlement = Entitlement {
        id: member(),
        display_name: "Member".into(),
        description: None,
        purpose: Purpose::Assignment,
        grantable_to: vec![],
    };
    let grant = Grant { entitlement: member(), principal: id("user", "u"), immutable: None, expansion: None };
    [
        (List::Entitlements(team()), Records::Entitlements(vec![entitlement])),
        (List::Grants(team()), Records::Grants(vec![grant])),
    ]
}

#[test]
fn a_list_that_is_open_at_the_end_is_no_result() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sync.jsonl");
    for (list, records) in lists() {
        for is_complete in [false, true] {
            std::fs::write(&path, "an earlier result\n").expect("a file");
            let mut sink = JsonLines::create(&path).expect("a sink");
            sink.write(&List::ResourceTypes, Records::ResourceTypes(vec![kind()])).expect("types");
            sink.write(&list, records.clone()).expect("records");
            if is_complete {
                sink.complete(&list).expect("the end of the list");
            }
            let finished = sink.finish();
            drop(sink);
            let text = std::fs::read_to_string(&path).expect("the file");
            assert_eq!(text == "an earlier result\n", !is_complete);
            match finished {
                Ok(()) => assert!(is_complete && text.lines().count() == 3, "{text}"),
                Err(error) => {
                    let error = error.to_string();
                    assert!(!is_complete && error.contains("a list was not read to its end"), "{error}");
                    assert!(error.contains("sync.jsonl"), "{error}");
                }
            }
            assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1);
        }
    }
}
