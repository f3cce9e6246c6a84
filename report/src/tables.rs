//! Every other view as a table.

use crate::model::{Id, Part};
use crate::review::{Compared, Review};
use crate::rule::{State, Subject};
use crate::table::Table;
use crate::words::stored;

/// Every other view.
pub fn others(review: &Review) -> Vec<Table<'_>> {
    let mut all = vec![administrators(review), findings(review)];
    all.extend(changes(review));
    all.extend(orphans(review));
    all.push(people(review));
    all.push(resources(review));
    all.push(complete(review));
    all
}

fn administrators(review: &Review) -> Table<'_> {
    let look = review.look();
    Table {
        name: "administrators",
        sheet: "Administrators",
        heads: vec![
            ("Person", 26),
            ("E-mail", 32),
            ("Second factor", 16),
            ("Administers", 60),
            ("Things", 8),
        ],
        rows: Box::new(move |take| {
            for person in look.administrators() {
                let mut all: Vec<Id> = look
                    .privileges(person)
                    .map(|held| look.model.entitlement(held.entitlement).resource)
                    .collect();
                all.sort_by_cached_key(|id| (look.model.part(*id), look.model.sort_key(*id)));
                all.dedup();
                take(&[
                    look.model.resource(person).name.clone(),
                    look.speaker().email(person).to_owned(),
                    look.speaker().second_factor(person).into(),
                    look.names(&all),
                    all.len().to_string(),
                ])?;
            }
            Ok(())
        }),
    }
}

fn findings(review: &Review) -> Table<'_> {
    let look = review.look();
    Table {
        name: "findings",
        sheet: "Findings",
        heads: vec![
            ("Rule", 30),
            ("Weight", 9),
            ("Finding", 44),
            ("Who or what", 26),
            ("E-mail", 32),
            ("Where", 20),
            ("What exactly", 50),
            ("State", 12),
            ("Until", 12),
            ("Reason", 40),
        ],
        rows: Box::new(move |take| {
            for finding in &review.findings.found {
                for case in &finding.cases {
                    let (name, email) = match &case.subject {
                        Subject::Resource(id) => {
                            (look.model.resource(*id).name.clone(), look.speaker().email(*id).to_owned())
                        }
                        Subject::Text(text) => (text.clone(), String::new()),
                    };
                    let (state, until, reason) = match &case.state {
                        State::Open => ("open", String::new(), String::new()),
                        State::Accepted(reason, until) => ("accepted", until.to_string(), reason.clone()),
                        State::Ended(reason, until) => ("open again", until.to_string(), reason.clone()),
                    };
                    take(&[
                        finding.rule.id.into(),
                        finding.rule.weight.name().into(),
                        look.speaker().fill(finding.rule.title),
                        name,
                        email,
                        case.place.map(|id| look.model.resource(id).name.clone()).unwrap_or_default(),
                        case.detail.clone(),
                        state.into(),
                        until,
                        reason,
                    ])?;
                }
            }
            Ok(())
        }),
    }
}

fn changes(review: &Review) -> Option<Table<'_>> {
    let Compared::With(changes) = &review.compared else { return None };
    Some(Table {
        name: "changes",
        sheet: "Changes",
        heads: vec![
            ("Turn", 10),
            ("Who or what", 26),
            ("E-mail or type", 32),
            ("Reaches now", 60),
            ("Reaches no more", 60),
        ],
        rows: Box::new(move |take| {
            let list = |all: &[crate::changes::What]| {
                let text = |what: &crate::changes::What| match what.place.is_empty() {
                    true => what.text.clone(),
                    false => format!("{} in {}", what.text, what.place),
                };
                all.iter().map(text).collect::<Vec<_>>().join("; ")
            };
            for person in &changes.people {
                let (gained, lost) = (list(&person.gained), list(&person.lost));
                take(&[person.turn.name().into(), person.name.clone(), person.email.clone(), gained, lost])?;
            }
            for id in &changes.came {
                let (name, kind) =
                    (review.model.resource(*id).name.clone(), review.model.kind(*id).name.clone());
                take(&["came".into(), name, kind, String::new(), String::new()])?;
            }
            for (kind, name) in &changes.went {
                take(&["went".into(), name.clone(), kind.clone(), String::new(), String::new()])?;
            }
            Ok(())
        }),
    })
}

fn orphans(review: &Review) -> Option<Table<'_>> {
    let (orphans, look) = (review.orphans.as_ref()?, review.look());
    Some(Table {
        name: "orphans",
        sheet: "Who should be there",
        heads: vec![("What", 44), ("Person", 26), ("E-mail", 32), ("In", 40)],
        rows: Box::new(move |take| {
            for person in orphans.accounts.iter().chain(&orphans.nameless) {
                take(&[
                    "account of nobody on the list".into(),
                    look.model.resource(*person).name.clone(),
                    look.speaker().email(*person).to_owned(),
                    look.names(&look.wholes_of(*person)),
                ])?;
            }
            for address in &orphans.absent {
                take(&[
                    "on the list, without an account".into(),
                    String::new(),
                    address.clone(),
                    String::new(),
                ])?;
            }
            Ok(())
        }),
    })
}

fn people(review: &Review) -> Table<'_> {
    let look = review.look();
    Table {
        name: "people",
        sheet: "People",
        heads: vec![
            ("Person", 26),
            ("E-mail", 32),
            ("Second factor", 16),
            ("Administrator", 13),
            ("Holds", 8),
            ("In", 40),
            ("Id", 30),
        ],
        rows: Box::new(move |take| {
            for person in look.model.of(Part::Person) {
                let privileged = look.privileges(person).next().is_some();
                take(&[
                    look.model.resource(person).name.clone(),
                    look.speaker().email(person).to_owned(),
                    look.speaker().second_factor(person).into(),
                    if privileged { "yes".into() } else { "no".into() },
                    look.access.of_person(person).len().to_string(),
                    look.names(&look.wholes_of(person)),
                    look.model.joined(person),
                ])?;
            }
            Ok(())
        }),
    }
}

fn resources(review: &Review) -> Table<'_> {
    let look = review.look();
    Table {
        name: "resources",
        sheet: "Resources",
        heads: vec![
            ("Type", 14),
            ("In", 20),
            ("Name", 30),
            ("People", 8),
            ("Administrators", 14),
            ("Id", 34),
        ],
        rows: Box::new(move |take| {
            for part in [Part::Whole, Part::Group, Part::Thing] {
                for id in look.model.of(part) {
                    take(&[
                        look.model.kind(id).name.clone(),
                        look.speaker().place(id),
                        look.model.resource(id).name.clone(),
                        look.holders(id, false).len().to_string(),
                        look.holders(id, true).len().to_string(),
                        look.model.joined(id),
                    ])?;
                }
            }
            Ok(())
        }),
    }
}

fn complete(review: &Review) -> Table<'_> {
    Table {
        name: "completeness",
        sheet: "Completeness",
        heads: vec![("What", 30), ("Value", 100)],
        rows: Box::new(move |take| {
            const UNTOLD: &str = "not told by this file";
            let facts = review.facts.as_ref();
            let told = |value: Option<String>| {
                value.filter(|text| !text.is_empty()).unwrap_or_else(|| UNTOLD.into())
            };
            let sync = &review.model.sync;
            let rows = [
                ("Product", told(facts.map(|facts| facts.product.clone()))),
                ("Read from", told(facts.map(|facts| facts.origins.join(", ")))),
                ("Read as", told(facts.and_then(|facts| facts.identity.clone()))),
                ("Began", stored(&sync.began)),
                ("Ended", stored(&sync.ended)),
                ("Sync", sync.id.clone()),
                ("Program", told(facts.map(|facts| facts.program.clone()))),
                ("Connector", told(facts.map(|facts| facts.connector_version.clone()))),
                ("Connector's bytes (SHA-256)", told(facts.map(|facts| facts.component.clone()))),
                ("Requests", told(facts.map(|facts| facts.requests.to_string()))),
                ("Pages", told(facts.map(|facts| facts.pages.to_string()))),
                ("Lists", told(facts.map(|facts| facts.lists.to_string()))),
                ("Lists left out", told(facts.map(|facts| facts.lists_left_out.to_string()))),
            ];
            for (name, value) in rows {
                take(&[name.into(), value])?;
            }
            for warning in facts.map(|facts| facts.warnings.as_slice()).unwrap_or_default() {
                take(&["Warning".into(), warning.message.clone()])?;
            }
            for limit in crate::limits::limits(review) {
                take(&["Cannot be known".into(), limit])?;
            }
            Ok(())
        }),
    }
}
