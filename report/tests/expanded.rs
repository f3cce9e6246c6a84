//! Files that a tool has expanded: what it worked out is not taken for given, and nothing of it is lost.

use std::path::Path;

use baton_report::Review;
use rusqlite::{Connection, params};

use crate::access::request;
use crate::pages::Place;
use crate::world::World;

/// A field of a protobuf message that holds bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).expect("short");
    // Lengths of one byte and of two.
    let length = if length < 128 { vec![length] } else { vec![length, 1] };
    [vec![number << 3 | 2], length, bytes.to_vec()].concat()
}

/// What a grant's message has for sources.
fn sources(entitlements: &[&str]) -> Vec<u8> {
    let entry = |id: &&str| field(1, &[field(1, id.as_bytes()), field(2, &[])].concat());
    field(5, &entitlements.iter().flat_map(entry).collect::<Vec<u8>>())
}

/// The file with something changed in its database.
fn change(file: &Path, change: impl FnOnce(&Connection, &str)) {
    let packed = std::fs::read(file).expect("a file");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sync.db");
    let payload = packed.strip_prefix(b"C1ZF\0").expect("a c1z");
    std::fs::write(&path, zstd::decode_all(payload).expect("zstd")).expect("a database");
    let database = Connection::open(&path).expect("a database");
    let sync: String =
        database.query_row("select sync_id from v1_sync_runs", [], |row| row.get(0)).expect("a sync");
    change(&database, &sync);
    drop(database);
    let payload = zstd::encode_all(std::fs::read(&path).expect("a database").as_slice(), 1).expect("zstd");
    std::fs::write(file, [b"C1ZF\0".to_vec(), payload].concat()).expect("a file");
}

/// Add a grant of a database that follows from others.
fn derived(database: &Connection, sync: &str, person: &str, name: &str, from: &[&str]) {
    let entitlement = format!("database:{name}:admin");
    database
        .execute(
            "insert into v1_grants (resource_type_id, resource_id, entitlement_id, principal_resource_type_id,
                 principal_resource_id, external_id, needs_expansion, data, sync_id, discovered_at)
             values ('database', ?1, ?2, 'user', ?3, ?4, 0, ?5, ?6, '2026-01-01 00:00:00')",
            params![name, entitlement, person, format!("{entitlement}:user:{person}"), sources(from), sync],
        )
        .expect("a grant");
}

#[test]
fn ways_are_the_same_before_and_after_a_tool_has_expanded_the_file() {
    let place = Place::new();
    let file = place.path("sync.c1z");
    let mut world = World::company();
    world.holds("priya", "database", "orders", "admin");
    world.write(&file, None);
    let holders = || {
        let mut found = Review::of(request(&file)).expect("a review").holders("database", "orders", "admin");
        found.sort();
        found
    };
    let before = holders();
    assert_eq!(before.len(), 7, "{before:?}");
    change(&file, |database, sync| {
        let (platform, payments) = ("team:Platform:member", "team:Payments:member");
        for (person, from) in [
            ("amara", vec!["organization:freight:admin"]),
            ("jonas", vec!["organization:freight:admin", platform]),
            ("misaki", vec![platform]),
            ("mateo", vec![payments]),
        ] {
            derived(database, sync, person, "orders", &from);
        }
        // One that was given as well names itself among its sources.
        let both = sources(&["database:orders:admin", payments]);
        let changed = database.execute(
            "update v1_grants set data = cast(data || ?1 as blob) where external_id = 'database:orders:admin:user:priya'",
            [both],
        );
        assert_eq!(changed.expect("a change"), 1);
    });
    assert_eq!(holders(), before);
}

#[test]
fn what_a_tool_worked_out_and_nothing_here_explains_is_told_all_the_same() {
    let place = Place::new();
    let file = place.path("sync.c1z");
    World::company().write(&file, None);
    change(&file, |database, sync| derived(database, sync, "ravi", "orders", &["team:Gone:member"]));
    let found = Review::of(request(&file)).expect("a review").holders("database", "orders", "admin");
    assert!(
        found.contains(&"Ravi Iyer: as a tool worked it out, administrator of orders".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_record_that_cannot_be_decoded_is_no_gap_but_an_error() {
    let place = Place::new();
    let file = place.path("sync.c1z");
    World::company().write(&file, None);
    change(&file, |database, _| {
        let changed = database.execute(
            "update v1_grants set data = x'ffff' where external_id = 'team:Web:member:user:ravi'",
            [],
        );
        assert_eq!(changed.expect("a change"), 1);
    });
    let told = Review::of(request(&file)).map(|_| ()).expect_err("damaged").to_string();
    assert!(told.contains("is damaged (the record team:Web:member:user:ravi cannot be decoded"), "{told}");
}
