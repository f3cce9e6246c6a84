//! What is said at the end of a sync: how much was read of what, what it took, and what to know.
//!
//! On stderr, because stdout stays empty in a sync. Where logs are JSON lines it is one of them, so that stderr
//! stays readable for a machine.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, SystemTime};

use baton_c1z::Expanded;
use baton_host::Summary;
use baton_host::contract::ConnectorMetadata;
use baton_run::Written;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::logs::Format;
use crate::progress::Display;

/// Warnings that are repeated at the end; the log has them all.
const SHOWN: usize = 20;

/// To whom it is told, and of which connector.
pub struct Told<'a> {
    /// In which form.
    pub format: Format,
    /// Where people read.
    pub display: &'a Display,
    /// What the connector says of itself.
    pub metadata: &'a ConnectorMetadata,
}

impl Told<'_> {
    /// Tell it.
    pub fn of(&self, summary: &Summary, written: &Written, took: Duration) {
        if let Some((decompressed_bytes, compressed_bytes)) = written.sizes {
            tracing::info!(output_path = %written.path.display(), decompressed_bytes, compressed_bytes, "c1z: saved");
        }
        let unseen = summary.unseen(self.metadata);
        match self.format {
            Format::Console => {
                self.display.print(&text(self.metadata, summary, &unseen, written, took));
            }
            Format::Json => {
                for sentence in &unseen {
                    tracing::info!("The API does not tell: {sentence}");
                }
                tracing::info!(
                    sync_id = written.sync_id,
                    sync_type = written.sync_type,
                    started_at = moment(written.began),
                    output_path = %written.path.display(),
                    resource_types = summary.resource_types,
                    resources = total(&summary.resources),
                    entitlements = total(&summary.entitlements),
                    grants = total(&summary.grants),
                    expanded = written.expanded.is_some(),
                    derived_grants = written.expanded.map(|expanded| expanded.derived),
                    requests = summary.requests,
                    waited_ms = millis(summary.waited),
                    duration_ms = millis(took),
                    warnings = summary.warnings.len() as u64 + summary.more_warnings,
                    "Sync complete."
                );
            }
        }
    }
}

fn total(counts: &BTreeMap<String, u64>) -> u64 {
    counts.values().sum()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A moment as logs have it, without fractions.
fn moment(moment: SystemTime) -> String {
    let moment = OffsetDateTime::from(moment).replace_nanosecond(0);
    moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}

/// The summary for people.
fn text(
    metadata: &ConnectorMetadata,
    summary: &Summary,
    unseen: &[&str],
    written: &Written,
    took: Duration,
) -> String {
    let path = written.path.display();
    let mut text = format!("Sync complete. {path} written in {:.1} s.\n", took.as_secs_f64());
    let _ = writeln!(text, "  {:<13}{:>8}  {} {}", "connector", "", metadata.display_name, metadata.version);
    if summary.taken_up > 0 {
        let _ = writeln!(
            text,
            "  {:<13}{:>8}  at {}, by a run that was stopped",
            "began",
            "",
            moment(written.began)
        );
    }
    let rows = [
        ("resources", &summary.resources),
        ("entitlements", &summary.entitlements),
        ("grants", &summary.grants),
    ];
    // Writing into a String cannot fail.
    for (name, counts) in rows {
        let each: Vec<String> = counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let _ = writeln!(text, "  {name:<13}{:>8}  {}", total(counts), each.join(", "));
    }
    match written.expanded {
        Some(Expanded { derived: 0, .. }) => {}
        Some(Expanded { derived, .. }) => {
            let _ = writeln!(text, "  {:<13}{derived:>8}  more grants, which follow from these", "derived");
        }
        None => {
            let _ = writeln!(
                text,
                "  {:<13}{:>8}  what members of a group hold through it is worked out in a .c1z of everything",
                "not expanded", ""
            );
        }
    }
    let waited = match summary.waited {
        Duration::ZERO => "no waiting".to_owned(),
        waited => format!("{:.1} s of waiting", waited.as_secs_f64()),
    };
    let _ = write!(text, "  {:<13}{:>8}  {waited}", "requests", summary.requests);
    let warnings = summary.warnings.len() as u64 + summary.more_warnings;
    if warnings > 0 {
        let _ = write!(text, "\n  {:<13}{warnings:>8}", "warnings");
        for warning in summary.warnings.iter().take(SHOWN) {
            let _ = write!(text, "\n    - {}", warning.message);
        }
        let rest = warnings.saturating_sub(SHOWN as u64);
        if rest > 0 {
            let _ = write!(text, "\n    and {rest} more");
        }
    }
    if !unseen.is_empty() {
        let _ =
            write!(text, "\n  {:<13}{:>8}  by the API, so that it is in no record", "not told", unseen.len());
        for sentence in unseen {
            let _ = write!(text, "\n    - {sentence}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_host::contract::{BlindSpot, Warning};

    #[test]
    fn the_text_counts_by_type_and_ends_with_the_warnings_and_with_what_is_in_no_record() {
        let spot = |message: &str, kinds: &[&str]| BlindSpot {
            message: message.into(),
            resource_types: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        };
        let metadata = ConnectorMetadata {
            display_name: "Acme".into(),
            version: "1.4.0".into(),
            description: "Reads Acme.".into(),
            documentation_url: None,
            icon_url: None,
            request_limits: vec![],
            further_origins: vec![],
            further_requests: vec![],
            credential_headers: vec![],
            cannot_see: vec![
                spot("Guests are in no list.", &[]),
                spot("Who owns a team is in no list.", &["box", "team"]),
                spot("What is in a box is in no list.", &["box"]),
            ],
        };
        let counts = |pairs: &[(&str, u64)]| pairs.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
        let summary = Summary {
            resource_types: 3,
            resources: counts(&[("team", 9), ("user", 26)]),
            entitlements: counts(&[("team", 9)]),
            grants: counts(&[("team", 40)]),
            taken_up: 0,
            requests: 12,
            waited: Duration::from_millis(1500),
            warnings: vec![Warning { message: "A role is new.".into(), resource: None }],
            more_warnings: 0,
        };
        let began = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_500);
        let expanded = Some(Expanded { derived: 7, also_direct: 1 });
        let path = "sync.c1z".into();
        let written = Written { path, began, sync_id: None, sync_type: None, sizes: None, expanded };
        let resumed = Summary { taken_up: 1, ..summary.clone() };
        let resumed = text(&metadata, &resumed, &[], &written, Duration::ZERO);
        assert!(resumed.contains("at 2023-11-14T22:13:20Z, by a run that was stopped"), "{resumed}");
        assert_eq!(
            text(&metadata, &summary, &summary.unseen(&metadata), &written, Duration::from_millis(2340)),
            "Sync complete. sync.c1z written in 2.3 s.\n\
             \x20 connector              Acme 1.4.0\n\
             \x20 resources          35  team 9, user 26\n\
             \x20 entitlements        9  team 9\n\
             \x20 grants             40  team 40\n\
             \x20 derived             7  more grants, which follow from these\n\
             \x20 requests           12  1.5 s of waiting\n\
             \x20 warnings            1\n\
             \x20   - A role is new.\n\
             \x20 not told            2  by the API, so that it is in no record\n\
             \x20   - Guests are in no list.\n\
             \x20   - Who owns a team is in no list."
        );
        let plain = text(&metadata, &summary, &[], &Written { expanded: None, ..written }, Duration::ZERO);
        assert!(plain.contains("\n  not expanded           what members of a group hold"), "{plain}");
    }
}
