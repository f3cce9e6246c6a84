//! Parts that several messages have: ids, times, states, and texts no longer than Baton takes.

use baton_host::contract;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::records::{ResourceId, State};
use super::well_known::Timestamp;

/// Longest display name, id and status detail, in bytes.
pub(super) const NAME: usize = 1_024;
/// The moments that protobuf has: from the year 1 to the end of 9999.
const MOMENTS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

pub(super) fn state(from: contract::AccountState) -> State {
    match from {
        contract::AccountState::Unspecified => State::Unspecified,
        contract::AccountState::Enabled => State::Enabled,
        contract::AccountState::Pending => State::Pending,
        contract::AccountState::Disabled => State::Disabled,
        contract::AccountState::Deleted => State::Deleted,
    }
}

pub(super) fn resource_id(from: &contract::ResourceId) -> ResourceId {
    ResourceId { resource_type: from.resource_type.clone(), resource: from.id.clone() }
}

pub(super) fn timestamp(from: contract::Timestamp) -> Result<Timestamp, String> {
    match i32::try_from(from.nanoseconds) {
        Ok(nanos) if nanos < 1_000_000_000 && MOMENTS.contains(&from.seconds) => {
            Ok(Timestamp { seconds: from.seconds, nanos })
        }
        _ => Err(format!(
            "a time of {} s and {} ns since 1970 is outside of the years 1 to 9999",
            from.seconds, from.nanoseconds
        )),
    }
}

/// A moment as a text (RFC 3339).
pub(super) fn written(from: contract::Timestamp) -> Result<String, String> {
    let at = timestamp(from)?;
    let nanoseconds = i128::from(at.seconds) * 1_000_000_000 + i128::from(at.nanos);
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).map_err(|error| error.to_string())?;
    moment.format(&Rfc3339).map_err(|error| error.to_string())
}

/// At most so many bytes of a text, whole characters only.
pub(super) fn cut(text: &str, bytes: usize) -> String {
    let end = text.floor_char_boundary(bytes);
    text.get(..end).unwrap_or_default().to_owned()
}
