//! The folder: whole or not there, and told apart later when it was altered. Bad input is a sentence.

use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use baton_c1z::{Options, SyncType};
use baton_report::{Output, Review, Signed, make, verify};
use data_encoding::BASE64;

use crate::access::request;
use crate::pages::Place;
use crate::world::{World, facts};

/// A private key and its public one, as OpenSSL writes them.
fn keys(place: &Place, name: &str) -> (PathBuf, PathBuf) {
    let document = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new()).expect("a key");
    let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key");
    let before = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let public = [&before[..], pair.public_key().as_ref()].concat();
    let write = |name: String, kind: &str, bytes: &[u8]| {
        let path = place.path(&name);
        let text = format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", BASE64.encode(bytes));
        std::fs::write(&path, text).expect("a key");
        path
    };
    (
        write(format!("{name}.key"), "PRIVATE KEY", document.as_ref()),
        write(format!("{name}.pub"), "PUBLIC KEY", &public),
    )
}

fn made(place: &Place, name: &str, sign: Option<PathBuf>) -> PathBuf {
    let file = place.path("sync.c1z");
    if !file.exists() {
        place.company();
    }
    let review = Review::of(request(&file)).expect("a review");
    let output = Output { folder: place.path(name), sign, ..Output::default() };
    make(&review, &output).expect("a folder");
    place.path(name)
}

#[test]
fn the_manifest_lists_every_file_and_says_which_was_altered_removed_or_added() {
    let place = Place::new();
    let folder = made(&place, "review", None);
    let found = verify(&folder, None).expect("as it was");
    assert_eq!(found.signed, Signed::No);
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).expect("a file")).expect("JSON");
    assert_eq!(manifest["files"].as_array().map(Vec::len), Some(found.files));
    assert_eq!(manifest["source"]["name"], "sync.c1z");
    assert_eq!(manifest["component"], facts().component);
    assert!(manifest["rows"]["access"].as_u64().is_some_and(|rows| rows > 20));
    let told = |change: &dyn Fn(&Path)| {
        let folder = made(&place, "altered", None);
        change(&folder);
        let told = verify(&folder, None).expect_err("altered").to_string();
        std::fs::remove_dir_all(&folder).expect("gone");
        told
    };
    let append = |name: &'static str| {
        move |folder: &Path| {
            let path = folder.join(name);
            let mut bytes = std::fs::read(&path).expect("a file");
            bytes.push(b' ');
            std::fs::write(path, bytes).expect("a file");
        }
    };
    for name in ["index.html", "review.xlsx", "csv/access.csv", "review.json"] {
        assert!(told(&append(name)).ends_with(&format!(": {name} was altered")), "{name}");
    }
    let one_letter = |folder: &Path| {
        let path = folder.join("index.html");
        let text = std::fs::read_to_string(&path).expect("a page").replacen("Amara", "Amira", 1);
        std::fs::write(path, text).expect("a page");
    };
    assert!(told(&one_letter).contains("index.html was altered"));
    assert!(
        told(&|folder| std::fs::remove_file(folder.join("csv/people.csv")).expect("gone"))
            .contains("csv/people.csv is missing")
    );
    assert!(
        told(&|folder| std::fs::write(folder.join("more.txt"), "x").expect("a file"))
            .contains("more.txt was added")
    );
    assert!(verify(place.folder.path(), None).expect_err("no review").to_string().contains("is no review"));
}

#[test]
fn a_signature_is_of_these_bytes_and_of_the_key_that_is_brought_along() {
    let place = Place::new();
    let (private, public) = keys(&place, "mine");
    let (_, other) = keys(&place, "other");
    let folder = made(&place, "review", Some(private));
    let Signed::BySomebody(line) = verify(&folder, None).expect("as it was").signed else {
        panic!("not signed")
    };
    assert_eq!(verify(&folder, Some(&public)).expect("as it was").signed, Signed::ByKey(line.clone()));
    let as_line = place.path("line.pub");
    std::fs::write(&as_line, format!("{line}\n")).expect("a key");
    assert!(verify(&folder, Some(&as_line)).is_ok());
    let told = |key: Option<&Path>| verify(&folder, key).expect_err("not as it was").to_string();
    assert!(told(Some(&other)).contains("signed by another key"));
    assert!(told(Some(&place.path("sync.c1z"))).contains("is no public key"));
    // Whoever alters a file and its entry in the manifest cannot sign it again.
    let manifest = folder.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    std::fs::write(&manifest, text.replace("reviewer 1.0", "reviewer 2.0")).expect("a manifest");
    assert!(told(None).contains("manifest.sig is no signature"), "{}", told(None));
    std::fs::write(&manifest, text).expect("a manifest");
    std::fs::remove_file(folder.join("manifest.sig")).expect("gone");
    assert!(told(Some(&public)).contains("it is not signed"));
}

#[test]
fn bad_input_is_a_sentence_and_leaves_nothing() {
    let place = Place::new();
    let good = place.company();
    let bytes = std::fs::read(&good).expect("a file");
    let file = |name: &str, bytes: &[u8]| {
        let path = place.path(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let resources = place.path("resources.c1z");
    let options = Options { sync_type: SyncType::ResourcesOnly, ..Options::default() };
    World::company().write_with(&resources, options, None);
    for (path, part) in [
        (place.path("missing.c1z"), "there is no file"),
        (file("text.c1z", b"hello"), "is not a c1z file"),
        (file("empty.c1z", b""), "is empty"),
        (file("pebble.c1z", b"C1Z3\0xyz"), "Pebble"),
        (file("cut.c1z", &bytes[..bytes.len() / 2]), "is damaged"),
        (file("odd.c1z", b"C1ZF\0not zstd"), "is damaged"),
        (resources, "no finished full sync, only one of the type resources_only"),
    ] {
        let told = Review::of(request(&path)).map(|_| ()).expect_err("no review").to_string();
        assert!(told.contains(part) && told.contains(&path.display().to_string()), "{told}");
        assert!(!told.contains('\n'), "{told}");
    }
    let review = Review::of(request(&good)).expect("a review");
    let full = place.path("full");
    std::fs::create_dir(&full).expect("a folder");
    std::fs::write(full.join("decisions.txt"), "mine").expect("a file");
    let key = file("bad.key", b"no key");
    for (output, part) in [
        (Output { folder: full.clone(), ..Output::default() }, "other files"),
        (Output { folder: good.clone(), ..Output::default() }, "not a folder"),
        (Output { folder: place.path("a/b"), ..Output::default() }, "there is no folder"),
        (Output { folder: place.path("new"), sign: Some(key), ..Output::default() }, "no private key"),
    ] {
        let told = make(&review, &output).expect_err("no folder").to_string();
        assert!(told.contains(part), "{told}");
    }
    let left: Vec<String> = std::fs::read_dir(place.folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".review") || name == "new" || name == "a")
        .collect();
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(std::fs::read_dir(&full).expect("the folder").count(), 1);
    // An empty folder is as good as none.
    std::fs::remove_file(full.join("decisions.txt")).expect("gone");
    make(&review, &Output { folder: full.clone(), ..Output::default() }).expect("a folder");
    assert!(full.join("index.html").is_file());
}

#[test]
fn a_review_is_replaced_only_where_that_is_asked_for_and_nothing_in_it_was_altered() {
    let place = Place::new();
    let folder = made(&place, "review", None);
    let review = Review::of(request(&place.path("sync.c1z"))).expect("a review");
    let again = Output { folder: folder.clone(), replace: true, ..Output::default() };
    make(&review, &again).expect("a folder");
    std::fs::write(folder.join("review.xlsx"), "decided").expect("a file");
    assert!(make(&review, &again).is_err());
    assert_eq!(std::fs::read(folder.join("review.xlsx")).expect("a file"), b"decided");
}
