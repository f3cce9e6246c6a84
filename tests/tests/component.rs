//! The component itself: how large it is, what it asks of a host, and what it offers.

use std::collections::{BTreeMap, BTreeSet};

use baton_planetscale_component::PLANETSCALE;
use baton_planetscale_support::guests::HOSTILE;
use wasmparser::{ComponentName, KnownCustom, Parser, Payload};
use wit_parser::{Docs, Resolve, TypeDefKind};

/// The promise to whoever embeds it. About 26 kB of it are for what one page does not tell: somebody who is listed twice,
/// lists without counts, an organization without an administrator; and about 18 kB for databases, much of it to read what
/// teams say of them.
const LARGEST: usize = 255_000;

/// What the connector may be given: each of these interfaces, in any version of WASI 0.2.
const IMPORTS: [&str; 6] = [
    "wasi:config/store",
    "wasi:http/outgoing-handler",
    "wasi:http/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
];

/// Named for the type of a duration, and nothing of it is called.
const NAMED: &str = "wasi:clocks/monotonic-clock";

/// The interfaces of which the modules inside a component import a function.
fn called(component: &[u8]) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::ImportSection(section) = payload.expect("a well-formed component") {
            for import in section.into_imports() {
                let module = import.expect("an import").module;
                called.extend(module.split_once('@').map(|(interface, _)| interface.to_owned()));
            }
        }
    }
    called
}

/// The names of what a component imports and exports, not those of the parts inside it.
fn surface(component: &[u8]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut imports, mut exports) = (BTreeSet::new(), BTreeSet::new());
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.expect("a well-formed component") {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(
                    section.into_iter().map(|import| import.expect("an import").name.name.to_owned()),
                );
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(
                    section.into_iter().map(|export| export.expect("an export").name.name.to_owned()),
                );
            }
            _ => {}
        }
    }
    (imports, exports)
}

#[test]
fn it_is_small() {
    let size = PLANETSCALE.len();
    assert!(size <= LARGEST, "the component has {size} bytes, {} too many", size - LARGEST);
}

#[test]
fn it_imports_the_listed_interfaces_and_exports_the_contract() {
    let (imports, exports) = surface(PLANETSCALE);
    let mut interfaces = BTreeSet::new();
    for import in &imports {
        let (interface, version) = import.split_once('@').expect("an interface with a version");
        assert!(version.starts_with("0.2."), "{import}");
        interfaces.insert(interface);
    }
    let listed: BTreeSet<&str> = IMPORTS.into();
    assert!(interfaces.iter().all(|name| listed.contains(name) || *name == NAMED), "{interfaces:?}");
    let called = called(PLANETSCALE);
    assert_eq!(called.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed);
    assert_eq!(exports, ["baton:connector/syncer@0.2.0".to_owned()].into());
}

/// What attacks the host in the other tests has everything to attack it with.
#[test]
fn the_component_that_misbehaves_has_what_toolchains_bring() {
    let (imports, _) = surface(HOSTILE);
    for wanted in [
        "wasi:cli/environment",
        "wasi:cli/exit",
        "wasi:cli/stdin",
        "wasi:cli/stderr",
        "wasi:clocks/monotonic-clock",
        "wasi:filesystem/preopens",
        "wasi:filesystem/types",
        "wasi:random/random",
        "wasi:sockets/ip-name-lookup",
        "wasi:sockets/tcp",
        "wasi:sockets/udp",
    ] {
        let is_there = imports.iter().any(|import| import.split('@').next() == Some(wanted));
        assert!(is_there, "{wanted} is not in {imports:?}");
    }
}

#[test]
fn every_item_of_the_contract_says_what_it_means() {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path("../wit").expect("a package");
    let mut items: Vec<(String, &Docs)> = vec![("the package".into(), &resolve.packages[package].docs)];
    for world in resolve.packages[package].worlds.values() {
        items.push((resolve.worlds[*world].name.clone(), &resolve.worlds[*world].docs));
    }
    for interface in resolve.packages[package].interfaces.values() {
        let interface = &resolve.interfaces[*interface];
        items.push((interface.name.clone().unwrap_or_default(), &interface.docs));
        items.extend(interface.functions.iter().map(|(name, function)| (name.clone(), &function.docs)));
        for (name, found) in &interface.types {
            let found = &resolve.types[*found];
            items.push((name.clone(), &found.docs));
            let within = |part: &str| format!("{name}.{part}");
            match &found.kind {
                TypeDefKind::Record(record) => {
                    items.extend(record.fields.iter().map(|field| (within(&field.name), &field.docs)));
                }
                TypeDefKind::Variant(variant) => {
                    items.extend(variant.cases.iter().map(|case| (within(&case.name), &case.docs)));
                }
                TypeDefKind::Enum(found) => {
                    items.extend(found.cases.iter().map(|case| (within(&case.name), &case.docs)));
                }
                _ => {}
            }
        }
    }
    assert!(items.len() > 100, "{} items", items.len());
    let silent: Vec<_> =
        items.iter().filter(|(_, docs)| docs.contents.is_none()).map(|item| &item.0).collect();
    assert!(silent.is_empty(), "no word on {silent:?}");
}

/// What a component says of itself, not the parts inside it: its name, and the sections that hold a text.
fn told(component: &[u8]) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.expect("a well-formed component") {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 => match section.as_known() {
                KnownCustom::ComponentName(names) => {
                    for name in names {
                        if let ComponentName::Component { name, .. } = name.expect("a name") {
                            told.insert("name".to_owned(), name.to_owned());
                        }
                    }
                }
                KnownCustom::Unknown => {
                    let text = String::from_utf8(section.data().to_vec()).expect("a text");
                    assert_eq!(told.insert(section.name().to_owned(), text), None, "{}", section.name());
                }
                _ => {}
            },
            _ => {}
        }
    }
    told
}

#[test]
fn it_says_who_it_is() {
    let expected = [
        ("name", "baton-planetscale-connector"),
        ("version", env!("CARGO_PKG_VERSION")),
        ("licenses", env!("CARGO_PKG_LICENSE")),
        ("source", env!("CARGO_PKG_REPOSITORY")),
        ("description", "Reads the organizations, members and teams of PlanetScale for access governance"),
    ];
    let told = told(PLANETSCALE);
    let told: BTreeMap<&str, &str> = told.iter().map(|(name, text)| (&**name, &**text)).collect();
    assert_eq!(told, expected.into());
}
