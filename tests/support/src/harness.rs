//! A sync of a server's scenario, in one call.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use baton_c1z::JsonLines;
use baton_host::SinkError;
use baton_host::contract;
use baton_host::records::List;
use baton_host::sink::{Memory, Sink};
use baton_host::{Config, Connector, Engine, EngineOptions, Error, Retry, Secret, Summary, SyncOptions};
use baton_planetscale_component::PLANETSCALE;
use baton_planetscale_demo::{CREDENTIAL_MARK, Server};

/// The connector, compiled once for all tests.
static CONNECTOR: LazyLock<Result<Connector, String>> = LazyLock::new(|| {
    let engine = Engine::new(EngineOptions::default()).map_err(|error| error.to_string())?;
    engine.load(PLANETSCALE).map_err(|error| error.to_string())
});

/// The compiled connector.
///
/// # Panics
/// When it cannot be loaded.
pub fn connector() -> Connector {
    match &*CONNECTOR {
        Ok(connector) => connector.clone(),
        Err(error) => panic!("the component does not load: {error}"),
    }
}

/// Options with short pauses, so that a test of many retries takes no minute.
pub fn options(workers: usize) -> SyncOptions {
    let retry = Retry {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(5),
        wait_unknown: Duration::from_millis(5),
        ..Retry::default()
    };
    SyncOptions { workers, retry, ..SyncOptions::default() }
}

/// Sync a server's scenario into memory.
pub async fn sync(server: &Server, options: SyncOptions) -> (Result<Summary, Error>, Memory) {
    let came = sync_with(server.service_token(), server.url(), options).await;
    holds_no_secret(server, &came);
    came
}

/// Nothing that comes out of a sync, and no request but in its one header, holds the token: looked for in every test.
///
/// # Panics
/// Something does.
fn holds_no_secret(server: &Server, (result, found): &(Result<Summary, Error>, Memory)) {
    let told = match result {
        Ok(summary) => format!("{:?}", summary.warnings),
        Err(error) => format!("{error} {error:?}"),
    };
    let Memory { resource_types, resources, entitlements, grants, .. } = found;
    let records = format!("{resource_types:?} {resources:?} {entitlements:?} {grants:?}");
    for secret in [half(server), CREDENTIAL_MARK] {
        assert!(!told.contains(secret), "told: {told}");
        assert!(!records.contains(secret), "a record holds {secret}");
    }
    let elsewhere = server.requests().into_iter().find(|seen| seen.token_elsewhere);
    assert_eq!(elsewhere, None, "a request holds the token beside its header");
}

/// The same with a token and an address of the test's choice.
pub async fn sync_with(token: &str, url: &str, options: SyncOptions) -> (Result<Summary, Error>, Memory) {
    sync_as(token, url, &[], options).await
}

/// What an option's value is when it is switched on.
type Further<'a> = &'a [(&'a str, &'a str)];

/// The option that takes team members from the list of teams.
pub const INLINE: (&str, &str) = ("planetscale-inline-team-members", "true");

/// The option that reads databases.
pub const DATABASES: (&str, &str) = ("planetscale-databases", "true");

/// As [`sync`], with team members from the list of teams.
pub async fn sync_inline(server: &Server, options: SyncOptions) -> (Result<Summary, Error>, Memory) {
    sync_as(server.service_token(), server.url(), &[INLINE], options).await
}

/// As [`sync`], with these options of the connector's.
pub async fn sync_further(
    server: &Server,
    further: Further<'_>,
    options: SyncOptions,
) -> (Result<Summary, Error>, Memory) {
    let came = sync_as(server.service_token(), server.url(), further, options).await;
    holds_no_secret(server, &came);
    came
}

async fn sync_as(
    token: &str,
    url: &str,
    further: Further<'_>,
    options: SyncOptions,
) -> (Result<Summary, Error>, Memory) {
    let connector = connector();
    let mut found = Memory::default();
    let result = async {
        let config = config(&connector, token, url, further).await?;
        connector.sync(config, &mut found, options).await
    }
    .await;
    (result, found)
}

async fn config(
    connector: &Connector,
    token: &str,
    url: &str,
    further: Further<'_>,
) -> Result<Config, Error> {
    let schema = connector.config_schema().await?;
    let values = [("planetscale-service-token", token), ("planetscale-api-url", url)];
    let values = values.iter().chain(further).map(|(name, value)| ((*name).to_owned(), Secret::from(*value)));
    Config::new(&schema, values)
}

/// The file that [`sync_into`] writes.
pub const FILE: &str = "sync.jsonl";

/// What is in it before.
pub const OLD: &str = "an earlier result\n";

/// Sync a server's scenario into memory, and into a file of a folder in which an earlier result lies.
///
/// # Panics
/// When the folder cannot be written.
pub async fn sync_into(
    server: &Server,
    options: SyncOptions,
    further: Further<'_>,
    folder: &Path,
) -> (Result<Summary, Error>, Memory) {
    let connector = connector();
    let file = folder.join(FILE);
    let mut found = Memory::default();
    let result = async {
        std::fs::write(&file, OLD).unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
        let config = config(&connector, server.service_token(), server.url(), further).await?;
        let mut lines = JsonLines::create(&file)?;
        let mut both = Both(&mut lines, &mut found);
        connector.sync(config, &mut both, options).await
    }
    .await;
    let came = (result, found);
    holds_no_secret(server, &came);
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(!kept.contains(CREDENTIAL_MARK) && !kept.contains(half(server)), "the file holds a secret");
    came
}

fn half(server: &Server) -> &str {
    server.service_token().split_once(':').map_or("", |(_, half)| half)
}

/// Two sinks with the same records; the second finishes when the first has.
struct Both<'a>(&'a mut dyn Sink, &'a mut dyn Sink);

impl Sink for Both<'_> {
    fn know(&mut self, types: &[contract::ResourceType]) {
        self.0.know(types);
        self.1.know(types);
    }

    fn write(&mut self, list: &List, records: baton_host::records::Records) -> Result<(), SinkError> {
        self.0.write(list, records.clone())?;
        self.1.write(list, records)
    }

    fn complete(&mut self, list: &List) -> Result<(), SinkError> {
        self.0.complete(list)?;
        self.1.complete(list)
    }

    fn restart(&mut self, list: &List) -> Result<(), SinkError> {
        self.0.restart(list)?;
        self.1.restart(list)
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        self.0.finish()?;
        self.1.finish()
    }
}

/// Hears everything a sync tells, as text.
pub fn listener() -> (baton_host::Observer, Arc<std::sync::Mutex<Vec<String>>>) {
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = heard.clone();
    let observer: baton_host::Observer = Arc::new(move |event| {
        let text = match event {
            baton_host::Event::Phase(name) => (*name).to_owned(),
            baton_host::Event::Page { .. } | baton_host::Event::GoingOn | baton_host::Event::Sent { .. } => {
                return;
            }
            baton_host::Event::Refused => "refused".to_owned(),
            baton_host::Event::Waiting { reason, .. } => format!("waiting: {reason}"),
            baton_host::Event::Warning(warning) => warning.message.clone(),
        };
        if let Ok(mut heard) = keep.lock() {
            heard.push(text);
        }
    });
    (observer, heard)
}
