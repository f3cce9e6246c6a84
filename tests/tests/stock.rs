//! A connector as its author's toolchain makes it, with nothing of ours but the contract: Rust for `wasm32-wasip2`.

use std::sync::Arc;

use baton_host::journal::Kind;
use baton_host::sink::Memory;
use baton_host::{Allow, Config, Connector, Engine, EngineOptions, Error, Secret, Summary, SyncOptions};
use baton_planetscale_support::acme::{Acme, CLIENT, SECRET};
use baton_planetscale_support::guests::STOCK_RUST;
use baton_planetscale_support::options;

use crate::secrets::Written;

fn loaded() -> Connector {
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    engine.load(STOCK_RUST).unwrap_or_else(|error| panic!("{error}"))
}

/// The flag that it needs.
fn login(acme: &Acme) -> Allow {
    let write = format!("POST {}/oauth/token", acme.url()).parse().expect("a request");
    Allow { writes: vec![write], ..Allow::default() }
}

async fn sync(acme: &Acme, options: SyncOptions) -> (Result<Summary, Error>, Memory) {
    let connector = loaded();
    let values =
        [("acme-url", acme.url().as_str()), ("acme-client-id", CLIENT), ("acme-client-secret", SECRET)]
            .map(|(name, value)| (name.to_owned(), Secret::from(value)));
    let schema = connector.config_schema().await.expect("a schema");
    let config = Config::new(&schema, values).expect("a config");
    let mut found = Memory::default();
    let result = connector.sync(config, &mut found, options).await;
    (result, found)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_loads_and_syncs() {
    let acme = Acme::start().await.expect("Acme");
    let (result, found) = sync(&acme, SyncOptions { allow: login(&acme), ..options(1) }).await;
    let summary = result.unwrap_or_else(|error| panic!("{error}"));
    assert!(summary.warnings.is_empty(), "{:?}", summary.warnings);
    assert_eq!(found.resource_types.len(), 4);
    assert!(!found.resources.is_empty() && !found.grants.is_empty() && found.finished);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_operators_word_it_sends_nothing_and_says_what_it_needs() {
    let acme = Acme::start().await.expect("Acme");
    let (result, _) = sync(&acme, options(1)).await;
    let text = result.expect_err("a refusal").to_string();
    let flag = format!("--allow-write 'POST {}/oauth/token'", acme.url());
    assert!(
        text.contains(&flag) && text.contains("an access token for the client's id and secret"),
        "{text}"
    );
    assert!(acme.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_access_token_is_in_nothing_that_is_kept_and_its_reply_is_not_kept_at_all() {
    let acme = Acme::start().await.expect("Acme");
    let journal = Arc::new(Written::default());
    let options = SyncOptions { allow: login(&acme), journal: Some(journal.clone()), ..options(1) };
    let (result, found) = sync(&acme, options).await;
    result.expect("a sync");
    let tokens = acme.tokens();
    assert!(!tokens.is_empty());
    let told = format!("{:?} {:?}", found.resources, found.grants);
    for token in tokens {
        let holds = |entry: &Vec<u8>| entry.windows(token.len()).any(|part| part == token.as_bytes());
        assert!(!journal.of(Kind::Page).iter().any(holds) && !journal.of(Kind::Reply).iter().any(holds));
        assert!(!told.contains(&token));
    }
    // One reply for each GET that was answered well, and none for the POST.
    let answered = acme.requests().iter().filter(|asked| asked.starts_with("GET")).count() - 1;
    assert_eq!(journal.of(Kind::Reply).len(), answered);
}
