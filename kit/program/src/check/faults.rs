//! Failures that the host puts between a connector and its vendor, and which error becomes of each.
//!
//! A call is made once to see how many requests it costs; the last of them, and what follows it, then meets the failure.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use baton_host::contract::{Error as C, Failure};
use baton_host::network::{Between, Instead};
use baton_host::sink::Memory;
use baton_host::{Asked, Caller, Error};
use bytes::Bytes;
use http::request::Parts;
use serde_json::json;

use super::lists::{self, Trial, Which};
use super::patience::Measured;
use super::report::Report;

/// The time that a refusal tells, in seconds.
const AFTER: u32 = 7;

/// Resources of a type that are looked at for one whose list costs a request.
const LOOKED_AT: usize = 3;

/// Headers that are no credential whatever they hold.
const PLAIN: [&str; 7] =
    ["accept", "accept-encoding", "cache-control", "content-length", "content-type", "host", "user-agent"];

/// The failures, each by its rule.
const FAULTS: [&str; 10] = [
    "status-401",
    "status-403",
    "status-404",
    "status-429-told",
    "status-429",
    "status-500",
    "web-page",
    "cut",
    "slow",
    "echo",
];

/// A call that costs a request.
enum Sample {
    Validate,
    List(Box<Which>),
}

impl Sample {
    fn place(&self) -> String {
        match self {
            Sample::Validate => "validate".into(),
            Sample::List(which) => which.place(),
        }
    }

    async fn ask(&self, caller: &mut Caller) -> Asked<()> {
        Ok(match self {
            Sample::Validate => caller.validate().await?.map(drop),
            Sample::List(which) => which.page(caller, None).await?.map(drop),
        })
    }

    fn is_about_a_resource(&self) -> bool {
        matches!(self, Sample::List(which) if which.is_about_a_resource())
    }
}

/// Counts requests.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Between for Counter {
    fn instead(&self, _: &Parts) -> Option<Instead> {
        self.0.fetch_add(1, Ordering::Relaxed);
        None
    }
}

/// Lets some requests pass, and fails from then on.
struct Fault {
    rule: &'static str,
    passes: usize,
    seen: AtomicUsize,
}

impl Between for Fault {
    fn instead(&self, request: &Parts) -> Option<Instead> {
        if self.seen.fetch_add(1, Ordering::Relaxed) < self.passes {
            return None;
        }
        let refused = |status: u16, after: Option<u32>| {
            let message = json!({ "message": "put in between by a test" }).to_string();
            Some(Instead::Reply(reply(status, "application/json", after, message)))
        };
        match self.rule {
            "status-401" => refused(401, None),
            "status-403" => refused(403, None),
            "status-404" => refused(404, None),
            "status-429-told" => refused(429, Some(AFTER)),
            "status-429" => refused(429, None),
            "status-500" => refused(500, None),
            "web-page" => {
                let page = "<!DOCTYPE html><title>Sign in</title>".to_owned();
                Some(Instead::Reply(reply(200, "text/html", None, page)))
            }
            "cut" => Some(Instead::Cut(reply(200, "application/json", None, "{\"".into()))),
            "slow" => Some(Instead::Silence),
            _ => {
                let secrets = credentials(request);
                let said =
                    json!({ "message": format!("this is not taken: {}", secrets.join(", ")) }).to_string();
                Some(Instead::Reply(reply(403, "application/json", None, said)))
            }
        }
    }
}

fn reply(status: u16, kind: &str, after: Option<u32>, body: String) -> http::Response<Bytes> {
    let mut reply = http::Response::new(Bytes::from(body));
    *reply.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    if let Ok(kind) = kind.parse() {
        reply.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    }
    if let Some(after) = after {
        reply.headers_mut().insert(http::header::RETRY_AFTER, after.into());
    }
    reply
}

/// What a request carries as a credential: the values of its headers, without the word for the way of signing in.
fn credentials(request: &Parts) -> Vec<String> {
    let headers = request.headers.iter().filter(|(name, _)| !PLAIN.contains(&name.as_str()));
    let values = headers.filter_map(|(_, value)| value.to_str().ok());
    values.filter_map(|value| value.split_ascii_whitespace().last()).map(str::to_owned).collect()
}

/// Put every failure in between every kind of call.
pub async fn all(
    trial: &Trial<'_>,
    found: &Memory,
    report: &mut Report,
    measured: &mut Measured,
) -> Result<(), String> {
    let samples = samples(trial, found, measured).await?;
    if samples.is_empty() {
        FAULTS.iter().for_each(|rule| report.skipped(rule, "no call sends a request"));
        return Ok(());
    }
    let places: Vec<String> = samples.iter().map(|(sample, _)| sample.place()).collect();
    for rule in FAULTS {
        for (sample, requests) in &samples {
            if let Some(wrong) = broken(trial, sample, rule, requests - 1, measured).await? {
                report.broken(rule, format!("{} {wrong}", sample.place()));
            }
        }
        report.kept(rule, format!("in {}", places.join("; ")));
    }
    Ok(())
}

/// A call of each kind that costs requests, with how many.
async fn samples(
    trial: &Trial<'_>,
    found: &Memory,
    measured: &mut Measured,
) -> Result<Vec<(Sample, usize)>, String> {
    let mut samples = Vec::new();
    let mut kinds = BTreeSet::new();
    let mut candidates = vec![(String::from("validate"), Sample::Validate)];
    candidates.extend(lists::of(found, LOOKED_AT).into_iter().map(|which| {
        let kind = match &which {
            Which::Resources(kind, _) => format!("resources {kind}"),
            Which::Entitlements(of) => format!("entitlements {}", of.id.resource_type),
            Which::Grants(of) => format!("grants {}", of.id.resource_type),
        };
        (kind, Sample::List(Box::new(which)))
    }));
    for (kind, sample) in candidates {
        if kinds.contains(&kind) {
            continue;
        }
        let mut requests = 0;
        let call = async |caller: &mut Caller| sample.ask(caller).await;
        // Each time from the beginning, so that requests of an attempt that failed do not count.
        for _ in 0..3 {
            let counter = Arc::new(Counter::default());
            let mut caller = trial.session(Some(counter.clone())).await?.caller();
            match measured.once(&call, &mut caller, &sample.place()).await {
                Ok(Ok(())) => {
                    requests = counter.0.load(Ordering::Relaxed);
                    break;
                }
                Ok(Err(C::Wait(wait) | C::Again(wait))) => {
                    tokio::time::sleep(Duration::from_secs(wait.after.unwrap_or(2).min(60).into())).await;
                }
                Ok(Err(error)) => return Err(Error::Connector { place: sample.place(), error }.to_string()),
                Err(error) => return Err(error.to_string()),
            }
        }
        if requests > 0 {
            kinds.insert(kind);
            samples.push((sample, requests));
        }
    }
    Ok(samples)
}

/// What is wrong with what becomes of a failure.
async fn broken(
    trial: &Trial<'_>,
    sample: &Sample,
    rule: &'static str,
    passes: usize,
    measured: &mut Measured,
) -> Result<Option<String>, String> {
    for _ in 0..3 {
        let fault = Arc::new(Fault { rule, passes, seen: AtomicUsize::new(0) });
        let mut caller = trial.session(Some(fault.clone())).await?.caller();
        let call = async |caller: &mut Caller| sample.ask(caller).await;
        let came = measured.once(&call, &mut caller, &sample.place()).await;
        if fault.seen.load(Ordering::Relaxed) <= passes {
            // A request before it was refused by the vendor itself.
            if let Ok(Err(C::Wait(wait) | C::Again(wait))) = &came {
                tokio::time::sleep(Duration::from_secs(wait.after.unwrap_or(2).min(60).into())).await;
                continue;
            }
            return Ok(Some("did not send the request that it sent before".into()));
        }
        if rule == "echo" {
            let is_told = caller.revealed();
            return Ok(is_told.then(|| "repeats a credential in its error or answer".into()));
        }
        let error = match came {
            Ok(Ok(())) => {
                return Ok(Some(
                    "gave an answer: to a reviewer, nothing there and no access look the same".into(),
                ));
            }
            Ok(Err(error)) => error,
            Err(error) => return Ok(Some(error.to_string())),
        };
        let (is, failure) = name(&error);
        let is_right = match rule {
            "status-401" => is == "credentials",
            "status-403" => is == "access",
            "status-404" => is == "access" || (is == "gone" && sample.is_about_a_resource()),
            "status-429-told" => matches!(&error, C::Wait(wait) if wait.after == Some(AFTER)),
            "status-429" => is == "wait",
            "status-500" => is == "again" || is == "wait",
            "web-page" => is == "reply",
            _ => is == "again",
        };
        return Ok((!is_right)
            .then(|| format!("gave `{is}`: {}", failure.map_or("", |failure| failure.message.as_str()))));
    }
    Err(format!("{}: the vendor refuses too often to try it", sample.place()))
}

/// An error's name in the contract.
fn name(error: &C) -> (&'static str, Option<&Failure>) {
    match error {
        C::Config(_) => ("config", None),
        C::Credentials(failure) => ("credentials", Some(failure)),
        C::Access(failure) => ("access", Some(failure)),
        C::Gone(failure) => ("gone", Some(failure)),
        C::Wait(passing) => ("wait", Some(&passing.failure)),
        C::Again(passing) => ("again", Some(&passing.failure)),
        C::Changed(failure) => ("changed", Some(failure)),
        C::Reply(reply) => ("reply", Some(&reply.failure)),
        C::Internal(failure) => ("internal", Some(failure)),
    }
}
