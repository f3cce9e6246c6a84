//! The component itself: how large it is, what it asks of a host, and what it offers.

use std::collections::BTreeSet;

use baton_planetscale_component::PLANETSCALE;
use wasm_metadata::Payload as Described;
use wasmparser::{Parser, Payload};

/// The promise to whoever embeds it.
const LARGEST: usize = 150_000;

/// What the connector may be given: each of these interfaces, in any version of WASI 0.2.
const IMPORTS: [&str; 6] = [
    "wasi:config/store",
    "wasi:http/outgoing-handler",
    "wasi:http/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
];

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
    assert_eq!(interfaces, IMPORTS.into());
    assert_eq!(exports, ["baton:connector/syncer@0.1.0".to_owned()].into());
}

#[test]
fn it_says_who_it_is() {
    let Described::Component { metadata, .. } = Described::from_binary(PLANETSCALE).expect("metadata") else {
        panic!("it is no component");
    };
    let text = |told: Option<String>| told.expect("it is told");
    assert_eq!(text(metadata.name), "baton-planetscale-connector");
    assert_eq!(text(metadata.version.map(|version| version.to_string())), env!("CARGO_PKG_VERSION"));
    assert_eq!(text(metadata.licenses.map(|licenses| licenses.to_string())), env!("CARGO_PKG_LICENSE"));
    assert_eq!(text(metadata.source.map(|source| source.to_string())), env!("CARGO_PKG_REPOSITORY"));
    let description = text(metadata.description.map(|description| description.to_string()));
    assert!(description.starts_with("Reads the organizations, members and teams of PlanetScale"), "{description}");
}
