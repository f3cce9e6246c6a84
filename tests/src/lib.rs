//! The harness: the component in the host, against the double of the API, in one call.
//!
//! What came out is turned into the records of the scenario's manifest, which reads no product code, so a test
//! compares two plain values.

#![allow(clippy::panic, reason = "a harness that cannot load its subject has nothing to test")]

pub mod acme;
pub mod cases;
pub mod direct;
pub mod fake_c1;
pub mod guests;
pub mod proxy;
pub mod tenant;

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use baton_host::contract::{self, AccountState, AccountType, GroupSource, ProfileValue, Purpose, Trait};
use baton_host::sink::jsonl::JsonLines;
use baton_host::sink::{List, Memory, Sink, SinkError, joined_entitlement, joined_grant};
use baton_host::{Config, Connector, Engine, EngineOptions, Error, Retry, Secret, Summary, SyncOptions};
use baton_planetscale_component::PLANETSCALE;
use baton_planetscale_demo::{
    CREDENTIAL_MARK, Entitlement, Grant, Manifest, Reference, Resource, Server, User,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    sync_as(token, url, "", options).await
}

/// As [`sync`], with team members from the list of teams.
pub async fn sync_inline(server: &Server, options: SyncOptions) -> (Result<Summary, Error>, Memory) {
    sync_as(server.service_token(), server.url(), "true", options).await
}

async fn sync_as(
    token: &str,
    url: &str,
    inline: &str,
    options: SyncOptions,
) -> (Result<Summary, Error>, Memory) {
    let connector = connector();
    let mut found = Memory::default();
    let result = async {
        let schema = connector.config_schema().await?;
        let values = [
            ("planetscale-service-token".to_owned(), Secret::from(token)),
            ("planetscale-api-url".to_owned(), Secret::from(url)),
            ("planetscale-inline-team-members".to_owned(), Secret::from(inline)),
        ];
        connector.sync(Config::new(&schema, values)?, &mut found, options).await
    }
    .await;
    (result, found)
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
    folder: &Path,
) -> (Result<Summary, Error>, Memory) {
    let connector = connector();
    let file = folder.join(FILE);
    let mut found = Memory::default();
    let result = async {
        std::fs::write(&file, OLD).unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
        let schema = connector.config_schema().await?;
        let values = [
            ("planetscale-service-token".to_owned(), Secret::from(server.service_token())),
            ("planetscale-api-url".to_owned(), Secret::from(server.url())),
        ];
        let mut lines = JsonLines::create(&file)?;
        let mut both = Both(&mut lines, &mut found);
        connector.sync(Config::new(&schema, values)?, &mut both, options).await
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

    fn write(&mut self, list: &List, records: baton_host::sink::Records) -> Result<(), SinkError> {
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
            baton_host::Event::Page { .. } => return,
            baton_host::Event::Waiting { reason, .. } => format!("waiting: {reason}"),
            baton_host::Event::Warning(warning) => warning.message.clone(),
        };
        if let Ok(mut heard) = keep.lock() {
            heard.push(text);
        }
    });
    (observer, heard)
}

/// Records in the manifest's form and order.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// Sorted by type and id.
    pub resources: Vec<Resource>,
    /// Sorted by id.
    pub entitlements: Vec<Entitlement>,
    /// Sorted by id.
    pub grants: Vec<Grant>,
}

impl Records {
    /// What must come out.
    pub fn expected(manifest: &Manifest) -> Records {
        Records {
            resources: manifest.resources.clone(),
            entitlements: manifest.entitlements.clone(),
            grants: manifest.grants.clone(),
        }
    }

    /// The first record in which two results differ; none when they are the same.
    pub fn difference(&self, expected: &Records) -> Option<String> {
        fn first<T: PartialEq + std::fmt::Debug>(found: &[T], expected: &[T]) -> Option<String> {
            let longest = found.len().max(expected.len());
            let at = (0..longest).find(|at| found.get(*at) != expected.get(*at))?;
            Some(format!(
                "of {} and {} records, number {at} differs\n  found:    {:?}\n  expected: {:?}",
                found.len(),
                expected.len(),
                found.get(at),
                expected.get(at)
            ))
        }
        first(&self.resources, &expected.resources)
            .or_else(|| first(&self.entitlements, &expected.entitlements))
            .or_else(|| first(&self.grants, &expected.grants))
    }

    /// What came out.
    pub fn of(found: &Memory) -> Records {
        let mut resources: Vec<_> = found.resources.iter().map(resource).collect();
        resources.sort_by(|one, other| one.id.cmp(&other.id));
        let mut entitlements: Vec<_> = found.entitlements.iter().map(entitlement).collect();
        entitlements.sort_by(|one, other| one.id.cmp(&other.id));
        let mut grants: Vec<_> = found.grants.iter().map(grant).collect();
        grants.sort_by(|one, other| one.id.cmp(&other.id));
        Records { resources, entitlements, grants }
    }
}

fn reference(id: &contract::ResourceId) -> Reference {
    Reference::new(&id.resource_type, &id.id)
}

fn resource(from: &contract::Resource) -> Resource {
    let mut user = None;
    let mut group_source = None;
    for found in &from.traits {
        match found {
            Trait::User(found) => {
                user = Some(User {
                    emails: found.emails.iter().map(|email| email.address.clone()).collect(),
                    login: found.login.clone(),
                    status: match found.status.state {
                        AccountState::Enabled => "enabled",
                        AccountState::Disabled => "disabled",
                        AccountState::Deleted => "deleted",
                        AccountState::Unspecified => "unspecified",
                    }
                    .to_owned(),
                    account_type: match found.account_type {
                        AccountType::Human => "human",
                        AccountType::Service => "service",
                        AccountType::System => "system",
                        AccountType::Unspecified => "unspecified",
                    }
                    .to_owned(),
                    mfa_enabled: found.mfa_enabled,
                    sso_enabled: found.sso_enabled,
                });
            }
            Trait::Group(found) => {
                group_source = found.source.map(|source| {
                    match source {
                        GroupSource::Native => "native",
                        GroupSource::DirectorySynced => "directory_synced",
                        GroupSource::BuiltIn => "built_in",
                        GroupSource::Dynamic => "dynamic",
                    }
                    .to_owned()
                });
            }
            Trait::Role | Trait::App(_) | Trait::Secret(_) => {}
        }
    }
    let value = |value: &ProfileValue| match value {
        ProfileValue::Text(text) => Value::from(text.as_str()),
        ProfileValue::Number(number) => Value::from(*number),
        ProfileValue::Boolean(boolean) => Value::from(*boolean),
        ProfileValue::TextList(list) => Value::from(list.clone()),
    };
    Resource {
        id: reference(&from.id),
        parent: from.parent.as_ref().map(reference),
        display_name: from.display_name.clone(),
        description: from.description.clone(),
        child_resource_types: from.child_resource_types.clone(),
        created_at: from.created_at.and_then(written),
        profile: from.profile.iter().map(|entry| (entry.key.clone(), value(&entry.value))).collect(),
        user,
        group_source,
    }
}

/// A moment as protojson writes it: 0, 3, 6 or 9 digits of a second.
fn written(moment: contract::Timestamp) -> Option<String> {
    let format = time::format_description::well_known::Rfc3339;
    let whole = time::OffsetDateTime::from_unix_timestamp(moment.seconds).ok()?.format(&format).ok()?;
    let digits = format!("{:09}", moment.nanoseconds);
    let digits = match moment.nanoseconds {
        0 => return Some(whole),
        n if n % 1_000_000 == 0 => digits.get(..3)?,
        n if n % 1_000 == 0 => digits.get(..6)?,
        _ => &digits,
    };
    Some(format!("{}.{digits}Z", whole.trim_end_matches('Z')))
}

fn entitlement(from: &contract::Entitlement) -> Entitlement {
    Entitlement {
        id: joined_entitlement(&from.id),
        resource: reference(&from.id.resource),
        slug: from.id.slug.clone(),
        display_name: from.display_name.clone(),
        description: from.description.clone().unwrap_or_default(),
        purpose: match from.purpose {
            Purpose::Assignment => "assignment",
            Purpose::Permission => "permission",
            Purpose::Ownership => "ownership",
            Purpose::Unspecified => "unspecified",
        }
        .to_owned(),
        grantable_to: from.grantable_to.clone(),
    }
}

fn grant(from: &contract::Grant) -> Grant {
    Grant {
        id: joined_grant(from),
        entitlement: joined_entitlement(&from.entitlement),
        principal: reference(&from.principal),
        immutable: from.immutable.clone(),
    }
}
