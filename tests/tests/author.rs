//! A connector on the author's kit, in the host: it gives what one gives that is written on the contract alone, on each
//! target that the kit works on.

use baton_host::sink::Memory;
use baton_host::{Allow, Config, Engine, EngineOptions, Secret, SyncOptions};
use baton_planetscale_support::acme::{Acme, CLIENT, SECRET};
use baton_planetscale_support::guests::{AUTHOR, AUTHOR_BARE, STOCK_RUST};
use baton_planetscale_support::options;

async fn records(component: &[u8], acme: &Acme) -> String {
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    let connector = engine.load(component).unwrap_or_else(|error| panic!("{error}"));
    let values =
        [("acme-url", acme.url().as_str()), ("acme-client-id", CLIENT), ("acme-client-secret", SECRET)]
            .map(|(name, value)| (name.to_owned(), Secret::from(value)));
    let config = Config::new(&connector.config_schema().await.expect("a schema"), values).expect("a config");
    let write = format!("POST {}/oauth/token", acme.url()).parse().expect("a request");
    let allow = Allow { writes: vec![write], ..Allow::default() };
    let mut found = Memory::default();
    let result = connector.sync(config, &mut found, SyncOptions { allow, ..options(1) }).await;
    let summary = result.unwrap_or_else(|error| panic!("{error}"));
    assert!(summary.warnings.is_empty(), "{:?}", summary.warnings);
    let Memory { resource_types, resources, entitlements, grants, .. } = found;
    format!("{resource_types:#?} {resources:#?} {entitlements:#?} {grants:#?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_on_the_kit_gives_what_one_on_the_contract_alone_gives() {
    let acme = Acme::start().await.expect("Acme");
    let alone = records(STOCK_RUST, &acme).await;
    for component in [AUTHOR, AUTHOR_BARE] {
        let acme = Acme::start().await.expect("Acme");
        let found = records(component, &acme).await;
        let differs = alone.lines().zip(found.lines()).find(|(one, other)| one != other);
        assert!(alone == found, "{differs:?}");
        // The access token is asked for once an instance, and the limit was waited out.
        assert_eq!(acme.tokens().len(), 1);
    }
}
