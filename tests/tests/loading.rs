//! What is loaded, and what is not.

use baton_host::{Config, Engine, EngineOptions, Error, Secret};
use baton_planetscale_component::PLANETSCALE;
use baton_planetscale_support::connector;

#[tokio::test(flavor = "multi_thread")]
async fn metadata_schema_and_types_need_neither_config_nor_network() {
    let connector = connector();
    assert_eq!(connector.metadata().await.expect("metadata").display_name, "PlanetScale");
    let fields = connector.config_schema().await.expect("a schema");
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "planetscale-service-token",
            "planetscale-api-url",
            "planetscale-inline-team-members",
            "planetscale-databases"
        ]
    );
    let types = connector.resource_types().await.expect("types");
    assert_eq!(
        types.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>(),
        ["organization", "user", "team"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_the_config_switches_on_needs_no_credentials_to_be_told() {
    let connector = connector();
    let schema = connector.config_schema().await.expect("a schema");
    let types = async |value: &str| {
        let values = [("planetscale-databases".to_owned(), Secret::from(value))];
        let config = Config::incomplete(&schema, values)?;
        let types = connector.resource_types_with(config).await?;
        Ok::<_, Error>(types.into_iter().map(|kind| kind.id).collect::<Vec<_>>())
    };
    assert_eq!(types("true").await.expect("types"), ["organization", "user", "team", "database"]);
    for off in ["", "false"] {
        assert_eq!(types(off).await.expect("types"), ["organization", "user", "team"]);
    }
    assert_eq!(types("maybe").await.expect_err("no boolean").code(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_seen_is_said_of_databases_alone() {
    let told = connector().metadata().await.expect("metadata").cannot_see;
    assert!(told.iter().all(|spot| spot.resource_types == ["database"]), "{told:?}");
    for part in ["one by one", "creating", "no team"] {
        assert!(told.iter().any(|spot| spot.message.contains(part)), "{told:?}");
    }
}

#[test]
fn what_is_no_connector_is_refused_in_a_sentence() {
    let engine = Engine::new(EngineOptions { cache: false }).expect("an engine");
    for bytes in [&b"not wasm"[..], &b"\0asm\x01\0\0\0"[..], &b"\0asm\x0d\0\x01\0"[..], &[]] {
        let error = engine.load(bytes).err().expect("a refusal");
        assert_eq!(error.code(), 2);
        assert!(error.to_string().starts_with("cannot load the connector"), "{error}");
    }
    assert!(engine.load(PLANETSCALE).is_ok());
}

#[test]
fn a_core_module_is_told_how_it_becomes_a_component() {
    let engine = Engine::new(EngineOptions { cache: false }).expect("an engine");
    let error = engine.load(b"\0asm\x01\0\0\0").err().expect("a refusal").to_string();
    assert!(
        error.contains("core WebAssembly module") && error.contains("`wasm-tools component new"),
        "{error}"
    );
}

/// A component that exports the contract, without its functions, and wants these.
fn wants(imports: &[&str]) -> String {
    let engine = Engine::new(EngineOptions { cache: false }).expect("an engine");
    let imports: Vec<String> =
        imports.iter().map(|wanted| format!("(import \"{wanted}\" (instance))")).collect();
    let text = format!(
        "(component {} (instance $none) (export \"baton:connector/syncer@0.2.0\" (instance $none)))",
        imports.join(" ")
    );
    engine.load(&wat::parse_str(text).expect("a component")).err().expect("a refusal").to_string()
}

#[test]
fn a_component_that_wants_more_than_the_contract_gives_is_told_all_that_it_may_not_have() {
    let error = wants(&[
        "wasi:cli/environment@0.2.0",
        "somebody:else/anything",
        "wasi:sockets/tcp@0.2.10",
        "wasi:keyvalue/store@0.2.0",
        "wasi:http/types@0.3.0",
    ]);
    let said = "it wants somebody:else/anything, wasi:keyvalue/store@0.2.0, wasi:http/types@0.3.0, which no connector is \
                given; build it without what needs that";
    assert!(error.contains(said), "{error}");
}

#[test]
fn all_of_wasi_0_2_may_be_wanted() {
    for offered in ["wasi:cli/environment@0.2.0", "wasi:filesystem/types@0.2.3", "wasi:random/random@0.2.10"]
    {
        // It gets as far as the functions that are not there.
        assert!(wants(&[offered]).contains("it does not fit the contract"), "{offered}");
    }
}

#[test]
fn a_component_of_another_contract_version_or_of_none_is_told_which_is_wanted() {
    let engine = Engine::new(EngineOptions { cache: false }).expect("an engine");
    let wanted = "baton:connector/syncer@0.2.0";
    let version = |other: &str| {
        format!(
            "it was made for {other}, this program speaks {wanted}; use a connector and a program of the same \
             contract version"
        )
    };
    let none = format!("it is no Baton connector: it does not export {wanted}");
    for (exports, said) in [
        // Newer, older and without a version.
        (&["baton:connector/syncer@0.1.0"][..], version("baton:connector/syncer@0.1.0")),
        (&["baton:connector/syncer@0.2.1"], version("baton:connector/syncer@0.2.1")),
        (&["baton:connector/syncer"], version("baton:connector/syncer")),
        // Which one is told, whatever else is there.
        (&["wasi:cli/run@0.2.0", "baton:connector/syncer@1.0.0"], version("baton:connector/syncer@1.0.0")),
        // Another world, and names that only look like ours.
        (&["wasi:cli/run@0.2.0"], none.clone()),
        (&["baton:connector/syncers@0.2.0"], none.clone()),
        (&["other:connector/syncer@0.2.0"], none.clone()),
        (&[], none),
    ] {
        let exported: Vec<String> =
            exports.iter().map(|name| format!("(export \"{name}\" (instance $none))")).collect();
        let text = format!("(component (instance $none) {})", exported.join(" "));
        let bytes = wat::parse_str(text).expect("a component");
        let error = engine.load(&bytes).err().expect("a refusal");
        assert!(matches!(error, Error::Load(_)), "{exports:?}: {error}");
        assert_eq!(error.to_string(), format!("cannot load the connector: {said}"), "{exports:?}");
        assert_eq!(error.code(), 2);
    }
}
