//! A line a rule.

use std::collections::BTreeMap;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::rules::{MEASURES, RULES};

/// Columns of the table.
const WIDTH: u16 = 120;

/// Longest note on a rule.
const NOTE: usize = 400;

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Kept,
    Broken,
    Skipped,
}

/// A rule, and what became of it.
#[derive(Debug, Serialize)]
pub struct Line {
    rule: &'static str,
    says: &'static str,
    outcome: Outcome,
    note: String,
}

/// What is known so far.
#[derive(Default)]
pub struct Report {
    found: BTreeMap<&'static str, (Outcome, String)>,
    why_not: Option<String>,
}

impl Report {
    /// A rule is kept, unless it was found broken.
    pub fn kept(&mut self, rule: &'static str, note: impl Into<String>) {
        self.found.entry(rule).or_insert((Outcome::Kept, note.into()));
    }

    /// A rule is broken. What was found first is told.
    pub fn broken(&mut self, rule: &'static str, note: impl Into<String>) {
        let entry = self.found.entry(rule).or_insert((Outcome::Broken, String::new()));
        if entry.0 != Outcome::Broken || entry.1.is_empty() {
            *entry = (Outcome::Broken, note.into());
        }
    }

    /// A rule cannot be tried.
    pub fn skipped(&mut self, rule: &'static str, why: impl Into<String>) {
        self.found.entry(rule).or_insert((Outcome::Skipped, why.into()));
    }

    /// Rules that were not come to are skipped, for this reason.
    pub fn rest(&mut self, why: &str) {
        self.why_not.get_or_insert_with(|| why.to_owned());
    }

    /// Whether any rule is broken.
    pub fn is_broken(&self) -> bool {
        self.found.values().any(|(outcome, _)| *outcome == Outcome::Broken)
    }

    /// All rules, in order.
    pub fn lines(&self) -> Vec<Line> {
        let why_not = || {
            (Outcome::Skipped, self.why_not.clone().unwrap_or_else(|| "what it needs failed before".into()))
        };
        RULES
            .iter()
            .chain(&MEASURES)
            .map(|(rule, says)| {
                let (outcome, note) = self.found.get(rule).cloned().unwrap_or_else(why_not);
                Line { rule, says, outcome, note: note.chars().take(NOTE).collect() }
            })
            .collect()
    }

    /// The same for people.
    pub fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(WIDTH).set_header(["rule", "", "what it says", "note"]);
        let lines = self.lines();
        for line in &lines {
            let mark = match line.outcome {
                Outcome::Kept => "kept",
                Outcome::Broken => "BROKEN",
                Outcome::Skipped => "skipped",
            };
            table.add_row([line.rule, mark, line.says, &line.note]);
        }
        let of = |outcome| lines.iter().filter(|line| line.outcome == outcome).count();
        let (kept, broken, skipped) = (of(Outcome::Kept), of(Outcome::Broken), of(Outcome::Skipped));
        format!("{table}\n{kept} rules kept, {broken} broken, {skipped} skipped\n")
    }
}
