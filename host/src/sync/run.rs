//! What a caller of the library says to a loaded connector: who are you, and sync.

use std::sync::Arc;

use super::declared;
use super::options::{Event, Observer, Summary, SyncOptions};
use super::walk::Walk;
use super::worker::Worker;
use crate::component::engine::Connector;
use crate::component::instance::{Answer, Ask, Instance, Source};
use crate::model::config::{Config, shown};
use crate::model::contract::{self, Warning};
use crate::model::error::Error;
use crate::model::origin::Origin;
use crate::network::client::HttpClient;
use crate::network::egress::Egress;
use crate::network::guard::Guard;
use crate::network::pace::{Heard, Listener, Pace};
use crate::network::replies::Replies;
use crate::sink::Sink;

/// The part of a vendor's own limit that is used. It leaves room for a person in the vendor's console, and
/// costs a sync two minutes in a hundred.
const SHARE_OF_LIMIT: f64 = 0.98;

impl Connector {
    /// What a catalog shows of it.
    pub async fn metadata(&self) -> Result<contract::ConnectorMetadata, Error> {
        match self.ask_alone("metadata", Ask::Metadata, None).await? {
            Ok(Answer::Metadata(metadata)) => match declared::metadata(&metadata) {
                Ok(()) => Ok(metadata),
                Err(rule) => Err(broken("metadata", &rule)),
            },
            other => Err(unexpected("metadata", other.err())),
        }
    }

    /// The fields of its config.
    pub async fn config_schema(&self) -> Result<Vec<contract::ConfigField>, Error> {
        match self.ask_alone("config schema", Ask::ConfigSchema, None).await? {
            Ok(Answer::ConfigSchema(schema)) => match declared::schema(&schema) {
                Ok(()) => Ok(schema),
                Err(rule) => Err(broken("config schema", &rule)),
            },
            other => Err(unexpected("config schema", other.err())),
        }
    }

    /// The kinds of resources it reads by default: with no field of its config set.
    pub async fn resource_types(&self) -> Result<Vec<contract::ResourceType>, Error> {
        self.types(None).await
    }

    /// The kinds of resources it reads with this config, which may be [incomplete](Config::incomplete).
    pub async fn resource_types_with(&self, config: Config) -> Result<Vec<contract::ResourceType>, Error> {
        self.types(Some(Arc::new(config))).await
    }

    async fn types(&self, config: Option<Arc<Config>>) -> Result<Vec<contract::ResourceType>, Error> {
        let place = "resource types";
        let types = match self.ask_alone(place, Ask::ResourceTypes, config.clone()).await? {
            Ok(Answer::ResourceTypes(types)) => types,
            other => return Err(unexpected(place, other.err())),
        };
        if config.is_some_and(|config| config.is_in(&types)) {
            let rule = "a secret is in what the connector read".to_owned();
            return Err(Error::Contract { place: place.to_owned(), rule });
        }
        Ok(types)
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
        let (source, egress, metadata) = self.source(config, workers, &options).await?;
        let retry = Arc::new(options.retry.clone());
        let workers = (0..workers)
            .map(|_| Worker {
                instance: Instance::new(source.clone()),
                egress: egress.clone(),
                retry: retry.clone(),
                observer: options.observer.clone(),
            })
            .collect();
        Walk::new(workers, source, metadata, sink, &options).run().await
    }

    /// Whether the config is well formed, and the access there. Asks the API once or twice.
    pub async fn validate(&self, config: Config, options: &SyncOptions) -> Result<Vec<Warning>, Error> {
        let (source, egress, _) = self.source(config, 1, options).await?;
        let retry = Arc::new(options.retry.clone());
        let mut worker = Worker { instance: Instance::new(source), egress, retry, observer: None };
        worker.validate().await.map(|(_, warnings)| warnings)
    }

    /// What the instances of one sync are made from, their common way out, and what the connector says of itself.
    pub(crate) async fn source(
        &self,
        config: Config,
        workers: usize,
        options: &SyncOptions,
    ) -> Result<(Source, Arc<Egress>, contract::ConnectorMetadata), Error> {
        let config = config.for_sync();
        let metadata = self.clone().limited(options.limits.clone()).metadata().await?;
        let rate = options.requests_per_minute.or_else(|| declared_rate(&metadata, &config));
        let guard = Guard::new(&metadata, &config, &options.allow)?;
        let listener = options.observer.clone().map(listener);
        let egress = Arc::new(Egress {
            client: HttpClient::new(guard.reached(), workers)?,
            guard,
            config: config.clone(),
            pace: Pace::new(rate, listener.clone()),
            listener,
            replies: Arc::new(Replies::new(options.journal.clone(), config.clone())),
            request_limit: options.limits.request,
            reply_limit: options.limits.reply,
            compressed: options.compressed,
            between: options.between.clone(),
        });
        let source = Source {
            connector: self.clone(),
            config: Some(Arc::new(config)),
            egress: Some(egress.clone()),
            limits: Arc::new(options.limits.clone()),
            lines: Arc::default(),
        };
        Ok((source, egress, metadata))
    }

    /// Ask something that needs no network.
    async fn ask_alone(
        &self,
        place: &str,
        ask: Ask<'_>,
        config: Option<Arc<Config>>,
    ) -> Result<Result<Answer, contract::Error>, Error> {
        let limits = self.limits.clone();
        let source = Source { connector: self.clone(), config, egress: None, limits, lines: Arc::default() };
        Instance::new(source).ask(place, ask).await
    }
}

/// What hears of waits that concern all workers, and of every request.
fn listener(observer: Observer) -> Listener {
    Arc::new(move |heard: Heard<'_>| match heard {
        Heard::Waiting(time, reason) => observer(&Event::waiting(time, reason)),
        Heard::GoingOn => observer(&Event::GoingOn),
        Heard::Sent { waited } => observer(&Event::Sent { waited }),
        Heard::Refused => observer(&Event::Refused),
    })
}

/// What it says of itself breaks a rule of the contract.
fn broken(place: &str, rule: &str) -> Error {
    Error::Contract { place: place.to_owned(), rule: shown(rule, None, 2_000) }
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
        let field = limit.origin.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let origin = Origin::parse(
            field.map_or(Some(limit.origin.as_str()), |field| config.url(field)).unwrap_or_default(),
        );
        config.origins().any(|allowed| Some(allowed) == origin.as_ref())
    };
    let lowest = metadata.request_limits.iter().filter(of_origin).map(|l| l.requests_per_minute).min();
    lowest.map(|rate| (f64::from(rate) * SHARE_OF_LIMIT) as u32)
}
