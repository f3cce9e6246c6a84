//! The end of the review: how complete it is, what it cannot know, and the rules.

use askama::Template;

use crate::error::Error;
use crate::limits::{Counted, counts, limits};
use crate::review::Review;
use crate::rule::{RULES, Rule};
use crate::words::{moment, stored, thousands};

/// A fact; without lines it is not told by the file.
struct Fact {
    name: &'static str,
    told: Vec<String>,
    is_code: bool,
}

struct Outcome {
    id: &'static str,
    title: String,
    why: String,
    outcome: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "ending.html")]
struct Ending {
    facts: Vec<Fact>,
    counts_told: &'static str,
    counts: Vec<Counted>,
    warnings: Vec<String>,
    limits: Vec<String>,
    rules_intro: String,
    rules: Vec<Outcome>,
    verify: &'static str,
    foot: String,
}

/// It, as it stands in the page.
pub fn ending(review: &Review) -> Result<String, Error> {
    let warnings = review.facts.as_ref().map(|facts| {
        let mut all: Vec<String> = facts.warnings.iter().map(|warning| warning.message.clone()).collect();
        if facts.more_warnings > 0 {
            all.push(format!("and {} more, which the sync did not keep", facts.more_warnings));
        }
        all
    });
    let page = Ending {
        facts: facts(review),
        counts_told: match &review.facts {
            Some(_) => {
                "A person in two lists came twice and is one here. Where the vendor tells no number, the list was read to its last page."
            }
            None => "What came and what the vendor told is not told by this file.",
        },
        counts: counts(review),
        warnings: warnings.unwrap_or_default(),
        limits: limits(review),
        rules_intro: rules_intro(review),
        rules: RULES.iter().map(|rule| outcome(review, rule)).collect(),
        verify: "The file manifest.json beside this page has the SHA-256 of every file of the review. The command review verify says \
                 which of them was altered since.",
        foot: format!(
            "Made by {} on {}. Nothing in this page comes from elsewhere.",
            review.request.program,
            moment(review.made)
        ),
    };
    page.render().map_err(|error| Error::make("a page", error))
}

fn facts(review: &Review) -> Vec<Fact> {
    let of = review.facts.as_ref();
    let sync = &review.model.sync;
    let text = |value: Option<String>| value.filter(|text| !text.is_empty()).into_iter().collect::<Vec<_>>();
    let fact = |name: &'static str, told: Vec<String>| Fact { name, told, is_code: false };
    let left_out = of.map(|facts| {
        let mut out = Vec::new();
        if !facts.only_types.is_empty() {
            out.push(format!("only these resource types were asked for: {}", facts.only_types.join(", ")));
        }
        if facts.without_grants {
            out.push("grants were not asked for".to_owned());
        }
        if facts.lists_left_out > 0 {
            out.push(format!("{} lists, each named in a warning below", facts.lists_left_out));
        }
        if out.is_empty() {
            out.push("nothing".to_owned());
        }
        out
    });
    let file = review.request.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut all = vec![
        fact("Product", text(of.map(|facts| facts.product.clone()))),
        fact("Read from", of.map(|facts| facts.origins.clone()).unwrap_or_default()),
        fact("Read as", text(of.and_then(|facts| facts.identity.clone()))),
        fact("Began", vec![stored(&sync.began)]),
        fact("Ended", vec![stored(&sync.ended)]),
        fact("Program", text(of.map(|facts| facts.program.clone()))),
        fact("Connector", text(of.map(|facts| facts.connector_version.clone()))),
        Fact {
            name: "Its bytes (SHA-256)",
            told: text(of.map(|facts| facts.component.clone())),
            is_code: true,
        },
        fact("Requests", text(of.map(|facts| thousands(facts.requests)))),
        fact(
            "Pages",
            text(of.map(|facts| match facts.pages_taken_up {
                0 => thousands(facts.pages),
                taken => format!(
                    "{}, {} of them by a run that was stopped",
                    thousands(facts.pages),
                    thousands(taken)
                ),
            })),
        ),
        fact("Lists", text(of.map(|facts| thousands(facts.lists)))),
        fact("Left out", left_out.unwrap_or_default()),
        Fact { name: "File and sync", told: vec![file.unwrap_or_default(), sync.id.clone()], is_code: true },
    ];
    if !review.later.is_empty() {
        let told = format!("{} of single resources, which are not part of this review", review.later.len());
        all.push(fact("Later syncs in the file", vec![told]));
    }
    all
}

fn rules_intro(review: &Review) -> String {
    let rules = &review.request.rules;
    let domains = match rules.domains.is_empty() {
        true => "none was named".to_owned(),
        false => rules.domains.join(", "),
    };
    format!(
        "Privileged, and so an administrator, is who holds {}. One's own domains: {domains}. More than {} members are many.",
        rules.privileged.join(" or "),
        rules.many
    )
}

fn outcome(review: &Review, rule: &'static Rule) -> Outcome {
    let all = &review.findings;
    let found = all.found.iter().find(|finding| finding.rule.id == rule.id);
    let not_applied = all.not_applied.iter().find(|(other, _)| other.id == rule.id);
    let (outcome, class) = if all.off.iter().any(|other| other.id == rule.id) {
        ("switched off".to_owned(), "")
    } else if let Some((_, why)) = not_applied {
        (format!("not applied: {why}"), "")
    } else if let Some(finding) = found {
        let open = finding.cases.iter().filter(|case| case.is_open()).count();
        let accepted = finding.cases.len() - open;
        match (open, accepted) {
            (open, 0) => (format!("{open} open"), "mark"),
            (0, accepted) => (format!("{accepted} accepted"), "calm"),
            (open, accepted) => (format!("{open} open, {accepted} accepted"), "mark"),
        }
    } else {
        ("found nothing".to_owned(), "calm")
    };
    let speaker = review.look().speaker();
    Outcome { id: rule.id, title: speaker.fill(rule.title), why: speaker.fill(rule.why), outcome, class }
}
