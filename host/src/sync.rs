//! What a caller of the library says to a loaded connector: who are you, and sync.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::allow_list::Origin;
use crate::bid::Target;
use crate::client::HttpClient;
use crate::config::Config;
use crate::contract::{self, Warning};
use crate::egress::Egress;
use crate::engine::Connector;
use crate::error::Error;
use crate::instance::{Answer, Ask, Instance, Source};
use crate::journal::Journal;
use crate::limits::Limits;
use crate::pace::Pace;
use crate::replies::Replies;
use crate::sink::{List, Sink};
use crate::walk::Walk;
use crate::worker::{Retry, Worker};

/// The part of a vendor's own limit that is used. It leaves room for a person in the vendor's console, and
/// costs a sync two minutes in a hundred.
const SHARE_OF_LIMIT: f64 = 0.98;

/// Four use up a limit of 600 requests a minute as long as a reply takes no more than 0.4 s, and each costs little.
const WORKERS: usize = 4;

/// Hears how a sync goes.
pub type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// How a sync goes.
pub enum Event<'a> {
    /// A new step begins: `resource types`, `resources`, `entitlements`, `grants`.
    Phase(&'static str),
    /// A page was written.
    Page {
        /// Of which list.
        list: &'a List,
        /// How many records it had.
        records: usize,
        /// Pages known to be left in this step.
        left: usize,
    },
    /// Nothing goes on for a while.
    Waiting {
        /// How long.
        seconds: u64,
        /// Why.
        reason: &'a str,
    },
    /// Something the operator should know.
    Warning(&'a Warning),
}

/// How a sync is done.
#[derive(Clone)]
pub struct SyncOptions {
    /// Pages asked for at the same time, each on its own instance; 0 counts as 1.
    pub workers: usize,
    /// What the component may use up.
    pub limits: Limits,
    /// Only these resource types; empty: all.
    pub resource_types: Vec<String>,
    /// Only these resources, with what lies within them; empty: everything. The principals of their grants are not
    /// read. One that is not there is a warning; if none is there, that is an error.
    pub targets: Vec<Target>,
    /// Resources only.
    pub skip_entitlements_and_grants: bool,
    /// Resources and entitlements only.
    pub skip_grants: bool,
    /// The request rate; none: what the connector says its vendor allows, for that vendor's own origin.
    pub requests_per_minute: Option<u32>,
    /// What is tried again, and when.
    pub retry: Retry,
    /// Hears how it goes.
    pub observer: Option<Observer>,
    /// Where what was read is written down, and found when an earlier run was stopped.
    pub journal: Option<Arc<dyn Journal>>,
}

impl Default for SyncOptions {
    fn default() -> Self {
        SyncOptions {
            workers: WORKERS,
            limits: Limits::default(),
            resource_types: Vec::new(),
            targets: Vec::new(),
            skip_entitlements_and_grants: false,
            skip_grants: false,
            requests_per_minute: None,
            retry: Retry::default(),
            observer: None,
            journal: None,
        }
    }
}

/// What a finished sync did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Kinds of resources.
    pub resource_types: u64,
    /// Resources by type.
    pub resources: BTreeMap<String, u64>,
    /// Entitlements by the type of their resource.
    pub entitlements: BTreeMap<String, u64>,
    /// Grants by the type of their entitlement's resource.
    pub grants: BTreeMap<String, u64>,
    /// Pages that an earlier run had read, which was stopped.
    pub taken_up: u64,
    /// HTTP requests sent.
    pub requests: u64,
    /// Time in which workers waited for the request rate or before trying again, added up.
    pub waited: Duration,
    /// What the operator should know.
    pub warnings: Vec<Warning>,
    /// Warnings past the limit, which were not kept.
    pub more_warnings: u64,
}

impl Connector {
    /// What a catalog shows of it.
    pub async fn metadata(&self) -> Result<contract::ConnectorMetadata, Error> {
        match self.ask_alone("metadata", Ask::Metadata).await? {
            Ok(Answer::Metadata(metadata)) => Ok(metadata),
            other => Err(unexpected("metadata", other.err())),
        }
    }

    /// The fields of its config.
    pub async fn config_schema(&self) -> Result<Vec<contract::ConfigField>, Error> {
        match self.ask_alone("config schema", Ask::ConfigSchema).await? {
            Ok(Answer::ConfigSchema(schema)) => Ok(schema),
            other => Err(unexpected("config schema", other.err())),
        }
    }

    /// The kinds of resources it reads, for connectors that know them without config.
    pub async fn resource_types(&self) -> Result<Vec<contract::ResourceType>, Error> {
        match self.ask_alone("resource types", Ask::ResourceTypes).await? {
            Ok(Answer::ResourceTypes(types)) => Ok(types),
            other => Err(unexpected("resource types", other.err())),
        }
    }

    /// Read everything, into the sink. Records are in the sink, and visible, only if this returns a summary.
    ///
    /// Dropping the future stops the sync at once, calls in progress included.
    pub async fn sync(
        &self,
        config: Config,
        sink: &mut dyn Sink,
        options: SyncOptions,
    ) -> Result<Summary, Error> {
        let workers = options.workers.max(1);
        let (source, egress) = self.source(config, workers, &options).await?;
        let retry = Arc::new(options.retry.clone());
        let workers = (0..workers)
            .map(|_| Worker {
                instance: Instance::new(source.clone()),
                egress: egress.clone(),
                retry: retry.clone(),
                observer: options.observer.clone(),
            })
            .collect();
        Walk::new(workers, source, sink, &options).run().await
    }

    /// Whether the config is well formed, and the access there. Asks the API once or twice.
    pub async fn validate(&self, config: Config, options: &SyncOptions) -> Result<Vec<Warning>, Error> {
        let (source, egress) = self.source(config, 1, options).await?;
        let retry = Arc::new(options.retry.clone());
        let mut worker = Worker { instance: Instance::new(source), egress, retry, observer: None };
        worker.validate().await
    }

    /// What the instances of one sync are made from, and their common way out.
    async fn source(
        &self,
        config: Config,
        workers: usize,
        options: &SyncOptions,
    ) -> Result<(Source, Arc<Egress>), Error> {
        let rate = match options.requests_per_minute {
            Some(rate) => Some(rate),
            None => declared_rate(&self.clone().limited(options.limits.clone()).metadata().await?, &config),
        };
        let egress = Arc::new(Egress {
            allowed: config.allowed().clone(),
            client: HttpClient::new(config.allowed(), workers)?,
            pace: Pace::new(rate),
            replies: Arc::new(Replies::new(options.journal.clone(), config.clone())),
            request_limit: options.limits.request,
            reply_limit: options.limits.reply,
        });
        let source = Source {
            connector: self.clone(),
            config: Some(Arc::new(config)),
            egress: Some(egress.clone()),
            limits: Arc::new(options.limits.clone()),
        };
        Ok((source, egress))
    }

    /// Ask something that needs neither config nor network.
    async fn ask_alone(&self, place: &str, ask: Ask<'_>) -> Result<Result<Answer, contract::Error>, Error> {
        let limits = self.limits.clone();
        let source = Source { connector: self.clone(), config: None, egress: None, limits };
        Instance::new(source).ask(place, ask).await
    }
}

fn unexpected(place: &str, error: Option<contract::Error>) -> Error {
    match error {
        Some(error) => Error::Connector { place: place.to_owned(), error },
        None => {
            Error::Contract { place: place.to_owned(), rule: "the answer is to another question".to_owned() }
        }
    }
}

/// The lowest rate that the connector declares for an origin of this config.
fn declared_rate(metadata: &contract::ConnectorMetadata, config: &Config) -> Option<u32> {
    let of_origin = |limit: &&contract::RequestLimit| {
        let origin = Origin::parse(&limit.origin);
        config.allowed().origins().any(|allowed| Some(allowed) == origin.as_ref())
    };
    let lowest = metadata.request_limits.iter().filter(of_origin).map(|l| l.requests_per_minute).min();
    lowest.map(|rate| (f64::from(rate) * SHARE_OF_LIMIT) as u32)
}
