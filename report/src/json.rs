//! All of a review as one JSON document, of which `review.schema.json` says what is in it.

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use crate::changes::What;
use crate::error::Error;
use crate::limits::{counts, limits};
use crate::model::{Id, Part};
use crate::paths::Held;
use crate::review::{Compared, Review};
use crate::rule::{RULES, State, Subject};

/// What the document is described by, which goes beside it.
pub const SCHEMA: &str = include_str!("../assets/review.schema.json");

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    version: u32,
    made: String,
    program: String,
    sync: Value,
    facts: Value,
    counts: Vec<Value>,
    limits: Vec<String>,
    people: Vec<Value>,
    resources: Vec<Value>,
    access: Vec<Access>,
    findings: Vec<Value>,
    rules: Vec<Value>,
    changes: Value,
    orphans: Value,
}

/// Once for each person and entitlement: there may be millions, so these are written without a detour.
#[derive(Serialize)]
struct Access {
    person: String,
    resource: String,
    entitlement: String,
    r#as: String,
    administrator: bool,
    ways: Vec<String>,
    more_ways: bool,
}

/// Write it.
pub fn write(review: &Review, out: impl Write) -> Result<(), Error> {
    let look = review.look();
    let sync = &review.model.sync;
    let document = Document {
        schema: "review.schema.json",
        version: 1,
        made: review.made.format(&Rfc3339).unwrap_or_default(),
        program: review.request.program.clone(),
        sync: json!({ "id": sync.id, "type": sync.kind, "began": sync.began, "ended": sync.ended }),
        facts: serde_json::to_value(&review.facts).map_err(|error| Error::make("review.json", error))?,
        counts: counts(review).into_iter().map(|count| {
            json!({ "what": count.what, "here": count.here_number, "verdict": count.verdict })
        }).collect(),
        limits: limits(review),
        people: look.model.of(Part::Person).into_iter().map(|id| person(review, id)).collect(),
        resources: [Part::Whole, Part::Group, Part::Thing]
            .into_iter()
            .flat_map(|part| look.model.of(part))
            .map(|id| resource(review, id))
            .collect(),
        access: look.access.all().iter().map(|held| access(review, held)).collect(),
        findings: findings(review),
        rules: RULES.iter().map(|rule| {
            let speaker = look.speaker();
            json!({ "rule": rule.id, "title": speaker.fill(rule.title), "why": speaker.fill(rule.why), "weight": rule.weight.name() })
        }).collect(),
        changes: changes(review),
        orphans: orphans(review),
    };
    serde_json::to_writer_pretty(out, &document).map_err(|error| Error::make("review.json", error))
}

fn person(review: &Review, id: Id) -> Value {
    let (model, look) = (&review.model, review.look());
    let found = model.resource(id);
    let account = found.account.as_ref();
    json!({
        "id": model.joined(id),
        "name": found.name,
        "emails": account.map(|account| account.emails.clone()).unwrap_or_default(),
        "second_factor": account.and_then(|account| account.second_factor),
        "sso": account.and_then(|account| account.sso),
        "human": account.is_none_or(|account| account.is_human),
        "state": account.and_then(|account| account.state),
        "administrator": look.privileges(id).next().is_some(),
        "in_file": found.is_there,
    })
}

fn resource(review: &Review, id: Id) -> Value {
    let model = &review.model;
    let found = model.resource(id);
    json!({
        "id": model.joined(id),
        "type": model.kind(id).id,
        "name": found.name,
        "parent": found.parent.map(|parent| model.joined(parent)),
        "in_file": found.is_there,
    })
}

fn access(review: &Review, held: &Held) -> Access {
    let (model, speaker) = (&review.model, review.look().speaker());
    let entitlement = model.entitlement(held.entitlement);
    Access {
        person: model.joined(held.person),
        resource: model.joined(entitlement.resource),
        entitlement: entitlement.id.clone(),
        r#as: speaker.label(held.entitlement),
        administrator: speaker.is_privileged(held.entitlement),
        ways: review.access.ways(held).map(|way| speaker.sentence(way)).collect(),
        more_ways: held.more,
    }
}

fn findings(review: &Review) -> Vec<Value> {
    let model = &review.model;
    let mut all = Vec::new();
    for finding in &review.findings.found {
        for case in &finding.cases {
            let (id, name) = match &case.subject {
                Subject::Resource(id) => (Some(model.joined(*id)), model.resource(*id).name.clone()),
                Subject::Text(text) => (None, text.clone()),
            };
            let (state, until, reason) = match &case.state {
                State::Open => ("open", None, None),
                State::Accepted(reason, until) => ("accepted", Some(until.to_string()), Some(reason)),
                State::Ended(reason, until) => ("open", Some(until.to_string()), Some(reason)),
            };
            all.push(json!({
                "rule": finding.rule.id, "id": id, "name": name, "where": case.place.map(|id| model.joined(id)),
                "detail": case.detail, "state": state, "until": until, "reason": reason,
            }));
        }
    }
    all
}

fn changes(review: &Review) -> Value {
    let Compared::With(changes) = &review.compared else { return Value::Null };
    let list = |all: &[What]| -> Vec<Value> {
        all.iter()
            .map(|what| json!({ "what": what.text, "where": what.place, "administrator": !what.ordinary }))
            .collect()
    };
    let people: Vec<Value> = changes
        .people
        .iter()
        .map(|one| {
            json!({
                "turn": one.turn.name(), "id": one.id.map(|id| review.model.joined(id)), "name": one.name, "email": one.email,
                "gained": list(&one.gained), "lost": list(&one.lost),
            })
        })
        .collect();
    let came: Vec<String> = changes.came.iter().map(|id| review.model.joined(*id)).collect();
    let went: Vec<Value> =
        changes.went.iter().map(|(kind, name)| json!({ "type": kind, "name": name })).collect();
    json!({ "from": changes.from, "ended": changes.ended, "people": people, "came": came, "went": went })
}

fn orphans(review: &Review) -> Value {
    let Some(orphans) = &review.orphans else { return Value::Null };
    let ids = |all: &[Id]| -> Vec<String> { all.iter().map(|id| review.model.joined(*id)).collect() };
    json!({
        "people": orphans.people, "accounts": ids(&orphans.accounts), "without_address": ids(&orphans.nameless),
        "absent": orphans.absent,
    })
}
