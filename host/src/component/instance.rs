//! One live instance of a connector, and calls into it under the limits.
//!
//! A call has one deadline over compute and I/O: the engine makes a computing component give way every few
//! milliseconds, and a timer ends the call, whatever it does then. Time in which its requests wait for their
//! turn does not count. After a trap or a deadline the instance is gone; the next call gets a fresh one.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use wasmtime::Store;
use wasmtime_wasi_http::WasiHttpCtx;

use super::engine::Connector;
use super::limits::{Limiter, Limits};
use super::output::{Lines, Output};
use super::refused::{no_memory, refusal};
use super::state::State;
use super::{crash, world};
use crate::model::config::{Config, shown};
use crate::model::contract::{self, Runner};
use crate::model::error::Error;
use crate::network::egress::{CallNotes, Egress, Hooks};

/// In the engine's words, that an answer was larger than the store lets out. It has no type for it.
const COPY_LIMIT: &str = "fuel allocated for hostcalls";

/// An instance whose memory has grown past this, in bytes, is not kept: memory never gets smaller, and a fresh one costs
/// less than a tenth of a millisecond. A page of a hundred records takes half of it.
const KEPT: usize = 3 << 20;

/// What an instance is made from.
#[derive(Clone)]
pub(crate) struct Source {
    pub connector: Connector,
    pub config: Option<Arc<Config>>,
    pub egress: Option<Arc<Egress>>,
    pub limits: Arc<Limits>,
    /// How much of what the instances write is logged.
    pub lines: Arc<Lines>,
}

/// An instance that is made when it is first needed, and again when it was lost.
pub(crate) struct Instance {
    source: Source,
    live: Option<(Store<State>, Runner)>,
    notes: Arc<CallNotes>,
    output: Arc<Output>,
    /// The memory of the instance after the last call, in bytes.
    pub grown: usize,
    /// Whether an error of the connector's held a secret, which was then taken out.
    pub revealed: bool,
}

/// One question to a connector.
pub(crate) enum Ask<'a> {
    Metadata,
    ConfigSchema,
    Validate,
    ResourceTypes,
    Resources(&'a str, Option<&'a contract::Resource>, Option<&'a str>),
    Entitlements(&'a contract::Resource, Option<&'a str>),
    Grants(&'a contract::Resource, Option<&'a str>),
}

/// Its answer. The walk turns the ones it asks for into pages.
pub(crate) enum Answer {
    Metadata(contract::ConnectorMetadata),
    ConfigSchema(Vec<contract::ConfigField>),
    Validation(contract::Validation),
    ResourceTypes(Vec<contract::ResourceType>),
    Resources(contract::ResourcePage),
    Entitlements(contract::EntitlementPage),
    Grants(contract::GrantPage),
}

impl Ask<'_> {
    /// The function of the contract.
    fn function(&self) -> &'static str {
        match self {
            Ask::Metadata => "metadata",
            Ask::ConfigSchema => "config-schema",
            Ask::Validate => "validate",
            Ask::ResourceTypes => "list-resource-types",
            Ask::Resources(..) => "list-resources",
            Ask::Entitlements(..) => "list-entitlements",
            Ask::Grants(..) => "list-grants",
        }
    }
}

impl Instance {
    pub fn new(source: Source) -> Instance {
        let output = Output::new(source.lines.clone(), source.config.clone());
        Instance { source, live: None, notes: Arc::default(), output, grown: 0, revealed: false }
    }

    /// Ask, and give back the answer or the connector's own error. `place` says what was asked, for messages.
    pub async fn ask(&mut self, place: &str, ask: Ask<'_>) -> Result<Result<Answer, contract::Error>, Error> {
        // Taken out for the time of the call: dropped with it if the call does not come back.
        let live = self.live.take();
        let notes = self.notes.clone();
        let limit = self.source.limits.call;
        let source = &self.source;
        let function = ask.function();
        let call = async {
            let (mut store, runner) = match live {
                Some(live) => live,
                None => start(source, notes.clone(), &self.output).await?,
            };
            let result = run(&mut store, &runner, ask).await;
            match result {
                Ok(answer) => Ok((store, runner, answer)),
                Err(error) => Err(failed(store.data(), error)),
            }
        };
        let result = tokio::select! {
            result = call => result,
            () = deadline(limit, &self.notes) => Err(Failed::Deadline),
        };
        self.output.end_call();
        let place = place.to_owned();
        if let Some(what) = self.notes.denied() {
            return Err(Error::Denied { place, what: self.redact(&what) });
        }
        if let Some(rule) = self.notes.broken() {
            return Err(Error::Contract { place, rule });
        }
        match result {
            Ok((store, runner, answer)) => {
                self.grown = store.data().limiter.grown;
                self.live = Some((store, runner)).filter(|(store, _)| store.data().limiter.grown <= KEPT);
                Ok(answer.map_err(|error| self.explain(error)))
            }
            Err(Failed::Deadline) => Err(Error::Deadline { place, seconds: limit.as_secs() }),
            Err(Failed::Memory) => Err(Error::Memory { place, mebibytes: self.source.limits.memory >> 20 }),
            Err(Failed::Refused(why)) => Err(Error::Setup(no_memory(&place, &why))),
            Err(Failed::Trap(error)) => {
                Err(crash::report(place, function, &error, &self.output, self.source.config.as_deref()))
            }
        }
    }

    /// Add what the system said of the network, and take secrets out.
    fn explain(&mut self, mut error: contract::Error) -> contract::Error {
        let reveals = |config: &Arc<Config>| config.reveals(format!("{error:?}").as_bytes());
        self.revealed |= self.source.config.as_ref().is_some_and(reveals);
        let network = self.notes.network();
        let failure = match &mut error {
            contract::Error::Config(config) => {
                config.message = self.redact(&config.message);
                return error;
            }
            contract::Error::Wait(passing) | contract::Error::Again(passing) => &mut passing.failure,
            contract::Error::Reply(reply) => {
                reply.path = self.redact(&reply.path);
                &mut reply.failure
            }
            contract::Error::Credentials(failure)
            | contract::Error::Access(failure)
            | contract::Error::Gone(failure)
            | contract::Error::Changed(failure)
            | contract::Error::Internal(failure) => failure,
        };
        if let (Some(network), None) = (network, failure.http_status) {
            failure.message = format!("{} ({network})", failure.message);
        }
        failure.message = self.redact(&failure.message);
        failure.request_id = failure.request_id.as_deref().map(|id| self.redact(id));
        error
    }

    fn redact(&self, text: &str) -> String {
        shown(text, self.source.config.as_deref(), 2_000)
    }
}

enum Failed {
    Deadline,
    Memory,
    /// By the machine, within the limits.
    Refused(String),
    Trap(wasmtime::Error),
}

fn failed(state: &State, error: wasmtime::Error) -> Failed {
    if state.limiter.exceeded || error.root_cause().to_string().contains(COPY_LIMIT) {
        return Failed::Memory;
    }
    match state.limiter.refused.clone().or_else(|| refusal(&error)) {
        Some(why) => Failed::Refused(why),
        None => Failed::Trap(error),
    }
}

/// Ends when the call has used up its time.
async fn deadline(limit: Duration, notes: &CallNotes) {
    let start = Instant::now();
    let (_, before) = notes.waiting();
    loop {
        let (waiting, waited) = notes.waiting();
        let used = start.elapsed().saturating_sub(waited.saturating_sub(before));
        match limit.checked_sub(used) {
            Some(left) if !left.is_zero() => sleep(left).await,
            // Waiting for a turn is added when it ends; look again soon.
            _ if waiting => sleep(Duration::from_millis(50)).await,
            _ => return,
        }
    }
}

async fn start(
    source: &Source,
    notes: Arc<CallNotes>,
    output: &Arc<Output>,
) -> Result<(Store<State>, Runner), Failed> {
    let state = State {
        table: world::handles(),
        wasi: world::empty(output),
        http: WasiHttpCtx::new(),
        hooks: Hooks::new(source.egress.clone(), notes, source.limits.open_requests),
        variables: source.config.as_ref().map(variables).unwrap_or_default(),
        limiter: Limiter {
            memory: source.limits.memory,
            table_elements: source.limits.table_elements,
            exceeded: false,
            grown: 0,
            refused: None,
        },
    };
    let mut store = Store::new(source.connector.pre.engine(), state);
    store.limiter(|state| &mut state.limiter);
    // An answer may name the same bytes many times over: what is copied out of an instance counts as its memory.
    store.set_hostcall_fuel(source.limits.memory);
    store.set_epoch_deadline(1);
    store.epoch_deadline_async_yield_and_update(1);
    match source.connector.pre.instantiate_async(&mut store).await {
        Ok(runner) => Ok((store, runner)),
        Err(error) => Err(failed(store.data(), error)),
    }
}

/// What the component reads through `wasi:config/store`.
fn variables(config: &Arc<Config>) -> wasmtime_wasi_config::WasiConfigVariables {
    config.values().map(|(name, value)| (name, value.reveal())).collect()
}

async fn run(
    store: &mut Store<State>,
    runner: &Runner,
    ask: Ask<'_>,
) -> wasmtime::Result<Result<Answer, contract::Error>> {
    let syncer = runner.baton_connector_syncer();
    Ok(match ask {
        Ask::Metadata => Ok(Answer::Metadata(syncer.call_metadata(store).await?)),
        Ask::ConfigSchema => Ok(Answer::ConfigSchema(syncer.call_config_schema(store).await?)),
        Ask::Validate => syncer.call_validate(store).await?.map(Answer::Validation),
        Ask::ResourceTypes => syncer.call_list_resource_types(store).await?.map(Answer::ResourceTypes),
        Ask::Resources(kind, parent, token) => {
            syncer.call_list_resources(store, kind, parent, token).await?.map(Answer::Resources)
        }
        Ask::Entitlements(resource, token) => {
            syncer.call_list_entitlements(store, resource, token).await?.map(Answer::Entitlements)
        }
        Ask::Grants(resource, token) => {
            syncer.call_list_grants(store, resource, token).await?.map(Answer::Grants)
        }
    })
}
