//! Times, as they come out: a text that is RFC 3339 becomes a moment in UTC, any other one nothing.
//!
//! The vendor documents no format, so a text that cannot be read is not an error: nothing of who has
//! access to what hangs on it.

use time::OffsetDateTime;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

/// The moment, spelt as protocol buffers spell timestamps in JSON.
pub(super) fn moment(text: &str) -> Option<String> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?.to_offset(UtcOffset::UTC);
    let whole = moment.replace_nanosecond(0).ok()?.format(&Rfc3339).ok()?;
    let nanos = moment.nanosecond();
    let fraction = match nanos {
        0 => String::new(),
        n if n % 1_000_000 == 0 => format!(".{:03}", n / 1_000_000),
        n if n % 1_000 == 0 => format!(".{:06}", n / 1_000),
        n => format!(".{n:09}"),
    };
    Some(format!("{}{fraction}Z", whole.trim_end_matches('Z')))
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_time_is_told_in_utc_with_the_digits_it_needs() {
        let cases = [
            ("2024-03-01T09:00:00.000Z", Some("2024-03-01T09:00:00Z")),
            ("2024-02-29T23:59:59.123456Z", Some("2024-02-29T23:59:59.123456Z")),
            ("2023-12-31T23:30:00.5-02:00", Some("2024-01-01T01:30:00.500Z")),
            ("1999-12-31T23:59:59+05:30", Some("1999-12-31T18:29:59Z")),
            ("2024-02-30T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(moment(text).as_deref(), expected, "{text}");
        }
    }
}
