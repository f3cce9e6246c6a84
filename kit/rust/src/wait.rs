//! What a reply says of the vendor's limits: few document it, so every usual form is read.
//!
//! | header | meaning |
//! |---|---|
//! | `retry-after: 30` | seconds |
//! | `retry-after: <HTTP date>` | a moment, compared with the reply's own `date`: a connector needs no clock |
//! | `ratelimit-reset`, `x-ratelimit-reset` | seconds, or a Unix time when it is that large |
//! | `ratelimit-limit`, `-remaining`, and with `x-` | requests |

use alloc::format;
use alloc::string::String;

use crate::bindings::syncer::RateLimit;
use crate::http::Response;
use crate::moment::moment;

/// Numbers from here on are Unix times, not spans: it is the year 2001 as the one, 31 years as the other.
const UNIX_TIMES: u64 = 1_000_000_000;

/// Seconds to wait before the next request, after too many.
pub fn after(response: &Response) -> Option<u32> {
    retry_after(response).or_else(|| reset(response))
}

/// Seconds that a refusal of another kind asks to wait: its limits tell of requests, and not of how long a fault lasts.
/// One that may be tried again at once asks for nothing.
pub fn told(response: &Response) -> Option<u32> {
    retry_after(response).filter(|seconds| *seconds > 0)
}

fn retry_after(response: &Response) -> Option<u32> {
    let header = |name: &str| response.header(name);
    until(header("retry-after").as_deref(), header("date").as_deref())
}

/// The limits, when any is told.
pub fn limits(response: &Response) -> Option<RateLimit> {
    let number = |name| either(response, name).and_then(|text| whole(&text));
    let (limit, remaining) = (number("x-ratelimit-limit"), number("x-ratelimit-remaining"));
    let limit = RateLimit { limit, remaining, reset_after: reset(response) };
    let told = limit.limit.is_some() || limit.remaining.is_some() || limit.reset_after.is_some();
    told.then_some(limit)
}

/// A header by this name, first without its `x-`.
fn either(response: &Response, name: &str) -> Option<String> {
    response.header(name.get(2..)?).or_else(|| response.header(name))
}

fn reset(response: &Response) -> Option<u32> {
    span(&either(response, "x-ratelimit-reset")?, response.header("date").as_deref())
}

fn span(text: &str, date: Option<&str>) -> Option<u32> {
    let number: u64 = text.trim().parse().ok()?;
    let seconds = if number < UNIX_TIMES { number } else { number.saturating_sub(unix(date?)?) };
    u32::try_from(seconds).ok()
}

fn until(text: Option<&str>, date: Option<&str>) -> Option<u32> {
    let text = text?.trim();
    if let Some(seconds) = whole(text) {
        return Some(seconds);
    }
    u32::try_from(unix(text)?.saturating_sub(unix(date?)?)).ok()
}

fn whole(text: &str) -> Option<u32> {
    text.trim().parse::<u64>().ok()?.try_into().ok()
}

/// The seconds of a date as HTTP writes it, `Sun, 06 Nov 1994 08:49:37 GMT`: the one form that RFC 9110 lets anybody
/// send.
fn unix(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split_ascii_whitespace().skip(1);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (clock, zone) = (parts.next()?, parts.next()?);
    if zone != "GMT" || parts.next().is_some() {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let moment = moment(Some(&format!("{year}-{month:02}-{day}T{clock}Z")))?;
    u64::try_from(moment.seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const LATER: &str = "Sun, 06 Nov 1994 08:50:07 GMT";

    #[test]
    fn retry_after_is_seconds_or_a_moment() {
        assert_eq!(until(Some("30"), None), Some(30));
        assert_eq!(until(Some(LATER), Some(NOON)), Some(30));
        assert_eq!(until(Some(NOON), Some(LATER)), Some(0));
        assert_eq!(until(Some(LATER), None), None);
        assert_eq!(until(Some("soon"), Some(NOON)), None);
        assert_eq!(until(Some("-5"), Some(NOON)), None);
    }

    #[test]
    fn a_reset_is_a_span_or_a_unix_time() {
        assert_eq!(span("45", None), Some(45));
        assert_eq!(span("1000000060", Some("Sun, 09 Sep 2001 01:46:40 GMT")), Some(60));
        assert_eq!(span("1000000060", None), None);
    }
}
