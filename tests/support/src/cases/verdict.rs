//! Whether a sync came out as it must.

use std::path::Path;

use baton_host::sink::Memory;
use baton_host::{Error, Summary};
use baton_planetscale_demo::Manifest;

use super::expect::Expect;
use crate::harness::OLD;
use crate::records::Records;

/// What a warning names when members inside the list of teams are not believed, which costs requests and nothing else.
const INLINE: &str = "planetscale-inline-team-members";

/// How a case came out, when that is one of the ways it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Complete and equal to the manifest.
    Equal,
    /// Complete, as far as the fault allows.
    Complete,
    /// Failed, with this exit code.
    Failed(i32),
}

/// Judge a result. The manifests are those before and after the scenario's changes.
pub fn judge(
    expect: &Expect,
    result: &Result<Summary, Error>,
    found: &Memory,
    [before, after]: [&Manifest; 2],
) -> Result<Outcome, String> {
    let summary = match result {
        Err(error) if found.finished => return Err(format!("finished, and failed: {error}")),
        Err(error) => {
            let codes: &[i32] = match expect {
                Expect::Fails(codes) | Expect::EqualOr(codes) | Expect::Moments(codes) => codes,
                Expect::Equal | Expect::SameAccess | Expect::OfDatabases(_) => &[],
            };
            return match codes.contains(&error.code()) {
                true => Ok(Outcome::Failed(error.code())),
                false => Err(format!("failed with {}, expected {expect:?}: {error}", error.code())),
            };
        }
        Ok(summary) => summary,
    };
    if !found.finished {
        return Err("no error, and not finished".into());
    }
    let mut found = Records::of(found);
    for resource in &mut found.resources {
        // On the way from the list of teams to the grants only.
        resource.profile.remove("member_ids");
    }
    let expected = Records::expected(before);
    if let Some(strange) = summary.warnings.iter().find(|warning| !is_stated(&warning.message)) {
        return Err(format!("a warning that nobody stated: {}", strange.message));
    }
    let told = summary.warnings.iter().filter(|warning| !warning.message.contains(INLINE)).count();
    let as_the_scenario = told == before.warnings.len();
    match expect {
        Expect::Fails(codes) => Err(format!("should have failed with {codes:?}")),
        Expect::OfDatabases(_) => Err("it was not said whether databases are read".into()),
        Expect::Equal | Expect::EqualOr(_) => match found.difference(&expected) {
            None if !as_the_scenario => Err(format!("warnings without a reason: {:?}", summary.warnings)),
            None => Ok(Outcome::Equal),
            Some(difference) => Err(difference),
        },
        Expect::SameAccess => {
            let bare = |mut records: Records| {
                for resource in &mut records.resources {
                    resource.display_name.clear();
                    resource.description = None;
                    resource.created_at = None;
                    resource.profile.clear();
                    // Whether somebody comes through single sign-on decides what is known of a second factor.
                    if let Some(user) = &mut resource.user {
                        (user.mfa_enabled, user.sso_enabled, user.login) = (None, None, None);
                        user.emails.clear();
                    }
                }
                for entitlement in &mut records.entitlements {
                    entitlement.display_name.clear();
                    entitlement.description.clear();
                }
                records
            };
            match bare(found).difference(&bare(expected)) {
                None => Ok(Outcome::Complete),
                Some(difference) => Err(difference),
            }
        }
        Expect::Moments(_) => {
            if let Some(error) = &after.error {
                // What is there at no moment says nothing of what was left out.
                return match found.difference(&expected) {
                    None => Ok(Outcome::Equal),
                    Some(difference) => {
                        Err(format!("complete, where in the end {error:?} was to be told: {difference}"))
                    }
                };
            }
            let later = Records::expected(after);
            if found.difference(&expected).is_none() || found.difference(&later).is_none() {
                return Ok(Outcome::Equal);
            }
            moments(&found.resources, &expected.resources, &later.resources, |one, other| {
                one.id == other.id
            })?;
            moments(&found.entitlements, &expected.entitlements, &later.entitlements, |one, other| {
                one.id == other.id
            })?;
            moments(&found.grants, &expected.grants, &later.grants, |one, other| one.id == other.id)?;
            Ok(Outcome::Complete)
        }
    }
}

/// Whether a sync that is complete may say this: what it found cannot be said otherwise.
fn is_stated(warning: &str) -> bool {
    [
        "which is neither member nor admin: counted as member",
        "was listed twice with different content",
        "told differently by the lists",
        "was deleted while the sync ran",
        "but was not listed; it may have been added during the sync",
        "has no e-mail address: read without one",
        INLINE,
    ]
    .iter()
    .any(|known| warning.contains(known))
}

/// Each record is as it was at one of two moments, and none is missing that was there at both.
fn moments<T: PartialEq + std::fmt::Debug>(
    found: &[T],
    before: &[T],
    after: &[T],
    same: impl Fn(&T, &T) -> bool,
) -> Result<(), String> {
    if let Some(strange) = found.iter().find(|record| !before.contains(record) && !after.contains(record)) {
        return Err(format!("of neither moment: {strange:?}"));
    }
    let there = |records: &[T], record: &T| records.iter().any(|other| same(other, record));
    match before.iter().find(|record| there(after, record) && !there(found, record)) {
        Some(missing) => Err(format!("there all the time, and missing: {missing:?}")),
        None => Ok(()),
    }
}

/// Judge the file beside: the new one after a success, the old one after a failure, and nothing else in its folder.
pub fn judge_file(file: &Path, success: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("the file is gone: {error}"))?;
    if (text == OLD) == success {
        return Err(format!("the file was {}", if success { "not written" } else { "touched" }));
    }
    let folder = file.parent().and_then(|folder| folder.read_dir().ok());
    match folder.map_or(0, Iterator::count) {
        1 => Ok(()),
        files => Err(format!("{files} files in the folder of one")),
    }
}
